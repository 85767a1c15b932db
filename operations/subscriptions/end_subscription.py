"""End a subscription at an instant: what ends with it, and what was still to come.

Owns the end itself, for who cancels at once and for a cancellation whose instant has come. Does not own its last bill.
"""

from dataclasses import replace
from datetime import datetime

from db import audit
from db.queries.lifecycle import waiting_changes
from db.queries.migrations import waiting_moves
from db.save import subscriptions
from db.save.changes import plan_change_status
from db.save.migrations import migration_status
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.events import items_said, plan_change_event, subscription_event, subscription_state
from domain.plan_change.verdict import PlanChangeStatus
from domain.subscription import BillingSubscription, MigrationStatus, SubscriptionEvent


async def end_subscription(
    unit: UnitOfWork,
    account: Account,
    subscription: BillingSubscription,
    at: datetime,
    reason: str | None = None,
    *,
    said_at: datetime,
) -> None:
    """Close its items and drop what was scheduled for it; the account is locked, and entitlements are the caller's.

    It ends `at`, which is told at `said_at`, the account's own time: an end that was quoted is of the quote's instant.
    The period it ends in stays as it was: what was charged for it is the last bill's matter.
    """
    ended = replace(
        subscription.moved(SubscriptionEvent.CANCELLED),
        items=(),
        cancel_at=at,
        resumes_at=None,
        ended_at=at,
        notice_at=None,
    )
    for change in await waiting_changes(unit.session, unit.scope, account.id):
        if change.subscription_id == subscription.id:
            status = PlanChangeStatus.CANCELLED
            await plan_change_status(unit, account.id, change.id, status)
            unit.emit(account.id, plan_change_event(status, change.id, subscription.id, said_at, {"replaced": False}))
    move = (await waiting_moves(unit.session, unit.scope, [account.id])).get(subscription.id)
    if move is not None:
        await migration_status(unit, account.id, move.id, MigrationStatus.CANCELLED)
    await subscriptions.close_items(unit, account.id, [item.id for item in subscription.items], at)
    await subscriptions.subscription_state(unit, ended)
    # the quantities it had to the last say more than none
    last = replace(ended, items=subscription.items)
    said = items_said((), at)
    unit.emit(account.id, subscription_event("subscription.cancelled", last, said_at, reason=reason, **said))
    await unit.audit(
        audit.Entry(
            account.id,
            "subscription.end",
            "BillingSubscription",
            subscription.id,
            said_at,
            before=subscription_state(subscription),
            after=subscription_state(last),
            reason=reason,
        )
    )
