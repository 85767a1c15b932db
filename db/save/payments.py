"""Stored methods, payments, attempts and refunds. What the provider answered is written beside what was asked."""

from collections.abc import Sequence
from datetime import datetime

from db.tables import payment_attempts, payment_methods, payments, refunds
from db.unit_of_work import UnitOfWork
from domain.ids import AccountId, PaymentMethodId
from domain.money import Money
from domain.payment import (
    AttemptStatus,
    Payment,
    PaymentAttempt,
    PaymentMethod,
    PaymentMethodStatus,
    PaymentStatus,
    Refund,
)


async def new_method(unit: UnitOfWork, method: PaymentMethod, created_at: datetime) -> None:
    """A stored method."""
    unit.insert(
        payment_methods,
        {
            "account_id": method.account_id,
            "id": method.id,
            "provider": method.provider,
            "token": method.token,
            "brand": method.brand,
            "last4": method.last4,
            "expires_on": method.expires_on,
            "is_default": method.is_default,
            "status": method.status.value,
            "created_at": created_at,
        },
    )


async def default_method(
    unit: UnitOfWork, account_id: AccountId, before: PaymentMethodId | None, now: PaymentMethodId | None
) -> None:
    """Which method the account is collected by, in the place of another; None: none. Never are there two."""
    if before is not None:
        unit.update(payment_methods, {"account_id": account_id, "id": before}, {"is_default": False})
        await unit.write()
    if now is not None:
        unit.update(payment_methods, {"account_id": account_id, "id": now}, {"is_default": True})


async def removed_method(unit: UnitOfWork, account_id: AccountId, method_id: PaymentMethodId) -> None:
    """A method that is charged no more. The payments it made still name it."""
    unit.update(
        payment_methods,
        {"account_id": account_id, "id": method_id},
        {"status": PaymentMethodStatus.REMOVED.value, "is_default": False},
    )
    await unit.write()


async def new_payments(
    unit: UnitOfWork,
    new: Sequence[Payment],
    created_at: datetime,
    *,
    poll_at: datetime | None = None,
    reference: str | None = None,
) -> None:
    """Payments as they begin, with their attempts. One by hand has none, and has come in already."""
    unit.insert(
        payments,
        *(
            {
                "account_id": payment.account_id,
                "id": payment.id,
                "invoice_id": payment.invoice_id,
                "consolidated_invoice_id": payment.consolidated_id,
                "payment_method_id": payment.method_id,
                "kind": payment.kind.value,
                "status": payment.status.value,
                "amount_minor": payment.amount.minor,
                "refunded_minor": payment.refunded.minor,
                "currency": payment.amount.currency,
                "reference": reference,
                "failure_code": None,
                "created_at": created_at,
                "settled_at": created_at if payment.status is PaymentStatus.SUCCEEDED else None,
                "poll_at": poll_at,
            }
            for payment in new
        ),
    )
    unit.insert(
        payment_attempts,
        *(
            {
                "account_id": payment.account_id,
                "id": attempt.id,
                "payment_id": payment.id,
                "number": attempt.number,
                "status": attempt.status.value,
                "reference": attempt.reference,
                "code": attempt.code,
                "sent_at": attempt.sent_at,
                "answered_at": None,
            }
            for payment in new
            for attempt in payment.attempts
        ),
    )


async def answered(
    unit: UnitOfWork, payment: Payment, attempt: PaymentAttempt, at: datetime, poll_at: datetime | None
) -> None:
    """What an answer made of an attempt and its payment; `poll_at` says when to ask again, None: never."""
    unit.update(
        payment_attempts,
        {"account_id": payment.account_id, "id": attempt.id},
        {
            "status": attempt.status.value,
            "reference": attempt.reference,
            "code": attempt.code,
            "answered_at": None if attempt.status in (AttemptStatus.SENT, AttemptStatus.TIMED_OUT) else at,
        },
    )
    is_final = payment.status in (PaymentStatus.SUCCEEDED, PaymentStatus.FAILED)
    unit.update(
        payments,
        {"account_id": payment.account_id, "id": payment.id},
        {
            "status": payment.status.value,
            "reference": attempt.reference,
            "failure_code": attempt.code if payment.status is PaymentStatus.FAILED else None,
            "settled_at": at if is_final else None,
            "poll_at": poll_at,
        },
    )


async def refunded(unit: UnitOfWork, payment: Payment, total: Money) -> None:
    """What has gone back, or is on its way back, of a payment in all."""
    key = {"account_id": payment.account_id, "id": payment.id}
    unit.update(payments, key, {"refunded_minor": total.minor})


async def new_refund(
    unit: UnitOfWork,
    account_id: AccountId,
    refund: Refund,
    created_at: datetime,
    *,
    poll_at: datetime | None,
    reason: str,
) -> None:
    """Money on its way back; `poll_at` None: it is there already, sent by hand."""
    unit.insert(
        refunds,
        {
            "account_id": account_id,
            "id": refund.id,
            "payment_id": refund.payment_id,
            "credit_note_id": refund.credit_note_id,
            "status": refund.status.value,
            "amount_minor": refund.amount.minor,
            "currency": refund.amount.currency,
            "reason": reason,
            "created_at": created_at,
            "settled_at": None if poll_at else created_at,
            "poll_at": poll_at,
        },
    )


async def refund_answered(
    unit: UnitOfWork,
    account_id: AccountId,
    refund: Refund,
    at: datetime,
    *,
    poll_at: datetime | None,
    reference: str | None,
    code: str | None,
) -> None:
    """What the provider said of a refund."""
    unit.update(
        refunds,
        {"account_id": account_id, "id": refund.id},
        {
            "status": refund.status.value,
            "reference": reference,
            "failure_code": code,
            "settled_at": None if poll_at else at,
            "poll_at": poll_at,
        },
    )
