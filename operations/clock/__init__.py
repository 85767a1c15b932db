"""What is due: what kinds there are, in which order, and who runs it."""
