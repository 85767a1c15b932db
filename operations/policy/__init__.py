"""The policy itself: which edition decides, what it decided, what became of it."""
