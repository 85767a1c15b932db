"""Mutations of documents: finalise, void, write off, credit, charge, adjust. Their inputs and payloads."""

import strawberry

from domain.commands import (
    AddCharge,
    AdjustLine,
    CreditDestination,
    CreditInvoice,
    FinaliseInvoice,
    LineCredit,
    VoidInvoice,
    WriteOffInvoice,
)
from domain.credit import CreditNoteReason
from domain.ids import AccountId, InvoiceId, LineId, SubscriptionId
from resolvers.mutations.idempotency_key import idempotency_key
from schema.base import stored
from schema.charge import OneOffCharge
from schema.credit import CreditNote
from schema.enums import described
from schema.inputs import IDEMPOTENCY_KEY, read_id
from schema.invoice import Invoice
from schema.money_input import MoneyInput, maybe_money
from schema.payment import Refund
from schema.user_errors import UserError

described(
    CreditDestination,
    "Where the part of a credit goes that its invoice does not ask for any more.",
    BALANCE="To the credit balance, which lightens the next invoices.",
    REFUND="Back by the payments of the invoice, the newest first; what they have not, to the balance.",
)


@strawberry.input(
    description='An open invoice to withdraw: {invoiceId: "inv_…", reason: "Wrong address", idempotencyKey: "void-1"}.'
)
class InvoiceVoidInput:
    invoice_id: strawberry.ID = strawberry.field(description="The invoice, inv_…; nothing of it was paid.")
    reason: str = strawberry.field(description="Why.")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    reissue: bool = strawberry.field(
        default=False, description="Issue another over the same lines, with the parties and the tax of today."
    )

    def command(self) -> VoidInvoice:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return VoidInvoice(
            invoice_id=InvoiceId(read_id("Invoice", self.invoice_id, "invoiceId")),
            reason=self.reason,
            idempotency_key=idempotency_key(self.idempotency_key),
            reissue=self.reissue,
        )


@strawberry.type(description="What withdrawing did.")
class InvoiceVoidPayload:
    invoice: Invoice | None = stored("The invoice, void; null when nothing was done.")
    replaced_by: Invoice | None = stored("The invoice in its place, where one was asked for.")
    user_errors: list[UserError] = stored("Why nothing was done.")


@strawberry.input(description='A draft to make final: {invoiceId: "inv_…", idempotencyKey: "final-1"}.')
class InvoiceFinaliseInput:
    invoice_id: strawberry.ID = strawberry.field(description="The draft, inv_…")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)

    def command(self) -> FinaliseInvoice:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return FinaliseInvoice(
            InvoiceId(read_id("Invoice", self.invoice_id, "invoiceId")), idempotency_key(self.idempotency_key)
        )


@strawberry.type(description="What making final did.")
class InvoiceFinalisePayload:
    invoice: Invoice | None = stored("The invoice, with its number; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")


@strawberry.input(
    description='An open invoice to give up on: {invoiceId: "inv_…", reason: "Insolvent", idempotencyKey: "off-1"}.'
)
class InvoiceWriteOffInput:
    invoice_id: strawberry.ID = strawberry.field(description="The invoice, inv_…")
    reason: str = strawberry.field(description="Why.")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)

    def command(self) -> WriteOffInvoice:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return WriteOffInvoice(
            invoice_id=InvoiceId(read_id("Invoice", self.invoice_id, "invoiceId")),
            reason=self.reason,
            idempotency_key=idempotency_key(self.idempotency_key),
        )


@strawberry.type(description="What giving up did.")
class InvoiceWriteOffPayload:
    invoice: Invoice | None = stored("The invoice, uncollectible; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")


@strawberry.input(description="A line to credit, and how much of it.")
class CreditLineInput:
    line_id: strawberry.ID = strawberry.field(description="The line, line_…")
    amount: MoneyInput | None = strawberry.field(
        default=None, description="How much of it, with its tax; left out: all that it has left."
    )


@strawberry.input(
    description=(
        'A correction. Of some lines: {invoiceId: "inv_…", reason: BILLING_ERROR, lines: [{lineId: "line_…"}], '
        'idempotencyKey: "credit-1"}. Of an amount, tax included, spread over all lines: `amount`. Neither: all that '
        "is left."
    )
)
class CreditNoteIssueInput:
    invoice_id: strawberry.ID = strawberry.field(description="The invoice it corrects, inv_…")
    reason: CreditNoteReason = strawberry.field(description="Why.")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    lines: list[CreditLineInput] | None = strawberry.field(default=None, description="Only these lines.")
    amount: MoneyInput | None = strawberry.field(default=None, description="Only so much, with tax.")
    destination: CreditDestination = strawberry.field(
        default=CreditDestination.BALANCE, description="Where what the invoice does not ask for any more goes."
    )
    memo: str | None = strawberry.field(default=None, description="What the document says about it.")

    def command(self) -> CreditInvoice:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        lines = [
            LineCredit(
                LineId(read_id("InvoiceLine", each.line_id, "lines", str(at), "lineId")),
                maybe_money(each.amount, "lines", str(at), "amount"),
            )
            for at, each in enumerate(self.lines or ())
        ]
        return CreditInvoice(
            invoice_id=InvoiceId(read_id("Invoice", self.invoice_id, "invoiceId")),
            reason=self.reason,
            idempotency_key=idempotency_key(self.idempotency_key),
            lines=tuple(lines),
            amount=maybe_money(self.amount, "amount"),
            destination=self.destination,
            memo=self.memo,
        )


@strawberry.type(description="What a correction did.")
class CreditNoteIssuePayload:
    credit_note: CreditNote | None = stored("The document; null when nothing was done.")
    refunds: list[Refund] | None = stored(
        "What goes back by payment methods. One a payment; null when nothing was done."
    )
    user_errors: list[UserError] = stored("Why nothing was done.")


@strawberry.input(
    description=(
        'A line to correct on the next invoice: {lineId: "line_…", amount: {amount: "-5.00", currencyCode: USD}, '
        'description: "Two seats too many", idempotencyKey: "adjust-1"}.'
    )
)
class InvoiceLineAdjustInput:
    line_id: strawberry.ID = strawberry.field(description="The line, line_…")
    amount: MoneyInput = strawberry.field(
        description="What is asked for in addition, or given back (negative, at most what the line has left), in the "
        "line's own terms: before tax, or with it where its price contains it."
    )
    description: str = strawberry.field(description="What the invoice will say.")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)

    def command(self) -> AdjustLine:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return AdjustLine(
            line_id=LineId(read_id("InvoiceLine", self.line_id, "lineId")),
            amount=self.amount.money("amount"),
            description=self.description,
            idempotency_key=idempotency_key(self.idempotency_key),
        )


@strawberry.type(description="What asking for a correction did.")
class InvoiceLineAdjustPayload:
    charge: OneOffCharge | None = stored("What waits for the next invoice; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")


@strawberry.input(
    description=(
        'A charge by hand: {accountId: "acct_…", amount: {amount: "250.00", currencyCode: USD}, '
        'description: "Training", idempotencyKey: "training-1"}.'
    )
)
class ChargeAddInput:
    account_id: strawberry.ID = strawberry.field(description="Who is charged, acct_…")
    amount: MoneyInput = strawberry.field(description="How much, before tax.")
    description: str = strawberry.field(description="What the invoice will say.")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    subscription_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whose next invoice takes it, sub_…; left out: that of any."
    )
    is_immediate: bool = strawberry.field(default=False, description="On an invoice of its own, at once.")

    def command(self) -> AddCharge:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        subscription = None
        if self.subscription_id is not None:
            subscription = SubscriptionId(read_id("BillingSubscription", self.subscription_id, "subscriptionId"))
        return AddCharge(
            account_id=AccountId(read_id("Account", self.account_id, "accountId")),
            amount=self.amount.money("amount"),
            description=self.description,
            idempotency_key=idempotency_key(self.idempotency_key),
            subscription_id=subscription,
            is_immediate=self.is_immediate,
        )


@strawberry.type(description="What charging did.")
class ChargeAddPayload:
    charge: OneOffCharge | None = stored("The charge; null when nothing was done.")
    invoice: Invoice | None = stored("The invoice it is on; null while it waits for the next one.")
    user_errors: list[UserError] = stored("Why nothing was done.")
