"""What is asked about documents: void, write off, credit, charge, adjust; and coupons on a subscription."""

from dataclasses import dataclass
from enum import StrEnum

from domain.credit import CreditNoteReason
from domain.ids import AccountId, DiscountId, InvoiceId, LineId, SubscriptionId
from domain.money import Money


@dataclass(frozen=True, slots=True)
class VoidInvoice:
    """Declare an open invoice void: nothing of it was paid, and nothing is asked for any more.

    `reissue` puts another in its place, over the same lines, with the parties and the tax of today.
    """

    invoice_id: InvoiceId
    reason: str
    idempotency_key: str
    reissue: bool = False


@dataclass(frozen=True, slots=True)
class FinaliseInvoice:
    """Make a draft final now, before its grace is over. Use that comes later is for the next invoice."""

    invoice_id: InvoiceId
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class WriteOffInvoice:
    """Give up on an open invoice. A payment that comes later still counts."""

    invoice_id: InvoiceId
    reason: str
    idempotency_key: str


class CreditDestination(StrEnum):
    """Where the part of a credit goes that its invoice does not ask for any more."""

    BALANCE = "BALANCE"
    REFUND = "REFUND"


@dataclass(frozen=True, slots=True)
class LineCredit:
    """A line to credit and how much of it, with tax; None: all that it has left."""

    line_id: LineId
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class CreditInvoice:
    """A credit note over an invoice: some `lines`, or an `amount` with tax spread over them; neither: all that is left.

    It first lowers what is due. The rest goes to the credit balance, or back by the payments of the invoice, newest
    first, as far as they have money left, and what they have not to the balance.
    """

    invoice_id: InvoiceId
    reason: CreditNoteReason
    idempotency_key: str
    lines: tuple[LineCredit, ...] = ()
    amount: Money | None = None
    destination: CreditDestination = CreditDestination.BALANCE
    memo: str | None = None


@dataclass(frozen=True, slots=True)
class AddCharge:
    """A charge of its own: `amount` before tax. On an invoice at once, or on the account's next one.

    `subscription_id` says whose next invoice it waits for; None: that of any.
    """

    account_id: AccountId
    amount: Money
    description: str
    idempotency_key: str
    subscription_id: SubscriptionId | None = None
    is_immediate: bool = False


@dataclass(frozen=True, slots=True)
class AdjustLine:
    """Correct a line of an earlier invoice on the next one. `amount` is in the line's own terms, negative to give back.

    In its own terms: before tax, or with it where the line's price includes it.
    """

    line_id: LineId
    amount: Money
    description: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class RedeemCoupon:
    """Give a subscription a coupon's discount, from its next billing period on."""

    subscription_id: SubscriptionId
    code: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class EndDiscount:
    """Let a discount cover no further billing period. What it covers already stays discounted."""

    discount_id: DiscountId
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class SetConsolidation:
    """Consolidate the invoices of children of an account from now on, on a day of each month.

    `day` is 1 to 28, None: no more. `child_ids` are all its children whose invoices wait for its document.
    """

    account_id: AccountId
    day: int | None
    child_ids: tuple[AccountId, ...]
    idempotency_key: str
