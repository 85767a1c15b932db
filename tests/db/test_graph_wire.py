"""Each kind's two wire formats give the same bytes, whatever is stored."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import asyncpg
import orjson
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as given_
from hypothesis import strategies as st
from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Numeric,
    Text,
    Uuid,
    bindparam,
    func,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import TypeEngine

from db.engine import Database
from db.graph import wire
from db.graph.statements import ready
from db.graph.wire import FORMATS, Kind, NoWireFormat, kind_of
from db.tables.columns import EXACT
from domain.ids import PREFIXES, public_id
from domain.money import EXPONENTS

several = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
CURRENCIES = st.sampled_from(sorted(EXPONENTS))
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(2999, 12, 31), timezones=st.just(UTC))
MEASURES = st.decimals(-(10**18), 10**18, places=6, allow_nan=False, allow_infinity=False)
MINORS = st.integers(-(10**18) + 1, 10**18 - 1)


async def in_sql(
    database: Database,
    types: Sequence[TypeEngine[Any]],
    rows: Sequence[Sequence[Any]],
    write: Callable[..., ColumnElement[Any]],
) -> list[str]:
    """What the SQL half writes for each row of values, in one statement."""
    arrays = [bindparam(f"v{at}", type_=ARRAY(each)) for at, each in enumerate(types)]
    names = [f"c{at}" for at in range(len(types))]
    table = func.unnest(*arrays).table_valued(*names, with_ordinality="n").render_derived(name="given")
    values = [type_coerce(table.c[name], each) for name, each in zip(names, types, strict=True)]
    statement = ready("test", select(write(*values)).order_by(table.c.n), asyncpg.Record)
    given = {f"v{at}": list(column) for at, column in enumerate(zip(*rows, strict=True))}
    lease = database.reads()
    try:
        found = await lease.fetch(statement.statement, *(given[name] for name in statement.parameters))
        return [row[0] for row in found]
    finally:
        await lease.close()


@pytest.mark.parametrize(
    ("kind", "type_", "values"),
    [
        (Kind.TEXT, Text(), TEXTS),
        (Kind.BOOLEAN, Boolean(), st.booleans()),
        (Kind.INTEGER, Integer(), st.integers(-(2**31), 2**31 - 1)),
        (Kind.BIG_INTEGER, BigInteger(), st.integers(-(2**63), 2**63 - 1)),
        (Kind.DECIMAL, Numeric(26, 6), MEASURES),
        (Kind.DATE, Date(), st.dates(date(1, 1, 1), date(9999, 12, 30))),
        (Kind.INSTANT, DateTime(timezone=True), INSTANTS),
    ],
)
async def test_python_and_sql_write_a_kind_alike(
    database: Database, kind: Kind, type_: TypeEngine[Any], values: st.SearchStrategy[Any]
) -> None:
    samples: list[Any] = []

    @several
    @given_(st.lists(values, min_size=1, max_size=20))
    def gather(some: list[Any]) -> None:
        samples.extend(some)

    gather()
    expected = [orjson.dumps(FORMATS[kind].python(each)).decode() for each in samples]
    assert await in_sql(database, [type_], [[each] for each in samples], FORMATS[kind].sql) == expected


async def gathered(*strategies: st.SearchStrategy[Any]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []

    @several
    @given_(st.lists(st.tuples(*strategies), min_size=1, max_size=20))
    def gather(some: list[tuple[Any, ...]]) -> None:
        rows.extend(some)

    gather()
    return rows


async def test_money_is_written_alike_in_every_currency(database: Database) -> None:
    rows = await gathered(MINORS, CURRENCIES)
    rows += [(minor, code) for code in EXPONENTS for minor in (0, 1, -1, 100, -12345)]
    expected = [orjson.dumps(wire.money_text(*row)).decode() for row in rows]
    assert await in_sql(database, [BigInteger(), Text()], rows, wire.money_sql) == expected


async def test_unit_prices_are_written_alike_in_every_currency(database: Database) -> None:
    rows = await gathered(MEASURES, CURRENCIES)
    # dollars 0.0025 and 12.50; yen 0.5 and 1000; dinars 1.500
    rows += [(Decimal(text), code) for text in ("0.25", "1250", "0.5", "1000", "1500", "0") for code in EXPONENTS]
    expected = [orjson.dumps(wire.fine_amount_text(*row)).decode() for row in rows]
    assert await in_sql(database, [Numeric(26, 6), Text()], rows, wire.fine_amount_sql) == expected


async def test_amounts_before_their_rounding_keep_twelve_decimals_alike(database: Database) -> None:
    """18 digits and 12 decimals are more than Python's decimals reckon with unless they are read exactly."""
    finest = st.decimals(-(10**18), 10**18, places=12, allow_nan=False, allow_infinity=False)
    rows = await gathered(finest, CURRENCIES)
    rows += [
        (Decimal(text), code) for text in ("123456789012345678.123456789012", "-0.000000000001") for code in EXPONENTS
    ]
    expected = [orjson.dumps(wire.fine_amount_text(*row)).decode() for row in rows]
    assert await in_sql(database, [EXACT, Text()], rows, wire.fine_amount_sql) == expected
    assert wire.fine_amount_text(Decimal("123456789012345678.123456789012"), "USD") == "1234567890123456.78123456789012"


async def test_ids_are_written_alike(database: Database) -> None:
    rows = await gathered(st.uuids(), st.sampled_from(sorted(PREFIXES)))
    expected = [orjson.dumps(wire.any_id_text(name, uuid)).decode() for uuid, name in rows]
    assert await in_sql(database, [Uuid(), Text()], rows, lambda uuid, name: wire.any_id_sql(name, uuid)) == expected
    expected = [orjson.dumps(public_id("acct", uuid)).decode() for uuid, _ in rows]
    written = await in_sql(database, [Uuid()], [row[:1] for row in rows], lambda uuid: wire.id_sql("acct", uuid))
    assert written == expected


@pytest.mark.parametrize(
    ("says", "value", "text"),
    [
        ("no trailing zeros", Decimal("0.500000"), "0.5"),
        ("a whole number has no point", Decimal("1500.000000"), "1500"),
        ("nothing", Decimal("0.000000"), "0"),
        ("tens keep their zeros", Decimal(100), "100"),
        ("never an exponent", Decimal("1E+3"), "1000"),
        ("the smallest", Decimal("-0.000001"), "-0.000001"),
    ],
)
def test_decimals_are_plain(says: str, value: Decimal, text: str) -> None:
    assert wire.decimal_text(value) == text, says


def test_instants_are_utc_with_six_digits() -> None:
    in_berlin = datetime(2026, 3, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    assert wire.instant_text(in_berlin) == "2026-03-01T00:00:00.000000Z"


@pytest.mark.parametrize("type_", [JSONB(), Numeric(), DateTime(), ARRAY(Text())])
def test_what_has_no_format_is_no_field(type_: TypeEngine[Any]) -> None:
    with pytest.raises(NoWireFormat):
        kind_of(bindparam("x", type_=type_))
