"""Invoices as payments and credits look at them: where they stand, what is due, whose they are. Not their lines."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, ScalarSelect, Select, func, not_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.among import among, among_given
from db.due_day import due_day
from db.scope import ACTOR, Scope, within
from db.tables import invoices, plan_changes
from domain.ids import AccountId, ConsolidatedInvoiceId, InvoiceId, PlanChangeId, SubscriptionId
from domain.invoice import InvoiceStatus, Settlement
from domain.plan_change.verdict import PlanChangeStatus
from domain.settlement import Owed


@dataclass(frozen=True, slots=True)
class BilledInvoice:
    """An invoice beside its document. `due_on` is the day it is due by, also where a consolidated invoice says so.

    `finalised_at` None: a draft. `due_on` None: it waits for its payer's consolidated invoice.
    """

    owed: Owed
    account_id: AccountId
    number: str | None
    due_on: date | None
    finalised_at: datetime | None
    payer_id: AccountId | None
    consolidated_id: ConsolidatedInvoiceId | None
    subscription_id: SubscriptionId | None
    next_step_at: datetime | None
    change_id: PlanChangeId | None = None
    """The plan change that waits for it to be paid, and lapses with it."""

    @property
    def id(self) -> InvoiceId:
        """The invoice's id."""
        return self.owed.id


async def account_of_invoice(session: AsyncSession, scope: Scope, invoice_id: InvoiceId) -> AccountId | None:
    """Whose invoice this is, if the scope reaches it."""
    owner = invoices.c.account_id
    found = await session.scalar(
        select(owner).where(invoices.c.id == invoice_id, within(scope.kind, owner)), {ACTOR: scope.actor_id}
    )
    return AccountId(found) if found else None


async def billed_invoices(
    session: AsyncSession, scope: Scope, invoice_ids: Collection[InvoiceId]
) -> dict[InvoiceId, BilledInvoice]:
    """The invoices of these ids that the scope reaches; one statement. The caller has locked their accounts."""
    given = {ACTOR: scope.actor_id, "wanted": list(invoice_ids)}
    found = await session.execute(_billed_invoices(scope.of_anyone), given)
    return {InvoiceId(row.id): _billed(row) for row in found}


@lru_cache
def _billed_invoices(scope: Scope) -> Select[Any]:
    return select(invoices, due_day(invoices).label("collect_on"), _waiting_change(scope).label("change_id")).where(
        among_given(invoices.c.id, "wanted"), within(scope.kind, invoices.c.account_id)
    )


async def due_for_a_step(
    session: AsyncSession, scope: Scope, account_ids: Collection[AccountId], until: datetime
) -> list[BilledInvoice]:
    """The open invoices of these accounts whose next step has come by `until`, the earliest step first."""
    found = await session.execute(
        select(invoices, due_day(invoices).label("collect_on"), _waiting_change(scope).label("change_id"))
        .where(
            among(invoices.c.account_id, account_ids),
            invoices.c.next_step_at <= until,
            within(scope.kind, invoices.c.account_id),
        )
        .order_by(invoices.c.next_step_at, invoices.c.id),
        {ACTOR: scope.actor_id},
    )
    return [_billed(row) for row in found]


async def of_consolidated(
    session: AsyncSession, scope: Scope, consolidated_ids: Collection[ConsolidatedInvoiceId]
) -> list[BilledInvoice]:
    """The invoices on these consolidated invoices, the oldest first, whichever accounts they are of."""
    found = await session.execute(
        select(invoices, due_day(invoices).label("collect_on"), _waiting_change(scope).label("change_id"))
        .where(among(invoices.c.consolidated_invoice_id, consolidated_ids), within(scope.kind, invoices.c.account_id))
        .order_by(invoices.c.finalised_at, invoices.c.id),
        {ACTOR: scope.actor_id},
    )
    return [_billed(row) for row in found]


async def oldest_due_on(
    session: AsyncSession,
    scope: Scope,
    account_ids: Collection[AccountId],
    *,
    but: Collection[InvoiceId] = (),
) -> Mapping[AccountId, date]:
    """The earliest day on which an unpaid invoice of each account is due; accounts without one are left out.

    `but` are invoices that are being settled: as if they were paid.
    """
    given = {ACTOR: scope.actor_id, "accounts": list(account_ids), "but": list(but)}
    found = await session.execute(_oldest_due_on(scope.of_anyone), given)
    return {AccountId(row.account_id): row.oldest for row in found if row.oldest is not None}


@lru_cache
def _oldest_due_on(scope: Scope) -> Select[Any]:
    return (
        select(invoices.c.account_id, func.min(due_day(invoices)).label("oldest"))
        .where(
            among_given(invoices.c.account_id, "accounts"),
            invoices.c.status == InvoiceStatus.OPEN.value,
            not_(among_given(invoices.c.id, "but")),
            within(scope.kind, invoices.c.account_id),
        )
        .group_by(invoices.c.account_id)
    )


def _billed(row: Row[Any]) -> BilledInvoice:
    settlement = Settlement(row.total_minor, row.credited_minor, row.applied_minor, row.paid_minor, row.returned_minor)
    return BilledInvoice(
        owed=Owed(InvoiceId(row.id), InvoiceStatus(row.status), row.currency, settlement),
        account_id=AccountId(row.account_id),
        number=row.number,
        due_on=row.collect_on,
        finalised_at=rows.maybe_utc(row.finalised_at),
        payer_id=AccountId(row.payer_account_id) if row.payer_account_id else None,
        consolidated_id=ConsolidatedInvoiceId(row.consolidated_invoice_id) if row.consolidated_invoice_id else None,
        subscription_id=SubscriptionId(row.subscription_id) if row.subscription_id else None,
        next_step_at=rows.maybe_utc(row.next_step_at),
        change_id=PlanChangeId(row.change_id) if row.change_id else None,
    )


def _waiting_change(scope: Scope) -> ScalarSelect[Any]:
    change = plan_changes.c
    return (
        select(change.id)
        .where(
            change.account_id == invoices.c.account_id,
            change.invoice_id == invoices.c.id,
            change.status == PlanChangeStatus.AWAITING_PAYMENT.value,
            within(scope.kind, change.account_id),
        )
        .scalar_subquery()
    )
