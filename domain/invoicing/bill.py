"""What drafts come to: one invoice, or credit notes and an invoice where they would give back more than they charge.

Owns that an invoice's total is never negative, and what a preview shows of documents before they have ids. Does not own
the documents themselves (documents.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.ids import InvoiceId, LineId
from domain.invoice import LineKind
from domain.invoicing.assemble import Assembled, assemble
from domain.invoicing.debited import DebitedLine
from domain.invoicing.draft import DraftLine
from domain.invoicing.linking import linked
from domain.invoicing.terms import BillingTerms
from domain.money import Money
from domain.periods import local_day
from domain.taxing import credited_tax


@dataclass(frozen=True, slots=True)
class CreditedLine:
    """What is given back of one line: `net` and `tax_minor`, both zero or positive. `draft` is the credit, negative."""

    draft: DraftLine
    of: DebitedLine
    net: Money
    tax_minor: int


@dataclass(frozen=True, slots=True)
class DraftCreditNote:
    """What is given back of one invoice. subtotal + tax = total (law L1)."""

    invoice_id: InvoiceId
    lines: tuple[CreditedLine, ...]
    currency: str

    @property
    def subtotal(self) -> Money:
        """The net amount given back."""
        return Money.total((line.net for line in self.lines), self.currency)

    @property
    def tax(self) -> Money:
        """The tax given back."""
        return Money(sum(line.tax_minor for line in self.lines), self.currency)

    @property
    def total(self) -> Money:
        """Both."""
        return self.subtotal + self.tax


@dataclass(frozen=True, slots=True)
class Bill:
    """The documents of one instant: at most one invoice, and a credit note for each invoice that is credited.

    `finalise_at` is set where the invoice waits for late usage first; `issued_on` is the day it then has.
    """

    at: datetime
    issued_on: date
    finalise_at: datetime | None
    currency: str
    invoice: Assembled | None
    credit_notes: tuple[DraftCreditNote, ...] = ()

    @property
    def total(self) -> Money:
        """What the documents come to together: negative where more is given back than charged."""
        charged = self.invoice.total if self.invoice else Money.zero(self.currency)
        return charged - Money.total((note.total for note in self.credit_notes), self.currency)

    @property
    def net(self) -> Money:
        """The same before tax."""
        charged = self.invoice.subtotal - self.invoice.discount if self.invoice else Money.zero(self.currency)
        return charged - Money.total((note.subtotal for note in self.credit_notes), self.currency)

    @property
    def tax(self) -> Money:
        """The tax of all documents together."""
        return self.total - self.net

    @property
    def lines(self) -> tuple[DraftLine, ...]:
        """Every line of every document, with the discounts beneath the lines they take from; credit notes first."""
        given_back = [line.draft for note in self.credit_notes for line in note.lines]
        charged = [line.draft for line in self.invoice.lines] if self.invoice else []
        return (*given_back, *charged)

    @property
    def stated(self) -> Money:
        """What the lines state together: discounts taken off, tax as their prices have it."""
        return Money.total((line.stated for line in self.lines), self.currency)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return self.invoice is None and not self.credit_notes


def bill(drafts: Sequence[DraftLine], terms: BillingTerms, at: datetime, held: Sequence[DebitedLine] = ()) -> Bill:
    """The documents of drafts that belong together, at an instant of the account's own time.

    Drafts that sum to zero or more are one invoice, credits and charges together. Below zero every credit goes on a
    credit note of the invoice it refers to, with that line's tax to the unit, and the charges on an invoice of their
    own. An invoice with metered lines waits out the seller's grace. Of no drafts there is no document.
    """
    is_metered = any(draft.kind is LineKind.USAGE for draft in drafts)
    finalise_at = at + terms.seller.grace if is_metered and terms.seller.grace else None
    issued_on = local_day(finalise_at or at, terms.account.zone)
    notes: tuple[DraftCreditNote, ...] = ()
    invoice = assemble(drafts, terms, issued_on, held) if drafts else None
    if invoice is not None and invoice.total.minor < 0:
        apart = linked(drafts, held)
        charges = [draft for draft in apart if draft.credited is None]
        invoice = assemble(charges, terms, issued_on, held) if charges else None
        notes = credit_notes(apart, terms.currency)
    return Bill(at, issued_on, finalise_at if invoice else None, terms.currency, invoice, notes)


def credit_notes(drafts: Iterable[DraftLine], currency: str) -> tuple[DraftCreditNote, ...]:
    """A credit note for each invoice that the credits among these refer to, in their order."""
    by_invoice: dict[InvoiceId, list[CreditedLine]] = {}
    given: dict[LineId, tuple[int, int]] = {}
    for draft in drafts:
        debit = draft.credited
        if debit is None or draft.stated.minor > 0:
            continue
        stated_before, tax_before = given.get(debit.line_id, (debit.credited.minor, debit.credited_tax_minor))
        line = _credited(draft, debit, stated_before, tax_before)
        given[debit.line_id] = (stated_before - draft.stated.minor, tax_before + line.tax_minor)
        by_invoice.setdefault(debit.invoice_id, []).append(line)
    return tuple(DraftCreditNote(invoice_id, tuple(lines), currency) for invoice_id, lines in by_invoice.items())


def _credited(draft: DraftLine, debit: DebitedLine, stated_before: int, tax_before: int) -> CreditedLine:
    """The credit with the tax of its line: in however many steps, all of a line gives back all of its tax."""
    stated = -draft.stated.minor
    tax = credited_tax(debit.debited.minor, debit.tax_minor, stated_before, tax_before, stated)
    net = stated - tax if debit.tax_inclusive else stated
    return CreditedLine(draft, debit, Money(net, draft.stated.currency), tax)
