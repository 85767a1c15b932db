"""Changes of a subscription: previewed, quoted, accepted, paid first, taken on their day, taken back."""
