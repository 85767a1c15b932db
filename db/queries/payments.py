"""Stored methods, payments with their attempts, and refunds, for decisions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.among import among
from db.scope import ACTOR, Scope, within
from db.tables import payment_attempts, payment_methods, payments, refunds
from domain.ids import (
    AccountId,
    AttemptId,
    ConsolidatedInvoiceId,
    CreditNoteId,
    InvoiceId,
    PaymentId,
    PaymentMethodId,
    RefundId,
)
from domain.money import Money
from domain.payment import (
    AttemptStatus,
    Payment,
    PaymentAttempt,
    PaymentKind,
    PaymentMethod,
    PaymentMethodStatus,
    PaymentStatus,
    Refund,
    RefundStatus,
)

UNDER_WAY = (PaymentStatus.PROCESSING.value, PaymentStatus.REQUIRES_ACTION.value)


async def account_of_method(session: AsyncSession, scope: Scope, method_id: PaymentMethodId) -> AccountId | None:
    """Whose stored method this is, if the scope reaches it."""
    owner = payment_methods.c.account_id
    found = await session.scalar(
        select(owner).where(payment_methods.c.id == method_id, within(scope.kind, owner)), {ACTOR: scope.actor_id}
    )
    return AccountId(found) if found else None


async def account_of_payment(session: AsyncSession, scope: Scope, payment_id: PaymentId) -> AccountId | None:
    """Whose payment this is, if the scope reaches it."""
    owner = payments.c.account_id
    found = await session.scalar(
        select(owner).where(payments.c.id == payment_id, within(scope.kind, owner)), {ACTOR: scope.actor_id}
    )
    return AccountId(found) if found else None


async def active_methods(
    session: AsyncSession, scope: Scope, account_ids: Collection[AccountId]
) -> Mapping[AccountId, Sequence[PaymentMethod]]:
    """The methods that can be charged, the default first, then the newest; accounts without any are left out."""
    method = payment_methods.c
    found = await session.execute(
        select(payment_methods)
        .where(
            among(method.account_id, account_ids),
            method.status == PaymentMethodStatus.ACTIVE.value,
            within(scope.kind, method.account_id),
        )
        .order_by(method.account_id, method.is_default.desc(), method.created_at.desc(), method.id.desc()),
        {ACTOR: scope.actor_id},
    )
    by_account: dict[AccountId, list[PaymentMethod]] = {}
    for row in found:
        by_account.setdefault(AccountId(row.account_id), []).append(_method(row))
    return by_account


async def method_of(
    session: AsyncSession, scope: Scope, account_id: AccountId, method_id: PaymentMethodId
) -> PaymentMethod | None:
    """One method of the account, removed ones too: a payment under way still refers to it."""
    row = (
        await session.execute(
            select(payment_methods).where(
                payment_methods.c.account_id == account_id,
                payment_methods.c.id == method_id,
                within(scope.kind, payment_methods.c.account_id),
            ),
            {ACTOR: scope.actor_id},
        )
    ).one_or_none()
    return None if row is None else _method(row)


async def payment(session: AsyncSession, scope: Scope, account_id: AccountId, payment_id: PaymentId) -> Payment | None:
    """One payment of the account with its attempts."""
    row = (
        await session.execute(
            select(payments).where(
                payments.c.account_id == account_id,
                payments.c.id == payment_id,
                within(scope.kind, payments.c.account_id),
            ),
            {ACTOR: scope.actor_id},
        )
    ).one_or_none()
    if row is None:
        return None
    attempts = await session.execute(
        select(payment_attempts)
        .where(
            payment_attempts.c.account_id == account_id,
            payment_attempts.c.payment_id == payment_id,
            within(scope.kind, payment_attempts.c.account_id),
        )
        .order_by(payment_attempts.c.number),
        {ACTOR: scope.actor_id},
    )
    return _payment(row, [_attempt(each) for each in attempts])


async def under_way(
    session: AsyncSession, scope: Scope, account_ids: Collection[AccountId]
) -> Mapping[InvoiceId | ConsolidatedInvoiceId, PaymentId]:
    """The payment under way for each document of these accounts that has one."""
    payment = payments.c
    found = await session.execute(
        select(payment.id, payment.invoice_id, payment.consolidated_invoice_id).where(
            among(payment.account_id, account_ids),
            payment.status.in_(UNDER_WAY),
            within(scope.kind, payment.account_id),
        ),
        {ACTOR: scope.actor_id},
    )
    return {row.invoice_id or row.consolidated_invoice_id: PaymentId(row.id) for row in found}


async def payment_under_way(
    session: AsyncSession, scope: Scope, account_id: AccountId, invoice_id: InvoiceId
) -> Payment | None:
    """The payment of an invoice that is not final, with its attempts."""
    payment_id = (await under_way(session, scope, [account_id])).get(invoice_id)
    return None if payment_id is None else await payment(session, scope, account_id, payment_id)


async def to_poll(
    session: AsyncSession, scope: Scope, account_ids: Collection[AccountId], until: datetime
) -> Sequence[tuple[datetime, AccountId, PaymentId]]:
    """(when, whose, which) payments are to be asked about by `until`, the earliest first."""
    payment = payments.c
    found = await session.execute(
        select(payment.poll_at, payment.account_id, payment.id)
        .where(among(payment.account_id, account_ids), payment.poll_at <= until, within(scope.kind, payment.account_id))
        .order_by(payment.poll_at, payment.id),
        {ACTOR: scope.actor_id},
    )
    return [(row.poll_at, AccountId(row.account_id), PaymentId(row.id)) for row in found]


async def refunds_to_poll(
    session: AsyncSession, scope: Scope, account_ids: Collection[AccountId], until: datetime
) -> Sequence[tuple[datetime, AccountId, RefundId]]:
    """(when, whose, which) refunds are to be asked about by `until`, the earliest first."""
    refund = refunds.c
    found = await session.execute(
        select(refund.poll_at, refund.account_id, refund.id)
        .where(among(refund.account_id, account_ids), refund.poll_at <= until, within(scope.kind, refund.account_id))
        .order_by(refund.poll_at, refund.id),
        {ACTOR: scope.actor_id},
    )
    return [(row.poll_at, AccountId(row.account_id), RefundId(row.id)) for row in found]


async def received_for(
    session: AsyncSession, scope: Scope, account_id: AccountId, invoice_id: InvoiceId
) -> Sequence[Payment]:
    """The payments of an invoice that succeeded and have money left to send back, the newest first; no attempts."""
    payment = payments.c
    found = await session.execute(
        select(payments)
        .where(
            payment.account_id == account_id,
            payment.invoice_id == invoice_id,
            payment.status == PaymentStatus.SUCCEEDED.value,
            payment.refunded_minor < payment.amount_minor,
            within(scope.kind, payment.account_id),
        )
        .order_by(payment.created_at.desc(), payment.id.desc()),
        {ACTOR: scope.actor_id},
    )
    return [_payment(row, ()) for row in found]


async def refund(session: AsyncSession, scope: Scope, account_id: AccountId, refund_id: RefundId) -> Refund | None:
    """One refund of the account."""
    row = (
        await session.execute(
            select(refunds).where(
                refunds.c.account_id == account_id,
                refunds.c.id == refund_id,
                within(scope.kind, refunds.c.account_id),
            ),
            {ACTOR: scope.actor_id},
        )
    ).one_or_none()
    if row is None:
        return None
    return Refund(
        RefundId(row.id),
        PaymentId(row.payment_id),
        RefundStatus(row.status),
        Money(row.amount_minor, row.currency),
        CreditNoteId(row.credit_note_id) if row.credit_note_id else None,
        rows.utc(row.created_at),
    )


def _method(row: Row[Any]) -> PaymentMethod:
    return PaymentMethod(
        id=PaymentMethodId(row.id),
        account_id=AccountId(row.account_id),
        provider=row.provider,
        token=row.token,
        brand=row.brand,
        last4=row.last4,
        expires_on=row.expires_on,
        is_default=row.is_default,
        status=PaymentMethodStatus(row.status),
    )


def _payment(row: Row[Any], attempts: Sequence[PaymentAttempt]) -> Payment:
    return Payment(
        id=PaymentId(row.id),
        account_id=AccountId(row.account_id),
        invoice_id=InvoiceId(row.invoice_id) if row.invoice_id else None,
        consolidated_id=ConsolidatedInvoiceId(row.consolidated_invoice_id) if row.consolidated_invoice_id else None,
        method_id=PaymentMethodId(row.payment_method_id) if row.payment_method_id else None,
        kind=PaymentKind(row.kind),
        status=PaymentStatus(row.status),
        amount=Money(row.amount_minor, row.currency),
        refunded=Money(row.refunded_minor, row.currency),
        attempts=tuple(attempts),
    )


def _attempt(row: Row[Any]) -> PaymentAttempt:
    return PaymentAttempt(
        AttemptId(row.id), row.number, AttemptStatus(row.status), row.sent_at, row.reference, row.code
    )
