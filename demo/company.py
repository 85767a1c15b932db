"""The demo company: a vendor of three hubs and the customers of personas.py, their past played by the real operations.

Owns when it is made, and that it is made once and whole. Does not own the catalog (catalog.py), the script of each
customer (histories.py) or how deeds become rows (simulation.py).
"""

from typing import Protocol

from db.engine import Database


class Progress(Protocol):
    """Told how far the story has come."""

    def __call__(self, done: int, total: int, doing: str) -> None:
        """`done` of `total` steps; `doing` is the month being played, such as "March 2025"."""
        ...


def silent(done: int, total: int, doing: str) -> None:
    """Tell nobody."""


async def is_there(database: Database) -> bool:
    """Whether the database has the demo company, whole."""
    raise NotImplementedError


async def seed(database: Database, progress: Progress = silent) -> bool:
    """Make the demo company unless it is there; says whether it was made. Progress is told in steps of a month."""
    raise NotImplementedError
