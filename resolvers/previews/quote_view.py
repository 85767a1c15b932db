"""A quote and what it was computed from, as the graph's types read them."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from db.save.changes import Quote
from domain.dunning import Standing
from domain.ids import PREFIXES, FeatureId, PlanChangeId, PlanVersionId, PriceId, public_id
from domain.plan_change.prepare import Prepared
from resolvers.context import RequestContext
from resolvers.previews.bill_view import (
    PeriodView,
)


@dataclass(frozen=True, slots=True)
class QuotedPriceView:
    """One component with its price, by the loader."""

    context: RequestContext
    component: str
    quantity: int
    price_id: PriceId

    @property
    def price(self) -> Awaitable[Any]:
        """The price, as it stands in the catalog for ever."""
        return self.context.by_id("Price", self.price_id)


@dataclass(frozen=True, slots=True)
class QuotedUsageView:
    """What was in use of one feature."""

    context: RequestContext
    feature_id: FeatureId
    used: Decimal

    @property
    def feature(self) -> Awaitable[Any]:
        """The feature, by the loader."""
        return self.context.by_id("Feature", self.feature_id)


@dataclass(frozen=True, slots=True)
class QuoteFactsView:
    """What the promise was computed from."""

    context: RequestContext
    version_id: PlanVersionId
    pending_id: PlanChangeId | None
    prices: list[QuotedPriceView]
    period: PeriodView
    standing: Standing
    usage: list[QuotedUsageView]

    @property
    def plan_version(self) -> Awaitable[Any]:
        """The target, by the loader."""
        return self.context.by_id("PlanVersion", self.version_id)

    @property
    def pending_change(self) -> Awaitable[Any] | None:
        """The change that waits, by the loader."""
        return None if self.pending_id is None else self.context.by_id("PlanChange", self.pending_id)


@dataclass(frozen=True, slots=True)
class QuoteView:
    """The promise to apply."""

    token: str
    priced_at: datetime
    expires_at: datetime
    facts: QuoteFactsView


def quote_view(context: RequestContext, quote: Quote, prepared: Prepared) -> QuoteView:
    """A quote as it was given for what was prepared."""
    token = public_id(PREFIXES["Quote"], quote.id)
    return QuoteView(token, quote.priced_at, quote.expires_at, _quoted(context, prepared))


def _quoted(context: RequestContext, prepared: Prepared) -> QuoteFactsView:
    facts = prepared.facts
    priced = {
        component: facts.target.price(component, facts.account.currency, facts.interval)
        for component in facts.quantities
    }
    return QuoteFactsView(
        context,
        facts.target.id,
        None if facts.pending is None else facts.pending.id,
        [
            QuotedPriceView(context, component, facts.quantities[component], price.id)
            for component, price in sorted(priced.items())
            if price is not None
        ],
        PeriodView(facts.subscription.period.start, facts.subscription.period.end),
        facts.standing,
        [
            QuotedUsageView(context, change.feature.id, change.used)
            for change in prepared.entitlements
            if change.used is not None
        ],
    )
