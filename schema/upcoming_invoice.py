"""A bill that is still to come: its lines, taxes, and what it gives back."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.invoice import LineKind
from domain.tax import TaxTreatment
from schema.base import stored
from schema.scalars import Date, DateTime, Decimal
from schema.values import Money, Period, UnitPrice

if TYPE_CHECKING:
    from schema.invoice import Invoice


@strawberry.type(description="A line as it would be billed.")
class PreviewLine:
    kind: LineKind = stored("A regular charge, a side of a delta, a discount, or another step.")
    component: str | None = stored("What part of the plan it is for; null for what is for none.")
    description: str = stored("What it is for, in words.")
    quantity: Decimal = stored("Units.")
    unit_price: UnitPrice | None = stored("The price of one, where one holds for all of them.")
    amount: Money = stored("The net amount; negative for a credit or a discount.")
    tax: Money = stored("Its part of the tax.")
    tax_inclusive: bool = stored("Whether its price contains tax.")
    discounts_line: int | None = stored("Of a discount: the place in this list, from 0, of the line it takes from.")
    service_period: Period = stored("The time it covers.")
    rule: str = stored("How it was calculated.")
    sentence: str = stored("The arithmetic with its numbers.")


@strawberry.type(description="The tax of one rate on a bill to come.")
class PreviewTax:
    label: str = stored("What it is called on the document.")
    treatment: TaxTreatment = stored("Why the rate is what it is.")
    percent: Decimal = stored("The rate in percent.")
    is_inclusive: bool = stored("Whether the prices of its lines contain it.")
    base: Money = stored("The net amount that is taxed.")
    tax: Money = stored("The tax on it.")
    sentence: str = stored("The arithmetic, or why there is none.")


@strawberry.type(description="What would be given back of one invoice by a credit note.")
class PreviewCreditNote:
    invoice: Annotated["Invoice", strawberry.lazy("schema.invoice")] | None = stored("The invoice it would correct.")
    subtotal: Money = stored("The net amount given back.")
    tax: Money = stored("The tax given back.")
    total: Money = stored("Both.")
    lines: list[PreviewLine] = stored("Line by line, positive. At most as many as the invoice has.")


@strawberry.type(description="A regular invoice that is still to come.")
class UpcomingInvoice:
    issues_at: DateTime = stored("When it will be issued, or drafted where it has usage on it.")
    issued_on: Date = stored("The day that will be on the document.")
    finalise_at: DateTime | None = stored("When it becomes final after waiting for late usage; null: at once.")
    subtotal: Money = stored("The net sum of its lines before discounts.")
    discount_total: Money = stored("What discounts take off.")
    tax: Money = stored("The tax of all rates.")
    total: Money = stored("Its total.")
    lines: list[PreviewLine] = stored("Its lines. At most a few for each component.")
    taxes: list[PreviewTax] = stored("Its taxes. At most five.")
    credit_notes: list[PreviewCreditNote] = stored("What would be given back. At most one an invoice.")
