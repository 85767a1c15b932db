"""Pause a subscription: the rest of its period is credited, what it grants is suspended, its anchor stays.
"""
