"""The register of document numbers over all accounts, for the audit: series, numbers of nothing, numbers of several."""

from sqlalchemy import exists, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from db.scope import ACTOR, Scope, within
from db.tables import (
    consolidated_invoices,
    credit_notes,
    document_numbers,
    invoices,
    legal_entities,
    number_series,
)
from domain.audit.numbering import OddNumber, SeriesOnFile

MOST_ODD = 1_000
"""So many odd numbers are told of; where there are more, something is wrong that a list does not help with."""


async def series_of(session: AsyncSession) -> list[SeriesOnFile]:
    """Every series with the numbers that are on the register."""
    number, last = document_numbers.c, number_series.c
    found = await session.execute(
        select(
            last.legal_entity_id,
            legal_entities.c.code,
            last.series,
            last.last_number,
            func.count(number.number).label("numbers"),
            func.coalesce(func.min(number.number), 0).label("first"),
            func.coalesce(func.max(number.number), 0).label("last"),
        )
        .join(legal_entities, legal_entities.c.id == last.legal_entity_id)
        .outerjoin(document_numbers, (number.legal_entity_id == last.legal_entity_id) & (number.series == last.series))
        .group_by(last.legal_entity_id, legal_entities.c.code, last.series, last.last_number)
        .order_by(legal_entities.c.code, last.series)
    )
    return [
        SeriesOnFile(row.legal_entity_id, row.code, row.series, row.last_number, row.numbers, row.first, row.last)
        for row in found
    ]


async def odd_numbers(session: AsyncSession, scope: Scope) -> list[OddNumber]:
    """Numbers on the register without their document, and printed numbers that several documents bear."""
    return [*await _of_nothing(session, scope), *await _of_several(session, scope)]


async def _of_nothing(session: AsyncSession, scope: Scope) -> list[OddNumber]:
    number, invoice, note, whole = document_numbers.c, invoices.c, credit_notes.c, consolidated_invoices.c
    found = await session.execute(
        select(number.legal_entity_id, legal_entities.c.code, number.series, number.number)
        .join(legal_entities, legal_entities.c.id == number.legal_entity_id)
        .where(
            ~exists().where(
                invoice.id == number.document_id,
                invoice.account_id == number.account_id,
                within(scope.kind, invoice.account_id),
            ),
            ~exists().where(
                note.id == number.document_id,
                note.account_id == number.account_id,
                within(scope.kind, note.account_id),
            ),
            ~exists().where(
                whole.id == number.document_id,
                whole.account_id == number.account_id,
                within(scope.kind, whole.account_id),
            ),
        )
        .order_by(legal_entities.c.code, number.series, number.number)
        .limit(MOST_ODD),
        {ACTOR: scope.actor_id},
    )
    return [OddNumber(row.legal_entity_id, f"{row.code}-{row.series}-{row.number:06}", 0) for row in found]


async def _of_several(session: AsyncSession, scope: Scope) -> list[OddNumber]:
    invoice, note, whole = invoices.c, credit_notes.c, consolidated_invoices.c
    printed = union_all(
        select(invoice.legal_entity_id, invoice.number).where(within(scope.kind, invoice.account_id)),
        select(note.legal_entity_id, note.number).where(within(scope.kind, note.account_id)),
        select(whole.legal_entity_id, whole.number).where(within(scope.kind, whole.account_id)),
    ).subquery("printed")
    found = await session.execute(
        select(printed.c.legal_entity_id, printed.c.number, func.count().label("documents"))
        .where(printed.c.number.is_not(None))
        .group_by(printed.c.legal_entity_id, printed.c.number)
        .having(func.count() > literal(1))
        .order_by(printed.c.number)
        .limit(MOST_ODD),
        {ACTOR: scope.actor_id},
    )
    return [OddNumber(row.legal_entity_id, row.number, row.documents) for row in found]
