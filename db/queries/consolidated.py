"""Consolidated invoices for decisions, and what waits to be on the next one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.among import among
from db.due_day import due_minor
from db.scope import ACTOR, Scope, within
from db.tables import accounts, consolidated_invoices, invoices
from domain.ids import AccountId, ConsolidatedInvoiceId, InvoiceId, LegalEntityId
from domain.invoice import InvoiceStatus
from domain.money import Money


@dataclass(frozen=True, slots=True)
class Consolidated:
    """A payer's document beside which payments stand; `paid_at` None while something of it is due."""

    id: ConsolidatedInvoiceId
    account_id: AccountId
    number: str | None
    total: Money
    due_on: date
    finalised_at: datetime
    paid_at: datetime | None
    next_step_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaitingInvoice:
    """A child's open invoice that is on no consolidated invoice yet; `due_minor` is what it asks for."""

    id: InvoiceId
    account_id: AccountId
    legal_entity_id: LegalEntityId
    due_minor: int


async def account_of_consolidated(
    session: AsyncSession, scope: Scope, consolidated_id: ConsolidatedInvoiceId
) -> AccountId | None:
    """Whose document this is, if the scope reaches it."""
    owner = consolidated_invoices.c.account_id
    found = await session.scalar(
        select(owner).where(consolidated_invoices.c.id == consolidated_id, within(scope.kind, owner)),
        {ACTOR: scope.actor_id},
    )
    return AccountId(found) if found else None


async def consolidated(
    session: AsyncSession, scope: Scope, consolidated_ids: Collection[ConsolidatedInvoiceId]
) -> Mapping[ConsolidatedInvoiceId, Consolidated]:
    """The documents of these ids that the scope reaches."""
    found = await session.execute(
        select(consolidated_invoices).where(
            among(consolidated_invoices.c.id, consolidated_ids), within(scope.kind, consolidated_invoices.c.account_id)
        ),
        {ACTOR: scope.actor_id},
    )
    return {ConsolidatedInvoiceId(row.id): _consolidated(row) for row in found}


async def due_for_a_step(
    session: AsyncSession, scope: Scope, account_ids: Collection[AccountId], until: datetime
) -> list[Consolidated]:
    """The documents of these payers whose next step has come by `until`, the earliest step first."""
    found = await session.execute(
        select(consolidated_invoices)
        .where(
            among(consolidated_invoices.c.account_id, account_ids),
            consolidated_invoices.c.next_step_at <= until,
            within(scope.kind, consolidated_invoices.c.account_id),
        )
        .order_by(consolidated_invoices.c.next_step_at, consolidated_invoices.c.id),
        {ACTOR: scope.actor_id},
    )
    return [_consolidated(row) for row in found]


async def waiting(
    session: AsyncSession, scope: Scope, payer_id: AccountId, currency: str, until: datetime
) -> list[WaitingInvoice]:
    """The open invoices of a payer's children that were final by `until` and wait for it, the oldest first."""
    invoice = invoices.c
    found = await session.execute(
        select(invoice.id, invoice.account_id, invoice.legal_entity_id, due_minor(invoices).label("due_minor"))
        .where(
            invoice.payer_account_id == payer_id,
            invoice.consolidated_invoice_id.is_(None),
            invoice.status == InvoiceStatus.OPEN.value,
            invoice.currency == currency,
            invoice.finalised_at <= until,
            within(scope.kind, invoice.account_id),
        )
        .order_by(invoice.finalised_at, invoice.id),
        {ACTOR: scope.actor_id},
    )
    return [
        WaitingInvoice(
            InvoiceId(row.id), AccountId(row.account_id), LegalEntityId(row.legal_entity_id), int(row.due_minor)
        )
        for row in found
    ]


async def children(session: AsyncSession, scope: Scope, payer_id: AccountId) -> list[AccountId]:
    """The accounts whose invoices a payer consolidates, in the order in which they are locked."""
    found = await session.scalars(
        select(accounts.c.id)
        .where(accounts.c.parent_account_id == payer_id, accounts.c.is_consolidated, within(scope.kind, accounts.c.id))
        .order_by(accounts.c.id),
        {ACTOR: scope.actor_id},
    )
    return [AccountId(each) for each in found]


async def consolidation_day(session: AsyncSession, scope: Scope, account_id: AccountId) -> int | None:
    """The day of the month on which an account consolidates its children's invoices; None: it does not."""
    found = await session.scalar(
        select(accounts.c.consolidation_day).where(accounts.c.id == account_id, within(scope.kind, accounts.c.id)),
        {ACTOR: scope.actor_id},
    )
    return None if found is None else int(found)


def _consolidated(row: Row[Any]) -> Consolidated:
    return Consolidated(
        id=ConsolidatedInvoiceId(row.id),
        account_id=AccountId(row.account_id),
        number=row.number,
        total=Money(row.total_minor, row.currency),
        due_on=row.due_on,
        finalised_at=rows.utc(row.finalised_at),
        paid_at=rows.maybe_utc(row.paid_at),
        next_step_at=rows.maybe_utc(row.next_step_at),
    )
