"""What a turn that ends a period is billed from beside its terms: use so far, use that came late, charges that wait.

Owns which requests need it; any other reads nothing here. Does not own what it comes to (domain/plan_change/).
"""

from dataclasses import replace

from db.queries.subscriptions import LiveSubscription
from db.queries.waiting import for_subscription, waiting_charges
from db.unit_of_work import UnitOfWork
from domain.invoicing.span import span_of
from domain.invoicing.waiting import WaitingCharge
from domain.plan_change.facts import PlanChangeFacts, SoFar
from domain.plan_change.turn_money import closed_span, closes
from domain.plan_change.turning import is_impossible
from domain.plan_change.verdict import ChangeKind
from domain.subscription import SubscriptionStatus
from operations.periods.closing_facts import PeriodToClose, load_closings, load_late


async def load_so_far(unit: UnitOfWork, facts: PlanChangeFacts) -> PlanChangeFacts:
    """The same facts with what a turn taken at once bills; the same for every request of one kind."""
    if is_impossible(facts) or not closes(facts):
        return facts
    session, scope, subscription = unit.session, unit.scope, facts.subscription
    charges = tuple[WaitingCharge, ...]()
    if facts.request.kind is ChangeKind.CANCEL:
        waiting = (await waiting_charges(session, scope, [facts.account.id])).get(facts.account.id, ())
        charges = tuple(for_subscription(waiting, subscription.id))
    if subscription.status is SubscriptionStatus.TRIALING:
        return replace(facts, so_far=SoFar(charges=charges))
    live = LiveSubscription(subscription, facts.held)
    late = await load_late(session, scope, [PeriodToClose(live, span_of(subscription), facts.terms)])
    span, closing = closed_span(facts), None
    if span is not None:
        closings = await load_closings(session, scope, [PeriodToClose(live, span, facts.terms)])
        closing = replace(closings[subscription.id], billed=facts.debits)
    return replace(facts, so_far=SoFar(closing, late.get(subscription.id, ()), charges))
