"""Domain values written down, a file a kind. Callers have locked the account's row; the unit of work commits."""
