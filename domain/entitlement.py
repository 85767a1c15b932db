"""What an account may do, and where that comes from: the effective value of each feature over time.

Owns the rule that combines plans and overrides. Does not own when a payment lets a change take effect (plan_change/)
nor usage measured against a value (usage.py).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.catalog import Feature, FeatureKind, PlanFeature
from domain.ids import OverrideId, SubscriptionId
from domain.periods import local_day
from domain.subscription import BillingSubscription, SubscriptionStatus


class EntitlementSource(StrEnum):
    """Where an effective value comes from."""

    PLAN = "PLAN"
    OVERRIDE = "OVERRIDE"


@dataclass(frozen=True, slots=True)
class FeatureValue:
    """A value of one feature; which field speaks is the feature's kind. `limit` None means unlimited."""

    is_enabled: bool = True
    limit: int | None = None
    setting: str | None = None


NOTHING = FeatureValue(is_enabled=False, limit=0)
"""A no, of any kind of feature."""


@dataclass(frozen=True, slots=True)
class EntitlementOverride:
    """A value set by hand for one account over [starts_at, ends_at); the greatest (priority, created_at, id) wins."""

    id: OverrideId
    feature: Feature
    value: FeatureValue
    priority: int
    created_at: datetime
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One feature's effective value over [valid_from, valid_until), with the days over which its usage counts."""

    feature: Feature
    value: FeatureValue
    source: EntitlementSource
    valid_from: datetime
    valid_until: datetime | None
    subscription_id: SubscriptionId | None
    override_id: OverrideId | None
    window_start: date | None
    window_end: date | None


def value_of(granted: PlanFeature, quantities: dict[str, int]) -> FeatureValue:
    """What a plan feature amounts to with these quantities: its limit plus `limit_per_unit` for each unit bought."""
    limit = granted.limit
    if limit is not None and granted.component is not None:
        limit += granted.limit_per_unit * quantities.get(granted.component, 0)
    return FeatureValue(granted.is_enabled, limit, granted.setting)


def values_by_feature(
    subscription: BillingSubscription, wanted: Collection[str] | None = None
) -> dict[str, FeatureValue]:
    """What one subscription alone grants, by feature code; of all features, or of those `wanted`."""
    quantities = subscription.quantities
    return {
        granted.feature.code: value_of(granted, quantities)
        for granted in subscription.version.features
        if wanted is None or granted.feature.code in wanted
    }


def grants(subscription: BillingSubscription) -> bool:
    """True while a subscription gives what its plan promises: in trial or active."""
    return subscription.status in (SubscriptionStatus.TRIALING, SubscriptionStatus.ACTIVE)


def derive(
    subscriptions: Sequence[BillingSubscription],
    overrides: Sequence[EntitlementOverride],
    since: datetime,
    zone: str,
    only: FeatureKind | None = None,
) -> tuple[Entitlement, ...]:
    """The whole timeline of effective values from `since` on, as known today, sorted by feature code and instant.

    BOOLEAN values are or-ed, LIMIT and METERED summed over subscriptions (unlimited wins), CONFIG follows the highest
    plan rank. A live override replaces the result. Because what an expiring override leaves, and what a subscription
    that is cancelled ahead, are laid out in segments, both take effect at their instant even if no job has run.
    `only` leaves features of other kinds out.
    """
    # a total order: the answer must not depend on the order in which subscriptions were loaded
    live = sorted(
        (each for each in subscriptions if grants(each)),
        key=lambda each: (each.version.plan.rank, each.started_at, each.id),
    )
    features = {granted.feature.code: granted.feature for each in live for granted in each.version.features}
    features |= {override.feature.code: override.feature for override in overrides}
    wanted = sorted(code for code, feature in features.items() if only in (None, feature.kind))
    granted = [(each, values_by_feature(each, wanted)) for each in live]
    segments: list[Entitlement] = []
    for code in wanted:
        own = [override for override in overrides if override.feature.code == code]
        granting = [(each, values[code]) for each, values in granted if code in values]
        segments.extend(_timeline(features[code], granting, own, since, zone))
    return tuple(segments)


def _timeline(
    feature: Feature,
    granting: Sequence[tuple[BillingSubscription, FeatureValue]],
    overrides: Sequence[EntitlementOverride],
    since: datetime,
    zone: str,
) -> Iterable[Entitlement]:
    cuts = {instant for each in overrides for instant in (each.starts_at, each.ends_at)}
    cuts |= {each.cancel_at for each, _ in granting}
    edges = [since, *sorted(instant for instant in cuts if instant and instant > since)]
    for at, until in zip(edges, [*edges[1:], None], strict=True):
        override = _in_force(overrides, at)
        lasting = [(each, value) for each, value in granting if each.cancel_at is None or at < each.cancel_at]
        top = lasting[-1][0] if lasting else None
        if override is None and top is None:
            continue
        planned = combine(feature.kind, [value for _, value in lasting])
        start, end = _window(feature, top, zone)
        yield Entitlement(
            feature=feature,
            value=override.value if override else planned,
            source=EntitlementSource.OVERRIDE if override else EntitlementSource.PLAN,
            valid_from=at,
            valid_until=until,
            subscription_id=top.id if top else None,
            override_id=override.id if override else None,
            window_start=start,
            window_end=end,
        )


def combine(kind: FeatureKind, values: Sequence[FeatureValue]) -> FeatureValue:
    """One value out of several subscriptions’ values, given by ascending plan rank; nothing granted is NOTHING.

    A value that is not enabled grants nothing, whatever limit stands beside it.
    """
    granted = [value for value in values if value.is_enabled]
    if not granted:
        return NOTHING
    limits = [value.limit for value in granted]
    total = None if None in limits else sum(limit for limit in limits if limit is not None)
    return FeatureValue(
        is_enabled=True,
        limit=total if kind in (FeatureKind.LIMIT, FeatureKind.METERED) else None,
        setting=granted[-1].setting,
    )


def _in_force(overrides: Sequence[EntitlementOverride], at: datetime) -> EntitlementOverride | None:
    live = [each for each in overrides if each.starts_at <= at and (each.ends_at is None or at < each.ends_at)]
    return max(live, key=lambda each: (each.priority, each.created_at, each.id), default=None)


def _window(feature: Feature, top: BillingSubscription | None, zone: str) -> tuple[date | None, date | None]:
    """An allowance counts the days of the billing period; a limit on what is stored counts from the beginning."""
    if top is None or feature.kind is not FeatureKind.METERED:
        return None, None
    return local_day(top.period.start, zone), local_day(top.period.end, zone)
