"""The money of a change taken at once: credits for what was debited, charges for what comes.

A credit looks at what the line debited over its own service period, a charge at the new amount over the billing
period; nothing here asks for a "current price". The lines of one side are parts of one amount: the side is rounded
once and split by largest remainder. Does not own whether the change is taken at once (timing.py).
"""

from dataclasses import dataclass, replace
from fractions import Fraction

from domain.errors import InvalidPeriod
from domain.invoice import LineExplanation, LineKind
from domain.invoicing import DraftLine, days_of, regular_lines
from domain.money import Money, round_half_away, round_parts
from domain.periods import BillingAnchor, Period, local_day, period_at, start_of_day
from domain.plan_change.facts import DebitedLine, PlanChangeFacts
from domain.plan_change.parts import parts_of
from domain.plan_change.timing import starts_new_period, timing_of
from domain.proration import Prorated, charge_for, prorate


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


@dataclass(frozen=True, slots=True)
class BillingCourse:
    """From where and how far a subscription is billed after a change."""

    anchor: BillingAnchor
    period: Period
    is_new: bool


def course_after(facts: PlanChangeFacts) -> BillingCourse:
    """The same period when the interval stays; else a new one from 00:00 of the account's day, charged in full."""
    zone, now = facts.account.zone, facts.now
    if not starts_new_period(facts, tuple(timing_of(facts, part) for part in parts_of(facts))):
        return BillingCourse(facts.subscription.anchor, facts.subscription.period, is_new=False)
    today = local_day(now, zone)
    anchor = BillingAnchor(today, zone)
    start = start_of_day(today, zone)
    return BillingCourse(anchor, Period(start, period_at(anchor, facts.interval, start).end), is_new=True)


def kept_components(facts: PlanChangeFacts, course: BillingCourse) -> frozenset[str]:
    """Components whose price, quantity and period stay as they are: nothing is credited or charged for them."""
    if course.is_new or facts.subscription.version.id != facts.target.id:
        return frozenset()
    if facts.subscription.interval is not facts.interval:
        return frozenset()
    now, then = facts.subscription.quantities, facts.quantities
    return frozenset(component for component in now.keys() & then.keys() if now[component] == then[component])


def delta_of(facts: PlanChangeFacts) -> DeltaCharge:
    """The delta of taking the change at `facts.now`: credits of the lines in force, then charges to the period's end.

    Empty when nothing changes. The credit of a line never exceeds what it has left.
    """
    course = course_after(facts)
    kept = kept_components(facts, course)
    currency = facts.account.currency
    return DeltaCharge(currency, (*_credits(facts, course, kept), *_charges(facts, course, kept)))


def net_if_immediate(facts: PlanChangeFacts) -> int:
    """What the change costs today in minor units if it is taken at once; 0 for one that waits."""
    timings = [timing_of(facts, part) for part in parts_of(facts)]
    if not timings or any(timing.effective_at > facts.now for timing in timings):
        return 0
    return delta_of(facts).net.minor


def _credits(facts: PlanChangeFacts, course: BillingCourse, kept: frozenset[str]) -> list[DraftLine]:
    """One line for each debit that covers time after the change, in the order of the debits."""
    since = course.period.start if course.is_new else facts.now
    drafts: list[DraftLine] = []
    for debit in facts.debits:
        start = max(since, debit.service.start)
        end = debit.service.end if debit.closed_at is None else min(debit.service.end, debit.closed_at)
        if debit.component in kept or start >= end:
            continue
        unused = Period(start, end)
        # what the line debited for its own service; a line closed earlier today has given back the rest already
        share = prorate(-debit.debited, unused, debit.service)
        exact = max(_exact(share), Fraction(debit.credited.minor - debit.debited.minor))
        if exact != 0:
            drafts.append(_credit_line(facts, debit, unused, share, exact))
    return _rounded_together(drafts)


def _credit_line(
    facts: PlanChangeFacts, debit: DebitedLine, unused: Period, share: Prorated, exact: Fraction
) -> DraftLine:
    capped = exact != _exact(share)
    days = days_of(unused, facts.account.zone)
    says = f"{days}: {share.sentence}" if not capped else f"{days}: all that the line has left."
    return DraftLine(
        component=debit.component,
        item_id=debit.item_id,
        plan_version_id=debit.plan_version_id,
        price_id=debit.price_id,
        kind=LineKind.PRORATION_CREDIT,
        description=f"Unused: {debit.description}",
        quantity=debit.quantity,
        unit_minor=None,
        amount=Money(round_half_away(exact), facts.account.currency),
        service=unused,
        explanation=LineExplanation(
            rule="REMAINDER" if capped else "PRORATION",
            sentence=says,
            basis_minor=exact if capped else Fraction(-debit.debited.minor),
            part_s=1 if capped else _whole_seconds(unused.seconds),
            whole_s=1 if capped else _whole_seconds(debit.service.seconds),
            credited_line_id=debit.line_id,
        ),
    )


def _charges(facts: PlanChangeFacts, course: BillingCourse, kept: frozenset[str]) -> list[DraftLine]:
    """The new components: for a new period in full, else for what remains of the present one."""
    zone, target, now = facts.account.zone, facts.target, facts.now
    whole = [
        line
        for line in regular_lines(target, facts.account.currency, facts.interval, facts.quantities, course.period, zone)
        if line.component not in kept
    ]
    if course.is_new:
        return whole
    drafts: list[DraftLine] = []
    for line in whole:
        share = charge_for(line.amount, course.period, now)
        if share.remaining_s == 0:
            continue
        rest = Period(now, course.period.end)
        drafts.append(
            replace(
                line,
                kind=LineKind.PRORATION_CHARGE,
                amount=share.amount,
                service=rest,
                explanation=LineExplanation(
                    rule="PRORATION",
                    sentence=f"{days_of(rest, zone)}: {share.sentence}",
                    basis_minor=Fraction(line.amount.minor),
                    part_s=_whole_seconds(rest.seconds),
                    whole_s=_whole_seconds(course.period.seconds),
                ),
            )
        )
    return _rounded_together(drafts)


def _rounded_together(drafts: list[DraftLine]) -> list[DraftLine]:
    """The lines of one side as parts of one amount: rounded once, split by largest remainder, each naming its split."""
    if len(drafts) < 2:
        return drafts
    parts = round_parts([draft.explanation.exact_minor for draft in drafts])
    whole = Money(sum(parts), drafts[0].amount.currency)
    return [
        replace(
            draft,
            amount=Money(part, whole.currency),
            explanation=replace(
                draft.explanation,
                split_minor=whole.minor,
                sentence=f"{draft.explanation.sentence} One of {len(drafts)} parts of {whole.spoken()}.",
            ),
        )
        for draft, part in zip(drafts, parts, strict=True)
    ]


def _exact(share: Prorated) -> Fraction:
    return share.basis_minor * share.remaining_s / share.total_s


def _whole_seconds(seconds: Fraction) -> int:
    """Seconds as the line stores them. Requests are pinned to whole seconds, boundaries are whole by nature."""
    if seconds.denominator != 1:
        raise InvalidPeriod("A line's service is measured in whole seconds.", seconds)
    return seconds.numerator
