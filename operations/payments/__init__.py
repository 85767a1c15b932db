"""Money in and back, how it is paid, and what happens where it is not."""
