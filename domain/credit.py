"""Credit: notes that correct invoices, and the balance an account spends on the next ones.

Owns the documents and the ledger's entries. Does not own how much a line has left to give (invoicing) nor numbers (db).
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from domain.ids import CreditEntryId, CreditNoteId, InvoiceId, LineId
from domain.invoice import LineExplanation
from domain.money import Money
from domain.periods import Period


class CreditNoteReason(StrEnum):
    """Why an invoice is corrected."""

    PLAN_CHANGE = "PLAN_CHANGE"
    PAUSE = "PAUSE"
    CANCELLATION = "CANCELLATION"
    USAGE_CORRECTION = "USAGE_CORRECTION"
    BILLING_ERROR = "BILLING_ERROR"
    GOODWILL = "GOODWILL"


@dataclass(frozen=True, slots=True)
class CreditNoteLine:
    """What is given back of one line of the invoice: `amount` net and `tax_minor`, both zero or positive."""

    id: UUID
    invoice_line_id: LineId
    cause: UUID
    description: str
    amount: Money
    tax_minor: int
    tax_inclusive: bool
    service: Period | None
    explanation: LineExplanation


@dataclass(frozen=True, slots=True)
class CreditNote:
    """A document over one invoice. total = subtotal + tax = to_invoice + to_balance + to_refund, all in minor units.

    `to_invoice_minor` reduces what the invoice still asks for, the rest goes to the credit balance or back.
    """

    id: CreditNoteId
    invoice_id: InvoiceId
    reason: CreditNoteReason
    memo: str | None
    currency: str
    lines: tuple[CreditNoteLine, ...]
    issued_on: date
    created_at: datetime
    to_invoice_minor: int
    to_balance_minor: int
    to_refund_minor: int = 0

    @property
    def subtotal(self) -> Money:
        """The net amount given back."""
        return Money.total((line.amount for line in self.lines), self.currency)

    @property
    def tax(self) -> Money:
        """The tax given back."""
        return Money(sum(line.tax_minor for line in self.lines), self.currency)

    @property
    def total(self) -> Money:
        """Both."""
        return self.subtotal + self.tax


class CreditEntryKind(StrEnum):
    """GRANTED puts in; APPLIED pays an invoice; RESTORED puts back what a voided one had taken; WITHDRAWN takes out.

    Credit does not expire: it is the customer's money.
    """

    GRANTED = "GRANTED"
    APPLIED = "APPLIED"
    RESTORED = "RESTORED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, slots=True)
class CreditEntry:
    """One entry of an account's ledger, never changed. `amount` is signed; `balance` is what the account then has.

    Entries but GRANTED name the grant they draw on (`grant_id`), so that each grant conserves.
    """

    id: CreditEntryId
    sequence: int
    kind: CreditEntryKind
    amount: Money
    balance: Money
    occurred_at: datetime
    grant_id: CreditEntryId | None = None
    credit_note_id: CreditNoteId | None = None
    invoice_id: InvoiceId | None = None
    memo: str | None = None
