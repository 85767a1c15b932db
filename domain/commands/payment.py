"""What is asked about money in: stored methods, payments by one, by hand, and money sent back."""

from dataclasses import dataclass, field

from domain.credit import CreditNoteReason
from domain.ids import AccountId, ConsolidatedInvoiceId, InvoiceId, PaymentId, PaymentMethodId
from domain.money import Money


@dataclass(frozen=True, slots=True)
class AddPaymentMethod:
    """Store a card. Only the sandbox's published test numbers are accepted; the number itself goes no further.

    The first method of an account is its default whatever `is_default` says.
    """

    account_id: AccountId
    card_number: str = field(repr=False)
    idempotency_key: str
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class RemovePaymentMethod:
    """Forget a method: it stays on record for the payments it made. Another one becomes the default, if any is left."""

    payment_method_id: PaymentMethodId
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class SetDefaultPaymentMethod:
    """Collect by this method from now on."""

    payment_method_id: PaymentMethodId
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class PayInvoice:
    """Pay what is due now by a stored method; None: the account's default."""

    invoice_id: InvoiceId
    idempotency_key: str
    payment_method_id: PaymentMethodId | None = None


@dataclass(frozen=True, slots=True)
class PayConsolidatedInvoice:
    """Pay what is due of all its invoices by a stored method of the payer; None: the default."""

    consolidated_invoice_id: ConsolidatedInvoiceId
    idempotency_key: str
    payment_method_id: PaymentMethodId | None = None


@dataclass(frozen=True, slots=True)
class ConfirmPayment:
    """The customer has done what the provider asked for."""

    payment_id: PaymentId
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class RecordPayment:
    """Finance has seen money come in for an invoice, by bank transfer for instance: all that is due, or a part."""

    invoice_id: InvoiceId
    amount: Money
    reference: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class RefundPayment:
    """Send money of a payment back to where it came from; None: all that is left of it.

    The invoice it was for is credited by as much: what was paid and sent back is not owed again.
    """

    payment_id: PaymentId
    idempotency_key: str
    amount: Money | None = None
    reason: CreditNoteReason = CreditNoteReason.GOODWILL
    memo: str | None = None
