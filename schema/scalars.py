"""The graph's own scalars: what each accepts and how it is written.

Rows arrive already written in their wire format (a text), which passes through; computed values are written here by
the same formats. What a caller sends is read strictly: each scalar has one spelling, and a wrong one is an error that
names the argument, before anything runs.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal as PyDecimal
from typing import Any, Final, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from domain.errors import InvalidInput, quoted
from domain.money import exponent
from resolvers.paging import read_cursor
from resolvers.wire import decimal_text, instant_text

BigInt = NewType("BigInt", int)
CurrencyCode = NewType("CurrencyCode", str)
Cursor = NewType("Cursor", str)
Date = NewType("Date", date)
DateTime = NewType("DateTime", datetime)
Decimal = NewType("Decimal", PyDecimal)

_DECIMAL: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,19})(?:\.[0-9]{1,12})?")
_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)


def _refuse(value: object, expected: str) -> InvalidInput:
    return InvalidInput((), f"{quoted(value)} is not {expected}.", value)


def write_decimal(value: Any) -> str:
    """A decimal's text; a text is one already."""
    return value if isinstance(value, str) else decimal_text(PyDecimal(value))


def read_decimal(value: object) -> PyDecimal:
    """A finite decimal from its text, at most 20 digits before the point and 12 after. Raises InvalidInput.

    Twelve, because unit prices are written with up to nine and a value that we write is one that we read.
    """
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise _refuse(value, 'a decimal in a string, such as "12.5"')
    return PyDecimal(value)


def write_big_int(value: Any) -> str:
    """A whole number's text."""
    return value if isinstance(value, str) else str(int(value))


def read_big_int(value: object) -> int:
    """A whole number of 64 bits, from a string or a JSON number. Raises InvalidInput."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(text, str) and _INTEGER.fullmatch(text) and -(2**63) <= int(text) < 2**63:
        return int(text)
    raise _refuse(value, 'a whole number of 64 bits, such as "9007199254740993"')


def write_date(value: Any) -> str:
    """A day's text."""
    return value if isinstance(value, str) else str(value.isoformat())


def read_date(value: object) -> date:
    """A calendar day. Raises InvalidInput."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise _refuse(value, "a date such as 2026-03-01")


def write_instant(value: Any) -> str:
    """An instant's text."""
    return value if isinstance(value, str) else instant_text(value)


def read_instant(value: object) -> datetime:
    """An instant with its offset, as UTC. Raises InvalidInput for one without: nobody could tell when it is."""
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise _refuse(value, "an instant such as 2026-03-01T00:00:00Z")


def read_currency(value: object) -> str:
    """A currency we bill in. Raises UnknownCurrency and InvalidInput."""
    if not isinstance(value, str):
        raise _refuse(value, "a currency code such as USD")
    exponent(value)
    return value


SCALARS: Final[dict[object, ScalarDefinition]] = {
    BigInt: strawberry.scalar(
        name="BigInt",
        description='A whole number of up to 64 bits, as a string: "9007199254740993". Arguments may also be numbers.',
        specified_by_url="https://www.w3.org/TR/xmlschema-2/#long",
        serialize=write_big_int,
        parse_value=read_big_int,
    ),
    CurrencyCode: strawberry.scalar(
        name="CurrencyCode",
        description="An ISO 4217 currency code: USD, EUR, JPY.",
        specified_by_url="https://www.iso.org/iso-4217-currency-codes.html",
        serialize=str,
        parse_value=read_currency,
    ),
    Cursor: strawberry.scalar(
        name="Cursor",
        description=(
            "A place in a list, as `cursor`, `startCursor` or `endCursor` gave it. Opaque: for the same list only."
        ),
        specified_by_url="https://relay.dev/graphql/connections.htm#sec-Cursor",
        serialize=str,
        parse_value=read_cursor,
    ),
    Date: strawberry.scalar(
        name="Date",
        description="A calendar day without a time zone: 2026-03-01.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=write_date,
        parse_value=read_date,
    ),
    DateTime: strawberry.scalar(
        name="DateTime",
        description="An instant in UTC with six digits of a second: 2026-03-01T00:00:00.000000Z.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=write_instant,
        parse_value=read_instant,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description='An exact decimal in a string: "12.5". Never a float, never an exponent, never NaN.',
        specified_by_url="https://www.w3.org/TR/xmlschema-2/#decimal",
        serialize=write_decimal,
        parse_value=read_decimal,
    ),
}
