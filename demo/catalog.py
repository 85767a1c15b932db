"""What the demo's vendor sells: three hubs on a ladder of FREE, STARTER, PROFESSIONAL and ENTERPRISE.

Owns plans, their components and when each version was published or withdrawn; builds them as the domain's values.
Does not own amounts (price_list.py), what is granted (features.py), or how a catalog is stored (db/save/catalog.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from db.save.catalog import Meter, Product
from demo.features import FEATURES, GRANTS, METERS, Grant
from demo.identity import SeededIds
from demo.price_list import CURRENCIES, MONTHLY, monthly, yearly
from domain.account import LegalEntity
from domain.catalog import BASE, Component, Feature, Plan, PlanFeature, PlanVersion, Segment
from domain.ids import FeatureId, LegalEntityId, MeterId, PlanId, PlanVersionId, PriceId, ProductId
from domain.periods import BillingInterval
from domain.pricing.model import Price, PriceModel, PriceTier

FIRST_PUBLISHED_AT = datetime(2023, 1, 16, 9, 0, tzinfo=UTC)
INTERVALS = (BillingInterval.MONTH, BillingInterval.YEAR)
FREE, STARTER, PROFESSIONAL, ENTERPRISE = range(4)
"""Where a plan stands in the rows of features.py."""


def _id(what: str, at: datetime = FIRST_PUBLISHED_AT) -> UUID:
    """Each thing has its id from its own name, so that a catalog that grows keeps the ids it has."""
    return SeededIds(f"catalog/{what}", at).new()


LEGAL_ENTITIES = (
    LegalEntity(LegalEntityId(_id("entity/US")), "US", "Tallywren, Inc.", "US"),
    LegalEntity(LegalEntityId(_id("entity/EU")), "EU", "Tallywren Europe B.V.", "NL"),
    LegalEntity(LegalEntityId(_id("entity/SG")), "SG", "Tallywren Asia Pacific Pte. Ltd.", "SG"),
)
"""Each numbers its own documents: a persona of a new one moves nobody else's numbers."""
PRODUCTS = (
    Product(ProductId(_id("product/marketing")), "marketing", "Outreach Hub", "Find people and write to them.", 1),
    Product(ProductId(_id("product/sales")), "sales", "Pipeline Hub", "Follow deals from hello to signature.", 2),
    Product(ProductId(_id("product/service")), "service", "Care Hub", "Answer customers and keep them.", 3),
)

_BASE = Component(BASE, "Base fee", 1, 1)
_NO_ADD_ONS = (_BASE,)
_BRANDS = (Component("email-packs", "1,000 more e-mails", 0), Component("brands", "Additional brands", 0, 20))


def product_of(plan_code: str) -> str:
    """The code of the hub a plan belongs to: plan codes begin with it."""
    return plan_code.partition("-")[0]


def _seats(minimum: int, maximum: int | None = None) -> Component:
    return Component("seats", "Seats", minimum, maximum)


def _contacts(minimum: int, maximum: int | None = None) -> Component:
    return Component("contacts", "1,000 marketing contacts", minimum, maximum)


@dataclass(frozen=True, slots=True)
class PlanCopy:
    """A plan as the vendor describes it."""

    code: str
    name: str
    rank: int
    rung: int
    components: tuple[Component, ...]
    description: str
    segment: Segment | None = None
    withdrawn_at: datetime | None = None

    @property
    def product(self) -> str:
        """The code of the hub it belongs to."""
        return product_of(self.code)


PLANS = (
    PlanCopy("marketing-free", "Outreach Free", 0, FREE, _NO_ADD_ONS, "To find out whether it is for you."),
    PlanCopy("marketing-starter", "Outreach Starter", 10, STARTER, (_BASE, _seats(1, 10), _contacts(1, 15)),
             "For a first newsletter and the forms that fill it."),
    PlanCopy("marketing-professional", "Outreach Professional", 20, PROFESSIONAL,
             (_BASE, _seats(3, 200), _contacts(2), *_BRANDS), "Automations, tests and reports for a team."),
    PlanCopy("marketing-enterprise", "Outreach Enterprise", 30, ENTERPRISE,
             (_BASE, _seats(10), _contacts(10), *_BRANDS), "Many teams, many brands, one rule book.",
             segment=Segment.ENTERPRISE),
    PlanCopy("sales-free", "Pipeline Free", 0, FREE, _NO_ADD_ONS, "A board for a handful of deals."),
    PlanCopy("sales-starter", "Pipeline Starter", 10, STARTER, (_BASE, _seats(1, 10)), "Deals, tasks, reminders."),
    PlanCopy("sales-professional", "Pipeline Professional", 20, PROFESSIONAL, (_BASE, _seats(3, 200)),
             "Forecasts and reports for a sales team."),
    PlanCopy("sales-enterprise", "Pipeline Enterprise", 30, ENTERPRISE, (_BASE, _seats(10)),
             "Territories, approvals and an audit log.", segment=Segment.ENTERPRISE),
    PlanCopy("service-free", "Care Free", 0, FREE, _NO_ADD_ONS, "A shared inbox for two."),
    PlanCopy("service-starter", "Care Starter", 10, STARTER, (_BASE, _seats(1, 10)), "Tickets with a due date."),
    PlanCopy("service-essential", "Care Essential", 15, STARTER, (_BASE, _seats(2, 25)),
             "Tickets and chat; succeeded by Care Professional.",
             withdrawn_at=datetime(2025, 6, 30, 9, 0, tzinfo=UTC)),
    PlanCopy("service-professional", "Care Professional", 20, PROFESSIONAL, (_BASE, _seats(3, 200)),
             "Tickets that find the right person by themselves."),
    PlanCopy("service-enterprise", "Care Enterprise", 30, ENTERPRISE, (_BASE, _seats(10)),
             "Several help desks under one roof.", segment=Segment.ENTERPRISE),
)  # fmt: skip

LATER_VERSIONS: Mapping[tuple[str, int], datetime] = {
    ("marketing-professional", 2): datetime(2025, 2, 3, 9, 0, tzinfo=UTC),
}
"""Versions after the first, by when they were published."""
OLD_GRANTS: Mapping[tuple[str, int], Mapping[str, Grant]] = {
    ("marketing-professional", 1): {
        "email-sends": Grant(limit=40_000, per_unit=1_000, component="email-packs"),
        "api-calls": Grant(limit=5_000),
    },
}
"""What an early version granted instead."""


@dataclass(frozen=True, slots=True)
class Published:
    """A plan version and the instant it came out."""

    version: PlanVersion = field(repr=False)
    at: datetime


def meters() -> tuple[Meter, ...]:
    """Every meter."""
    return tuple(
        Meter(MeterId(_id(f"meter/{each.code}")), each.code, each.name, each.unit, each.aggregation) for each in METERS
    )


def features() -> Mapping[str, Feature]:
    """Every feature by code."""
    meter_ids = {meter.code: meter.id for meter in meters()}
    return {
        each.code: Feature(
            FeatureId(_id(f"feature/{each.code}")),
            each.code,
            each.name,
            each.kind,
            meter_ids[each.meter] if each.meter else None,
        )
        for each in FEATURES
    }


def plan_id(code: str) -> PlanId:
    """The id of the plan called `code`."""
    return PlanId(_id(f"plan/{code}"))


def product_id(code: str) -> ProductId:
    """The id of the hub called `code`."""
    return next(product.id for product in PRODUCTS if product.code == code)


def legal_entity_id(code: str) -> LegalEntityId:
    """The id of the legal entity called `code`."""
    return next(entity.id for entity in LEGAL_ENTITIES if entity.code == code)


def plan_of(copy: PlanCopy) -> Plan:
    """The plan as it is on the day it is first sold."""
    return Plan(plan_id(copy.code), product_id(copy.product), copy.code, copy.name, copy.rank, copy.segment)


def published() -> tuple[Published, ...]:
    """Every version of every plan, in the order they came out."""
    known = features()
    first = [Published(_version(copy, 1, known), FIRST_PUBLISHED_AT) for copy in PLANS]
    copies = {copy.code: copy for copy in PLANS}
    later = [Published(_version(copies[code], number, known), at) for (code, number), at in LATER_VERSIONS.items()]
    return tuple(sorted((*first, *later), key=lambda each: each.at))


def _version(copy: PlanCopy, number: int, known: Mapping[str, Feature]) -> PlanVersion:
    name = f"{copy.code}@{number}"
    grants = {code: rungs[copy.rung] for code, rungs in GRANTS[copy.product].items()}
    grants.update(OLD_GRANTS.get((copy.code, number), {}))
    return PlanVersion(
        id=PlanVersionId(_id(f"version/{name}", LATER_VERSIONS.get((copy.code, number), FIRST_PUBLISHED_AT))),
        plan=plan_of(copy),
        number=number,
        components=copy.components,
        prices=tuple(
            _price(name, component.code, currency, interval)
            for component in copy.components
            for currency in CURRENCIES
            for interval in INTERVALS
        ),
        features=tuple(
            PlanFeature(
                known[code], grant.is_enabled, grant.limit, grant.per_unit, _sold(copy, grant), grant.setting
            )
            for code, grant in grants.items()
        ),
    )  # fmt: skip


def _sold(copy: PlanCopy, grant: Grant) -> str | None:
    """The component a grant grows with, where the plan sells it."""
    return grant.component if grant.component in {each.code for each in copy.components} else None


def _price(plan_version: str, component: str, currency: str, interval: BillingInterval) -> Price:
    """A flat fee for the base, a price a unit for the rest."""
    amount = (monthly if interval is BillingInterval.MONTH else yearly)(plan_version, component, currency)
    is_flat = component == BASE
    return Price(
        id=PriceId(_id(f"price/{plan_version}/{component}/{currency}/{interval}")),
        component=component,
        currency=currency,
        interval=interval,
        model=PriceModel.FLAT if is_flat else PriceModel.PER_UNIT,
        tiers=(PriceTier(None, None, int(amount)) if is_flat else PriceTier(None, amount),),
    )


def _assert_every_price_is_listed() -> None:
    """Fails at import when a plan and the price list disagree about what is sold."""
    sold = {f"{copy.code}@1": copy for copy in PLANS} | {
        f"{code}@{number}": next(copy for copy in PLANS if copy.code == code) for code, number in LATER_VERSIONS
    }
    listed = {name: set(components) for name, components in MONTHLY.items()}
    if listed != {name: {each.code for each in copy.components} for name, copy in sold.items()}:
        raise AssertionError("the price list and the plans differ")


_assert_every_price_is_listed()
