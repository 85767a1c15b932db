"""Tax: the rates on the tables, and what an invoice was taxed by."""

import strawberry

from domain.tax import TaxTreatment
from schema.base import Node, related, stored
from schema.scalars import Date, Decimal
from schema.values import Money


@strawberry.federation.type(keys=["id"], description="The tax of one country or region over a span of days.")
class TaxRate(Node):
    country: str = stored("ISO 3166 code.")
    region: str | None = stored("The region it is for; null is the rest of the country.")
    name: str = stored("What it is called, such as VAT.")
    percent: Decimal = stored("The rate in percent. A region's is the combined one.")
    valid_from: Date = stored("The first day it holds on.")
    valid_until: Date | None = stored("The first day it no longer holds on; null is for ever.")


@strawberry.input(description="Narrows the tax rates.")
class TaxRateFilter:
    country: str | None = strawberry.field(default=strawberry.UNSET, description="Of this country, by ISO 3166 code.")
    region: str | None = strawberry.field(default=strawberry.UNSET, description="Of this region.")


@strawberry.type(description="The tax of one rate on an invoice, computed once over its base and split over the lines.")
class InvoiceTax:
    label: str = stored("What it is called on the document, such as VAT 19 %.")
    treatment: TaxTreatment = stored("Why the rate is what it is.")
    percent: Decimal = stored("The rate in percent.")
    is_inclusive: bool = stored("Whether the prices of its lines contain it.")
    base: Money = stored("The net amount that is taxed.")
    tax: Money = stored("The tax on it.")
    sentence: str = stored("The arithmetic, or why there is none, in a sentence for the document.")
    tax_rate: TaxRate | None = related("The rate on the tables; null where there is none.")
