"""A billing period that has ended, and what it owes at that end: quantities in arrears, use, its minimum or maximum.

Owns which facts a closed period is billed from. Does not own what was charged in advance for it, nor the next period.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.invoicing.arrears import HeldItem, UsageSlice, served_lines, usage_line
from domain.invoicing.bounds import bound_line
from domain.invoicing.debited import DebitedLine
from domain.invoicing.draft import BillingSpan, DraftLine
from domain.periods import BillingInterval


@dataclass(frozen=True, slots=True)
class Closing:
    """A billing period that ends at a boundary.

    `items` are all item versions that were in force in it, `usage` what its windows counted (arrears.usage_windows),
    `billed` its charges on earlier invoices.
    """

    span: BillingSpan
    interval: BillingInterval
    items: tuple[HeldItem, ...]
    usage: tuple[UsageSlice, ...] = ()
    billed: tuple[DebitedLine, ...] = ()


def closing_lines(closing: Closing, currency: str, zone: str) -> Sequence[DraftLine]:
    """What a closed period owes: quantities in arrears, use, and what brings all of it to its bounds."""
    lines = [*served_lines(closing.items, closing.span, zone)]
    lines += [line for usage in closing.usage if (line := usage_line(usage, closing.span, zone)) is not None]
    bound = bound_line(closing.items, closing.billed, lines, closing.span, currency, closing.interval)
    return lines if bound is None else [*lines, bound]
