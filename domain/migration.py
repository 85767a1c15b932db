"""Moving subscriptions to another version of their plan: when it is due, and what it makes of one.

Owns the boundary at which a subscription is moved, and its items after. Does not own who is asked to move
(operations/migrate_plan_version.py).
"""
