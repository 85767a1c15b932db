"""The fourth hub, sold by use: what its plans are made of, and what each part costs, in every model of price there is.

Owns the tables, written as finance sends them to be published: amounts in the main unit of USD, EUR, JPY and KWD. A
year costs ten months of what is paid in advance; what is counted costs the same, and twelve times as much is included.
Does not own the other hubs (catalog.py), nor when it is published (company.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from db.save.catalog import Meter, Product
from demo.catalog import plan_id
from demo.identity import SeededIds
from demo.price_list import CURRENCIES, MONTHS_PAID_IN_A_YEAR
from domain.catalog import BASE, ChargeTiming, Plan, Segment
from domain.commands.catalog import (
    BoundTerms,
    ComponentTerms,
    GrantTerms,
    PriceTerms,
    PublishPlanVersion,
    TierTerms,
)
from domain.ids import MeterId, ProductId
from domain.money import exponent
from domain.periods import BillingInterval
from domain.pricing.model import PriceModel
from domain.usage import Aggregation

LAUNCHED_AT = datetime(2025, 10, 6, 9, 0, tzinfo=UTC)
INTERVALS = (BillingInterval.MONTH, BillingInterval.YEAR)
_MONTHS_IN_A_YEAR = 12

Amounts = tuple[str, str, str, str]
"""An amount in the main unit of USD, EUR, JPY and KWD; unit prices may be finer than a minor unit."""


def _id(what: str) -> SeededIds:
    return SeededIds(f"connect/{what}", LAUNCHED_AT)


PRODUCT = Product(
    ProductId(_id("product").new()), "connect", "Relay Hub", "Let your tools talk to each other, and be paid.", 4
)
PAYMENTS = Meter(
    MeterId(_id("meter/payment-volume").new()), "payment-volume", "Payments taken", "minor units", Aggregation.SUM
)
"""How much was paid through a customer's own shop, in minor units of the currency it is billed in."""


@dataclass(frozen=True, slots=True)
class Step:
    """A tier: up to which unit in a month (None: the last), what each costs, and what the step costs once."""

    up_to: int | None = None
    unit: Amounts | None = None
    flat: Amounts | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A component with its price."""

    code: str
    name: str
    model: PriceModel
    steps: tuple[Step, ...]
    minimum: int = 0
    maximum: int | None = None
    meter: str | None = None
    package_size: int | None = None
    percent: str | None = None
    most: Amounts | None = None

    @property
    def component(self) -> ComponentTerms:
        """The component as it is published."""
        timing = ChargeTiming.IN_ARREARS if self.meter else ChargeTiming.IN_ADVANCE
        return ComponentTerms(self.code, self.name, self.minimum, self.maximum, timing, self.meter)


@dataclass(frozen=True, slots=True)
class Edition:
    """A plan of this hub. `least` is what a month comes to at least; prices in `inclusive` contain tax."""

    code: str
    name: str
    rank: int
    description: str
    parts: tuple[Part, ...]
    grants: tuple[GrantTerms, ...]
    segment: Segment | None = None
    inclusive: frozenset[str] = frozenset()
    least: Amounts | None = None


def _fee(*amounts: str) -> Part:
    usd, eur, jpy, kwd = amounts
    return Part(BASE, "Base fee", PriceModel.FLAT, (Step(flat=(usd, eur, jpy, kwd)),), 1, 1)


def _calls(included: int, *further: Step) -> Part:
    """Calls of the API: so many a month for nothing, each further one by its tier."""
    steps = (Step(included, _NOTHING), *further)
    return Part("api-calls", "API calls", PriceModel.GRADUATED, steps, meter="api-calls")


def _emails(size: int, price: Amounts) -> Part:
    steps = (Step(unit=price),)
    return Part("email-sends", f"{size:,} e-mails", PriceModel.PACKAGE, steps, meter="email-sends", package_size=size)


def _payments(percent: str, fee: Amounts, most: Amounts) -> Part:
    """A share of what was paid, with a fee in each period in which anything was."""
    steps = (Step(flat=fee),)
    return Part(
        "payments", "Payments taken", PriceModel.PERCENTAGE, steps, meter=PAYMENTS.code, percent=percent, most=most
    )


_NOTHING: Amounts = ("0.00", "0.00", "0", "0.000")
_SEATS = GrantTerms("seats", limit=0, limit_per_unit=1, component="seats")
_CALLS, _EMAILS = GrantTerms("api-calls"), GrantTerms("email-sends")

EDITIONS: tuple[Edition, ...] = (
    Edition(
        "connect-free", "Relay Free", 0, "To see two tools talk.", (_fee(*_NOTHING),),
        (
            GrantTerms("seats", limit=1), GrantTerms("api-calls", limit=1_000),
            GrantTerms("support", setting="community"),
        ),
    ),
    # what people buy for themselves: in euros the price is what is paid, tax and all
    Edition(
        "connect-starter", "Relay Starter", 10, "5,000 calls a month, and more by the call.",
        (
            _fee("19.00", "19.90", "2900", "5.800"),
            _calls(5_000, Step(unit=("0.001", "0.00119", "0.15", "0.000305"))),
        ),
        (GrantTerms("seats", limit=3), _CALLS, GrantTerms("support", setting="email")),
        inclusive=frozenset({"EUR"}),
    ),
    Edition(
        "connect-professional", "Relay Professional", 20, "Calls, e-mails and payments for a growing shop.",
        (
            _fee("99.00", "92.00", "14500", "30.250"),
            Part(
                "seats", "Seats", PriceModel.PER_UNIT, (Step(unit=("15.00", "14.00", "2200", "4.600")),), 1, 200
            ),
            _calls(
                100_000,
                Step(1_000_000, ("0.0008", "0.00075", "0.12", "0.000245"), ("5.00", "4.50", "750", "1.500")),
                Step(unit=("0.0005", "0.00045", "0.075", "0.00015")),
            ),
            _emails(1_000, ("1.00", "0.95", "150", "0.305")),
            _payments("0.5", ("2.50", "2.30", "375", "0.750"), ("500.00", "470.00", "75000", "152.000")),
        ),
        (_SEATS, _CALLS, _EMAILS, GrantTerms("automation"), GrantTerms("support", setting="email-and-chat")),
    ),
    # a contract: at least so much a month, whatever is used; all seats at the price of the tier reached
    Edition(
        "connect-enterprise", "Relay Enterprise", 30, "A million calls a month, seats by volume.",
        (
            _fee("990.00", "920.00", "145000", "302.500"),
            Part(
                "seats", "Seats", PriceModel.VOLUME,
                (
                    Step(50, ("20.00", "18.50", "2950", "6.100")),
                    Step(250, ("16.00", "15.00", "2350", "4.900")),
                    Step(unit=("12.00", "11.00", "1750", "3.650")),
                ),
                10,
            ),
            _calls(1_000_000, Step(unit=("0.0003", "0.00028", "0.045", "0.00009"))),
            _emails(10_000, ("6.00", "5.60", "900", "1.850")),
            _payments("0.25", ("25.00", "23.00", "3750", "7.500"), ("5000.00", "4700.00", "750000", "1520.000")),
        ),
        (
            _SEATS, _CALLS, _EMAILS, GrantTerms("automation"), GrantTerms("sso"), GrantTerms("audit-log"),
            GrantTerms("support", setting="dedicated"), GrantTerms("response-time", setting="one-hour"),
        ),
        segment=Segment.ENTERPRISE,
        least=("2000.00", "1850.00", "295000", "610.000"),
    ),
)  # fmt: skip


def plan_of(edition: Edition) -> Plan:
    """The plan; its id comes from its code, as those of the other hubs do."""
    return Plan(plan_id(edition.code), PRODUCT.id, edition.code, edition.name, edition.rank, edition.segment)


def published(edition: Edition) -> PublishPlanVersion:
    """The edition as finance asks for it to be published."""
    return PublishPlanVersion(
        plan_id=plan_of(edition).id,
        components=tuple(part.component for part in edition.parts),
        prices=tuple(_prices(edition)),
        idempotency_key=f"{edition.code}@1",
        features=edition.grants,
        bounds=tuple(_bounds(edition.least)) if edition.least else (),
    )


def _prices(edition: Edition) -> Iterator[PriceTerms]:
    for part in edition.parts:
        for at, currency in enumerate(CURRENCIES):
            for interval in INTERVALS:
                yield PriceTerms(
                    component=part.code,
                    currency=currency,
                    interval=interval,
                    model=part.model,
                    tiers=tuple(_tier(part, step, at, interval) for step in part.steps),
                    tax_inclusive=currency in edition.inclusive,
                    package_size=part.package_size,
                    percent=Decimal(part.percent) if part.percent else None,
                    maximum=_times(part.most, at, _MONTHS[interval]),
                )


_MONTHS: Mapping[BillingInterval, int] = {BillingInterval.MONTH: 1, BillingInterval.YEAR: _MONTHS_IN_A_YEAR}
_PAID: Mapping[BillingInterval, int] = {BillingInterval.MONTH: 1, BillingInterval.YEAR: MONTHS_PAID_IN_A_YEAR}


def _tier(part: Part, step: Step, at: int, interval: BillingInterval) -> TierTerms:
    if part.meter is None:
        return TierTerms(step.up_to, _times(step.unit, at, _PAID[interval]), _times(step.flat, at, _PAID[interval]))
    # what is counted costs the same by the year; there is twelve times as much of it
    up_to = step.up_to * _MONTHS[interval] if step.up_to else None
    return TierTerms(up_to, _times(step.unit, at, 1), _times(step.flat, at, _MONTHS[interval]))


def _bounds(least: Amounts) -> Iterator[BoundTerms]:
    for at, currency in enumerate(CURRENCIES):
        for interval in INTERVALS:
            yield BoundTerms(currency, interval, minimum=_times(least, at, _PAID[interval]))


def _times(amounts: Amounts | None, at: int, months: int) -> Decimal | None:
    """So many months of an amount, with at least its currency's digits."""
    if amounts is None:
        return None
    amount = Decimal(amounts[at])
    digits = max(exponent(CURRENCIES[at]), -int(amount.as_tuple().exponent))
    return (amount * months).quantize(Decimal(1).scaleb(-digits))
