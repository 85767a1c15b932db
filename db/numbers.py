"""Document numbers: gapless and increasing for each legal entity and series, also under concurrency and rollback.

A number is taken from the series' row in the transaction that issues the document: a rollback gives it back, a
second writer waits. Sandbox documents have series of their own. All numbers of a transaction are taken at its end and
in one go, so that the lock on a series is held as briefly as can be.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Table, Text, Uuid, bindparam, column, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import ReturningInsert

from db.among import among_given
from db.gather import Gathered
from db.tables import consolidated_invoices, credit_notes, document_numbers, invoices, legal_entities, number_series
from domain.account import Account
from domain.ids import AccountId, LegalEntityId

Series = tuple[LegalEntityId, str]


@dataclass(frozen=True, slots=True)
class Documents:
    """A kind of document with the series its numbers are of: its own, and the sandboxes'."""

    table: Table
    series: str
    sandbox_series: str

    def series_of(self, account: Account) -> str:
        """The series an account's documents are numbered in."""
        return self.sandbox_series if account.is_sandbox else self.series


INVOICES = Documents(invoices, "INV", "TEST")
CREDIT_NOTES = Documents(credit_notes, "CN", "TESTCN")
CONSOLIDATED_INVOICES = Documents(consolidated_invoices, "CON", "TESTCON")


@dataclass(frozen=True, slots=True)
class Unnumbered:
    """A document that is to get the next number of its series."""

    of: Documents
    account_id: AccountId
    document_id: UUID
    entity_id: LegalEntityId
    series: str


def unnumbered(of: Documents, account: Account, document_id: UUID) -> Unnumbered:
    """A document of an account, to be numbered where the account's documents are."""
    return Unnumbered(of, account.id, document_id, account.legal_entity_id, of.series_of(account))


def number_text(entity_code: str, series: str, number: int) -> str:
    """A document number as it is printed: "US-INV-000042"."""
    return f"{entity_code}-{series}-{number:06}"


async def assign(session: AsyncSession, documents: Sequence[Unnumbered], rows: Gathered) -> dict[UUID, str]:
    """Give each document its number, in the order given within a series; what is to be written of it goes to `rows`.

    Two statements: the entities' codes, read before any series is locked, and the numbers. Gives the printed number
    of each document.
    """
    if not documents:
        return {}
    given: dict[UUID, str] = {}
    counts = Counter((each.entity_id, each.series) for each in documents)
    codes = await _codes(session, {entity_id for entity_id, _ in counts})
    following = await take(session, counts)
    for each in documents:
        number = following[each.entity_id, each.series]
        following[each.entity_id, each.series] = number + 1
        rows.insert(
            document_numbers,
            {
                "legal_entity_id": each.entity_id,
                "series": each.series,
                "number": number,
                "account_id": each.account_id,
                "document_id": each.document_id,
            },
        )
        text = number_text(codes[each.entity_id], each.series, number)
        rows.update(each.of.table, {"account_id": each.account_id, "id": each.document_id}, {"number": text})
        given[each.document_id] = text
    return given


async def _codes(session: AsyncSession, ids: set[LegalEntityId]) -> dict[LegalEntityId, str]:
    found = await session.execute(_CODES, {"wanted": list(ids)})
    return {LegalEntityId(row.id): row.code for row in found}


async def take(session: AsyncSession, counts: Mapping[Series, int]) -> dict[Series, int]:
    """The first of so many new numbers of each series, whose rows stay locked until the transaction ends.

    They are locked in a fixed order, so that two writers cannot wait for each other.
    """
    given = {
        "entities": [entity_id for entity_id, _ in counts],
        "series": [series for _, series in counts],
        "counts": list(counts.values()),
    }
    found = await session.execute(_take(), given)
    return {
        (LegalEntityId(row.legal_entity_id), row.series): row.last_number - counts[row.legal_entity_id, row.series] + 1
        for row in found
    }


_CODES = select(legal_entities.c.id, legal_entities.c.code).where(among_given(legal_entities.c.id, "wanted"))


@lru_cache
def _take() -> ReturningInsert[Any]:
    given = (
        func.unnest(
            bindparam("entities", type_=ARRAY(Uuid)),
            bindparam("series", type_=ARRAY(Text)),
            bindparam("counts", type_=ARRAY(Integer)),
        )
        .table_valued(column("legal_entity_id", Uuid), column("series", Text), column("count", Integer), name="given")
        .render_derived()
    )
    start = postgresql.insert(number_series).from_select(
        ["legal_entity_id", "series", "last_number"],
        select(given.c.legal_entity_id, given.c.series, given.c.count).order_by(
            given.c.legal_entity_id, given.c.series
        ),
    )
    return start.on_conflict_do_update(
        index_elements=["legal_entity_id", "series"],
        set_={"last_number": number_series.c.last_number + start.excluded.last_number},
    ).returning(number_series.c.legal_entity_id, number_series.c.series, number_series.c.last_number)
