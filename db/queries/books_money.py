"""Money beside documents, for the audit: the credit ledger, payments, refunds."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.rows import utc
from db.scope import ACTOR, Scope, within
from db.tables import credit_entries, payments, refunds
from domain.audit.facts import EntryOnFile, PaymentOnFile, RefundOnFile
from domain.credit import CreditEntryKind
from domain.ids import AccountId
from domain.payment import PaymentStatus, RefundStatus


async def entries_of(session: AsyncSession, scope: Scope, ids: Sequence[AccountId]) -> dict[UUID, list[EntryOnFile]]:
    """The credit ledger of each account in order."""
    entry = credit_entries.c
    rows = await session.execute(
        select(
            entry.account_id,
            entry.id,
            entry.sequence,
            entry.kind,
            entry.amount_minor,
            entry.balance_minor,
            entry.grant_id,
            entry.credit_note_id,
            entry.invoice_id,
            entry.occurred_at,
        )
        .where(entry.account_id.in_(ids), within(scope.kind, entry.account_id))
        .order_by(entry.account_id, entry.sequence),
        {ACTOR: scope.actor_id},
    )
    found: dict[UUID, list[EntryOnFile]] = {}
    for row in rows:
        found.setdefault(row.account_id, []).append(
            EntryOnFile(
                row.id,
                row.sequence,
                CreditEntryKind(row.kind),
                row.amount_minor,
                row.balance_minor,
                row.grant_id,
                row.credit_note_id,
                row.invoice_id,
                utc(row.occurred_at),
            )
        )
    return found


async def payments_of(session: AsyncSession, scope: Scope, ids: Sequence[AccountId]) -> dict[UUID, list[PaymentOnFile]]:
    """The payments of each account."""
    payment = payments.c
    rows = await session.execute(
        select(
            payment.account_id,
            payment.id,
            payment.invoice_id,
            payment.consolidated_invoice_id,
            payment.status,
            payment.amount_minor,
            payment.refunded_minor,
        )
        .where(payment.account_id.in_(ids), within(scope.kind, payment.account_id))
        .order_by(payment.account_id, payment.created_at, payment.id),
        {ACTOR: scope.actor_id},
    )
    found: dict[UUID, list[PaymentOnFile]] = {}
    for row in rows:
        found.setdefault(row.account_id, []).append(
            PaymentOnFile(
                row.id,
                row.invoice_id,
                row.consolidated_invoice_id,
                PaymentStatus(row.status),
                row.amount_minor,
                row.refunded_minor,
            )
        )
    return found


async def refunds_of(session: AsyncSession, scope: Scope, ids: Sequence[AccountId]) -> dict[UUID, list[RefundOnFile]]:
    """The refunds of each account."""
    refund = refunds.c
    rows = await session.execute(
        select(
            refund.account_id,
            refund.id,
            refund.payment_id,
            refund.credit_note_id,
            refund.status,
            refund.amount_minor,
        )
        .where(refund.account_id.in_(ids), within(scope.kind, refund.account_id))
        .order_by(refund.account_id, refund.created_at, refund.id),
        {ACTOR: scope.actor_id},
    )
    found: dict[UUID, list[RefundOnFile]] = {}
    for row in rows:
        found.setdefault(row.account_id, []).append(
            RefundOnFile(row.id, row.payment_id, row.credit_note_id, RefundStatus(row.status), row.amount_minor)
        )
    return found
