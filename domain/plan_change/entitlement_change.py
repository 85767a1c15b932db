"""The entitlement diff: what each feature is before a change and after it, and whether what is in use still fits.

Owns the comparison. Does not own effective values (domain/entitlement.py).
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from domain.catalog import Feature, FeatureKind
from domain.entitlement import NOTHING, FeatureValue, derive
from domain.ids import ItemId, PriceId
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.turning import is_impossible, paused
from domain.plan_change.verdict import ChangeKind
from domain.subscription import BillingSubscription, SubscriptionEvent, SubscriptionItem

SEATS = "seats"
"""The feature whose usage is people, so that its remedy is another one."""

_NOT_YET_ID, _NOT_YET_PRICED = ItemId(UUID(int=0)), PriceId(UUID(int=0))


@dataclass(frozen=True, slots=True)
class EntitlementChange:
    """One feature before and after. `used` is what is in use now, for features with a meter."""

    feature: Feature
    before: FeatureValue
    after: FeatureValue
    used: Decimal | None

    @property
    def is_gained(self) -> bool:
        """The account had not this feature and would have it."""
        return self.after.is_enabled and not self.before.is_enabled

    @property
    def is_lost(self) -> bool:
        """The account has this feature and would not."""
        return self.before.is_enabled and not self.after.is_enabled

    @property
    def excess(self) -> Decimal:
        """By how much what is stored exceeds what the new limit holds; 0 when it fits. Allowances never exceed:
        they are spent within a period, not stored."""
        stored = self.feature.kind is FeatureKind.LIMIT and self.used is not None
        if not stored or self.used is None or (self.after.is_enabled and self.after.limit is None):
            return Decimal(0)
        return max(Decimal(0), self.used - (self.after.limit or 0))

    @property
    def fits(self) -> bool:
        """What is stored now is within the new limit."""
        return self.excess == 0

    @property
    def no_longer_fits(self) -> bool:
        """What is stored exceeds a limit that is tighter than the present one: this change would leave it no room.

        A plan without the feature limits nothing of it: one that begins to is tighter.
        """
        before = self.before.limit if self.before.is_enabled else None
        after = self.after.limit if self.after.is_enabled else 0
        return not self.fits and after is not None and (before is None or after < before)


def entitlement_changes(facts: PlanChangeFacts) -> tuple[EntitlementChange, ...]:
    """Every feature whose value would differ, sorted by feature code."""
    before = _values_at(facts, facts.subscription)
    after = _values_at(facts, _changed(facts))
    changes: list[EntitlementChange] = []
    for code in sorted(before.keys() | after.keys()):
        feature, old = before.get(code, (None, NOTHING))
        new_feature, new = after.get(code, (None, NOTHING))
        either = feature or new_feature
        if either is not None and old != new:
            changes.append(EntitlementChange(either, old, new, facts.usage.get(code)))
    return tuple(changes)


def _changed(facts: PlanChangeFacts) -> BillingSubscription | None:
    """The subscription as what it grants sees it once the change is in force; None where it has ended by then."""
    if is_impossible(facts):
        return facts.subscription
    match facts.request.kind:
        case ChangeKind.CANCEL:
            return None
        case ChangeKind.PAUSE:
            return paused(facts)
        case ChangeKind.RESUME:
            return subscription_with_target(facts).moved(SubscriptionEvent.RESUMED)
        case _:
            return subscription_with_target(facts)


def subscription_with_target(facts: PlanChangeFacts) -> BillingSubscription:
    """The subscription as if it were on the target now: the target's version and quantities, nothing else moved."""
    # only quantities matter to entitlements: items that are not open yet have neither id nor price
    items = tuple(
        SubscriptionItem(_NOT_YET_ID, component, _NOT_YET_PRICED, quantity, facts.now)
        for component, quantity in facts.quantities.items()
    )
    return replace(facts.subscription, version=facts.target, interval=facts.interval, items=items)


def _values_at(
    facts: PlanChangeFacts, subscription: BillingSubscription | None
) -> dict[str, tuple[Feature, FeatureValue]]:
    own = () if subscription is None else (subscription,)
    timeline = derive((*own, *facts.others), facts.overrides, facts.now, facts.account.zone)
    return {each.feature.code: (each.feature, each.value) for each in timeline if each.valid_from <= facts.now}
