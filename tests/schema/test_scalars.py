"""What each scalar accepts and how it writes; a wrong spelling is refused with the value shown."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from domain.errors import InvalidInput
from schema import scalars

NEW_YORK = timezone(timedelta(hours=-5))


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (scalars.read_decimal, "12.5", Decimal("12.5")),
        (scalars.read_decimal, "-0.000001", Decimal("-0.000001")),
        (scalars.read_decimal, "0.000000000001", Decimal("0.000000000001")),
        (scalars.read_decimal, "0", Decimal(0)),
        (scalars.read_big_int, "9223372036854775807", 2**63 - 1),
        (scalars.read_big_int, "-9223372036854775808", -(2**63)),
        (scalars.read_big_int, 7, 7),
        (scalars.read_date, "2024-02-29", date(2024, 2, 29)),
        (scalars.read_instant, "2026-03-01T00:00:00Z", datetime(2026, 3, 1, tzinfo=UTC)),
        (scalars.read_instant, "2026-03-01T01:00:00.5+01:00", datetime(2026, 3, 1, 0, 0, 0, 500000, tzinfo=UTC)),
        (scalars.read_currency, "KWD", "KWD"),
    ],
)
def test_good_values_are_read(read: Callable[[Any], Any], text: Any, value: Any) -> None:
    assert read(text) == value


BAD_DECIMALS = (
    *["NaN", "Infinity", "-Infinity", "1e400", "1E3", "+1", ".5", "5.", "01", "1,5", "0x1", "1_000", "١"],
    *("1.0000000000001", "", " 1", "1 ", "1" * 21, 1.5, 1, None, True),
)
BAD_INTEGERS = (*["9223372036854775808", "1.0", "1e3", "-", "01", "٣"], "", 1.0, True, None, "1" * 100, 2**63)
BAD_DATES = (*["2026-02-30", "2026-2-3", "20260203", "2026-03-01T00:00:00Z", "0000-01-01"], "", 20260203, None)
BAD_INSTANTS = (
    *["2026-03-01T00:00:00", "2026-03-01", "2026-13-01T00:00:00Z", "2026-03-01T24:01:00Z", "0001-01-01T00:00:00+14:00"],
    *("2026-03-01 00:00:00Z", "2026-03-01T00:00:00.1234567Z", "now", "infinity", "", 0, None),
)


@pytest.mark.parametrize(
    ("read", "texts"),
    [
        (scalars.read_decimal, BAD_DECIMALS),
        (scalars.read_big_int, BAD_INTEGERS),
        (scalars.read_date, BAD_DATES),
        (scalars.read_instant, BAD_INSTANTS),
        (scalars.read_currency, ("usd", "US", "XXX", "", 840, None)),
    ],
)
def test_bad_values_are_refused(read: Callable[[Any], Any], texts: tuple[Any, ...]) -> None:
    for text in texts:
        with pytest.raises(InvalidInput):
            read(text)


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (scalars.write_decimal, Decimal("1E+3"), "1000"),
        (scalars.write_decimal, "0.5", "0.5"),
        (scalars.write_decimal, 3, "3"),
        (scalars.write_big_int, 2**63 - 1, "9223372036854775807"),
        (scalars.write_date, date(2026, 3, 1), "2026-03-01"),
        (
            scalars.write_instant,
            datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=-5))),
            "2026-03-01T05:00:00.000000Z",
        ),
    ],
)
def test_values_are_written(write: Callable[[Any], str], value: Any, text: str) -> None:
    assert write(value) == text
