"""Invoices, their lines, and the arithmetic that explains each line."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.invoice import InvoiceReason, InvoiceStatus, LineKind
from resolvers.downloads.links import DownloadFormat
from schema.base import Node, argument, computed, related, stored
from schema.catalog import PlanVersion, Price
from schema.credit import CreditNote
from schema.discount import Discount
from schema.download import Download
from schema.payment import DunningStep, Payment
from schema.scalars import BigInt, CurrencyCode, Date, DateTime, Decimal
from schema.subscription import BillingSubscription, SubscriptionItem
from schema.tax import InvoiceTax, TaxRate
from schema.values import Money, Period, UnitPrice
from schema.waterfall import InvoiceChange

if TYPE_CHECKING:
    from schema.account import Account, LegalEntity
    from schema.consolidated import ConsolidatedInvoice


@strawberry.type(description="One step of the arithmetic: quantity x unitPrice + flat, exact.")
class LineTerm:
    label: str = stored("Which step it is.")
    quantity: Decimal = stored("How many units.")
    unit_price: UnitPrice | None = stored("The price of one; null where the step does not depend on the quantity.")
    flat: Money = stored("What is added once.")
    amount: UnitPrice = stored("What the step comes to, before any rounding.")


@strawberry.type(
    description=(
        "The arithmetic of a line: basis x part / whole, rounded once, half away from zero, is its stated amount: the "
        "net amount, or, where the price contains tax, net and tax together."
    )
)
class LineExplanation:
    rule: str = stored("The stable code of how the amount arises.")
    sentence: str = stored("The same for people, with the numbers in it.")
    basis: UnitPrice = stored("The exact amount that is charged in full, or was.")
    part_seconds: BigInt = stored("The seconds charged; 1 of 1 for a whole period.")
    whole_seconds: BigInt = stored("The seconds of the whole.")
    split_total: Money | None = stored(
        "What the lines of this kind and cause come to together, where they are parts of one rounded amount."
    )
    terms: list[LineTerm] | None = computed(
        "The steps that sum to the basis. Bounded by a price's tiers, about twenty."
    )
    credited_line: Annotated["InvoiceLine", strawberry.lazy("schema.invoice")] | None = related(
        "The line whose rest a credit gives back, or that an adjustment corrects."
    )


@strawberry.federation.type(keys=["id"], description="One line of an invoice, which explains itself.")
class InvoiceLine(Node):
    position: int = stored("Its place on the invoice, from 1.")
    kind: LineKind = stored("What it is.")
    description: str = stored("What it is for.")
    quantity: Decimal = stored("How many units; what was measured may have a fraction.")
    unit_price: UnitPrice | None = stored("The price of one, where one holds for all of them.")
    amount: Money = stored("The net amount, negative for a credit or a discount.")
    tax: Money = stored("Its part of the invoice's tax.")
    tax_inclusive: bool = stored("Whether its price contains tax; the stated amount is then amount and tax together.")
    tax_rate: TaxRate | None = related("The rate it is taxed at; null where it is not.")
    service_period: Period = stored("The span it is for.")
    explanation: LineExplanation = stored("How the amount arises.")
    discount: Discount | None = related("The discount it is of, for a discount.")
    discounted_line: Annotated["InvoiceLine", strawberry.lazy("schema.invoice")] | None = related(
        "The line a discount takes from."
    )
    invoice: Annotated["Invoice", strawberry.lazy("schema.invoice")] = related("The invoice it is on.")
    subscription: BillingSubscription | None = related("The subscription it charges; null for a charge of its own.")
    item: SubscriptionItem | None = related("The item it charges, where it charges one.")
    plan_version: PlanVersion | None = related("The plan version it was priced by, where one did.")
    price: Price | None = related("The price it was priced by, where one did.")


@strawberry.federation.type(
    keys=["id"],
    description=(
        "A document that never changes once final, and where it stands. subtotal - discountTotal + tax = total, and "
        "total - amountCredited - creditApplied - amountPaid + amountReturned = amountDue, which is never negative."
    ),
)
class Invoice(Node):
    account: Annotated["Account", strawberry.lazy("schema.account")] = related("Whose it is.")
    payer: Annotated["Account", strawberry.lazy("schema.account")] | None = related(
        "The parent account that pays it, where one does and you may see it."
    )
    consolidated_invoice: Annotated["ConsolidatedInvoice", strawberry.lazy("schema.consolidated")] | None = related(
        "The payer's document that it is part of, where it is and you may see it."
    )
    legal_entity: Annotated["LegalEntity", strawberry.lazy("schema.account")] = related("Who issued it.")
    subscription: BillingSubscription | None = related("The subscription it charges; null for a charge of its own.")
    number: str | None = stored("Its number, gapless per legal entity and series; null while it is a draft.")
    reason: InvoiceReason = stored("Why it was made.")
    status: InvoiceStatus = stored("Where it stands.")
    currency: CurrencyCode = stored("The currency of all its amounts.")
    customer_name: str = stored("The customer's name as it was on that day.")
    customer_address: str | None = stored("The customer's address as it was on that day.")
    customer_tax_id: str | None = stored("The customer's tax id as it was on that day.")
    customer_country: str = stored("ISO 3166 code of where it was billed.")
    period: Period | None = stored("The billing period it is of; null for a charge of its own.")
    subtotal: Money = stored("The net sum of its lines before discounts.")
    discount_total: Money = stored("What discounts take off, zero or positive.")
    tax: Money = stored("The tax of all rates.")
    total: Money = stored("The sum: subtotal - discountTotal + tax.")
    amount_credited: Money = stored("What credit notes have taken off.")
    credit_applied: Money = stored("What was paid out of the credit balance.")
    amount_paid: Money = stored("What has been paid with money.")
    amount_returned: Money = stored("What of that has gone back, or into the credit balance.")
    amount_due: Money = stored("What is left to pay; nothing on one that was withdrawn.")
    issued_on: Date = stored("The day on the document.")
    due_on: Date = stored("The last day on which a payment is in time.")
    drafted_at: DateTime = stored("When it was drafted.")
    finalise_at: DateTime | None = stored("When a draft becomes final; null once it is.")
    finalised_at: DateTime | None = stored("When it became final; null while it is a draft.")
    paid_at: DateTime | None = stored("When it was settled in full.")
    voided_at: DateTime | None = stored("When it was withdrawn.")
    written_off_at: DateTime | None = stored("When it was given up on.")
    replaces: Annotated["Invoice", strawberry.lazy("schema.invoice")] | None = related(
        "The withdrawn invoice it was issued for again."
    )
    replaced_by: Annotated["Invoice", strawberry.lazy("schema.invoice")] | None = related(
        "The invoice that was issued in the place of this withdrawn one."
    )
    change_from_previous: InvoiceChange | None = computed(
        "Why it is more or less than the regular invoice before it; null for one that bills no period."
    )
    download: Download | None = computed(
        "A link to it as a file; null where this gateway serves none.",
        format=argument(DownloadFormat, "As what."),
    )
    lines: list[InvoiceLine] = related("Its lines in order. Bounded by what a subscription has, about forty.")
    taxes: list[InvoiceTax] = related("Its taxes, one a rate and treatment. At most five.")
    credit_notes: list[CreditNote] = related("The credit notes over it, the oldest first. At most ten.")
    payments: list[Payment] = related("The payments for it, the oldest first. Bounded by dunning, about ten.")
    dunning_steps: list[DunningStep] = related("What was done since it was due, in order. At most ten.")
