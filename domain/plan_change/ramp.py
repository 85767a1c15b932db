"""A request with later steps: where each falls, and the one decision on all of them.

Each later step is decided today as its own day will decide it: on the subscription as it enters that boundary, after
every step before. Owns the walk over the boundaries to come. Does not own the tables (timing.py, policy.py), a single
decision (decide.py), nor what a boundary bills (invoicing/period.py).
"""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.cancellation import boundary_from
from domain.catalog import PlanVersion
from domain.commands import ChangePlan, Phase
from domain.errors import InvalidInput
from domain.ids import CommitmentId, IdMaker
from domain.invoicing.starting import after_trial
from domain.invoicing.terms import BillingTerms
from domain.periods import local_day, next_period, start_of_day
from domain.plan_change.approved import Approved
from domain.plan_change.course import course_at_boundary, course_at_once
from domain.plan_change.decide import decide, findings, nothing_at_all
from domain.plan_change.editions import BASE, Edition
from domain.plan_change.effects import move
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.parts import parts_of
from domain.plan_change.phases import MOST_YEARS, checked_phases
from domain.plan_change.turning import UnwrittenIds
from domain.plan_change.verdict import Decision, Reason
from domain.subscription import BillingSubscription, SubscriptionStatus, following_term

_IDS_OF_STEPS = 1_000_000
"""Where ids of items to come begin, apart from those of the change itself."""
_MOST_WAITS = 6
"""How often a step is put off to a later boundary by what is said of the one before."""
_RUNNING = (SubscriptionStatus.ACTIVE, SubscriptionStatus.TRIALING)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a ramp: the facts of its day, their decision, and the subscription `after` it, in its first period.

    `terms` are those of that boundary: the discounts that periods until then have used up.
    """

    number: int
    facts: PlanChangeFacts
    decision: Decision
    after: BillingSubscription
    terms: BillingTerms

    @property
    def effective_at(self) -> datetime:
        """When it takes effect."""
        return self.decision.effective_at


@dataclass(frozen=True, slots=True)
class Ramp:
    """The one decision on a request, and its steps in order; none where it asks for nothing later.

    The first is what is asked for now, unless that changes nothing: then the first step is ahead too.
    """

    decision: Decision
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class _Present:
    """The subscription as the walk has it: since when it is so, and the terms with the periods until then open."""

    subscription: BillingSubscription
    at: datetime
    terms: BillingTerms
    target: PlanVersion
    is_later_than_asked: bool = False


def decide_all(facts: PlanChangeFacts, edition: Edition = BASE) -> Decision:
    """The decision on a request with everything it asks for later: strictest verdict, all reasons, the first date."""
    return lay_out(facts, edition).decision


def lay_out(facts: PlanChangeFacts, edition: Edition = BASE) -> Ramp:
    """The request with its steps, each decided. Same facts, same answer; without phases it is `decide` alone.

    Raises InvalidInput naming the field of a phase.
    """
    if not facts.request.phases:
        return Ramp(decide(facts, edition))
    checked_phases(facts.request.phases, local_day(facts.now, facts.account.zone))
    first = decide(facts, edition) if parts_of(facts) else None
    if facts.subscription.status not in _RUNNING:
        return Ramp(first or nothing_at_all(facts, edition))
    ids = UnwrittenIds(_IDS_OF_STEPS)
    steps: list[Step] = []
    present = _Present(_without_trial(facts), facts.now, facts.terms, facts.subscription.version)
    if first is not None:
        steps.append(_first_step(facts, first, ids))
        present = _Present(steps[0].after, first.effective_at, _opened(steps[0]), facts.target)
    for index, phase in enumerate(facts.request.phases):
        step, is_later = _step(facts, index, phase, present, len(steps) + 1, edition, ids)
        steps.append(step)
        present = _Present(step.after, step.effective_at, _opened(step), step.facts.target, is_later)
    return Ramp(_whole(facts, first, tuple(steps), edition), tuple(steps))


def _whole(facts: PlanChangeFacts, first: Decision | None, steps: tuple[Step, ...], edition: Edition) -> Decision:
    """All reasons as one decision: the first step's timing, what the whole is told, then what each later step adds."""
    said = list(first.reasons if first is not None else findings(facts, edition))
    later = steps if first is None else steps[1:]
    for step in later:
        known = {(reason.code, reason.sentence) for reason in said}
        # what stands against the whole is said once, and not again by each step
        new = [each for each in step.decision.reasons[1:] if (each.code, each.sentence) not in known]
        said += [replace(each, step=step.number) for each in (step.decision.reasons[0], *new)]
    if first is None:
        leading = next(reason for reason in said if reason.step == later[0].number)
        said.remove(leading)
        said.insert(0, leading)
    return Decision(
        verdict=max((reason.verdict for reason in said), key=lambda verdict: verdict.strictness),
        effective_at=steps[0].effective_at,
        reasons=tuple(said),
        policy_version=edition.id,
    )


def _first_step(facts: PlanChangeFacts, decision: Decision, ids: IdMaker) -> Step:
    """What is asked for now: taken at once, or at the boundary it waits for."""
    if decision.effective_at > facts.now:
        entering, terms = _entering(facts.subscription, decision.effective_at, facts.terms)
        of_its_day = replace(_on(facts, entering, terms, decision.effective_at), request=_alone(facts.request))
        return Step(1, of_its_day, decision, _after(of_its_day, ids), terms)
    course = course_at_once(facts)
    after = move(facts, course, ids).subscription if _is_sold(facts) else facts.subscription
    return Step(1, facts, decision, after, facts.terms)


def _step(
    facts: PlanChangeFacts,
    index: int,
    phase: Phase,
    present: _Present,
    number: int,
    edition: Edition,
    ids: IdMaker,
) -> tuple[Step, bool]:
    """A later step on the boundary of its day, or on the later one that its rules make it wait for."""
    request = ChangePlan(
        facts.request.subscription_id, plan_id=phase.plan_id, interval=phase.interval, quantities=phase.quantities
    )
    at = _boundary_of(facts, index, phase, present)
    waited: list[Reason] = []
    for _ in range(_MOST_WAITS):
        entering, terms = _entering(present.subscription, at, present.terms)
        of_its_day = replace(_on(facts, entering, terms, at), request=request, target=facts.phase_targets[index])
        try:
            decision = decide(of_its_day, edition)
        except InvalidInput as error:
            raise error.under("phases", str(index)) from None
        if decision.effective_at <= at:
            break
        known = {each.code for each in waited}
        waited += [each for each in decision.reasons if each.effective_at is not None and each.code not in known]
        at = boundary_from(present.subscription, decision.effective_at)
    # a rule that asks to wait from the day itself is never content; it will say so on that day
    decision = replace(decision, effective_at=of_its_day.now)
    if waited:
        told = {each.code for each in waited}
        rest = [each for each in decision.reasons[1:] if each.code not in told]
        decision = replace(decision, reasons=(waited[0], *sorted([*waited[1:], *rest], key=lambda each: each.code)))
    return Step(number, of_its_day, decision, _after(of_its_day, ids), terms), bool(waited)


def _boundary_of(facts: PlanChangeFacts, index: int, phase: Phase, present: _Present) -> datetime:
    """The first boundary on or after the day a phase says. Raises InvalidInput naming its field."""
    subscription, path = present.subscription, ("phases", str(index))
    today = local_day(facts.now, facts.account.zone)
    if phase.on is not None:
        if phase.on.year > today.year + MOST_YEARS:
            raise InvalidInput((*path, "on"), f"A step lies at most {MOST_YEARS} years ahead.", phase.on)
        day = start_of_day(phase.on, subscription.anchor.zone)
        if day <= present.at and index > 0 and not present.is_later_than_asked:
            message = "This step would fall on the same billing boundary as the step before it."
            raise InvalidInput((*path, "on"), message, phase.on)
        return boundary_from(subscription, day)
    period = subscription.period
    for _ in range((phase.after_periods or 1) - 1):
        period = next_period(subscription.anchor, subscription.interval, period)
        if local_day(period.end, facts.account.zone).year > today.year + MOST_YEARS:
            message = f"A step lies at most {MOST_YEARS} years ahead."
            raise InvalidInput((*path, "afterPeriods"), message, phase.after_periods)
    return period.end


def _on(facts: PlanChangeFacts, entering: BillingSubscription, terms: BillingTerms, at: datetime) -> PlanChangeFacts:
    """The facts of a boundary to come, as far as they are known today."""
    granted = facts.granted
    return replace(
        facts,
        now=at,
        subscription=entering,
        terms=terms,
        is_due=True,
        is_ahead=True,
        debits=(),
        held=(),
        pending=None,
        phase_targets=(),
        approval=Approved(facts.approval.id, granted) if facts.approval is not None and granted else None,
    )


def _alone(request: ChangePlan) -> ChangePlan:
    return replace(request, phases=())


def _after(facts: PlanChangeFacts, ids: IdMaker) -> BillingSubscription:
    """The subscription once the step of this boundary is taken; what is not sold so is not taken."""
    if _is_sold(facts):
        return move(facts, course_at_boundary(facts), ids).subscription
    own = facts.subscription
    return replace(own, period=next_period(own.anchor, own.interval, own.period))


def _is_sold(facts: PlanChangeFacts) -> bool:
    is_same_product = facts.target.plan.product_id == facts.subscription.version.plan.product_id
    return is_same_product and facts.target.is_sold_in(facts.account.currency, facts.interval)


def _opened(step: Step) -> BillingTerms:
    return step.terms.opened(step.after.period)


def _entering(
    subscription: BillingSubscription, at: datetime, terms: BillingTerms
) -> tuple[BillingSubscription, BillingTerms]:
    """The subscription as its period ends `at`, one of its boundaries to come; and the terms with each period open.

    A commitment that ended before has renewed, as each boundary does it.
    """
    period, term, anchor = subscription.period, subscription.commitment, subscription.anchor
    while period.end < at:
        if term is not None and term.end_at <= period.end:
            term = following_term(term, anchor, period.end, CommitmentId(term.id))
        period = next_period(anchor, subscription.interval, period)
        terms = terms.opened(period)
    return replace(subscription, period=period, commitment=term), terms


def _without_trial(facts: PlanChangeFacts) -> BillingSubscription:
    """A subscription whose trial runs out first, as its first boundary leaves it; any other as it is."""
    own = facts.subscription
    if own.status is not SubscriptionStatus.TRIALING:
        return own
    first = after_trial(own.period.end, facts.account.zone, own.interval)
    return replace(own, status=SubscriptionStatus.ACTIVE, anchor=first.anchor, period=first.period)
