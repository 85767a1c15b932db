"""Invoices and their lines: documents that never change once finalised, and the states around them.

Owns statuses, kinds of lines, and that totals are the sum of lines. Does not own how a line's amount arises
(pricing/, proration.py) or when one is drafted (invoicing.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from uuid import UUID

from domain.errors import InvalidTransition
from domain.ids import InvoiceId, ItemId, LineId, PlanVersionId, PriceId, SubscriptionId
from domain.money import Money, round_half_away, round_parts
from domain.periods import Period


class InvoiceStatus(StrEnum):
    """The life of an invoice beside its document."""

    DRAFT = "DRAFT"
    OPEN = "OPEN"
    PAID = "PAID"
    VOID = "VOID"
    UNCOLLECTIBLE = "UNCOLLECTIBLE"


class InvoiceEvent(StrEnum):
    """What can happen to an invoice."""

    FINALISED = "FINALISED"
    PAID = "PAID"
    VOIDED = "VOIDED"
    WRITTEN_OFF = "WRITTEN_OFF"


_S, _E = InvoiceStatus, InvoiceEvent
TRANSITIONS: Mapping[tuple[InvoiceStatus, InvoiceEvent], InvoiceStatus] = MappingProxyType(
    {
        (_S.DRAFT, _E.FINALISED): _S.OPEN,
        (_S.OPEN, _E.PAID): _S.PAID,
        (_S.OPEN, _E.VOIDED): _S.VOID,
        (_S.OPEN, _E.WRITTEN_OFF): _S.UNCOLLECTIBLE,
        (_S.UNCOLLECTIBLE, _E.PAID): _S.PAID,
    }
)


def after(status: InvoiceStatus, event: InvoiceEvent) -> InvoiceStatus:
    """The status that follows; raises InvalidTransition naming both where the table has no row."""
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise InvalidTransition(status, event) from None


class InvoiceReason(StrEnum):
    """Why an invoice was made."""

    SIGN_UP = "SIGN_UP"
    RENEWAL = "RENEWAL"
    PLAN_CHANGE = "PLAN_CHANGE"


class LineKind(StrEnum):
    """What a line is: a period's regular charge, or one side of a change's delta."""

    CHARGE = "CHARGE"
    PRORATION_CREDIT = "PRORATION_CREDIT"
    PRORATION_CHARGE = "PRORATION_CHARGE"


REGULAR = UUID(int=0)
"""The cause of a regular line. Any other line carries the id of the change that asked for it."""


@dataclass(frozen=True, slots=True)
class LineExplanation:
    """The arithmetic of one line, complete enough to get its amount again.

    amount = round_half_away(basis_minor × part_s / whole_s); for a regular line part_s = whole_s = 1.
    For a regular charge basis_minor is quantity × unit price (or the flat fee), exact and in minor units; for one side
    of a delta it is the amount of a whole period, negative for a credit. Where `split_minor` is set, the lines of this
    kind and cause are parts of one amount: their shares are summed, rounded once to `split_minor`, and split.
    """

    rule: str
    sentence: str
    basis_minor: Fraction
    part_s: int = 1
    whole_s: int = 1
    split_minor: int | None = None
    credited_line_id: LineId | None = None

    @property
    def exact_minor(self) -> Fraction:
        """The amount before its rounding, in minor units."""
        return self.basis_minor * self.part_s / self.whole_s


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line: money in minor units of the invoice's currency, negative for a credit."""

    id: LineId
    subscription_id: SubscriptionId
    item_id: ItemId
    plan_version_id: PlanVersionId
    price_id: PriceId
    kind: LineKind
    cause: UUID
    description: str
    quantity: int
    unit_minor: Fraction | None
    amount: Money
    service: Period
    explanation: LineExplanation


def recompute(lines: Sequence[InvoiceLine]) -> tuple[Money, ...]:
    """The amounts of one invoice's lines again, from their explanations alone, in order (law L8).

    Lines of a split are recomputed together: those of one kind and cause whose explanation names a split.
    """
    exact = [line.explanation.exact_minor for line in lines]
    amounts = [Money(round_half_away(share), line.amount.currency) for line, share in zip(lines, exact, strict=True)]
    splits: dict[tuple[LineKind, UUID], list[int]] = {}
    for index, line in enumerate(lines):
        if line.explanation.split_minor is not None:
            splits.setdefault((line.kind, line.cause), []).append(index)
    for members in splits.values():
        for index, minor in zip(members, round_parts([exact[index] for index in members]), strict=True):
            amounts[index] = Money(minor, lines[index].amount.currency)
    return tuple(amounts)


@dataclass(frozen=True, slots=True)
class Invoice:
    """A finalised document. `number` is given by the database at the very end, gapless per legal entity and series."""

    id: InvoiceId
    reason: InvoiceReason
    currency: str
    lines: tuple[InvoiceLine, ...]
    issued_on: date
    due_on: date
    finalised_at: datetime
    status: InvoiceStatus = InvoiceStatus.OPEN
    number: str | None = None

    @property
    def total(self) -> Money:
        """The sum of the lines, never negative for a document of this kind."""
        return Money.total((line.amount for line in self.lines), self.currency)
