"""Documents as the database holds them: invoices, credit notes and their lines, in minor units, taken at their word.

Owns the shape of what is checked. Nothing here computes a total: that is what the audit is for. Names, addresses and
descriptions are left out, because no finding ever needs them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from domain.credit import CreditNoteReason
from domain.invoice import InvoiceReason, InvoiceStatus, LineKind
from domain.periods import Period
from domain.pricing.rated import Term
from domain.tax import TaxTreatment


@dataclass(frozen=True, slots=True)
class NumberOnFile:
    """The number that the register says was given to a document."""

    legal_entity_id: UUID
    series: str
    number: int


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How a line says its stated amount came about: basis × part / whole, rounded, or as a part of `split_minor`."""

    rule: str
    basis_minor: Fraction
    part_s: int
    whole_s: int
    split_minor: int | None
    terms: tuple[Term, ...]

    @property
    def exact_minor(self) -> Fraction:
        """The amount before its rounding."""
        if self.part_s == self.whole_s:
            return self.basis_minor
        return self.basis_minor * self.part_s / self.whole_s


@dataclass(frozen=True, slots=True)
class LineOnFile:
    """A line of an invoice. `amount_minor` is net; `position` counts from 1."""

    id: UUID
    position: int
    subscription_id: UUID | None
    item_id: UUID | None
    plan_version_id: UUID | None
    price_id: UUID | None
    kind: LineKind
    cause: UUID
    quantity: Fraction
    unit_minor: Fraction | None
    amount_minor: int
    tax_minor: int
    tax_inclusive: bool
    tax_rate_id: UUID | None
    discount_id: UUID | None
    discounted_line_id: UUID | None
    credited_line_id: UUID | None
    currency: str
    service: Period
    arithmetic: Arithmetic

    @property
    def stated_minor(self) -> int:
        """What the price says: net and tax together where it includes tax, else net."""
        return self.amount_minor + self.tax_minor if self.tax_inclusive else self.amount_minor


@dataclass(frozen=True, slots=True)
class TaxOnFile:
    """The tax of one rate and treatment on an invoice."""

    tax_rate_id: UUID | None
    treatment: TaxTreatment
    percent: Fraction
    is_inclusive: bool
    base_minor: int
    tax_minor: int


@dataclass(frozen=True, slots=True)
class InvoiceOnFile:
    """An invoice with its lines in order. `has_tax_id`: the document names a tax id of the customer.

    `recorded_at` is the real time at which it became final, which a worker may do a while after the instant.
    """

    id: UUID
    number: str | None
    given: NumberOnFile | None
    legal_entity_id: UUID
    subscription_id: UUID | None
    reason: InvoiceReason
    status: InvoiceStatus
    currency: str
    customer_country: str
    has_tax_id: bool
    replaces_invoice_id: UUID | None
    payer_account_id: UUID | None
    consolidated_invoice_id: UUID | None
    subtotal_minor: int
    discount_minor: int
    tax_minor: int
    total_minor: int
    credited_minor: int
    applied_minor: int
    paid_minor: int
    returned_minor: int
    period: Period | None
    issued_on: date
    due_on: date
    drafted_at: datetime
    finalised_at: datetime | None
    recorded_at: datetime | None
    voided_at: datetime | None
    lines: tuple[LineOnFile, ...]
    taxes: tuple[TaxOnFile, ...]

    @property
    def due_minor(self) -> int:
        """What is left to pay by the figures beside the document (law L1)."""
        return self.total_minor - self.credited_minor - self.applied_minor - self.paid_minor + self.returned_minor

    @property
    def is_final(self) -> bool:
        """Whether it is a document at all."""
        return self.finalised_at is not None


@dataclass(frozen=True, slots=True)
class NoteLineOnFile:
    """A line of a credit note: what is given back of `invoice_line_id`, zero or positive."""

    id: UUID
    position: int
    invoice_line_id: UUID
    cause: UUID
    amount_minor: int
    tax_minor: int
    tax_inclusive: bool
    service: Period | None
    arithmetic: Arithmetic

    @property
    def stated_minor(self) -> int:
        """What is given back of the stated amount of its line."""
        return self.amount_minor + self.tax_minor if self.tax_inclusive else self.amount_minor


@dataclass(frozen=True, slots=True)
class NoteOnFile:
    """A credit note over one invoice, with its lines in order."""

    id: UUID
    number: str | None
    given: NumberOnFile | None
    legal_entity_id: UUID
    invoice_id: UUID
    reason: CreditNoteReason
    currency: str
    subtotal_minor: int
    tax_minor: int
    total_minor: int
    to_invoice_minor: int
    to_balance_minor: int
    to_refund_minor: int
    issued_on: date
    created_at: datetime
    lines: tuple[NoteLineOnFile, ...]


@dataclass(frozen=True, slots=True)
class ConsolidatedOnFile:
    """A document over invoices of other accounts, of which `children_minor` are the totals as those have them."""

    id: UUID
    number: str | None
    given: NumberOnFile | None
    legal_entity_id: UUID
    currency: str
    total_minor: int
    invoices: int
    finalised_at: datetime
    children_minor: tuple[int, ...]
