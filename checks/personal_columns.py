"""personal-columns: every column that holds personal data is marked, and named here with the purpose it is held for.

Reads the metadata. `python -m checks --personal` prints the list, which is what an answer to a person's question about
their data, and an erasure, begin from.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Column, MetaData, Table, Text

from checks.check import WHOLE_FILE, Check, Finding, Sample
from checks.house import House, sample

PURPOSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "users.name": "shown to those who share an account with the user, and to staff who help",
        "users.email": "recognises the user who signs in",
        "accounts.name": "the customer as documents and staff name them; may be a person",
        "accounts.email": "where invoices and notices go",
        "accounts.address": "stands on documents; may be a person's",
        "accounts.tax_id": "stands on documents and decides who accounts for the tax; may be a person's",
        "invoices.customer_name": "the customer as named on the document, which the law keeps as it was issued",
        "invoices.customer_address": "the customer's address on the document, kept as it was issued",
        "invoices.customer_tax_id": "the customer's tax id on the document, kept as it was issued",
        "consolidated_invoices.customer_name": "the payer as named on the document, kept as it was issued",
        "consolidated_invoices.customer_address": "the payer's address on the document, kept as it was issued",
        "consolidated_invoices.customer_tax_id": "the payer's tax id on the document, kept as it was issued",
        "credit_notes.customer_name": "the customer as named on the document, kept as it was issued",
        "payment_methods.token": "the provider's name for a stored card, with which it is charged",
    }
)
"""Each personal column and what it is held for. A column without a purpose has no place in the tables."""

_LOOKS_PERSONAL: Final = re.compile(
    r"(^|_)(name|first_name|last_name|email|e_mail|mail|phone|mobile|fax|address|street|city|postcode|postal_code|zip"
    r"|tax_id|vat_id|birth|birthday|birth_date|gender|iban|ip|ip_address|user_agent|contact|signature)(_hash|_line_\d)?$"
)


def find(house: House) -> Iterator[Finding]:
    """Columns that look personal and are not marked, marked ones without a purpose, purposes without a column."""
    marked: set[str] = set()
    for table, column in _columns(house):
        place = f"{table.name}.{column.name}"
        path, line = house.line_of_table(table.name)
        if column.info.get("personal"):
            marked.add(place)
            if place not in PURPOSES:
                message = f"{place} is personal: say what it is held for in PURPOSES, checks/personal_columns.py"
                yield Finding(path, line, message)
        elif not table.info.get("catalog") and _LOOKS_PERSONAL.search(column.name):
            yield Finding(
                path, line, f'{place} looks personal: mark it info={{"personal": True}}, or name it otherwise'
            )
    for place in sorted(PURPOSES.keys() - marked) if house.is_whole else ():
        yield Finding("checks/personal_columns.py", WHOLE_FILE, f"{place} is personal no more: take it off PURPOSES")


def table_of_purposes(house: House) -> Iterator[str]:
    """The list as a table in Markdown, by table and column."""
    yield "| column | held for |"
    yield "| --- | --- |"
    for table, column in sorted(_columns(house), key=lambda each: (each[0].name, each[1].name)):
        if column.info.get("personal"):
            place = f"{table.name}.{column.name}"
            yield f"| `{place}` | {PURPOSES.get(place, 'not said')} |"


def _columns(house: House) -> Iterator[tuple[Table, Column[Any]]]:
    for table in house.tables.tables.values():
        for column in table.columns:
            yield table, column


def _users(says: str, *columns: Column[Any], finds: tuple[str, ...] = (), info: dict[str, Any] | None = None) -> Sample:
    tables = MetaData()
    Table("users", tables, *columns, info=info or {})
    return Sample(says, sample(tables=tables), finds)


CHECK = Check(
    "personal-columns",
    "Every column that holds personal data is marked, and its purpose is written down.",
    find,
    (
        _users("marked, with a purpose", Column("name", Text, info={"personal": True}), Column("created_on", Text)),
        _users("a product's name is nobody's", Column("name", Text), info={"catalog": True}),
        _users(
            "columns that look personal",
            Column("email", Text),
            Column("billing_address", Text),
            Column("address_line_2", Text),
            Column("tax_id", Text),
            finds=("users.email looks", "users.billing_address looks", "users.address_line_2", "users.tax_id looks"),
        ),
        _users(
            "a personal column without a purpose",
            Column("nickname", Text, info={"personal": True}),
            finds=("users.nickname is personal: say what it is held for",),
        ),
    ),
)
