"""Invoices and their lines: documents that never change once finalised, and the states around them.

Owns statuses, kinds of lines, and that totals are the sum of lines. Does not own how a line's amount arises
(pricing/, proration.py) or when one is drafted (invoicing/).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from uuid import UUID

from domain.errors import InvalidTransition
from domain.ids import (
    DiscountId,
    InvoiceId,
    ItemId,
    LineId,
    PlanVersionId,
    PriceId,
    SubscriptionId,
    TaxRateId,
)
from domain.money import Money, round_half_away, round_signed_parts
from domain.periods import Period
from domain.pricing.rated import Term
from domain.tax import TaxTreatment


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
    TRIAL_END = "TRIAL_END"
    RENEWAL = "RENEWAL"
    PLAN_CHANGE = "PLAN_CHANGE"
    RESUME = "RESUME"
    CANCELLATION = "CANCELLATION"
    ONE_OFF = "ONE_OFF"


class LineKind(StrEnum):
    """What a line is. A charge by quantity or by usage, one side of a change's delta, or a step after them."""

    CHARGE = "CHARGE"
    USAGE = "USAGE"
    PRORATION_CREDIT = "PRORATION_CREDIT"
    PRORATION_CHARGE = "PRORATION_CHARGE"
    TRUE_UP = "TRUE_UP"
    MAXIMUM = "MAXIMUM"
    DISCOUNT = "DISCOUNT"
    ADJUSTMENT = "ADJUSTMENT"
    ONE_OFF = "ONE_OFF"


class ChargeKind(StrEnum):
    """What finance adds by hand: a charge of its own, or a correction of a line on an earlier invoice."""

    ONE_OFF = "ONE_OFF"
    ADJUSTMENT = "ADJUSTMENT"


REGULAR = UUID(int=0)
"""The cause of a regular line. Any other line carries the id of the change that asked for it."""


@dataclass(frozen=True, slots=True)
class LineExplanation:
    """The arithmetic of one line, complete enough to get its amount again.

    stated = round_half_away(basis_minor × part_s / whole_s); for a regular line part_s = whole_s = 1. The stated amount
    is the line's net amount, or, where its price includes tax, net and tax together.
    For a charge basis_minor is the sum of `terms` (quantity × unit price + flat), exact and in minor units; for one
    side of a delta it is the amount of a whole period, negative for a credit; for a discount its share of what is
    discounted, negative. Where `split_minor` is set, the lines of this kind and cause are parts of one amount: their
    shares are summed, rounded once to `split_minor`, and split.
    """

    rule: str
    sentence: str
    basis_minor: Fraction
    part_s: int = 1
    whole_s: int = 1
    split_minor: int | None = None
    credited_line_id: LineId | None = None
    terms: tuple[Term, ...] = ()

    @property
    def exact_minor(self) -> Fraction:
        """The stated amount before its rounding, in minor units."""
        return self.basis_minor * self.part_s / self.whole_s


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line: money in minor units of the invoice's currency, `amount` net, negative for a credit or a discount.

    A one-off line belongs to no item; a true-up to a subscription's period and no item. A DISCOUNT names the line it
    takes from and the discount it is of. `tax_minor` is the line's part of its invoice's tax.
    """

    id: LineId
    subscription_id: SubscriptionId | None
    item_id: ItemId | None
    plan_version_id: PlanVersionId | None
    price_id: PriceId | None
    kind: LineKind
    cause: UUID
    description: str
    quantity: Fraction | int
    unit_minor: Fraction | None
    amount: Money
    service: Period
    explanation: LineExplanation
    tax_minor: int = 0
    tax_inclusive: bool = False
    tax_rate_id: TaxRateId | None = None
    discount_id: DiscountId | None = None
    discounted_line_id: LineId | None = None

    @property
    def stated(self) -> Money:
        """What the price says: net and tax together where it includes tax, else net."""
        return Money(self.amount.minor + self.tax_minor, self.amount.currency) if self.tax_inclusive else self.amount


def recompute(lines: Sequence[InvoiceLine]) -> tuple[Money, ...]:
    """The stated amounts of one invoice's lines again, from their explanations alone, in order (law L8).

    Lines of a split are recomputed together: those of one kind and cause whose explanation names a split. The parts of
    a discount are one amount for each billing period that it covers, and have one service, whatever caused them.
    """
    exact = [line.explanation.exact_minor for line in lines]
    amounts = [Money(round_half_away(share), line.amount.currency) for line, share in zip(lines, exact, strict=True)]
    splits: dict[tuple[LineKind, object, object], list[int]] = {}
    for index, line in enumerate(lines):
        if line.explanation.split_minor is not None:
            splits.setdefault(_split_of(line), []).append(index)
    for members in splits.values():
        for index, minor in zip(members, round_signed_parts([exact[index] for index in members]), strict=True):
            amounts[index] = Money(minor, lines[index].amount.currency)
    return tuple(amounts)


def _split_of(line: InvoiceLine) -> tuple[LineKind, object, object]:
    if line.kind is LineKind.DISCOUNT:
        return line.kind, line.discount_id, line.service
    return line.kind, line.cause, None


@dataclass(frozen=True, slots=True)
class InvoiceTax:
    """The tax of one rate and treatment on an invoice: computed once over `base`, then split over its lines."""

    tax_rate_id: TaxRateId | None
    treatment: TaxTreatment
    name: str
    percent: Fraction
    is_inclusive: bool
    base: Money
    tax: Money
    sentence: str


@dataclass(frozen=True, slots=True)
class Invoice:
    """A document. `number` is given by the database at the very end, gapless per legal entity and series.

    While it is a DRAFT the days are as they would be, `finalised_at` is None and `finalise_at` says when it will be
    final. `period` is the billing period it is of; None for a one-off.
    """

    id: InvoiceId
    reason: InvoiceReason
    currency: str
    lines: tuple[InvoiceLine, ...]
    issued_on: date
    due_on: date
    finalised_at: datetime | None
    status: InvoiceStatus = InvoiceStatus.OPEN
    number: str | None = None
    taxes: tuple[InvoiceTax, ...] = ()
    subscription_id: SubscriptionId | None = None
    period: Period | None = None
    drafted_at: datetime | None = None
    finalise_at: datetime | None = None
    replaces_invoice_id: InvoiceId | None = None

    @property
    def subtotal(self) -> Money:
        """The net sum of the lines before discounts."""
        return Money.total((line.amount for line in self.lines if line.kind is not LineKind.DISCOUNT), self.currency)

    @property
    def discount(self) -> Money:
        """What discounts take off, zero or positive."""
        return -Money.total((line.amount for line in self.lines if line.kind is LineKind.DISCOUNT), self.currency)

    @property
    def tax(self) -> Money:
        """The tax of all rates."""
        return Money.total((each.tax for each in self.taxes), self.currency)

    @property
    def total(self) -> Money:
        """subtotal − discount + tax (law L1), never negative for a document of this kind."""
        return self.subtotal - self.discount + self.tax


@dataclass(frozen=True, slots=True)
class Settlement:
    """What stands beside an invoice's document, in minor units, each zero or positive (law L1).

    `credited`: credit notes · `applied`: credit balance · `paid`: payments · `returned`: refunds, and what credit notes
    moved from it to the credit balance.
    """

    total: int
    credited: int = 0
    applied: int = 0
    paid: int = 0
    returned: int = 0

    @property
    def due(self) -> int:
        """What is left to pay."""
        return self.total - self.credited - self.applied - self.paid + self.returned
