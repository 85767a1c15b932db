"""Resume a paused subscription: the same prices again, and a bill from now to its next boundary.
"""
