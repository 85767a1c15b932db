"""The money of a change taken at once: credits for what was debited, charges for what comes, each net of its discount.

A credit looks at what the line debited over its own service period, a charge at the new amount over the billing
period; nothing here asks for a "current price". What is charged in arrears is in no delta: its item versions close and
open, and the period's end charges each for its time. Does not own whether the change is taken at once (timing.py).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from domain.invoice import LineKind
from domain.invoicing.bill import Bill, bill
from domain.invoicing.debited import DebitedLine
from domain.invoicing.draft import DraftLine
from domain.invoicing.pausing import pause
from domain.invoicing.prorating import charge_rest, credit_unused
from domain.invoicing.regular import regular_lines
from domain.invoicing.span import span_of
from domain.invoicing.terms import Coverage
from domain.money import Money
from domain.periods import Period, local_day
from domain.plan_change.course import BillingCourse, course_at_once, kept_components
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.turn_money import last_bill, resume_bill
from domain.plan_change.turning import UnwrittenIds, is_impossible, resumed
from domain.plan_change.verdict import ChangeKind


@dataclass(frozen=True, slots=True)
class DeltaCharge:
    """The credit and the charge of one change as they are billed, and the billing period that its discounts begin.

    `bill` are the documents: an invoice, or credit notes and an invoice where more is given back than charged.
    """

    bill: Bill
    coverage: tuple[Coverage, ...] = ()

    @property
    def lines(self) -> tuple[DraftLine, ...]:
        """Every line, a charge followed by its discounts, in stated amounts."""
        return self.bill.lines

    @property
    def credit(self) -> Money:
        """What is given back, zero or negative, in stated amounts."""
        return Money.total((line.stated for line in self.lines if _is_credit(line)), self.bill.currency)

    @property
    def charge(self) -> Money:
        """What is charged anew less its discounts, zero or positive, in stated amounts."""
        return Money.total((line.stated for line in self.lines if not _is_credit(line)), self.bill.currency)

    @property
    def net(self) -> Money:
        """Charge plus credit: what the change costs today, before tax where prices are without."""
        return self.credit + self.charge


def _is_credit(line: DraftLine) -> bool:
    return line.kind is LineKind.PRORATION_CREDIT


def no_delta(facts: PlanChangeFacts) -> DeltaCharge:
    """The delta of a change that waits for its day."""
    return DeltaCharge(bill((), facts.terms, facts.now))


def issued_at(bill: Bill, at: datetime, zone: str) -> Bill:
    """A bill priced earlier as it is issued at an instant, on a local day of the account."""
    waits = None if bill.finalise_at is None else at + (bill.finalise_at - bill.at)
    return replace(bill, at=at, finalise_at=waits, issued_on=local_day(waits or at, zone))


def delta_of(facts: PlanChangeFacts) -> DeltaCharge:
    """The delta of taking the change at `facts.now`; empty for a turn it cannot take from where it stands."""
    if is_impossible(facts):
        return no_delta(facts)
    match facts.request.kind:
        case ChangeKind.SWITCH | ChangeKind.END_TRIAL:
            return _of_terms(facts)
        case ChangeKind.CANCEL:
            return DeltaCharge(last_bill(facts))
        case ChangeKind.PAUSE:
            return DeltaCharge(pause(facts.debits, facts.terms, facts.now))
        case ChangeKind.RESUME:
            opening = resume_bill(facts, resumed(facts, UnwrittenIds()))
            return DeltaCharge(opening.bill, opening.coverage)
        case _:
            assert_never(facts.request.kind)


def _of_terms(facts: PlanChangeFacts) -> DeltaCharge:
    """The delta of other terms: credits of the lines in force, then charges to the period's end.

    Empty when nothing changes. The credit of a line never exceeds what it has left. A fixed discount, or one with a
    cap, gives the charges what the lines that stay leave of it for the rest of the period.
    """
    course = course_at_once(facts)
    kept = kept_components(facts, course)
    staying = tuple(debit for debit in facts.debits if debit.component in kept)
    terms = facts.terms.opened(course.period) if course.is_new else facts.terms
    drafts = (*_credits(facts, course, kept), *_charges(facts, course, kept))
    coverage = facts.terms.opening(course.period) if course.is_new else ()
    return DeltaCharge(bill(drafts, terms, facts.now, held=staying), coverage)


def _credits(facts: PlanChangeFacts, course: BillingCourse, kept: frozenset[str]) -> tuple[DraftLine, ...]:
    """One line for each debit that covers time after the change, in the order of the debits."""
    since = course.period.start if course.is_new else facts.now
    leaving: list[DebitedLine] = [
        debit for debit in facts.debits if debit.is_in_advance and debit.component not in kept
    ]
    latest = max((debit.service.end for debit in leaving), default=since)
    if latest <= since:
        return ()
    return credit_unused(leaving, Period(since, latest), facts.account.zone)


def _charges(facts: PlanChangeFacts, course: BillingCourse, kept: frozenset[str]) -> tuple[DraftLine, ...]:
    """The new components: for a new period in full, else for what remains of the present one."""
    if not course.is_new and facts.now >= course.period.end:
        return ()
    whole = [
        line
        for line in regular_lines(
            facts.target,
            facts.account.currency,
            facts.interval,
            facts.quantities,
            course.period,
            facts.account.zone,
        )
        if line.component not in kept
    ]
    if course.is_new:
        return tuple(whole)
    rest = Period(facts.now, course.period.end)
    return charge_rest(whole, span_of(facts.subscription, rest), facts.account.zone)
