"""Tell customers what comes next by itself: that a trial ends, that a commitment renews. Each is told once."""

from collections.abc import Sequence
from dataclasses import replace

from db.queries.subscriptions import live_of
from db.save import subscriptions
from db.unit_of_work import UnitOfWork
from domain.events import subscription_event
from domain.subscription import SubscriptionStatus
from operations.clock.due import DueOn


async def give_notice(unit: UnitOfWork, due: Sequence[DueOn]) -> None:
    """Announce, at its instant, what each of these subscriptions comes to; one an account, whose row is locked."""
    live = await live_of(unit.session, unit.scope, [each.account for each in due])
    for each in due:
        for subscription in (found.now for found in live[each.account.id] if found.now.id == each.thing.id):
            is_trial = subscription.status is SubscriptionStatus.TRIALING
            told = replace(subscription, notice_at=None)
            await subscriptions.subscription_state(unit, told)
            name = "subscription.trial_ending" if is_trial else "subscription.commitment_renewing"
            if is_trial or (subscription.commitment is not None and subscription.cancel_at is None):
                unit.emit(each.account.id, subscription_event(name, told, each.thing.at))
