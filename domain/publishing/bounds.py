"""What a billing period of an edition comes to at least and at most, by currency and interval."""

from domain.catalog import PlanBound, PlanVersion
from domain.commands.catalog import BoundTerms
from domain.errors import InvalidInput
from domain.pricing.bounds import Bound
from domain.publishing.known import ensure_at_most
from domain.publishing.prices import ensure_currency, minor_of

MOST_BOUNDS = 20


def bounds_of(asked: tuple[BoundTerms, ...], version: PlanVersion) -> tuple[PlanBound, ...]:
    """Every bound, in order. Raises InvalidInput naming the bound and its field."""
    ensure_at_most(len(asked), MOST_BOUNDS, "bounds", "bounds")
    bounds: list[PlanBound] = []
    for index, terms in enumerate(asked):
        path = ("bounds", str(index))
        ensure_currency(terms.currency, *path, "currency")
        if any((each.currency, each.interval) == (terms.currency, terms.interval) for each in bounds):
            message = f"{terms.currency} by the {terms.interval.lower()} has bounds already."
            raise InvalidInput((*path, "currency"), message, terms.currency)
        if not version.is_sold_in(terms.currency, terms.interval):
            message = f"The plan is not sold in {terms.currency} by the {terms.interval.lower()}."
            raise InvalidInput((*path, "currency"), message, terms.currency)
        bounds.append(_bound(terms, path))
    return tuple(bounds)


def _bound(terms: BoundTerms, path: tuple[str, ...]) -> PlanBound:
    minimum = minor_of(terms.minimum, terms.currency, *path, "minimum")
    maximum = minor_of(terms.maximum, terms.currency, *path, "maximum")
    if minimum is None and maximum is None:
        raise InvalidInput((*path, "minimum"), "A bound is a minimum, a maximum or both.", None)
    try:
        Bound(minimum, maximum)
    except InvalidInput as error:
        field = error.path[0].removesuffix("_minor")
        raise InvalidInput((*path, field), error.message, error.value) from None
    return PlanBound(terms.currency, terms.interval, minimum, maximum)
