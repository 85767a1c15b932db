"""Lines over a part of a period: credits of service that goes unused, charges for the rest of a period.

What a change, a pause, a resume, a stub and a cancellation are made of. A credit looks at what its line debited over
the line's own service period, a charge at the whole amount over a whole billing period. The lines of one side are
parts of one amount: the side is rounded once and split by largest remainder. Does not own which lines are concerned.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from domain.errors import InvalidPeriod
from domain.invoice import LineExplanation, LineKind
from domain.invoicing.debited import DebitedLine
from domain.invoicing.draft import BillingSpan, DraftLine, days_of
from domain.money import Money, round_parts
from domain.periods import Period
from domain.proration import Prorated, charge_over, credit_for


def credit_unused(debits: Sequence[DebitedLine], unused: Period, zone: str) -> tuple[DraftLine, ...]:
    """The credits of lines whose service inside `unused` goes unused, in their order; a line for each that has any.

    What was given back earlier is not given back again: `credited_from` is where a line's unused service begins
    already. A credit never exceeds what its line has left, and is taxed as its line was.
    """
    parts: list[_Part] = []
    for debit in debits:
        start = max(unused.start, debit.service.start)
        end = min(unused.end, debit.service.end, debit.credited_from or debit.service.end)
        if start >= end:
            continue
        service = Period(start, end)
        share = credit_for(debit.debited, service, debit.service, debit.credited)
        if share.exact_minor != 0:
            parts.append(_Part(_credit_of(debit, service), share))
    return _rounded_together(parts, zone)


def _credit_of(debit: DebitedLine, unused: Period) -> DraftLine:
    return DraftLine(
        component=debit.component,
        item_id=debit.item_id,
        plan_version_id=debit.plan_version_id,
        price_id=debit.price_id,
        kind=LineKind.PRORATION_CREDIT,
        description=f"Unused: {debit.description}",
        quantity=debit.quantity,
        unit_minor=None,
        stated=Money.zero(debit.stated.currency),
        service=unused,
        explanation=LineExplanation("PRORATION", "", Fraction(0), credited_line_id=debit.line_id),
        tax_inclusive=debit.tax_inclusive,
        taxed=debit.taxed,
        credited=debit,
    )


def charge_rest(whole: Sequence[DraftLine], span: BillingSpan, zone: str) -> tuple[DraftLine, ...]:
    """Whole lines charged for the window of `span` alone, the rest of a period or a stub of one.

    `whole` are lines of one whole period (regular.py).
    """
    parts = [
        _Part(
            replace(line, kind=LineKind.PRORATION_CHARGE, service=span.window, span=span),
            charge_over(line.stated, span.window, span.whole),
        )
        for line in whole
    ]
    return _rounded_together(parts, zone)


def charge_served(served: Sequence[tuple[DraftLine, Period]], span: BillingSpan, zone: str) -> tuple[DraftLine, ...]:
    """Lines in arrears: each whole line for the time it was in force, inside the closed period of `span`.

    One that was in force for a whole period is charged as it is; the others are parts of one amount.
    """
    lines: list[DraftLine] = []
    parts: list[_Part] = []
    for line, in_force in served:
        of_span = replace(line, service=in_force, span=span)
        if in_force.seconds == span.whole.seconds:
            lines.append(of_span)
        else:
            parts.append(_Part(of_span, charge_over(line.stated, in_force, span.whole)))
    return (*lines, *_rounded_together(parts, zone))


@dataclass(frozen=True, slots=True)
class _Part:
    """A line of one side, without its amount and sentence, and the share that gives them."""

    line: DraftLine
    share: Prorated


def _rounded_together(side: Sequence[_Part], zone: str) -> tuple[DraftLine, ...]:
    """The lines of one side as parts of one amount: rounded once, split by largest remainder, each naming its split."""
    minors = round_parts([part.share.exact_minor for part in side])
    return tuple(
        _written(part, minor, sum(minors) if len(side) > 1 else None, len(side), zone)
        for part, minor in zip(side, minors, strict=True)
    )


def _written(part: _Part, minor: int, split_minor: int | None, parts: int, zone: str) -> DraftLine:
    """A part with its amount, the sentence that says how it came to be, and the numbers it is computed from again."""
    line, share = part.line, part.share
    stated = Money(minor, share.currency)
    says = f"{days_of(line.service, zone)}: {share.words}: {stated.spoken()}"
    if share.is_capped:
        says += ", all that the line has left"
    if split_minor is not None:
        says += f", one of {parts} parts of {Money(split_minor, share.currency).spoken()} rounded together"
    explanation = LineExplanation(
        rule="REMAINDER" if share.is_capped else "PRORATION",
        sentence=f"{says}.",
        basis_minor=share.exact_minor if share.is_capped else Fraction(share.basis_minor),
        part_s=1 if share.is_capped else _whole_seconds(share.part_s),
        whole_s=1 if share.is_capped else _whole_seconds(share.whole_s),
        split_minor=split_minor,
        credited_line_id=line.explanation.credited_line_id,
    )
    return replace(line, stated=stated, explanation=explanation)


def _whole_seconds(seconds: Fraction) -> int:
    """Seconds as the line stores them. Requests are pinned to whole seconds, boundaries are whole by nature."""
    if seconds.denominator != 1:
        raise InvalidPeriod("A line's service is measured in whole seconds.", seconds)
    return seconds.numerator
