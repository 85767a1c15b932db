"""An edition as finance would write it, and ways to write it wrong in one place."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from domain.catalog import ChargeTiming, PlanVersion
from domain.commands.catalog import (
    BoundTerms,
    ComponentTerms,
    GrantTerms,
    PriceTerms,
    PublishPlanVersion,
    TierTerms,
)
from domain.ids import MeterId, PlanId
from domain.pricing.model import PriceModel
from domain.publishing.edition import edition
from domain.publishing.known import Known, KnownMeter
from domain.usage import Aggregation
from tests.make import FEATURES, MONTH, PRO, YEAR, NumberedIds, an_id

ARREARS = ChargeTiming.IN_ARREARS
KNOWN = Known(
    {
        "emails": KnownMeter(MeterId(an_id("meter emails")), Aggregation.SUM),
        "calls": KnownMeter(MeterId(an_id("meter calls")), Aggregation.COUNT),
    },
    {feature.code: feature for feature in FEATURES},
)

FEE = PriceTerms("base", "USD", MONTH, PriceModel.FLAT, (TierTerms(flat_amount=Decimal("49.00")),))
SEATS = PriceTerms("seats", "USD", MONTH, PriceModel.PER_UNIT, (TierTerms(unit_price=Decimal("12.50")),))
EMAILS = PriceTerms(
    "emails",
    "USD",
    MONTH,
    PriceModel.GRADUATED,
    (
        TierTerms(1_000, Decimal("0.00")),
        TierTerms(10_000, Decimal("0.0025"), Decimal("5.00")),
        TierTerms(None, Decimal("0.00012345")),
    ),
)
ASKED = PublishPlanVersion(
    plan_id=PlanId(an_id("plan")),
    components=(
        ComponentTerms("base", "Base fee", 1, 1),
        ComponentTerms("seats", "Seats", 1, 50),
        ComponentTerms("emails", "E-mails", timing=ARREARS, meter="emails"),
    ),
    prices=(FEE, SEATS, EMAILS, replace(FEE, interval=YEAR)),
    idempotency_key="1",
    features=(
        GrantTerms("seats", limit=0, limit_per_unit=1, component="seats"),
        GrantTerms("reports"),
        GrantTerms("support", setting="chat"),
    ),
    bounds=(BoundTerms("USD", MONTH, Decimal("100.00"), Decimal("900.00")),),
)

Wrong = Callable[[PublishPlanVersion], PublishPlanVersion]


def made(asked: PublishPlanVersion = ASKED) -> PlanVersion:
    """The edition, of a plan there is."""
    return edition(PRO.plan, 2, asked, KNOWN, NumberedIds())


def component(index: int, **fields: Any) -> Wrong:
    """One component otherwise."""
    return lambda asked: replace(asked, components=_with(asked.components, index, **fields))


def price(index: int, **fields: Any) -> Wrong:
    """One price otherwise."""
    return lambda asked: replace(asked, prices=_with(asked.prices, index, **fields))


def tier(price_index: int, index: int, **fields: Any) -> Wrong:
    """One tier of a price otherwise."""
    return lambda asked: price(price_index, tiers=_with(asked.prices[price_index].tiers, index, **fields))(asked)


def feature(index: int, **fields: Any) -> Wrong:
    """One grant otherwise."""
    return lambda asked: replace(asked, features=_with(asked.features, index, **fields))


def bound(**fields: Any) -> Wrong:
    """The bound otherwise."""
    return lambda asked: replace(asked, bounds=_with(asked.bounds, 0, **fields))


def _with(things: tuple[Any, ...], index: int, **fields: Any) -> tuple[Any, ...]:
    return (*things[:index], replace(things[index], **fields), *things[index + 1 :])
