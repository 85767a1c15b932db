"""The money of a change taken at once: credits for what was debited, charges for what comes.

A credit looks at what the line debited over its own service period, a charge at the new amount over the billing
period; nothing here asks for a "current price". The lines of one side are parts of one amount: the side is rounded
once and split by largest remainder. Does not own whether the change is taken at once (timing.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from domain.errors import InvalidPeriod
from domain.ids import LineId
from domain.invoice import LineExplanation, LineKind
from domain.invoicing import DraftLine, days_of, regular_lines
from domain.money import Money, round_parts
from domain.periods import Period
from domain.plan_change.course import BillingCourse, course_at_once, kept_components
from domain.plan_change.facts import DebitedLine, PlanChangeFacts
from domain.plan_change.parts import parts_of
from domain.plan_change.timing import timing_of
from domain.proration import Prorated, charge_for, credit_for


@dataclass(frozen=True, slots=True)
class DeltaCharge:
    """The credit and the charge of one change, line by line, as they go on its own invoice."""

    currency: str
    lines: tuple[DraftLine, ...]

    @property
    def credit(self) -> Money:
        """What is given back, zero or negative."""
        return Money.total((line.amount for line in self.lines if line.amount.minor < 0), self.currency)

    @property
    def charge(self) -> Money:
        """What is charged anew, zero or positive."""
        return Money.total((line.amount for line in self.lines if line.amount.minor > 0), self.currency)

    @property
    def net(self) -> Money:
        """Charge plus credit: what the change costs today."""
        return Money.total((line.amount for line in self.lines), self.currency)


def delta_of(facts: PlanChangeFacts) -> DeltaCharge:
    """The delta of taking the change at `facts.now`: credits of the lines in force, then charges to the period's end.

    Empty when nothing changes. The credit of a line never exceeds what it has left.
    """
    course = course_at_once(facts)
    kept = kept_components(facts, course)
    return DeltaCharge(facts.account.currency, (*_credits(facts, course, kept), *_charges(facts, course, kept)))


def net_if_immediate(facts: PlanChangeFacts) -> int:
    """What the change costs today in minor units if it is taken at once; 0 for one that waits."""
    timings = [timing_of(facts, part) for part in parts_of(facts)]
    if not timings or any(timing.effective_at > facts.now for timing in timings):
        return 0
    return delta_of(facts).net.minor


def _credits(facts: PlanChangeFacts, course: BillingCourse, kept: frozenset[str]) -> list[DraftLine]:
    """One line for each debit that covers time after the change, in the order of the debits."""
    since = course.period.start if course.is_new else facts.now
    parts: list[_Part] = []
    for debit in facts.debits:
        start = max(since, debit.service.start)
        # a change earlier today gave back what came after it: what it left is before
        end = debit.service.end if debit.credited_from is None else min(debit.service.end, debit.credited_from)
        if debit.component in kept or start >= end:
            continue
        unused = Period(start, end)
        share = credit_for(debit.debited, unused, debit.service, debit.credited)
        if share.exact_minor != 0:
            parts.append(_Part(_credit_line(debit, unused, share), share, debit.line_id))
    return _rounded_together(parts, facts.account.zone)


def _credit_line(debit: DebitedLine, unused: Period, share: Prorated) -> DraftLine:
    return DraftLine(
        component=debit.component,
        item_id=debit.item_id,
        plan_version_id=debit.plan_version_id,
        price_id=debit.price_id,
        kind=LineKind.PRORATION_CREDIT,
        description=f"Unused: {debit.description}",
        quantity=debit.quantity,
        unit_minor=None,
        amount=share.amount,
        service=unused,
        explanation=_explanation(share, share.sentence, debit.line_id),
    )


def _charges(facts: PlanChangeFacts, course: BillingCourse, kept: frozenset[str]) -> list[DraftLine]:
    """The new components: for a new period in full, else for what remains of the present one."""
    zone, now = facts.account.zone, facts.now
    whole = [
        line
        for line in regular_lines(
            facts.target, facts.account.currency, facts.interval, facts.quantities, course.period, zone
        )
        if line.component not in kept
    ]
    if course.is_new:
        return whole
    if now >= course.period.end:
        return []
    rest = Period(now, course.period.end)
    parts = [
        _Part(replace(line, kind=LineKind.PRORATION_CHARGE, service=rest), charge_for(line.amount, course.period, now))
        for line in whole
    ]
    return _rounded_together(parts, zone)


@dataclass(frozen=True, slots=True)
class _Part:
    """A line of one side, the share behind it, and of a credit the line it gives back of."""

    line: DraftLine
    share: Prorated
    credited_line_id: LineId | None = None


def _rounded_together(side: Sequence[_Part], zone: str) -> list[DraftLine]:
    """The lines of one side as parts of one amount: rounded once, split by largest remainder, each naming its split."""
    minors = round_parts([part.share.exact_minor for part in side])
    drafts: list[DraftLine] = []
    for part, minor in zip(side, minors, strict=True):
        amount = Money(minor, part.share.currency)
        says = f"{days_of(part.line.service, zone)}: {part.share.words}: {amount.spoken()}"
        if part.share.is_capped:
            says += ", all that the line has left"
        whole = Money(sum(minors), part.share.currency) if len(side) > 1 else None
        if whole is not None:
            says += f", one of {len(side)} parts of {whole.spoken()} rounded together"
        explanation = _explanation(
            part.share, f"{says}.", part.credited_line_id, None if whole is None else whole.minor
        )
        drafts.append(replace(part.line, amount=amount, explanation=explanation))
    return drafts


def _explanation(
    share: Prorated, sentence: str, credited_line_id: LineId | None, split_minor: int | None = None
) -> LineExplanation:
    """The numbers a line is computed from again: the share, or what its line had left where that was less."""
    if share.is_capped:
        return LineExplanation(
            "REMAINDER", sentence, share.exact_minor, split_minor=split_minor, credited_line_id=credited_line_id
        )
    return LineExplanation(
        rule="PRORATION",
        sentence=sentence,
        basis_minor=Fraction(share.basis_minor),
        part_s=_whole_seconds(share.part_s),
        whole_s=_whole_seconds(share.whole_s),
        split_minor=split_minor,
        credited_line_id=credited_line_id,
    )


def _whole_seconds(seconds: Fraction) -> int:
    """Seconds as the line stores them. Requests are pinned to whole seconds, boundaries are whole by nature."""
    if seconds.denominator != 1:
        raise InvalidPeriod("A line's service is measured in whole seconds.", seconds)
    return seconds.numerator
