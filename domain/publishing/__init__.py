"""An edition of a plan as finance writes it down becomes a PlanVersion, or the path of what is wrong with it.

Owns what makes an edition sound as a whole, a file a part: components, prices, grants, bounds; edition.py puts them
together. Does not own what one price or tier must satisfy (pricing/) nor who may publish (operations). Paths are those
of the command's fields as the wire spells them: ("prices", "0", "tiers", "1", "upTo").
"""
