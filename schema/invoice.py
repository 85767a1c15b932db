"""Invoices, their lines, and the arithmetic that explains each line."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.invoice import InvoiceReason, InvoiceStatus, LineKind
from schema.base import Node, related, stored
from schema.catalog import PlanVersion, Price
from schema.scalars import BigInt, CurrencyCode, Date, DateTime
from schema.subscription import BillingSubscription, SubscriptionItem
from schema.values import Money, Period, UnitPrice

if TYPE_CHECKING:
    from schema.account import Account, LegalEntity


@strawberry.type(
    description="The arithmetic of a line: basis x part / whole, rounded once, half away from zero, is its amount."
)
class LineExplanation:
    rule: str = stored("The stable code of how the amount arises.")
    sentence: str = stored("The same for people, with the numbers in it.")
    basis: UnitPrice = stored("The exact amount that is charged in full, or was.")
    part_seconds: BigInt = stored("The seconds charged; 1 of 1 for a whole period.")
    whole_seconds: BigInt = stored("The seconds of the whole.")
    credited_line: Annotated["InvoiceLine", strawberry.lazy("schema.invoice")] | None = related(
        "The line whose rest a credit gives back."
    )


@strawberry.federation.type(keys=["id"], description="One line of an invoice, which explains itself.")
class InvoiceLine(Node):
    position: int = stored("Its place on the invoice, from 1.")
    kind: LineKind = stored("What it is.")
    description: str = stored("What it is for.")
    quantity: BigInt = stored("How many units.")
    unit_price: UnitPrice | None = stored("The price of one, where there is one.")
    amount: Money = stored("The amount, negative for a credit.")
    service_period: Period = stored("The span it is for.")
    explanation: LineExplanation = stored("How the amount arises.")
    invoice: Annotated["Invoice", strawberry.lazy("schema.invoice")] = related("The invoice it is on.")
    subscription: BillingSubscription = related("The subscription it charges.")
    item: SubscriptionItem = related("The item it charges.")
    plan_version: PlanVersion = related("The plan version it was priced by.")
    price: Price = related("The price it was priced by.")


@strawberry.federation.type(keys=["id"], description="A final document, and where it stands.")
class Invoice(Node):
    account: Annotated["Account", strawberry.lazy("schema.account")] = related("Whose it is.")
    legal_entity: Annotated["LegalEntity", strawberry.lazy("schema.account")] = related("Who issued it.")
    subscription: BillingSubscription = related("The subscription it charges.")
    number: str | None = stored("Its number, gapless per legal entity and series; null while it is a draft.")
    reason: InvoiceReason = stored("Why it was made.")
    status: InvoiceStatus = stored("Where it stands.")
    currency: CurrencyCode = stored("The currency of all its amounts.")
    customer_name: str = stored("The customer's name as it was on that day.")
    total: Money = stored("The sum of its lines.")
    amount_paid: Money = stored("What has been paid of it.")
    amount_due: Money = stored("What is left to pay.")
    issued_on: Date = stored("The day on the document.")
    due_on: Date = stored("The last day on which a payment is in time.")
    finalised_at: DateTime = stored("When it became final.")
    paid_at: DateTime | None = stored("When it was paid in full.")
    lines: list[InvoiceLine] = related("Its lines in order. Bounded by the subscription's components, about twenty.")
