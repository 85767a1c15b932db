"""The wire formats that scalars use for values no row has formatted: those of computed fields and of arguments.

The formats themselves are db.graph's: one a kind, the same for a row, a computed value and SQL.
"""

from db.graph.wire import decimal_text, instant_text

__all__ = ["decimal_text", "instant_text"]
