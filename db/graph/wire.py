"""The one wire format of each stored kind, written twice side by side: for a Python value and for an SQL expression.

Owns the closed set of kinds and both formats of each. The loaders' rows use the Python half; the SQL half gives the
same JSON text from a statement, byte for byte, which a property test holds for every kind. There is no float, no
array and no jsonb here: a kind exists only once both of its halves do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Numeric,
    SmallInteger,
    Text,
    case,
    cast,
    func,
    literal_column,
)
from sqlalchemy.types import TypeEngine

from domain.ids import PREFIXES, public_id
from domain.money import EXPONENTS, Money, exact_amount


class Kind(Enum):
    """The stored kinds a field may have; the value is the GraphQL scalar that names it."""

    TEXT = "String"
    BOOLEAN = "Boolean"
    INTEGER = "Int"
    BIG_INTEGER = "BigInt"
    DECIMAL = "Decimal"
    DATE = "Date"
    INSTANT = "DateTime"


@dataclass(frozen=True, slots=True)
class Format:
    """`python` turns a driver's value into what JSON carries; `sql` turns an expression into that JSON's text."""

    python: Callable[[Any], Any]
    sql: Callable[[ColumnElement[Any]], ColumnElement[str]]


def decimal_text(value: Decimal) -> str:
    """A finite decimal without exponent and without trailing zeros: "0.5", "1500", "0"."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def instant_text(value: datetime) -> str:
    """RFC 3339 in UTC with always six digits: "2026-03-01T00:00:00.000000Z"."""
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _quoted(text: ColumnElement[Any]) -> ColumnElement[str]:
    return literal_column("'\"'").concat(text).concat(literal_column("'\"'"))


def _plain(value: ColumnElement[Any]) -> ColumnElement[str]:
    return cast(value, Text)


def _json_string(value: ColumnElement[Any]) -> ColumnElement[str]:
    return cast(func.to_json(value), Text)


FORMATS: Final[Mapping[Kind, Format]] = MappingProxyType(
    {
        Kind.TEXT: Format(str, _json_string),
        Kind.BOOLEAN: Format(bool, _plain),
        Kind.INTEGER: Format(int, _plain),
        Kind.BIG_INTEGER: Format(str, lambda value: _quoted(_plain(value))),
        Kind.DECIMAL: Format(decimal_text, lambda value: _quoted(_plain(func.trim_scale(value)))),
        Kind.DATE: Format(date.isoformat, lambda value: _quoted(func.to_char(value, literal_column("'YYYY-MM-DD'")))),
        Kind.INSTANT: Format(
            instant_text,
            lambda value: _quoted(
                func.to_char(
                    func.timezone(literal_column("'UTC'"), value), literal_column('\'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\'')
                )
            ),
        ),
    }
)

_KIND_OF_TYPE: Final[tuple[tuple[type[TypeEngine[Any]], Kind], ...]] = (
    # BigInteger and SmallInteger are Integers too, so the order of rows matters
    (BigInteger, Kind.BIG_INTEGER),
    (SmallInteger, Kind.INTEGER),
    (Integer, Kind.INTEGER),
    (Boolean, Kind.BOOLEAN),
    (Numeric, Kind.DECIMAL),
    (DateTime, Kind.INSTANT),
    (Date, Kind.DATE),
    (Text, Kind.TEXT),
)


class NoWireFormat(TypeError):
    """A column's type has no kind: its pair of formats must be written before a field may show it."""


def kind_of(expression: ColumnElement[Any]) -> Kind:
    """The kind an expression's SQL type stands for. Raises NoWireFormat for one outside the closed set."""
    for sql_type, kind in _KIND_OF_TYPE:
        if isinstance(expression.type, sql_type):
            if isinstance(expression.type, Numeric) and expression.type.scale is None:
                break
            if isinstance(expression.type, DateTime) and not expression.type.timezone:
                break
            return kind
    raise NoWireFormat(f"{expression!s}: {expression.type!r} has no wire format.")


# --- formats of more than one column ----------------------------------------------------------------------------


def id_sql(prefix: str, uuid: ColumnElement[Any]) -> ColumnElement[str]:
    """The SQL half of `public_id`."""
    return _quoted(literal_column(f"'{prefix}_'").concat(_hex(func.uuid_send(uuid))))


def any_id_text(type_name: str, uuid: UUID) -> str:
    """The public id of a thing whose type is told by a column beside its id."""
    return public_id(PREFIXES[type_name], uuid)


def any_id_sql(type_name: ColumnElement[Any], uuid: ColumnElement[Any]) -> ColumnElement[str]:
    """The SQL half of `any_id_text`."""
    prefix = case(
        *(
            (type_name == literal_column(f"'{name}'"), literal_column(f"'{prefix}_'"))
            for name, prefix in PREFIXES.items()
        )
    )
    return _quoted(prefix.concat(_hex(func.uuid_send(uuid))))


def money_text(minor: int, currency: str) -> str:
    """An amount with exactly the currency's digits: "10.00", "1000", "1.500"."""
    return Money(minor, currency).amount()


def _coded(currency: ColumnElement[Any], none: str, three: str, two: str) -> ColumnElement[Any]:
    codes = {digits: [code for code, own in EXPONENTS.items() if own == digits] for digits in (0, 3)}
    return case(
        (currency.in_(codes[0]), literal_column(none)),
        (currency.in_(codes[3]), literal_column(three)),
        else_=literal_column(two),
    )


def money_sql(minor: ColumnElement[Any], currency: ColumnElement[Any]) -> ColumnElement[str]:
    """The SQL half of `money_text`: two constant lists of currencies, no join to a currency table."""
    return _quoted(_plain(minor * _coded(currency, "1::numeric", "0.001", "0.01")))


def fine_amount_text(minor: Decimal, currency: str) -> str:
    """A unit price or an amount before its rounding, with every digit it has: "0.0025", "12.50"."""
    return exact_amount(minor, currency)


def fine_amount_sql(minor: ColumnElement[Any], currency: ColumnElement[Any]) -> ColumnElement[str]:
    """The SQL half of `fine_amount_text`."""
    exact = func.trim_scale(minor * _coded(currency, "1::numeric", "0.001", "0.01"))
    digits = _coded(currency, "0", "3", "2")
    shown = case((func.scale(exact) < digits, func.round(exact, digits)), else_=exact)
    return _quoted(_plain(shown))


def _hex(binary: ColumnElement[Any]) -> ColumnElement[str]:
    return func.encode(binary, literal_column("'hex'"))
