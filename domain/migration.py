"""Moving subscriptions to another version of their plan: when it is due, and what it makes of one.

Owns the boundary at which a subscription is moved, its items after, and what a whole period then costs. Does not own
who is asked to move (operations/catalog/migrate_plan_version.py), nor the boundary's bill (invoicing/period.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.cancellation import boundary_from
from domain.catalog import PlanVersion
from domain.ids import AccountId, IdMaker, ItemId, MigrationId, PlanVersionId, SubscriptionId
from domain.invoicing.regular import regular_lines
from domain.money import Money
from domain.plan_change.effects import Move
from domain.subscription import (
    BillingSubscription,
    MigrationStatus,
    SubscriptionEvent,
    SubscriptionItem,
    SubscriptionStatus,
    following_term,
)


@dataclass(frozen=True, slots=True)
class SubscriptionMigration:
    """One subscription's part in a migration: it is moved at its first boundary at or after `effective_at`."""

    id: UUID
    migration_id: MigrationId
    account_id: AccountId
    subscription_id: SubscriptionId
    from_version_id: PlanVersionId
    to_version_id: PlanVersionId
    effective_at: datetime
    announced_at: datetime
    status: MigrationStatus = MigrationStatus.SCHEDULED


def moves_at(subscription: BillingSubscription, notice_ends_at: datetime) -> datetime:
    """The boundary a subscription is moved at: the first once notice has been given, and never inside a commitment.

    A commitment that ends before that renews, and its next term is waited out.
    """
    at = boundary_from(subscription, notice_ends_at)
    term = subscription.commitment
    while term is not None and term.end_at < at:
        renews_at = boundary_from(subscription, term.end_at)
        if renews_at >= at:
            return at
        term = following_term(term, subscription.anchor, renews_at, term.id)
    if term is None or not term.start_at < at < term.end_at:
        return at
    return boundary_from(subscription, term.end_at)


def is_due(migration: SubscriptionMigration, subscription: BillingSubscription, at: datetime) -> bool:
    """Whether a subscription that enters a period `at` a boundary is moved there.

    `subscription` is as it enters, before its commitment renews. One that a commitment still covers, because a pause
    or a change made it longer, waits for a later boundary; so does one that is not active.
    """
    is_active = subscription.status is SubscriptionStatus.ACTIVE
    return is_active and migration.effective_at <= at and not subscription.committed_at(at)


def is_movable(subscription: BillingSubscription, version: PlanVersion, currency: str) -> bool:
    """Whether a later version of its plan is sold the way the subscription is billed, and it is to go on."""
    return (
        subscription.version.plan.id == version.plan.id
        and subscription.version.number < version.number
        and subscription.cancel_at is None
        and version.is_sold_in(currency, subscription.interval)
    )


def kept_quantities(subscription: BillingSubscription, version: PlanVersion) -> dict[str, int]:
    """Its quantities as far as the version allows them; a component that is new has its minimum."""
    now = subscription.quantities
    kept: dict[str, int] = {}
    for component in version.components:
        wanted = max(component.minimum, now.get(component.code, component.minimum))
        kept[component.code] = wanted if component.maximum is None else min(wanted, component.maximum)
    return kept


def migrated(
    subscription: BillingSubscription, version: PlanVersion, currency: str, at: datetime, ids: IdMaker
) -> Move:
    """The subscription on another version of its plan from `at` on: every item a new one, at the version's prices.

    Raises InvalidTransition for one that is not active.
    """
    opened = tuple(
        SubscriptionItem(ItemId(ids.new()), component, price.id, quantity, at)
        for component, quantity in kept_quantities(subscription, version).items()
        if (price := version.price(component, currency, subscription.interval)) is not None
    )
    moved = replace(subscription.moved(SubscriptionEvent.MIGRATED), version=version, items=opened, version_since=at)
    return Move(at, moved, subscription.items, opened)


def regular_amount(
    subscription: BillingSubscription, version: PlanVersion, quantities: Mapping[str, int], currency: str
) -> Money:
    """What one whole period in advance states on a version, before discounts and tax."""
    lines = regular_lines(
        version, currency, subscription.interval, quantities, subscription.period, subscription.anchor.zone
    )
    return Money.total((line.stated for line in lines), currency)
