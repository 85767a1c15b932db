"""The vocabulary of tables: kinds of columns, of keys, and of tables themselves.

Enum columns are text under their GraphQL name with a CHECK, so that a row reads the same in psql, in Python and on the
wire. A tenant table has `account_id` first in each of its keys; the catalog has none.
"""

from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from domain.catalog import FeatureKind

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)

CATALOG: Final = {"catalog": True}
PERSONAL: Final = {"personal": True}
QUANTITY: Final = Numeric(26, 6)
"""Measured amounts and unit prices finer than a minor unit: exact, six decimals."""
EXACT: Final = Numeric(40, 12)
"""Amounts before their rounding: a measured quantity times a fine unit price has twelve decimals."""
INSTANT: Final = DateTime(timezone=True)


def id_column() -> Column[Any]:
    """An id, part of a key that the table says."""
    return Column("id", Uuid, nullable=False)


def account_column() -> Column[Any]:
    """Whose row it is."""
    return Column("account_id", Uuid, nullable=False)


def instant(name: str, *, nullable: bool = False) -> Column[Any]:
    """A point in time, never infinite."""
    return Column(name, INSTANT, CheckConstraint(f"isfinite({name})", name=f"{name}_is_finite"), nullable=nullable)


def enumerated(name: str, kind: type[StrEnum], *, nullable: bool = False) -> Column[Any]:
    """One of the values of an enumeration of the domain."""
    values = ", ".join(f"'{member.value}'" for member in kind)
    return Column(name, Text, CheckConstraint(f"{name} IN ({values})", name=f"{name}_is_known"), nullable=nullable)


def currency() -> Column[Any]:
    """The currency of the row's amounts."""
    return Column("currency", Text, CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_is_iso"), nullable=False)


def tenant_table(name: str, *columns: Any) -> Table:
    """A table of one account's rows: keyed (account_id, id), its account named, its id findable alone."""
    return Table(
        name,
        metadata,
        account_column(),
        id_column(),
        *columns,
        PrimaryKeyConstraint("account_id", "id"),
        ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        Index(f"{name}_id_idx", "id"),
    )


def catalog_table(name: str, *columns: Any) -> Table:
    """A reference table that every account reads."""
    return Table(name, metadata, Column("id", Uuid, primary_key=True), *columns, info=CATALOG)


def within_account(column: str, target: str, *, key: str = "id") -> ForeignKeyConstraint:
    """A reference that cannot leave the account."""
    return ForeignKeyConstraint(["account_id", column], [f"{target}.account_id", f"{target}.{key}"])


def no_overlap(name: str, *same: str, start: str = "valid_from", end: str = "valid_until") -> ExcludeConstraint:
    """Half-open spans of the rows that share `same` never overlap (a null end is for ever)."""
    return ExcludeConstraint(
        ("account_id", "="),
        *((column, "=") for column in same),
        (func.tstzrange(text(start), text(end)), "&&"),
        name=name,
        using="gist",
    )


def measure(name: str, *, nullable: bool = False) -> Column[Any]:
    """An exact number of six decimals."""
    return Column(name, QUANTITY, CheckConstraint(f"{name} <> 'NaN'", name=f"{name}_is_a_number"), nullable=nullable)


def minor(name: str, *, nullable: bool = False, sign: str | None = ">= 0") -> Column[Any]:
    """An amount in minor units; `sign` compares it with zero where it has one."""
    checks = [CheckConstraint(f"{name} {sign}", name=f"{name}_has_its_sign")] if sign else []
    return Column(name, BigInteger, *checks, nullable=nullable)


def exact(name: str, *, nullable: bool = False) -> Column[Any]:
    """An amount before its rounding, in minor units, of twelve decimals."""
    return Column(name, EXACT, CheckConstraint(f"{name} <> 'NaN'", name=f"{name}_is_a_number"), nullable=nullable)


def percent(name: str = "percent", *, nullable: bool = False) -> Column[Any]:
    """A share in percent, 0 to 100, of four decimals."""
    within = CheckConstraint(f"{name} BETWEEN 0 AND 100", name=f"{name}_is_a_share")
    return Column(name, Numeric(7, 4), within, nullable=nullable)


def json_text(name: str, *, nullable: bool = False) -> Column[Any]:
    """A JSON document kept as the text it was written as."""
    holds = f"{name} IS NULL OR {name}::jsonb IS NOT NULL" if nullable else f"{name}::jsonb IS NOT NULL"
    return Column(name, Text, CheckConstraint(holds, name=f"{name}_is_json"), nullable=nullable)


def value_columns() -> tuple[Column[Any], ...]:
    """The value of a feature; which one speaks is told by `kind`. A null limit is unlimited."""
    return (
        enumerated("kind", FeatureKind),
        Column("is_enabled", Boolean, nullable=False),
        Column("limit_value", BigInteger, CheckConstraint("limit_value >= 0", name="limit_is_not_negative")),
        Column("setting", Text),
    )
