"""Use counted again: an adjustment brings what a window was charged to the price of what it had counted by then.

Owns adjustments that follow late use. Does not own the USAGE lines themselves (usage.py), the bounds of a period that
was counted again, nor adjustments by hand (by_hand.py).
"""

from collections.abc import Iterator
from fractions import Fraction
from uuid import UUID

from domain.audit.case import Case
from domain.audit.disagreement import Code, Disagreement
from domain.audit.documents import Arithmetic
from domain.audit.usage import Measured, earlier_in_period, measured_windows
from domain.audit.words import amounts, document_of
from domain.invoice import InvoiceStatus, LineKind
from domain.money import round_half_away
from domain.pricing.model import rate

RECOUNT = "RECOUNT"
"""The rule of a line that follows late use."""


def audit_late(case: Case) -> Iterator[Disagreement]:
    """Windows that a recount left at another amount than the price of the quantity it names.

    One whose tiers go on from an earlier window is left out: its price depends on two counts, and the line names one.
    """
    recounted = {
        (line.item_id, line.service)
        for _, line in case.books.final_lines()
        if line.kind is LineKind.ADJUSTMENT and line.arithmetic.rule == RECOUNT and line.item_id is not None
    }
    if not recounted:
        return
    windows = list(measured_windows(case))
    for window in windows:
        if (window.item.id, window.span) in recounted and not earlier_in_period(windows, window):
            yield from _of_window(case, window)


def _of_window(case: Case, window: Measured) -> Iterator[Disagreement]:
    charged, forgiven = Fraction(0), 0
    for invoice in case.books.counting:
        quantity: Fraction | None = None
        for line in invoice.lines:
            if (line.item_id, line.service) != (window.item.id, window.span):
                continue
            if invoice.status is InvoiceStatus.VOID:
                forgiven += line.stated_minor
            if line.kind is LineKind.USAGE:
                charged += line.stated_minor
            elif line.kind is LineKind.ADJUSTMENT and line.arithmetic.rule == RECOUNT:
                quantity = line.quantity
                charged += line.stated_minor if line.stated_minor > 0 else -_back(line.arithmetic)
        for note in case.books.notes:
            if note.created_at == invoice.drafted_at:
                charged -= sum(
                    _back(each.arithmetic) for each in note.lines if _is_of(case, each.invoice_line_id, window)
                )
        if quantity is None or not invoice.is_final or invoice.status is InvoiceStatus.VOID:
            continue
        due = rate(window.price, quantity).amount.minor
        # what was forgiven is not given back, whatever is due by now
        if not due <= round_half_away(charged) <= max(due, forgiven):
            field = f"use of {window.component.code} as counted again"
            because = f"{quantity} cost"
            yield amounts(
                Code.CHARGE, document_of(invoice), field, invoice.currency, round_half_away(charged), due, because
            )


def _back(arithmetic: Arithmetic) -> Fraction:
    """What a recount gave back, before discounts; nothing of a line that follows something else."""
    return abs(arithmetic.basis_minor) if arithmetic.rule == RECOUNT else Fraction(0)


def _is_of(case: Case, line_id: UUID, window: Measured) -> bool:
    _, line = case.books.lines.get(line_id, (None, None))
    return line is not None and (line.item_id, line.service) == (window.item.id, window.span)
