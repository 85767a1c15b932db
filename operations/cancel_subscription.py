"""Cancel a subscription: at the end of its period or commitment, or now.

Owns which instant it ends at, and that it ends there: items, entitlements, the last bill. Does not own the drafts of
that bill (domain/invoicing/ending.py) nor a cancellation whose day comes by itself (run_due.py, through `end`).
"""
