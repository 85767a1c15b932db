"""Subscriptions, their item versions and commitment terms."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from db import rows
from db.tables import commitment_terms, subscription_items, subscriptions
from db.unit_of_work import UnitOfWork
from domain.ids import AccountId, ItemId
from domain.plan_change.effects import Move
from domain.subscription import BillingSubscription, CommitmentTerm, SubscriptionItem


async def new_subscription(unit: UnitOfWork, subscription: BillingSubscription) -> None:
    """A subscription that just started, with its items and its commitment."""
    unit.insert(
        subscriptions,
        {
            "account_id": subscription.account_id,
            "id": subscription.id,
            "started_at": subscription.started_at,
            "version": 1,
            **rows.subscription_columns(subscription),
        },
    )
    await open_items(unit, subscription, subscription.items)
    if subscription.commitment is not None:
        await new_term(unit, subscription, subscription.commitment)


async def subscription_state(unit: UnitOfWork, subscription: BillingSubscription) -> None:
    """What changed about a subscription itself; its items are opened and closed apart."""
    key = {"account_id": subscription.account_id, "id": subscription.id}
    unit.update(subscriptions, key, rows.subscription_columns(subscription), plus={"version": 1})


async def moved(unit: UnitOfWork, move: Move, laid_out: Collection[ItemId] = ()) -> None:
    """A subscription as a change left it: items closed and opened, its own row brought up to date.

    `laid_out` are items that were written before, and begin now.
    """
    after = move.subscription
    await close_items(unit, after.account_id, [item.id for item in move.closed], move.at)
    begun = [item for item in move.opened if item.id in laid_out]
    for item in begun:
        values = {"valid_from": item.valid_from, "valid_until": None}
        unit.update(subscription_items, {"account_id": after.account_id, "id": item.id}, values)
    await open_items(unit, after, [item for item in move.opened if item not in begun])
    await subscription_state(unit, after)


async def laid_out(unit: UnitOfWork, move: Move) -> None:
    """The items that a change would begin: written, so that an invoice can speak of them, and in force at no time."""
    items = [replace(item, valid_until=item.valid_from) for item in move.opened]
    await open_items(unit, move.subscription, items)


async def open_items(unit: UnitOfWork, of: BillingSubscription, items: Collection[SubscriptionItem]) -> None:
    """New item versions; the database refuses one that overlaps another of its component."""
    unit.insert(subscription_items, *(rows.item_columns(item, of) for item in items))


async def close_items(unit: UnitOfWork, account_id: AccountId, ids: Collection[ItemId], at: datetime) -> None:
    """End item versions at an instant."""
    for item_id in ids:
        unit.update(subscription_items, {"account_id": account_id, "id": item_id}, {"valid_until": at})


async def late_use_expected(unit: UnitOfWork, of: BillingSubscription, at: datetime | None) -> None:
    """When use that came in after a subscription's end is billed; None: there is none any more."""
    unit.update(subscriptions, {"account_id": of.account_id, "id": of.id}, {"late_use_at": at})


async def new_term(unit: UnitOfWork, of: BillingSubscription, term: CommitmentTerm) -> None:
    """A commitment term, the first or a renewal."""
    unit.insert(
        commitment_terms,
        {
            "account_id": of.account_id,
            "id": term.id,
            "subscription_id": of.id,
            "start_at": term.start_at,
            "end_at": term.end_at,
            "months": term.months,
            "notice_days": term.notice_days,
        },
    )


async def term_moved(unit: UnitOfWork, of: BillingSubscription, term: CommitmentTerm) -> None:
    """A commitment term that begins or ends at other instants: a pause made it longer, or a zone moved its days."""
    key = {"account_id": of.account_id, "id": term.id}
    unit.update(commitment_terms, key, {"start_at": term.start_at, "end_at": term.end_at})
