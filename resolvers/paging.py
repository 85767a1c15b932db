"""Pages as the graph answers them: edges, nodes, page info, and a total that is counted only when asked for.

Owns the objects a connection is read from and what sizes are allowed. Does not own cursors' text or the rows
(db.graph).
"""

from collections.abc import Awaitable, Callable
from typing import Any

from db.graph.billing import GRAPH
from db.graph.cursors import Cursor
from db.graph.read import PageOfRows
from domain.errors import InvalidInput


def page_size(first: int | None, last: int | None, *, most: int) -> None:
    """Hold a page to one size within bounds. Raises InvalidInput naming the argument."""
    if (first is None) == (last is None):
        raise InvalidInput(("first",), "Say how many: either `first` or `last`.", None)
    name, size = ("first", first) if first is not None else ("last", last)
    if size is None or not 1 <= size <= most:
        raise InvalidInput((name,), f"`{name}` must be between 1 and {most}.", size)


def read_cursor(text: object) -> Cursor:
    """The cursor in a text, for the scalar that reads arguments. Raises InvalidCursor."""
    return GRAPH.cursors.read(text)


class Edge:
    """One row of a page and its cursor, which is written only when read."""

    __slots__ = ("_page", "node")

    def __init__(self, node: Any, page: PageOfRows) -> None:
        self.node = node
        self._page = page

    @property
    def cursor(self) -> str:
        """Where this row stands in the list's order."""
        return cursor_of(self.node, self._page)


class Page:
    """A connection. Its parts are made when read."""

    __slots__ = ("_count", "_page")

    def __init__(self, page: PageOfRows, count: Callable[[], Awaitable[int]]) -> None:
        self._page = page
        self._count = count

    @classmethod
    async def when_read(
        cls, rows: Awaitable[PageOfRows], count: Callable[[], Awaitable[int]], hold: Callable[[int], None]
    ) -> "Page":
        """The page once its rows are there; `hold` is told how many, and raises when the answer grows too large."""
        page = await rows
        hold(len(page.rows))
        return cls(page, count)

    @property
    def nodes(self) -> Any:
        """The rows."""
        return self._page.rows

    @property
    def edges(self) -> list[Edge]:
        """The rows with their cursors."""
        return [Edge(row, self._page) for row in self._page.rows]

    @property
    def page_info(self) -> "PageInfo":
        """Whether there is more, and where this page begins and ends."""
        return PageInfo(self._page)

    @property
    def total_count(self) -> Awaitable[int]:
        """All rows under the same filters: one statement for every parent's list, run only when selected."""
        return self._count()


class PageInfo:
    """What a client needs to turn the page."""

    __slots__ = ("_page",)

    def __init__(self, page: PageOfRows) -> None:
        self._page = page

    @property
    def has_next_page(self) -> bool:
        """Whether rows lie after this page."""
        return self._page.has_next

    @property
    def has_previous_page(self) -> bool:
        """Whether rows lie before this page."""
        return self._page.has_previous

    @property
    def start_cursor(self) -> str | None:
        """The first row's cursor, None on an empty page."""
        return cursor_of(self._page.rows[0], self._page) if self._page.rows else None

    @property
    def end_cursor(self) -> str | None:
        """The last row's cursor, None on an empty page."""
        return cursor_of(self._page.rows[-1], self._page) if self._page.rows else None


def cursor_of(row: Any, page: PageOfRows) -> str:
    """The cursor of a row in its page's order."""
    layout = page.order.layout
    assert layout is not None
    return layout.write(page.order.values_of(row))
