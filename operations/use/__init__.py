"""What an account may use and what it has used."""
