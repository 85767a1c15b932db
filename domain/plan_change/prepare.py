"""One request prepared: the decision, the money, the next regular invoice, the entitlement diff.

Preview and apply share it, so the customer sees the number that will be charged. Owns how the pieces are put
together. Does not own any of them (decide.py, delta.py, entitlement_change.py) nor the saving (operations).
"""

from dataclasses import dataclass, replace

from domain.invoicing.bill import Bill
from domain.invoicing.period import BoundaryFacts, close_period
from domain.periods import next_period
from domain.plan_change.course import BillingCourse, course_at_once, present_course
from domain.plan_change.decide import timings_of
from domain.plan_change.delta import DeltaCharge, delta_of, no_delta
from domain.plan_change.editions import Editions
from domain.plan_change.entitlement_change import EntitlementChange, entitlement_changes
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.next_invoice import next_invoice
from domain.plan_change.parts import overall_direction, parts_of
from domain.plan_change.ramp import Step, lay_out
from domain.plan_change.timing import PartTiming
from domain.plan_change.turning import has_ended
from domain.plan_change.verdict import ChangeDirection, ChangeKind, Decision


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything a customer is shown before a change, and everything applying it needs.

    `delta` is empty unless the change takes effect at once. `next_invoice` is the regular invoice at the end of the
    present (or new) period, as it would be after the change: with discounts and tax, and quantities in arrears; without
    what is used until then.
    """

    facts: PlanChangeFacts
    editions: Editions
    decision: Decision
    direction: ChangeDirection
    timings: tuple[PartTiming, ...]
    course: BillingCourse
    delta: DeltaCharge
    next_invoice: Bill
    entitlements: tuple[EntitlementChange, ...]
    steps: tuple["PreparedStep", ...] = ()

    @property
    def leading(self) -> PlanChangeFacts:
        """The facts of what is to happen first: of the request itself, or of its first step where it asks for nothing
        now.
        """
        return self.facts if not self.steps or parts_of(self.facts) else self.steps[0].step.facts

    @property
    def is_immediate(self) -> bool:
        """The change takes effect at the instant it was prepared for."""
        return self.decision.effective_at <= self.facts.now

    @property
    def is_written_at_once(self) -> bool:
        """Whether accepting it does what it does: nothing of it is left to be decided on its day.

        An end that is ahead is laid out on the subscription itself, so that what it grants is cut there.
        """
        return self.is_immediate or self.facts.request.kind is ChangeKind.CANCEL


@dataclass(frozen=True, slots=True)
class PreparedStep:
    """One step of a ramp as it is shown: which way it goes, by which timing, what it changes of what is granted.

    `regular_invoice` is what a whole period of it is charged in advance, as known today: with discounts and tax.
    """

    step: Step
    direction: ChangeDirection
    timings: tuple[PartTiming, ...]
    regular_invoice: Bill
    entitlements: tuple[EntitlementChange, ...]


_BASE_ALONE = Editions()


def prepare(facts: PlanChangeFacts, editions: Editions = _BASE_ALONE) -> Prepared:
    """Decide the request and work out its effects; changes nothing. Same facts, same answer.

    Raises InvalidInput naming the quantity that the target plan does not sell so.
    """
    ramp = lay_out(facts, editions.live)
    decision = ramp.decision
    is_immediate = decision.effective_at <= facts.now and bool(parts_of(facts)) and not has_ended(facts)
    course = course_at_once(facts) if is_immediate else present_course(facts)
    delta = delta_of(facts) if is_immediate else no_delta(facts)
    steps = tuple(_prepared_step(step) for step in ramp.steps)
    leading = facts if not steps or parts_of(facts) else ramp.steps[0].facts
    opening = next((step.after for step in ramp.steps if facts.now < step.effective_at == course.period.end), None)
    return Prepared(
        facts=facts,
        editions=editions,
        decision=decision,
        direction=overall_direction(parts_of(leading)),
        timings=timings_of(leading),
        course=course,
        delta=delta,
        next_invoice=next_invoice(facts, decision, course, delta, opening),
        entitlements=entitlement_changes(leading),
        steps=steps,
    )


def _prepared_step(step: Step) -> PreparedStep:
    after = step.after
    if after.period.start < step.effective_at:
        # taken in the middle of a period: its first whole one is the next
        after = replace(after, period=next_period(after.anchor, after.interval, after.period))
    # a boundary bills the period that it opens
    bill = close_period(BoundaryFacts(after.period.start, step.terms, opening=after)).bill
    return PreparedStep(
        step,
        overall_direction(parts_of(step.facts)),
        timings_of(step.facts),
        bill,
        entitlement_changes(step.facts),
    )
