"""One request prepared: the decision, the money, the next regular invoice, the entitlement diff.

Preview and apply share it, so the customer sees the number that will be charged. Owns how the pieces are put
together. Does not own any of them (decide.py, delta.py, entitlement_change.py) nor the saving (operations).
"""

from dataclasses import dataclass

from domain.invoicing.bill import Bill
from domain.plan_change.course import BillingCourse, course_at_once, present_course
from domain.plan_change.decide import decide, timings_of
from domain.plan_change.delta import DeltaCharge, delta_of, no_delta
from domain.plan_change.editions import Editions
from domain.plan_change.entitlement_change import EntitlementChange, entitlement_changes
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.next_invoice import next_invoice
from domain.plan_change.parts import overall_direction, parts_of
from domain.plan_change.timing import PartTiming
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


_BASE_ALONE = Editions()


def prepare(facts: PlanChangeFacts, editions: Editions = _BASE_ALONE) -> Prepared:
    """Decide the request and work out its effects; changes nothing. Same facts, same answer.

    Raises InvalidInput naming the quantity that the target plan does not sell so.
    """
    decision = decide(facts, editions.live)
    is_immediate = decision.effective_at <= facts.now
    course = course_at_once(facts) if is_immediate else present_course(facts)
    delta = delta_of(facts) if is_immediate else no_delta(facts)
    return Prepared(
        facts=facts,
        editions=editions,
        decision=decision,
        direction=overall_direction(parts_of(facts)),
        timings=timings_of(facts),
        course=course,
        delta=delta,
        next_invoice=next_invoice(facts, decision, course, delta),
        entitlements=entitlement_changes(facts),
    )
