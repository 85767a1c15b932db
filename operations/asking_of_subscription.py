"""How every deed on a subscription's life begins: as any other (asking.py), and then with the subscription itself.

Owns which subscriptions can be acted on at all, and the instant a deed counts from. Does not own any deed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.queries.accounts import account_of_subscription
from db.queries.subscriptions import live_subscriptions
from db.unit_of_work import UnitOfWork
from domain.ids import SubscriptionId
from domain.rights import Right
from domain.subscription import BillingSubscription, SubscriptionStatus
from operations.asking import Asked, KeyReused, NotNow, asked


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """This very request was done before; `outcome` is what it remembered."""

    outcome: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AskedOf:
    """A request about a live subscription whose account is locked and whose period is running.

    `at` is the account's own time in whole seconds, as lines are measured.
    """

    request: Asked
    subscription: BillingSubscription
    at: datetime


async def asked_of(
    unit: UnitOfWork,
    subscription_id: SubscriptionId,
    right: Right,
    mutation: str,
    key: str,
    payload: Mapping[str, Any],
) -> AskedOf | AskedAgain | NotNow | KeyReused:
    """Lock, ask for the right, look the key up, load the subscription.

    Raises NotFound for one out of reach, Forbidden for who sees it and may not. NotNow: SUBSCRIPTION_CANCELLED for one
    that has ended; BEING_BILLED where something is due on it that no job has done yet, which goes first.
    """
    owner = await account_of_subscription(unit.session, unit.scope, subscription_id)
    request = await asked(unit, owner, subscription_id, right, mutation, key, payload)
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return AskedAgain(request.done)
    live = await live_subscriptions(unit.session, unit.scope, request.account)
    subscription = next((each for each in live if each.id == subscription_id), None)
    if subscription is None:
        ended = SubscriptionStatus.CANCELLED
        return NotNow(f"SUBSCRIPTION_{ended}", ended, "This subscription has ended.")
    at = max(request.now.replace(microsecond=0), subscription.last_moved_at)
    if subscription.due_at is not None and subscription.due_at <= at:
        message = "Something is due on this subscription and is done first; try again in a moment."
        return NotNow("BEING_BILLED", subscription.status, message)
    return AskedOf(request, subscription, at)
