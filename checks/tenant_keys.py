"""tenant-keys: the scale-out contract of the tables, so that the database can be spread by account one day.

Reads the metadata. A table is catalog (account-free, referenced one way), an exception marked with its reason and
named here, or a tenant's: then its account is NOT NULL and first in every key that a distributed database enforces.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from checks.check import Check, Finding, Sample
from checks.house import House, sample

EXCEPTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "users": "a person may belong to several accounts",
        "account_external_ids": "a global look-up stands before the account is known",
        "number_series": "document numbers are gapless over a legal entity's accounts",
        "sandbox_charges": "the sandbox provider's own books stand for another company's database",
        "document_numbers": "a document's number is unique over a legal entity's accounts",
        "approval_limits": "one of us approves for any account",
    }
)
"""The tables that are neither catalog nor a tenant's. One more is a decision: name it here with its reason."""

_SETS_NULL: Final = {"SET NULL", "SET DEFAULT"}


def find(house: House) -> Iterator[Finding]:
    """Every table that breaks the contract, once for each way it does."""
    for table in house.tables.tables.values():
        path, line = house.line_of_table(table.name)
        for message in _breaches(table, house):
            yield Finding(path, line, f"{table.name}: {message}")
    if house.is_whole:
        marked = {table.name for table in house.tables.tables.values() if "not_tenant" in table.info}
        for name in sorted(EXCEPTIONS.keys() - marked):
            yield Finding("checks/tenant_keys.py", 0, f"{name} is no exception any more: take it off EXCEPTIONS")


def notes(house: House) -> Iterator[str]:
    """The exceptions, listed at each run."""
    for table in house.tables.tables.values():
        if "not_tenant" in table.info:
            yield f"{table.name} is not a tenant's: {table.info['not_tenant']}"


def _breaches(table: Table, house: House) -> Iterator[str]:
    if table.info.get("catalog") and "not_tenant" in table.info:
        yield "is marked as catalog and as an exception; mark it as one of them"
    if table.info.get("catalog"):
        yield from _of_account_free(table, house, "a catalog table")
        if "account_id" in table.c:
            yield "a catalog table has no account_id; take it out, or make it a tenant's table"
    elif "not_tenant" in table.info:
        yield from _of_account_free(table, house, "a global table")
        reason = table.info["not_tenant"]
        if not isinstance(reason, str) or len(reason.split()) < 3:
            yield "an exception says why, in words: info={'not_tenant': '...'}"
        if table.name not in EXCEPTIONS:
            yield "is a new exception: put account_id first in each key, or name it in EXCEPTIONS, checks/tenant_keys"
    else:
        yield from _of_tenant(table, house)


def _of_account_free(table: Table, house: House, kind: str) -> Iterator[str]:
    for key in table.foreign_key_constraints:
        if key.referred_table.name in house.tenant_columns:
            yield f"{kind} refers to no tenant table; drop the foreign key to {key.referred_table.name}"


def _of_tenant(table: Table, house: House) -> Iterator[str]:
    account = house.tenant_columns[table.name]
    column = table.c.get(account)
    if column is None:
        yield "has no account_id; add it first in every key, or mark the table catalog or not_tenant"
        return
    if column.nullable or not isinstance(column.type, Uuid):
        yield f"{account} is a uuid NOT NULL"
    keys: list[tuple[str, list[str]]] = [("primary key", [each.name for each in table.primary_key.columns])]
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            keys.append((f"unique key {_names(constraint.columns)}", [each.name for each in constraint.columns]))
        elif isinstance(constraint, ExcludeConstraint):
            names = [each.name for each in constraint.columns]
            is_equal = constraint.operators.get(account) == "="
            keys.append((f"exclusion {constraint.name}", names if is_equal else []))
    keys += [(f"unique index {index.name}", _expressions(index)) for index in table.indexes if index.unique]
    for name, columns in keys:
        if columns[:1] != [account]:
            yield f"{account} comes first in the {name}"
    yield from _of_foreign_keys(table, house)
    if account != "id" and "id" in table.c and not any(_is_plain(index) for index in table.indexes):
        yield "has an id but no plain index on id alone, and a node is looked up by nothing else"


def _of_foreign_keys(table: Table, house: House) -> Iterator[str]:
    for key in table.foreign_key_constraints:
        target = key.referred_table.name
        first = key.elements[0]
        if target in house.tenant_columns and (
            first.parent.name != house.tenant_columns[table.name]
            or first.column.name != house.tenant_columns[target]
            or table.name == target == "accounts"
        ):
            yield f"the foreign key to {target} begins with the account on both sides, so that it cannot leave it"
        if (key.ondelete or "").upper() in _SETS_NULL:
            yield f"the foreign key to {target} sets nothing to null: its account would be set too"


def _is_plain(index: Index) -> bool:
    where = index.dialect_options["postgresql"].get("where")
    return not index.unique and where is None and _expressions(index) == ["id"]


def _expressions(index: Index) -> list[str]:
    return [getattr(each, "name", "") for each in index.expressions]


def _names(columns: Any) -> str:
    return f"({', '.join(each.name for each in columns)})"


# --- samples ----------------------------------------------------------------------------------------------------


def _accounts(tables: MetaData) -> None:
    Table("accounts", tables, Column("id", Uuid, primary_key=True), Column("parent_account_id", Uuid))
    Table("plans", tables, Column("id", Uuid, primary_key=True), info={"catalog": True})


def _table(says: str, *parts: Any, finds: tuple[str, ...] = (), info: dict[str, Any] | None = None) -> Sample:
    """Accounts, plans and the table `things` of these parts."""
    tables = MetaData()
    _accounts(tables)
    Table("things", tables, *parts, info=info or {})
    return Sample(says, sample(tables=tables), finds)


def _account_id(**options: Any) -> Column[Any]:
    return Column("account_id", options.pop("type_", Uuid), nullable=options.pop("nullable", False))


def _of_account() -> tuple[Any, ...]:
    """What a sound tenant table of the sample begins with."""
    return (
        _account_id(),
        Column("id", Uuid),
        PrimaryKeyConstraint("account_id", "id"),
        ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        Index(None, "id"),
    )


CHECK = Check(
    "tenant-keys",
    "A tenant table has account_id first in each of its keys; the catalog and the named exceptions have no such key.",
    find,
    (
        _table(
            "a tenant's table with every kind of key",
            *_of_account(),
            Column("code", Integer),
            Column("parent_id", Uuid),
            UniqueConstraint("account_id", "code"),
            Index("one_code", "account_id", "code", unique=True),
            ForeignKeyConstraint(["account_id", "parent_id"], ["things.account_id", "things.id"]),
            ForeignKeyConstraint(["code"], ["plans.id"]),
            ExcludeConstraint(("account_id", "="), ("code", "="), name="no_twin"),
        ),
        _table("a table of the catalog", Column("plan_id", Uuid), info={"catalog": True}),
        _table("nothing said, nothing keyed", Column("id", Uuid, primary_key=True), finds=("has no account_id",)),
        _table(
            "an account that may be missing, second in the primary key, and no way to find an id",
            _account_id(nullable=True, type_=Integer),
            Column("id", Uuid),
            PrimaryKeyConstraint("id", "account_id"),
            finds=("is a uuid NOT NULL", "first in the primary key", "no plain index on id"),
        ),
        _table(
            "keys that leave the account out",
            *_of_account(),
            Column("code", Integer),
            Column("number", Integer, unique=True),
            UniqueConstraint("code", "account_id"),
            Index("one_code", "code", unique=True),
            ExcludeConstraint(("code", "="), name="no_twin"),
            ExcludeConstraint(("account_id", "<>"), name="no_stranger"),
            finds=("unique key (number)", "unique key (code,", "index one_code", "exclusion no_tw", "exclusion no_str"),
        ),
        _table(
            "foreign keys that leave the account, or would clear it",
            *_of_account(),
            Column("parent_id", Uuid),
            Column("plan_id", Uuid),
            ForeignKeyConstraint(["parent_id"], ["things.id"]),
            ForeignKeyConstraint(["plan_id"], ["plans.id"], ondelete="SET NULL"),
            finds=("the foreign key to things begins with the account", "to plans sets nothing to null"),
        ),
        _table(
            "a catalog that knows an account",
            _account_id(),
            ForeignKeyConstraint(["account_id"], ["accounts.id"]),
            info={"catalog": True},
            finds=("refers to no tenant table", "has no account_id;"),
        ),
        _table(
            "an exception nobody has named, without a reason",
            Column("account_id", Uuid),
            ForeignKeyConstraint(["account_id"], ["accounts.id"]),
            info={"not_tenant": "because"},
            finds=("says why, in words", "is a new exception", "refers to no tenant table"),
        ),
    ),
    notes,
)
