"""How much of an invoice can still be given back, and a credit note over its lines: whole, by lines, or by amount.

Owns what a line has left (law L13) and how an amount is spread over lines. Does not own where the money goes
(settlement.py), the balance it may go to (credit_ledger.py), nor numbers (db).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from uuid import UUID

from domain.credit import CreditNoteLine
from domain.errors import InvalidAmount, InvalidInput
from domain.ids import IdMaker, InvoiceId, LineId
from domain.invoice import LineExplanation
from domain.money import Money, allocate
from domain.periods import Period
from domain.taxing import credited_tax

RULE = "CREDIT_NOTE"
"""The rule in the explanation of a credit note's line."""


@dataclass(frozen=True, slots=True)
class CreditableLine:
    """A line that asked for money: what it debited, less its own discounts, and what came back of it so far.

    All in minor units, zero or positive. Both credits count: those on later invoices and those on credit notes.
    """

    id: LineId
    description: str
    net_minor: int
    tax_minor: int
    credited_net_minor: int
    credited_tax_minor: int
    tax_inclusive: bool
    service: Period | None

    @property
    def left_minor(self) -> int:
        """What it can still give back, with its tax (law L13: debited − credited)."""
        return self.net_minor + self.tax_minor - self.credited_net_minor - self.credited_tax_minor

    @property
    def left_stated_minor(self) -> int:
        """The same in the line's own terms: before tax, or with it where its price includes it."""
        return self.left_minor if self.tax_inclusive else self.net_minor - self.credited_net_minor


@dataclass(frozen=True, slots=True)
class Creditable:
    """An invoice as a credit looks at it. `left_minor` bounds all lines together: lines below zero are no one's."""

    invoice_id: InvoiceId
    currency: str
    total_minor: int
    credited_minor: int
    lines: tuple[CreditableLine, ...]

    @property
    def left_minor(self) -> int:
        """What the invoice can still give back in all, with tax."""
        return max(0, min(self.total_minor - self.credited_minor, sum(line.left_minor for line in self.lines)))


@dataclass(frozen=True, slots=True)
class CreditShare:
    """A line to credit: `amount_minor` with tax, None for all that it has left."""

    line_id: LineId
    amount_minor: int | None = None


def share_whole(of: Creditable) -> tuple[CreditShare, ...]:
    """Everything the invoice has left. Raises InvalidInput where that is nothing."""
    if of.left_minor <= 0:
        raise InvalidInput((), "This invoice has nothing left to credit.", of.invoice_id)
    return share_amount(of, of.left_minor)


def share_amount(of: Creditable, amount_minor: int) -> tuple[CreditShare, ...]:
    """An amount with tax spread over the lines by what each has left, losing no unit.

    Raises InvalidInput naming `amount` for none, or for more than the invoice has left.
    """
    if not 0 < amount_minor <= of.left_minor:
        left = Money(max(0, of.left_minor), of.currency).spoken()
        raise InvalidInput(("amount",), f"The invoice has {left} left to credit.", amount_minor)
    parts = allocate(amount_minor, [line.left_minor for line in of.lines])
    return tuple(CreditShare(line.id, part) for line, part in zip(of.lines, parts, strict=True) if part > 0)


def share_lines(of: Creditable, wanted: Sequence[CreditShare]) -> tuple[CreditShare, ...]:
    """The lines somebody chose, each with its amount. Raises InvalidInput naming the line at fault by its position.

    A line once only, of this invoice, and for no more than it has left; together no more than the invoice has left.
    """
    known = {line.id: line for line in of.lines}
    chosen: dict[LineId, CreditShare] = {}
    for position, share in enumerate(wanted):
        line = known.get(share.line_id)
        if line is None or share.line_id in chosen:
            raise InvalidInput(
                ("lines", str(position), "lineId"), "Name a charge of this invoice, once.", share.line_id
            )
        amount = line.left_minor if share.amount_minor is None else share.amount_minor
        if not 0 < amount <= line.left_minor:
            left = Money(line.left_minor, of.currency).spoken()
            raise InvalidInput(
                ("lines", str(position), "amount"), f"“{line.description}” has {left} left to credit.", amount
            )
        chosen[line.id] = CreditShare(line.id, amount)
    if sum(share.amount_minor or 0 for share in chosen.values()) > of.left_minor:
        left = Money(max(0, of.left_minor), of.currency).spoken()
        raise InvalidInput(("lines",), f"The invoice has {left} left to credit.", of.left_minor)
    return tuple(chosen.values())


def credit_lines(
    of: Creditable, shares: Sequence[CreditShare], cause: UUID, ids: IdMaker
) -> tuple[CreditNoteLine, ...]:
    """The lines of a credit note that gives back these shares, in the order of the invoice's lines.

    Each share is with tax; its tax is rounded cumulatively, so that crediting a line whole, in however many steps,
    gives back exactly its net amount and exactly its tax. Raises InvalidAmount for more than a line has left.
    """
    wanted = {share.line_id: share for share in shares}
    return tuple(_credit(of, line, wanted[line.id], cause, ids) for line in of.lines if line.id in wanted)


def _credit(of: Creditable, line: CreditableLine, share: CreditShare, cause: UUID, ids: IdMaker) -> CreditNoteLine:
    gross = line.left_minor if share.amount_minor is None else share.amount_minor
    if not 0 < gross <= line.left_minor:
        raise InvalidAmount("A line gives back at most what it has left.", (line.id, gross))
    tax = credited_tax(
        line.net_minor + line.tax_minor,
        line.tax_minor,
        line.credited_net_minor + line.credited_tax_minor,
        line.credited_tax_minor,
        gross,
    )
    # an earlier credit by time rounded its net amount by itself: neither side may give more than it has
    net_left = line.net_minor - line.credited_net_minor
    tax = min(max(tax, gross - net_left), gross)
    net = gross - tax
    stated = gross if line.tax_inclusive else net
    whole = Money(line.net_minor + line.tax_minor, of.currency)
    words = f"Credit of {Money(gross, of.currency).spoken()} with tax of the {whole.spoken()} of {line.description}"
    rest = line.left_minor - gross
    left = ", all that it had left." if rest == 0 else f"; {Money(rest, of.currency).spoken()} are left."
    return CreditNoteLine(
        id=ids.new(),
        invoice_line_id=line.id,
        cause=cause,
        description=line.description,
        amount=Money(net, of.currency),
        tax_minor=tax,
        tax_inclusive=line.tax_inclusive,
        service=line.service,
        explanation=LineExplanation(RULE, f"{words}{left}", Fraction(stated)),
    )


def with_waiting(line: CreditableLine, stated_minor: int) -> CreditableLine:
    """The line as if what waits to be given back of it on a next invoice had been given already.

    `stated_minor` is zero or more, in the line's own terms: with tax where its price includes it. What a line has not
    left any more is not reserved twice.
    """
    if line.tax_inclusive:
        gross = min(stated_minor, line.left_minor)
        whole, before = line.net_minor + line.tax_minor, line.credited_net_minor + line.credited_tax_minor
        tax = credited_tax(whole, line.tax_minor, before, line.credited_tax_minor, gross)
        net = gross - tax
    else:
        net = min(stated_minor, line.net_minor - line.credited_net_minor)
        tax = credited_tax(line.net_minor, line.tax_minor, line.credited_net_minor, line.credited_tax_minor, net)
    return replace(
        line, credited_net_minor=line.credited_net_minor + net, credited_tax_minor=line.credited_tax_minor + tax
    )
