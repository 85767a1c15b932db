"""Mutations of money in and out: stored methods, payments by them and by hand, refunds. Their inputs and payloads."""

import strawberry

from domain.commands import (
    AddPaymentMethod,
    ConfirmPayment,
    PayConsolidatedInvoice,
    PayInvoice,
    RecordPayment,
    RefundPayment,
    RemovePaymentMethod,
    SetDefaultPaymentMethod,
)
from domain.credit import CreditNoteReason
from domain.ids import AccountId, ConsolidatedInvoiceId, InvoiceId, PaymentId, PaymentMethodId
from resolvers.mutations.idempotency_key import idempotency_key
from schema.base import stored
from schema.credit import CreditNote
from schema.inputs import IDEMPOTENCY_KEY, read_id
from schema.money_input import MoneyInput, maybe_money
from schema.payment import Payment, PaymentMethod, Refund
from schema.user_errors import UserError

_METHOD = "The payment method, pmth_…"


def _method(text: strawberry.ID) -> PaymentMethodId:
    return PaymentMethodId(read_id("PaymentMethod", text, "paymentMethodId"))


@strawberry.input(
    description=(
        'A test card to store: {accountId: "acct_…", cardNumber: "4242 4242 4242 4242", idempotencyKey: "card-1"}.'
    )
)
class PaymentMethodAddInput:
    account_id: strawberry.ID = strawberry.field(description="Whose it is, acct_…")
    card_number: str = strawberry.field(
        description="One of the sandbox's published test numbers, and no other; it is not kept."
    )
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    is_default: bool = strawberry.field(
        default=False, description="Collect invoices by it. The first method of an account is that anyway."
    )

    def command(self) -> AddPaymentMethod:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return AddPaymentMethod(
            account_id=AccountId(read_id("Account", self.account_id, "accountId")),
            card_number=self.card_number,
            idempotency_key=idempotency_key(self.idempotency_key),
            is_default=self.is_default,
        )


@strawberry.type(description="What storing did.")
class PaymentMethodAddPayload:
    payment_method: PaymentMethod | None = stored("The stored method; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")


@strawberry.input(description='A method to forget: {paymentMethodId: "pmth_…", idempotencyKey: "forget-1"}.')
class PaymentMethodRemoveInput:
    payment_method_id: strawberry.ID = strawberry.field(description=_METHOD)
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)

    def command(self) -> RemovePaymentMethod:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return RemovePaymentMethod(_method(self.payment_method_id), idempotency_key(self.idempotency_key))


@strawberry.type(description="What forgetting did.")
class PaymentMethodRemovePayload:
    payment_method: PaymentMethod | None = stored("The method, removed; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")


@strawberry.input(description='The method to collect by: {paymentMethodId: "pmth_…", idempotencyKey: "default-1"}.')
class PaymentMethodSetDefaultInput:
    payment_method_id: strawberry.ID = strawberry.field(description=_METHOD)
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)

    def command(self) -> SetDefaultPaymentMethod:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return SetDefaultPaymentMethod(_method(self.payment_method_id), idempotency_key(self.idempotency_key))


@strawberry.type(description="What choosing did.")
class PaymentMethodSetDefaultPayload:
    payment_method: PaymentMethod | None = stored("The default; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")


@strawberry.input(description='An invoice to pay now: {invoiceId: "inv_…", idempotencyKey: "pay-1"}.')
class InvoicePayInput:
    invoice_id: strawberry.ID = strawberry.field(description="The invoice, inv_…")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    payment_method_id: strawberry.ID | None = strawberry.field(
        default=None, description="By what, pmth_…; left out: the account's default."
    )

    def command(self) -> PayInvoice:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return PayInvoice(
            invoice_id=InvoiceId(read_id("Invoice", self.invoice_id, "invoiceId")),
            idempotency_key=idempotency_key(self.idempotency_key),
            payment_method_id=None if self.payment_method_id is None else _method(self.payment_method_id),
        )


@strawberry.type(description="How a payment stands. PROCESSING: the provider has not answered for certain yet.")
class InvoicePayPayload:
    payment: Payment | None = stored("The payment, whatever became of it; null when none was made.")
    action_reference: str | None = stored(
        "The provider's name for what the customer has yet to do, where there is any."
    )
    user_errors: list[UserError] = stored("Why no payment was made.")


@strawberry.input(
    description='A consolidated invoice to pay now: {consolidatedInvoiceId: "cons_…", idempotencyKey: "pay-1"}.'
)
class ConsolidatedInvoicePayInput:
    consolidated_invoice_id: strawberry.ID = strawberry.field(description="The consolidated invoice, cons_…")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    payment_method_id: strawberry.ID | None = strawberry.field(
        default=None, description="By what, pmth_…; left out: the payer's default."
    )

    def command(self) -> PayConsolidatedInvoice:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return PayConsolidatedInvoice(
            consolidated_invoice_id=ConsolidatedInvoiceId(
                read_id("ConsolidatedInvoice", self.consolidated_invoice_id, "consolidatedInvoiceId")
            ),
            idempotency_key=idempotency_key(self.idempotency_key),
            payment_method_id=None if self.payment_method_id is None else _method(self.payment_method_id),
        )


@strawberry.type(description="How a payment stands. PROCESSING: the provider has not answered for certain yet.")
class ConsolidatedInvoicePayPayload:
    payment: Payment | None = stored("The payment, whatever became of it; null when none was made.")
    action_reference: str | None = stored(
        "The provider's name for what the customer has yet to do, where there is any."
    )
    user_errors: list[UserError] = stored("Why no payment was made.")


@strawberry.input(description='A payment that waits for the customer: {paymentId: "paym_…", idempotencyKey: "go-1"}.')
class PaymentConfirmInput:
    payment_id: strawberry.ID = strawberry.field(description="The payment, paym_…")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)

    def command(self) -> ConfirmPayment:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return ConfirmPayment(
            PaymentId(read_id("Payment", self.payment_id, "paymentId")), idempotency_key(self.idempotency_key)
        )


@strawberry.type(description="How a payment stands after the customer has acted.")
class PaymentConfirmPayload:
    payment: Payment | None = stored("The payment; null when nothing was done.")
    action_reference: str | None = stored("The provider's name for what is still to be done, where there is any.")
    user_errors: list[UserError] = stored("Why nothing was done.")


@strawberry.input(
    description=(
        'Money that was seen: {invoiceId: "inv_…", amount: {amount: "10.00", currencyCode: USD}, '
        'reference: "Bank statement 7, line 3", idempotencyKey: "bank-7-3"}.'
    )
)
class PaymentRecordInput:
    invoice_id: strawberry.ID = strawberry.field(description="The invoice it is for, inv_…")
    amount: MoneyInput = strawberry.field(description="How much, at most what is due.")
    reference: str = strawberry.field(description="Where it was seen, so that it can be found again.")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)

    def command(self) -> RecordPayment:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return RecordPayment(
            invoice_id=InvoiceId(read_id("Invoice", self.invoice_id, "invoiceId")),
            amount=self.amount.money("amount"),
            reference=self.reference,
            idempotency_key=idempotency_key(self.idempotency_key),
        )


@strawberry.type(description="What recording did.")
class PaymentRecordPayload:
    payment: Payment | None = stored("The payment; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")


@strawberry.input(
    description=(
        'Money to send back: {paymentId: "paym_…", idempotencyKey: "refund-1"}; a part of it with '
        '`amount: {amount: "5.00", currencyCode: USD}`.'
    )
)
class PaymentRefundInput:
    payment_id: strawberry.ID = strawberry.field(description="The payment, paym_…")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    amount: MoneyInput | None = strawberry.field(
        default=None, description="How much, at most what is left of it; left out: all of that."
    )
    reason: CreditNoteReason = strawberry.field(
        default=CreditNoteReason.GOODWILL, description="Why its invoice is corrected by as much."
    )
    memo: str | None = strawberry.field(default=None, description="What the credit note says about it.")

    def command(self) -> RefundPayment:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return RefundPayment(
            payment_id=PaymentId(read_id("Payment", self.payment_id, "paymentId")),
            idempotency_key=idempotency_key(self.idempotency_key),
            amount=maybe_money(self.amount, "amount"),
            reason=self.reason,
            memo=self.memo,
        )


@strawberry.type(description="What sending back did.")
class PaymentRefundPayload:
    credit_note: CreditNote | None = stored("What corrects the invoice; null when nothing was done.")
    refunds: list[Refund] | None = stored("What goes back. At most one; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")
