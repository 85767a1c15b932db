"""What a quantity costs: one file a price model, and `model.py` which knows them all.

Owns the arithmetic from a price and a quantity to one rounded, explained amount, and the step after it, a period's
minimum and maximum (`bounds.py`). Does not own what a plan sells (catalog), shares of a period (proration), discounts
or tax.
"""
