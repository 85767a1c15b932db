"""The entitlement diff of a preview as the graph's types read it; features come by the loader."""

from collections.abc import Awaitable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from domain.catalog import FeatureKind
from domain.entitlement import FeatureValue
from domain.plan_change.entitlement_change import EntitlementChange
from resolvers.context import RequestContext


@dataclass(frozen=True, slots=True)
class ValueView:
    """A member of the union EntitlementValue; `__graphql__` names it."""

    __graphql__: str
    is_enabled: bool
    limit: int | None
    setting: str | None


_VALUE_TYPES: dict[FeatureKind, str] = {
    FeatureKind.BOOLEAN: "BooleanValue",
    FeatureKind.LIMIT: "LimitValue",
    FeatureKind.METERED: "MeteredValue",
    FeatureKind.CONFIG: "ConfigValue",
}


@dataclass(frozen=True, slots=True)
class EntitlementChangeView:
    """One row of the entitlement diff."""

    context: RequestContext
    change: EntitlementChange

    @property
    def feature(self) -> Awaitable[Any]:
        """The feature, by the loader."""
        return self.context.by_id("Feature", self.change.feature.id)

    @property
    def before(self) -> ValueView | None:
        """What the account has now; None when nothing."""
        return self._value(self.change.before)

    @property
    def after(self) -> ValueView | None:
        """What it would have; None when nothing."""
        return self._value(self.change.after)

    def _value(self, value: FeatureValue) -> ValueView | None:
        kind = self.change.feature.kind
        if not value.is_enabled and kind is not FeatureKind.BOOLEAN:
            return None
        return ValueView(_VALUE_TYPES[kind], value.is_enabled, value.limit, value.setting)

    @property
    def is_gained(self) -> bool:
        """The feature is new."""
        return self.change.is_gained

    @property
    def is_lost(self) -> bool:
        """The feature goes."""
        return self.change.is_lost

    @property
    def used(self) -> Decimal | None:
        """Usage so far."""
        return self.change.used

    @property
    def fits(self) -> bool:
        """What is stored is within the new limit."""
        return self.change.fits

    @property
    def excess(self) -> Decimal:
        """By how much it is not."""
        return self.change.excess
