"""People, and the global look-ups that belong to no account."""

from sqlalchemy import BigInteger, Column, ForeignKey, Table, Text, Uuid

from db.tables.columns import PERSONAL, instant, metadata

users = Table(
    "users",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False, info=PERSONAL),
    Column("email", Text, nullable=False, unique=True, info=PERSONAL),
    instant("created_at"),
    info={"not_tenant": "a person may belong to several accounts"},
)

account_external_ids = Table(
    "account_external_ids",
    metadata,
    Column("external_id", Text, primary_key=True),
    Column("account_id", Uuid, nullable=False, unique=True),
    info={"not_tenant": "global look-up: external id to account"},
)

number_series = Table(
    "number_series",
    metadata,
    Column("legal_entity_id", Uuid, ForeignKey("legal_entities.id"), primary_key=True),
    Column("series", Text, primary_key=True),
    Column("last_number", BigInteger, nullable=False),
    info={"not_tenant": "document numbers run through a legal entity's accounts"},
)

document_numbers = Table(
    "document_numbers",
    metadata,
    Column("legal_entity_id", Uuid, ForeignKey("legal_entities.id"), primary_key=True),
    Column("series", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("document_id", Uuid, nullable=False, unique=True),
    info={"not_tenant": "document numbers: (legal entity, series, number) to account and document"},
)
