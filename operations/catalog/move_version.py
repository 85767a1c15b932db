"""Move a subscription to another version of its plan, at the boundary at which that was announced for."""

from datetime import datetime

from db import audit
from db.queries import catalog
from db.queries.account_terms import agreement_of
from db.save import subscriptions
from db.save.migrations import migration_status
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.events import items_said, subscription_event, subscription_state
from domain.migration import SubscriptionMigration, is_due, is_movable, migrated
from domain.subscription import BillingSubscription, MigrationStatus


async def move_version(
    unit: UnitOfWork, account: Account, entering: BillingSubscription, move: SubscriptionMigration, at: datetime
) -> BillingSubscription:
    """The subscription that enters a period at `at`, moved where that is due and no lock holds its prices; else as is.

    One that has left the plan, or is not sold so any more, is not moved at all: its part is CANCELLED.
    """
    if not is_due(move, entering, at):
        return entering
    agreement = await agreement_of(unit.session, unit.scope, account.id)
    if agreement is not None and agreement.prices_as_of(at) is not None:
        return entering
    version = (await catalog.versions(unit.session, {move.to_version_id}))[move.to_version_id]
    if not is_movable(entering, version, account.currency):
        await migration_status(unit, account.id, move.id, MigrationStatus.CANCELLED)
        return entering
    moved = migrated(entering, version, account.currency, at, unit.ids)
    await subscriptions.moved(unit, moved)
    await migration_status(unit, account.id, move.id, MigrationStatus.DONE, at)
    items = items_said(moved.subscription.items, moved.at)
    unit.emit(account.id, subscription_event("subscription.migrated", moved.subscription, at, **items))
    await unit.audit(
        audit.Entry(
            account.id,
            "subscription.migrate",
            "BillingSubscription",
            entering.id,
            at,
            before=subscription_state(entering),
            after=subscription_state(moved.subscription),
        )
    )
    return moved.subscription
