"""Cursors: written alike in Python and SQL, read back whole, and refused when they are not ours."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Column, Date, DateTime, Integer, MetaData, Numeric, SmallInteger, Table, Text, Uuid

from db.engine import Database
from db.graph.billing import GRAPH
from db.graph.cursors import Cursors, InvalidCursor, layout_of
from tests.db.test_graph_wire import gathered, in_sql

TABLE = Table(
    "things",
    MetaData(),
    Column("day", Date),
    Column("at", DateTime(timezone=True)),
    Column("small", SmallInteger),
    Column("whole", Integer),
    Column("big", BigInteger),
    Column("name", Text),
    Column("id", Uuid),
)
LAYOUT = layout_of("things", list(TABLE.c))
VALUES = st.tuples(
    st.dates(),
    st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)),
    st.integers(-(2**15), 2**15 - 1),
    st.integers(-(2**31), 2**31 - 1),
    st.integers(-(2**63), 2**63 - 1),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40),
    st.uuids(),
)


@given(VALUES)
def test_a_cursor_reads_back_what_it_was_written_from(values: tuple[Any, ...]) -> None:
    cursor = Cursors({LAYOUT.tag: LAYOUT}).read(LAYOUT.write(values))
    assert (cursor.tag, cursor.values) == (LAYOUT.tag, values)


async def test_python_and_sql_write_a_cursor_alike(database: Database) -> None:
    rows = [row[0] for row in await gathered(VALUES)]
    types = [column.type for column in TABLE.c]
    assert await in_sql(database, types, rows, lambda *given: LAYOUT.sql(given)) == [LAYOUT.write(row) for row in rows]


def cursor_of_an_invoice() -> str:
    layout = GRAPH.relations["Account", "invoices"].source.orders["NEWEST_FIRST"].layout
    assert layout is not None
    return layout.write((date(2026, 3, 1), UUID(int=1)))


GOOD = cursor_of_an_invoice()


@pytest.mark.parametrize(
    ("says", "text"),
    [
        ("nothing", ""),
        ("no text", 7),
        ("not ours", "YXJyYXljb25uZWN0aW9uOjA="),
        ("an unknown version", "9" + GOOD[1:]),
        ("an unknown list", "1ffff" + GOOD[5:]),
        ("cut short", GOOD[:-2]),
        ("half a byte", GOOD[:-1]),
        ("longer", GOOD + "00"),
        ("upper case", GOOD[:5] + GOOD[5:].upper() + "AA"),
        ("with a space, which fromhex would skip", GOOD[:7] + " " + GOOD[7:]),
        ("a day that is not on the calendar", GOOD[:5] + "7fffffff" + GOOD[13:]),
        ("a book", "1" * 100_000),
    ],
)
def test_what_is_no_cursor_is_refused(says: str, text: object) -> None:
    with pytest.raises(InvalidCursor):
        GRAPH.cursors.read(text)


def test_a_text_in_a_cursor_must_be_text() -> None:
    accounts_by_name = next(
        order.layout for source in GRAPH.sources for order in source.orders.values() if order.name == "NAME"
    )
    assert accounts_by_name is not None
    head = f"1{accounts_by_name.tag}"
    with pytest.raises(InvalidCursor):
        GRAPH.cursors.read(head + "ff" + "00" * 16)
    with pytest.raises(InvalidCursor):
        GRAPH.cursors.read(head + "00" + "00" * 16)


def test_a_number_of_any_scale_is_no_sort_key() -> None:
    with pytest.raises(TypeError):
        layout_of("bad", [Column("x", Numeric(26, 6))])
