"""Money in and out: stored payment methods, payments and their attempts, refunds, and what was done about delay."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.dunning import DunningAction
from domain.payment import AttemptStatus, PaymentKind, PaymentMethodStatus, PaymentStatus, RefundStatus
from schema.base import Node, computed, related, stored
from schema.credit import CreditNote
from schema.scalars import Date, DateTime
from schema.values import Money

if TYPE_CHECKING:
    from schema.account import Account
    from schema.consolidated import ConsolidatedInvoice
    from schema.invoice import Invoice


@strawberry.federation.type(keys=["id"], description="A stored way to pay. No card number is held, here or below.")
class PaymentMethod(Node):
    account: Annotated["Account", strawberry.lazy("schema.account")] = related("Whose it is.")
    brand: str = stored("What kind of card it is.")
    last4: str = stored("The last four digits, to recognise it by.")
    expires_on: Date = stored("The last day it can be charged.")
    is_default: bool = stored("Whether invoices are collected from it.")
    status: PaymentMethodStatus = stored("Whether it is in use.")
    created_at: DateTime = stored("When it was added.")


@strawberry.federation.type(keys=["id"], description="Money of a payment on its way back to where it came from.")
class Refund(Node):
    status: RefundStatus = stored("Where it stands.")
    amount: Money = stored("How much goes back.")
    reason: str | None = stored("Why, where it was said.")
    failure_code: str | None = stored("Why the provider said no, where it did.")
    created_at: DateTime = stored("When it was asked for.")
    settled_at: DateTime | None = stored("When it was answered for certain.")
    payment: Annotated["Payment", strawberry.lazy("schema.payment")] = related("The payment it is of.")
    credit_note: CreditNote | None = related("The credit note that asked for it, where one did.")


@strawberry.federation.type(keys=["id"], description="One asking of the provider, under a key it knows again.")
class PaymentAttempt(Node):
    number: int = stored("Its number among the payment's attempts, from 1.")
    status: AttemptStatus = stored("What became of it.")
    code: str | None = stored("Why the provider said no, where it did.")
    reference: str | None = stored("The provider's own name for it. Staff only; null for others.")
    sent_at: DateTime = stored("When the provider was asked.")
    answered_at: DateTime | None = stored("When it answered.")
    payment: Annotated["Payment", strawberry.lazy("schema.payment")] = related("The payment it is of.")


@strawberry.federation.type(keys=["id"], description="Money that comes in for one document.")
class Payment(Node):
    account: Annotated["Account", strawberry.lazy("schema.account")] = related("Whose it is.")
    invoice: Annotated["Invoice", strawberry.lazy("schema.invoice")] | None = related("The invoice it pays.")
    consolidated_invoice: Annotated["ConsolidatedInvoice", strawberry.lazy("schema.consolidated")] | None = related(
        "The consolidated invoice it pays, where it pays one."
    )
    payment_method: PaymentMethod | None = related("What it is charged to; null for one made by hand.")
    kind: PaymentKind = stored("How the money comes.")
    status: PaymentStatus = stored("Where it stands.")
    amount: Money = stored("How much.")
    amount_refunded: Money = stored("What has gone back of it.")
    reference: str | None = stored("What it can be found by elsewhere, such as a bank transfer's subject.")
    failure_code: str | None = stored("Why the provider said no, where it did.")
    created_at: DateTime = stored("When it was asked for.")
    settled_at: DateTime | None = stored("When it was answered for certain.")
    attempts: list[PaymentAttempt] = related("How often the provider was asked for it. At most ten.")
    refunds: list[Refund] = related("What has gone back of it, or is on its way. At most ten.")


@strawberry.type(description="What was done about an invoice on one day after it was due.")
class DunningStep:
    day: int = stored("Days after the due date; 0 is the due date itself.")
    actions: list[DunningAction] | None = computed("What was done. At most five things.")
    occurred_at: DateTime = stored("When.")


@strawberry.input(description="Narrows an account's payment methods.")
class PaymentMethodFilter:
    status: list[PaymentMethodStatus] | None = strawberry.field(
        default=strawberry.UNSET, description="In one of these states."
    )


@strawberry.input(description="Narrows an account's payments.")
class PaymentFilter:
    status: list[PaymentStatus] | None = strawberry.field(
        default=strawberry.UNSET, description="In one of these states."
    )
