"""The prices of an edition: read in their currency, held to their model, and to what they are the price of."""

from decimal import Decimal

from domain.catalog import Component
from domain.commands.catalog import PriceTerms, TierTerms
from domain.errors import InvalidInput
from domain.ids import IdMaker, PriceId
from domain.money import Money, exponent, read_fine_amount
from domain.pricing.model import Price, PriceModel, PriceTier
from domain.publishing.known import by_code, ensure_at_most, found
from domain.usage import Aggregation

MOST_PRICES = 200
_ON_THE_WIRE = {
    "up_to": "upTo",
    "unit": "unitPrice",
    "flat": "flatAmount",
    "package_size": "packageSize",
    "minimum_minor": "minimum",
    "maximum_minor": "maximum",
}
"""How the wire spells the fields of a price where it does so differently."""


def prices_of(asked: tuple[PriceTerms, ...], components: tuple[Component, ...], ids: IdMaker) -> tuple[Price, ...]:
    """Every price, in order. Raises InvalidInput naming the price, the tier, and the field."""
    if not asked:
        raise InvalidInput(("prices",), "A plan version has one price at least; a free one says 0.", asked)
    ensure_at_most(len(asked), MOST_PRICES, "prices", "prices")
    sold = by_code(components)
    prices: dict[tuple[str, str, str], Price] = {}
    for index, terms in enumerate(asked):
        path = ("prices", str(index))
        component = found(sold, terms.component, "component", *path, "component")
        key = (terms.component, terms.currency, terms.interval)
        if key in prices:
            message = f"“{terms.component}” has a price in {terms.currency} by the {terms.interval.lower()} already."
            raise InvalidInput((*path, "component"), message, terms.component)
        price = _price(terms, ids, path)
        _ensure_sold_so(price, component, path)
        prices[key] = price
    return tuple(prices.values())


def minor_of(amount: Decimal | None, currency: str, *path: str) -> int | None:
    """An amount with exactly its currency's digits in minor units. Raises InvalidInput naming `path`."""
    if amount is None:
        return None
    try:
        return Money.parse(format(amount, "f"), currency).minor
    except InvalidInput as error:
        raise error.under(*path) from None


def ensure_currency(currency: str, *path: str) -> None:
    """Refuse a currency we do not bill in. Raises InvalidInput naming `path`."""
    try:
        exponent(currency)
    except InvalidInput as error:
        raise error.under(*path) from None


def _price(terms: PriceTerms, ids: IdMaker, path: tuple[str, ...]) -> Price:
    ensure_currency(terms.currency, *path, "currency")
    tiers = tuple(_tier(tier, terms.currency, (*path, "tiers", str(index))) for index, tier in enumerate(terms.tiers))
    minimum = minor_of(terms.minimum, terms.currency, *path, "minimum")
    maximum = minor_of(terms.maximum, terms.currency, *path, "maximum")
    try:
        return Price(
            id=PriceId(ids.new()),
            component=terms.component,
            currency=terms.currency,
            interval=terms.interval,
            model=terms.model,
            tiers=tiers,
            tax_inclusive=terms.tax_inclusive,
            package_size=terms.package_size,
            percent=terms.percent,
            minimum_minor=minimum,
            maximum_minor=maximum,
        )
    except InvalidInput as error:
        raise _on_the_wire(error, path) from None


def _tier(terms: TierTerms, currency: str, path: tuple[str, ...]) -> PriceTier:
    unit: Decimal | None = None
    if terms.unit_price is not None:
        try:
            unit = read_fine_amount(format(terms.unit_price, "f"), currency)
        except InvalidInput as error:
            raise error.under(*path, "unitPrice") from None
    flat = minor_of(terms.flat_amount, currency, *path, "flatAmount")
    try:
        return PriceTier(terms.up_to, unit, flat or 0)
    except InvalidInput as error:
        raise _on_the_wire(error, path) from None


def _on_the_wire(error: InvalidInput, path: tuple[str, ...]) -> InvalidInput:
    spelled = tuple(_ON_THE_WIRE.get(each, each) for each in error.path)
    return InvalidInput((*path, *spelled), error.message, error.value)


def _ensure_sold_so(price: Price, component: Component, path: tuple[str, ...]) -> None:
    """Refuse a model that could never rate what the component is sold by."""
    field = (*path, "model")
    match price.model:
        case PriceModel.FLAT if (component.minimum, component.maximum) != (1, 1):
            message = f"A flat price is for what is sold once; “{component.code}” is sold by quantity."
            raise InvalidInput(field, message, price.model)
        case PriceModel.PERCENTAGE if component.aggregation in (None, Aggregation.COUNT, Aggregation.UNIQUE):
            message = f"A percentage is of an amount that a meter adds up; “{component.code}” has none."
            raise InvalidInput(field, message, price.model)
        case _:
            pass
