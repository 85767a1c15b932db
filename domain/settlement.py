"""What stands beside an invoice's document, and what money or credit does to it: paid, credited, applied, returned.

Owns the arithmetic around `domain.invoice.Settlement` and the status that follows. Does not own the document
(invoice.py), payments and credit notes themselves, nor the ledger (credit_ledger.py).
"""

from dataclasses import dataclass, replace

from domain.errors import InvalidAmount
from domain.ids import InvoiceId
from domain.invoice import InvoiceEvent, InvoiceStatus, Settlement, after


@dataclass(frozen=True, slots=True)
class Owed:
    """An invoice as payments and credits look at it: where it stands, and its settlement in minor units."""

    id: InvoiceId
    status: InvoiceStatus
    currency: str
    settlement: Settlement

    @property
    def due_minor(self) -> int:
        """What is left to pay; nothing of one that is void."""
        return 0 if self.status is InvoiceStatus.VOID else self.settlement.due


@dataclass(frozen=True, slots=True)
class Received:
    """An invoice after money came in; `surplus_minor` is what it no longer asked for: it goes to the credit balance."""

    invoice: Owed
    surplus_minor: int


@dataclass(frozen=True, slots=True)
class Corrected:
    """Whether something of an invoice's lines was given back by a document that stands, or waits to be adjusted.

    Such an invoice stays: withdrawn, the documents that correct it would give back of what was never asked for.
    """

    is_credited: bool
    is_waiting: bool


def receive(invoice: Owed, amount_minor: int) -> Received:
    """Money for an invoice, in minor units. It is PAID when nothing is due any more.

    Money that moved is always recorded, also for an invoice that was credited or voided while it was under way: what
    is not due counts as returned, to the balance. Raises InvalidAmount for nothing or less.
    """
    if amount_minor <= 0:
        raise InvalidAmount("A payment is more than nothing.", amount_minor)
    surplus = max(0, amount_minor - invoice.due_minor)
    settlement = replace(
        invoice.settlement,
        paid=invoice.settlement.paid + amount_minor,
        returned=invoice.settlement.returned + surplus,
    )
    return Received(settled(replace(invoice, settlement=settlement)), surplus)


def lighten(invoice: Owed, credit_minor: int) -> tuple[Owed, int]:
    """An invoice after a credit note over it, and how much of that lowered what is due; the rest is to be given back.

    Raises InvalidAmount for more than the invoice was for.
    """
    settlement = invoice.settlement
    if not 0 < credit_minor <= settlement.total - settlement.credited:
        raise InvalidAmount("A credit note gives back at most what its invoice was for.", credit_minor)
    return lighten_charges(invoice, credit_minor)


def lighten_charges(invoice: Owed, credit_minor: int) -> tuple[Owed, int]:
    """The same for service that goes unused: at most what the invoice charged, which may be more than it was for.

    The invoice of a change is for its charges less what it gave back of earlier invoices. When its charges go unused
    they are given back whole: what came off it then was owed or paid on those. Raises InvalidAmount for nothing or
    less.
    """
    if credit_minor <= 0:
        raise InvalidAmount("A credit note is over more than nothing.", credit_minor)
    settlement = invoice.settlement
    to_invoice = min(credit_minor, invoice.due_minor)
    lighter = replace(
        settlement,
        credited=settlement.credited + credit_minor,
        returned=settlement.returned + credit_minor - to_invoice,
    )
    return settled(replace(invoice, settlement=lighter)), to_invoice


def send_back(invoice: Owed, refund_minor: int) -> Owed:
    """An invoice of which paid money goes back: credited and returned by as much, so nothing of it is owed again.

    Raises InvalidAmount for more than the invoice was for.
    """
    settlement = invoice.settlement
    if not 0 < refund_minor <= settlement.total - settlement.credited:
        raise InvalidAmount("A credit note gives back at most what its invoice was for.", refund_minor)
    lighter = replace(
        settlement, credited=settlement.credited + refund_minor, returned=settlement.returned + refund_minor
    )
    return replace(invoice, settlement=lighter)


def pay_with_credit(invoice: Owed, applied_minor: int) -> Owed:
    """An invoice after credit balance was applied to it. Raises InvalidAmount for more than is due."""
    if not 0 <= applied_minor <= invoice.due_minor:
        raise InvalidAmount("Credit pays at most what is due.", applied_minor)
    settlement = replace(invoice.settlement, applied=invoice.settlement.applied + applied_minor)
    return settled(replace(invoice, settlement=settlement))


def annul(invoice: Owed) -> Owed:
    """A void invoice: the credit that paid a part of it is back in the balance, nothing is asked for any more.

    Raises InvalidTransition where the invoice is not open, InvalidAmount where money was paid for it.
    """
    status = after(invoice.status, InvoiceEvent.VOIDED)
    if invoice.settlement.paid:
        raise InvalidAmount("An invoice that was paid, even in part, is corrected by a credit note.", invoice.id)
    return replace(invoice, status=status, settlement=replace(invoice.settlement, applied=0))


def lapse(invoice: Owed) -> tuple[Owed, int]:
    """A void invoice that nobody has to pay any more, and what was paid of it by then: that goes to the balance.

    As `annul`, but money that came in for a part of it is no hindrance: it counts as returned. Raises InvalidTransition
    where the invoice is not open.
    """
    status = after(invoice.status, InvoiceEvent.VOIDED)
    kept = invoice.settlement.paid - invoice.settlement.returned
    beside = replace(invoice.settlement, applied=0, returned=invoice.settlement.returned + kept)
    return replace(invoice, status=status, settlement=beside), kept


def settled(invoice: Owed) -> Owed:
    """The invoice in the status its settlement gives it: PAID when nothing is due, else as it was."""
    if invoice.status in (InvoiceStatus.OPEN, InvoiceStatus.UNCOLLECTIBLE) and invoice.settlement.due == 0:
        return replace(invoice, status=after(invoice.status, InvoiceEvent.PAID))
    return invoice
