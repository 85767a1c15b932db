"""The next regular invoice as it would be after a change: shown with it, and billed so if nothing else happens.

It is worked out by the code that will bill it (invoicing/period.py), with the change's own documents as if they were
written. Owns what of it can be known ahead: quantities in arrears and a minimum over them are, use is not.
"""

from dataclasses import replace

from domain.ids import ItemId
from domain.invoice import InvoiceReason, LineKind
from domain.invoicing.arrears import HeldItem
from domain.invoicing.bill import Bill, bill
from domain.invoicing.closing import Closing, credited_in
from domain.invoicing.debited import DebitedLine
from domain.invoicing.debits import debits_of
from domain.invoicing.documents import Heading, issue
from domain.invoicing.period import BoundaryFacts, close_period
from domain.invoicing.span import span_of
from domain.periods import next_period
from domain.plan_change.course import BillingCourse, course_at_boundary, kept_components
from domain.plan_change.delta import DeltaCharge
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.turning import UnwrittenIds, has_ended, is_impossible, resumed
from domain.plan_change.verdict import ChangeKind, Decision
from domain.subscription import BillingSubscription, SubscriptionItem, SubscriptionStatus

_OF_A_BOUND = frozenset({LineKind.TRUE_UP, LineKind.MAXIMUM})


def next_invoice(
    facts: PlanChangeFacts,
    decision: Decision,
    course: BillingCourse,
    delta: DeltaCharge,
    opening: BillingSubscription | None = None,
) -> Bill:
    """The bill at the end of `course`: of the target when it is in force by then, else of what the subscription has.

    `opening` is what a later step makes of it at that very boundary.

    Without what is used until then, and so without a minimum or maximum that depends on use; and without charges that
    finance may add. Nothing in advance where the subscription ends there; nothing at all once it has ended, or rests.
    """
    is_at_once = decision.effective_at <= facts.now and not is_impossible(facts)
    kind = facts.request.kind
    if has_ended(facts) or (is_at_once and kind in (ChangeKind.CANCEL, ChangeKind.PAUSE)):
        return bill((), facts.terms, facts.now)
    if kind is ChangeKind.CANCEL:
        facts = replace(facts, subscription=replace(facts.subscription, cancel_at=decision.effective_at))
    names = UnwrittenIds()
    is_opened = course.is_new or course.period != facts.subscription.period
    at, terms = course.period.end, facts.terms.opened(course.period) if is_opened else facts.terms
    present, held = _present(facts, course, names) if is_at_once else (facts.subscription, _held(facts))
    closing = None
    runs_unpaid = _is_trial(facts) and not course.is_new
    if present.status is not SubscriptionStatus.PAUSED and not runs_unpaid:
        billed = _billed(facts, decision, course, delta, present, names)
        closing = Closing(span_of(present), present.interval, held, billed=billed, trial_left_at=present.trial_end_at)
    following = opening or _following(facts, decision, present, names)
    lines = close_period(BoundaryFacts(at, terms, closing=closing, opening=following))
    if any(component.is_metered for each in held for component in each.version.components):
        lines = replace(lines, drafts=tuple(draft for draft in lines.drafts if draft.kind not in _OF_A_BOUND))
    return lines.bill


def _is_trial(facts: PlanChangeFacts) -> bool:
    return facts.subscription.status is SubscriptionStatus.TRIALING


def _held(facts: PlanChangeFacts) -> tuple[HeldItem, ...]:
    held = facts.held or tuple(HeldItem(item, facts.subscription.version) for item in facts.subscription.items)
    return tuple(each for each in held if each.within(facts.subscription.period) is not None)


def _items(facts: PlanChangeFacts, kept: frozenset[str], names: UnwrittenIds) -> tuple[SubscriptionItem, ...]:
    """The items of the target that would open at the change."""
    prices = {code: facts.target.price(code, facts.account.currency, facts.interval) for code in facts.quantities}
    return tuple(
        SubscriptionItem(ItemId(names.new()), code, price.id, facts.quantities[code], facts.now)
        for code, price in prices.items()
        if price is not None and code not in kept
    )


def _present(
    facts: PlanChangeFacts, course: BillingCourse, names: UnwrittenIds
) -> tuple[BillingSubscription, tuple[HeldItem, ...]]:
    """The subscription in its period once the change is taken at once, with every item version of that period."""
    if facts.request.kind is ChangeKind.RESUME:
        after = resumed(facts, names)
        held = (*_held(facts), *(HeldItem(item, after.version) for item in after.items))
        return after, tuple(each for each in held if each.within(course.period) is not None)
    kept, old = kept_components(facts, course), facts.subscription
    opened = _items(facts, kept, names)
    ended = tuple(
        each
        if each.item.valid_until is not None or each.item.component in kept
        else replace(each, item=replace(each.item, valid_until=facts.now))
        for each in _held(facts)
    )
    held = (*ended, *(HeldItem(item, facts.target) for item in opened))
    after = replace(
        old,
        version=facts.target,
        interval=facts.interval,
        anchor=course.anchor,
        period=course.period,
        items=(*(item for item in old.items if item.component in kept), *opened),
        trial_end_at=facts.now if _is_trial(facts) else old.trial_end_at,
    )
    return after, tuple(each for each in held if each.within(course.period) is not None)


def _following(
    facts: PlanChangeFacts, decision: Decision, present: BillingSubscription, names: UnwrittenIds
) -> BillingSubscription | None:
    """The subscription as it enters the period after; None where it ends."""
    end = present.period.end
    if present.cancel_at is not None and present.cancel_at <= end:
        return None
    if not facts.now < decision.effective_at <= end:
        return replace(present, period=next_period(present.anchor, present.interval, present.period))
    # a change that waits for this very boundary may move the anchor as it renews
    course = course_at_boundary(facts)
    kept = kept_components(facts, course)
    staying = tuple(item for item in present.items if item.component in kept)
    return replace(
        present,
        version=facts.target,
        interval=facts.interval,
        anchor=course.anchor,
        period=course.period,
        items=(*staying, *_items(facts, kept, names)),
    )


def _billed(
    facts: PlanChangeFacts,
    decision: Decision,
    course: BillingCourse,
    delta: DeltaCharge,
    present: BillingSubscription,
    names: UnwrittenIds,
) -> tuple[DebitedLine, ...]:
    """The charges of the period once the delta is written."""
    reaching = [line for line in facts.debits if line.service.end > course.period.start]
    if decision.effective_at > facts.now:
        return tuple(reaching)
    kept = kept_components(facts, course)
    goes_on = facts.request.kind is ChangeKind.RESUME
    staying = [line for line in reaching if goes_on or not line.is_in_advance or line.component in kept]
    leaving = Closing(
        span_of(present), present.interval, (), billed=tuple(each for each in reaching if each not in staying)
    )
    left = credited_in(leaving, [line for line in delta.lines if line.credited is not None], facts.now)
    items = {item.component: item.id for item in present.items}
    heading = Heading(InvoiceReason.PLAN_CHANGE, present.id, course.period, items, cause=names.new())
    invoice = issue(delta.bill, facts.account, heading, names).invoice
    written = debits_of([invoice] if invoice else [], (), {item.id: item for item in present.items})
    return (*staying, *left.billed, *written)
