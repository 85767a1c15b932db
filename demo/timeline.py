"""A line of things to come, done one after the other in the order of their instants; each may add what follows from it.

Owns the order alone: of two things at one instant the one that was put in line first comes first.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from heapq import heapify, heappop, heappush
from typing import NamedTuple, Protocol


class Due(NamedTuple):
    """Something to do at an instant. `do` is given that instant and returns what follows from it."""

    at: datetime
    do: "Callable[[datetime], Awaitable[Iterable[Due]]]"


class Progress(Protocol):
    """Told how far the story has come."""

    def __call__(self, done: int, total: int, doing: str) -> None:
        """`done` of `total` steps; `doing` says which is being done, such as "March 2025"."""
        ...


async def play(dues: Iterable[Due], until: datetime, progress: Progress) -> None:
    """Do everything due up to and including `until`, in order. Progress is told once a calendar month."""
    line = [(due.at, number, due.do) for number, due in enumerate(dues)]
    heapify(line)
    if not line:
        return
    number, first, told = len(line), line[0][0], -1
    total = _months(first, until) + 1
    while line and line[0][0] <= until:
        at, _, do = heappop(line)
        if (month := _months(first, at)) > told:
            progress(month, total, f"{at:%B %Y}")
            told = month
        for due in await do(at):
            heappush(line, (due.at, number, due.do))
            number += 1
    progress(total, total, f"{until:%B %Y}")


def _months(since: datetime, at: datetime) -> int:
    return (at.year - since.year) * 12 + at.month - since.month
