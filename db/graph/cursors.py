"""Cursors: where a page begins or ends, as opaque text: version digit, the order's tag, the row's sort key in hex.

The hex is what Postgres' own binary sends give (`date_send`, `timestamptz_send`, `uuid_send`, ...), so the same cursor
can be built in SQL. It is neither signed nor hidden: the scope guards the rows, and a forged cursor only starts
elsewhere in the caller's own list. The tag (four hex digits of the order's name) lets a cursor be judged before any
statement runs, and keeps one list's cursor out of another.
"""

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    SmallInteger,
    Text,
    Uuid,
    func,
    literal_column,
)

from domain.errors import InvalidInput

VERSION: Final = "1"
_MOST_CHARACTERS: Final = 600
"""Longer texts are no cursors of ours: the longest order is one text of a name's length and a uuid."""

_EPOCH_DAY: Final = date(2000, 1, 1)
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class InvalidCursor(InvalidInput):
    """A text that is no cursor, or a cursor of another list."""

    code = "INVALID_CURSOR"


def not_ours(value: object, *path: str) -> InvalidCursor:
    """The error for a cursor that this list has not written; `path` names the argument where it is known."""
    return InvalidCursor(path, "The cursor does not come from this list.", value)


@dataclass(frozen=True, slots=True)
class _Part:
    """How one sort column is written: `width` bytes, or None for the rest of the cursor."""

    width: int | None
    write: Callable[[Any], bytes]
    read: Callable[[bytes], Any]
    sql: Callable[[ColumnElement[Any]], ColumnElement[Any]]


def _integer(code: str, width: int, send: Callable[..., ColumnElement[Any]]) -> _Part:
    return _Part(width, lambda value: struct.pack(code, value), lambda raw: struct.unpack(code, raw)[0], send)


_PARTS: Final[tuple[tuple[type[Any], _Part], ...]] = (
    (BigInteger, _integer(">q", 8, func.int8send)),
    (SmallInteger, _integer(">h", 2, func.int2send)),
    (Integer, _integer(">i", 4, func.int4send)),
    (
        Date,
        _Part(
            4,
            lambda value: struct.pack(">i", (value - _EPOCH_DAY).days),
            lambda raw: _EPOCH_DAY + timedelta(days=struct.unpack(">i", raw)[0]),
            func.date_send,
        ),
    ),
    (
        DateTime,
        _Part(
            8,
            lambda value: struct.pack(">q", (value - _EPOCH) // _MICROSECOND),
            lambda raw: _EPOCH + timedelta(microseconds=struct.unpack(">q", raw)[0]),
            func.timestamptz_send,
        ),
    ),
    (Uuid, _Part(16, lambda value: value.bytes, lambda raw: UUID(bytes=raw), func.uuid_send)),
    (
        Text,
        _Part(
            None,
            lambda value: value.encode(),
            lambda raw: raw.decode(),
            lambda value: func.convert_to(value, literal_column("'UTF8'")),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """The sort columns of one order, and the tag that names it in a cursor."""

    tag: str
    parts: tuple[_Part, ...]

    def write(self, values: Sequence[Any]) -> str:
        """The cursor of a row with these sort values."""
        raw = b"".join(part.write(value) for part, value in zip(self.parts, values, strict=True))
        return f"{VERSION}{self.tag}{raw.hex()}"

    def read(self, raw: bytes) -> tuple[Any, ...]:
        """The sort values in a cursor's bytes. Raises ValueError or OverflowError for bytes of another shape."""
        fixed = sum(part.width or 0 for part in self.parts)
        rest = len(raw) - fixed
        if rest < 0 or (rest and all(part.width for part in self.parts)):
            raise ValueError("length")
        values: list[Any] = []
        at = 0
        for part in self.parts:
            end = at + (rest if part.width is None else part.width)
            values.append(part.read(raw[at:end]))
            at = end
        if any(isinstance(value, str) and "\0" in value for value in values):
            raise ValueError("text with a null character")
        return tuple(values)

    def sql(self, expressions: Sequence[ColumnElement[Any]]) -> ColumnElement[str]:
        """The SQL half of `write`, without JSON's quotes."""
        text: ColumnElement[Any] = literal_column(f"'{VERSION}{self.tag}'")
        for part, expression in zip(self.parts, expressions, strict=True):
            text = text.concat(func.encode(part.sql(expression), literal_column("'hex'")))
        return text


def layout_of(name: str, expressions: Sequence[ColumnElement[Any]]) -> Layout:
    """The layout of an order over these columns. Raises TypeError for a column no cursor can carry."""
    parts = tuple(_part_of(expression) for expression in expressions)
    if sum(part.width is None for part in parts) > 1:
        raise TypeError(f"{name}: at most one text in an order.")
    return Layout(sha256(name.encode()).hexdigest()[:4], parts)


def _part_of(expression: ColumnElement[Any]) -> _Part:
    for sql_type, part in _PARTS:
        if isinstance(expression.type, sql_type):
            return part
    raise TypeError(f"{expression!s}: a cursor cannot carry a {expression.type!r}.")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A cursor read and found whole: which order it belongs to, and the sort values it stands at."""

    tag: str
    values: tuple[Any, ...]


class Cursors:
    """All orders of the graph by tag; reads any cursor the graph has written."""

    def __init__(self, layouts: Mapping[str, Layout]) -> None:
        self._layouts: Mapping[str, Layout] = MappingProxyType(dict(layouts))

    def read(self, text: object) -> Cursor:
        """The cursor in a text. Raises InvalidCursor for anything this graph has not written."""
        if not isinstance(text, str) or len(text) > _MOST_CHARACTERS or text[:1] != VERSION:
            raise not_ours(text)
        layout = self._layouts.get(text[1:5])
        if layout is None or text != text.lower() or not text.isascii() or not text[5:].isalnum():
            raise not_ours(text)
        try:
            return Cursor(layout.tag, layout.read(bytes.fromhex(text[5:])))
        except (ValueError, OverflowError) as error:
            raise not_ours(text) from error
