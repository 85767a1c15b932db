"""Documents as files: links that carry their own permission for a few minutes, and what they lead to."""
