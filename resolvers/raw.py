"""A row's columns as the driver gave them, where a field shows a text."""

from typing import Any


def raw(row: Any, name: str) -> Any:
    """A column of a row of the graph by its name: a date, an instant, an id, a whole number of minor units."""
    return getattr(row, f"_{name}")
