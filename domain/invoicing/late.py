"""Use that came in, or was corrected, after its invoice was final: adjustments on the next one.

The period is rated again as if everything had been counted in time; what differs from what was charged so far is an
adjustment, window by window and for the period's bound, and names the line it corrects. What a void invoice asked for
stays forgiven: it counts as charged, and is not given back either. Does not own noticing that the
use of a period has changed (the caller measures it).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.invoice import LineExplanation, LineKind
from domain.invoicing.arrears import usage_line
from domain.invoicing.bounds import bound_line
from domain.invoicing.closing import Closing
from domain.invoicing.debited import RECOUNT, DebitedLine
from domain.invoicing.draft import DraftLine, days_of
from domain.money import Money, round_half_away
from domain.pricing.rated import Term

_OF_A_BOUND = frozenset({LineKind.TRUE_UP, LineKind.MAXIMUM})


def late_lines(late: Closing, currency: str, zone: str) -> tuple[DraftLine, ...]:
    """The adjustments of a period closed before, `late.billed` being all of its charges; none where nothing differs.

    More is a line of its own, discounted as its period is. Less gives back of what was charged, the newest line first,
    each net of its own discount and never more than it has left.
    """
    counted = [line for usage in late.usage if (line := usage_line(usage, late.span, zone)) is not None]
    found = [
        _Counted(line, line.stated.minor, [each for each in late.billed if _is_of(each, line)]) for line in counted
    ]
    others = [each for each in late.asked if not each.is_counted]
    bound = bound_line(late.charged, others, counted, late.span, currency, late.interval)
    charged = [each for each in late.billed if each.item_id is None and (each.kind in _OF_A_BOUND or each.is_recount)]
    if bound is not None:
        found.append(_Counted(bound, bound.stated.minor, charged))
    elif charged:
        found.append(_Counted(_none_of(charged[0], late), 0, charged))
    lines = [line for each in found for line in _difference(each, zone)]
    return (*lines, *_set_off(found, lines))


@dataclass(frozen=True, slots=True)
class _Counted:
    """A window or a bound as it counts now: what is due for it in minor units, and what was asked for it so far."""

    line: DraftLine
    due_minor: int
    charged: Sequence[DebitedLine]

    @property
    def so_far_minor(self) -> int:
        return sum(each.stated.minor - each.recounted_minor for each in self.charged)

    @property
    def back(self) -> list[tuple[DebitedLine, int]]:
        """What is too much by now, of the newest charge first."""
        missing, back = self.so_far_minor - self.due_minor, list[tuple[DebitedLine, int]]()
        for each in reversed(self.charged):
            part = min(missing, each.stated.minor - each.recounted_minor)
            if part > 0:
                back.append((each, part))
                missing -= part
        return back


def _is_of(charged: DebitedLine, line: DraftLine) -> bool:
    """Whether a charge is for the same item and window: its USAGE line, or an earlier recount of it."""
    is_same = charged.item_id == line.item_id and charged.service.start == line.service.start
    return is_same and (charged.kind is LineKind.USAGE or charged.is_recount)


def _none_of(charged: DebitedLine, late: Closing) -> DraftLine:
    """The line of a bound that the period keeps to by itself after all: nothing."""
    nothing = Money.zero(charged.stated.currency)
    return DraftLine(
        component=None,
        item_id=None,
        plan_version_id=charged.plan_version_id,
        price_id=None,
        kind=LineKind.TRUE_UP,
        description=charged.description,
        quantity=1,
        unit_minor=None,
        stated=nothing,
        service=charged.service,
        explanation=LineExplanation(RECOUNT, "The period is within its bounds.", Fraction(0)),
        tax_inclusive=charged.tax_inclusive,
        span=late.span,
    )


def _difference(counted: _Counted, zone: str) -> list[DraftLine]:
    """What brings the charges so far to what is due, in stated amounts before discounts."""
    line, so_far = counted.line, counted.so_far_minor
    difference = counted.due_minor - so_far
    if difference > 0:
        return [_more(line, difference, so_far, counted.charged)]
    lines: list[DraftLine] = []
    for each, back in counted.back:
        lines += _less(line, back, each, zone)
        difference += back
    if difference < 0 and line.kind in _OF_A_BOUND:
        lines.append(_more(line, difference, so_far, ()))
    return lines


def _set_off(found: Sequence[_Counted], lines: Sequence[DraftLine]) -> list[DraftLine]:
    """What was forgiven and is not due by now any more, as far as more is asked for something else of the period.

    A minimum that was forgiven covers what is used later, as it would have if it had been paid.
    """
    room, set_off = sum(line.stated.minor for line in lines if line.stated.minor > 0), list[DraftLine]()
    for counted in found:
        forgiven = sum(back for each, back in counted.back if each.is_forgiven)
        minor = min(forgiven, room)
        if minor > 0:
            room -= minor
            amount = Money(-minor, counted.line.stated.currency)
            says = f"{counted.line.explanation.sentence} Counted again; of what was forgiven before: {amount.spoken()}."
            set_off.append(_adjustment(counted.line, amount, LineExplanation(RECOUNT, says, Fraction(-minor))))
    return set_off


def _more(line: DraftLine, minor: int, so_far: int, charged: Sequence[DebitedLine]) -> DraftLine:
    """A further charge (below zero only of a MAXIMUM, which gives back no line in particular)."""
    amount = Money(minor, line.stated.currency)
    before = Money(so_far, line.stated.currency)
    standing = [each for each in charged if not each.is_forgiven]
    how = "charged" if len(standing) == len(charged) else "charged or forgiven"
    terms = (*line.explanation.terms, Term("charged before", Fraction(1), None, -so_far))
    exact = sum((term.exact_minor for term in terms), Fraction(0))
    says = f"{line.explanation.sentence} Counted again; less {before.spoken()} {how} before: {amount.spoken()}."
    is_exact = bool(line.explanation.terms) and round_half_away(exact) == minor
    return _adjustment(
        line,
        amount,
        LineExplanation(
            RECOUNT,
            says,
            exact if is_exact else Fraction(minor),
            credited_line_id=standing[0].line_id if standing else None,
            terms=terms if is_exact else (),
        ),
    )


def _less(line: DraftLine, back_minor: int, of: DebitedLine, zone: str) -> list[DraftLine]:
    """A credit of one charged line: the part of it that was not used after all, less the same part of its discount."""
    exact = Fraction(-back_minor * of.debited.minor, of.stated.minor)
    amount = Money(max(round_half_away(exact), -of.left.minor), of.stated.currency)
    if amount.is_zero:
        return []
    is_capped = amount.minor != round_half_away(exact)
    basis = Money(-back_minor, of.stated.currency)
    says = f"{days_of(of.service, zone)}: counted again, {basis.spoken()} of {of.stated.spoken()}"
    if of.discount_minor:
        says += f", less its part of the discount of {Money(of.discount_minor, of.stated.currency).spoken()}"
    explanation = LineExplanation(
        RECOUNT,
        f"{says}: {amount.spoken()}{', all that the line has left' if is_capped else ''}.",
        Fraction(amount.minor if is_capped else -back_minor),
        part_s=1 if is_capped else of.debited.minor,
        whole_s=1 if is_capped else of.stated.minor,
        credited_line_id=of.line_id,
    )
    credit = _adjustment(line, amount, explanation, of)
    return [credit]


def _adjustment(
    line: DraftLine, amount: Money, explanation: LineExplanation, of: DebitedLine | None = None
) -> DraftLine:
    """An ADJUSTMENT of the same item and window. One that gives back is taxed as its line was, and not discounted."""
    return DraftLine(
        component=line.component,
        item_id=line.item_id,
        plan_version_id=line.plan_version_id,
        price_id=line.price_id,
        kind=LineKind.ADJUSTMENT,
        description=f"Counted again: {line.description}",
        quantity=line.quantity,
        unit_minor=None,
        stated=amount,
        service=line.service,
        explanation=explanation,
        tax_inclusive=of.tax_inclusive if of else line.tax_inclusive,
        span=None if of else line.span,
        taxed=of.taxed if of else None,
        credited=of,
    )
