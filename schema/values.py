"""Small values that many types share: amounts, unit prices, spans of time."""

import strawberry

from schema.base import stored
from schema.scalars import CurrencyCode, DateTime, Decimal


@strawberry.federation.type(
    shareable=True,
    description="An amount in one currency, with exactly the currency's digits: 10.00 dollars, 1000 yen, 1.500 dinars.",
)
class Money:
    amount: Decimal = stored("The amount in the currency's main unit.")
    currency_code: CurrencyCode = stored("The currency.")


@strawberry.type(description="A price for one unit, which may be finer than the currency's digits: 0.0025 dollars.")
class UnitPrice:
    amount: Decimal = stored("The amount in the currency's main unit, exact.")
    currency_code: CurrencyCode = stored("The currency.")


@strawberry.type(description="A half-open span of time: from `start` up to but not including `end`.")
class Period:
    start: DateTime = stored("The first instant of the span.")
    end: DateTime = stored("The first instant after the span.")
