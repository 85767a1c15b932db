"""Move a cohort's subscriptions to another version of their plan: announced, and taken at a boundary after notice.

Owns who is moved and when. Does not own the boundary, where it happens (renew.py, by domain/migration.py).
"""
