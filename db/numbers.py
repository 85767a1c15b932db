"""Document numbers: gapless and increasing for each legal entity and series, also under concurrency and rollback.

A number is taken from the series' row in the transaction that issues the document: a rollback gives it back, a
second writer waits. Sandbox documents have a series of their own.
"""

from collections.abc import Sequence

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import document_numbers, invoices, legal_entities, number_series
from domain.account import Account
from domain.ids import LegalEntityId
from domain.invoice import Invoice

INVOICES = "INV"
SANDBOX_INVOICES = "TEST"


def series_of(account: Account) -> str:
    """The series an account's invoices are numbered in."""
    return SANDBOX_INVOICES if account.is_sandbox else INVOICES


def number_text(entity_code: str, series: str, number: int) -> str:
    """A document number as it is printed: "US-INV-000042"."""
    return f"{entity_code}-{series}-{number:06}"


async def assign(session: AsyncSession, documents: Sequence[tuple[Account, Invoice]]) -> None:
    """Give each document its number, series in a fixed order so that two writers cannot wait for each other."""
    by_series: dict[tuple[LegalEntityId, str], list[tuple[Account, Invoice]]] = {}
    for account, invoice in documents:
        by_series.setdefault((account.legal_entity_id, series_of(account)), []).append((account, invoice))
    for (entity_id, series), members in sorted(by_series.items(), key=lambda each: each[0]):
        # read before the series is locked: whoever else issues a document waits for what comes after
        code = await session.scalar(select(legal_entities.c.code).where(legal_entities.c.id == entity_id))
        last = await take(session, entity_id, series, len(members))
        for number, (account, invoice) in enumerate(members, start=last - len(members) + 1):
            await session.execute(
                insert(document_numbers).values(
                    legal_entity_id=entity_id,
                    series=series,
                    number=number,
                    account_id=account.id,
                    document_id=invoice.id,
                )
            )
            await session.execute(
                update(invoices)
                .where(invoices.c.account_id == account.id, invoices.c.id == invoice.id)
                .values(number=number_text(str(code), series, number))
            )


async def take(session: AsyncSession, entity_id: LegalEntityId, series: str, count: int) -> int:
    """The last of `count` new numbers of a series, whose row stays locked until the transaction ends."""
    start = postgresql.insert(number_series).values(legal_entity_id=entity_id, series=series, last_number=count)
    taken = start.on_conflict_do_update(
        index_elements=["legal_entity_id", "series"],
        set_={"last_number": number_series.c.last_number + start.excluded.last_number},
    ).returning(number_series.c.last_number)
    return int((await session.execute(taken)).scalar_one())
