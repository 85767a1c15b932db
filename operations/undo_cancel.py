"""Take a cancellation back before its instant.
"""
