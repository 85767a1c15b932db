"""Load what the early end of a period is billed from: the part that ends, and what came late before it."""

from db.queries.subscriptions import live_of
from db.unit_of_work import UnitOfWork
from domain.invoicing.closing import Closing
from domain.plan_change.early_close import ended_span
from domain.plan_change.prepare import Prepared
from operations.periods.closing_facts import PeriodToClose, load_closings, load_late

EarlyClose = tuple[Closing, tuple[Closing, ...]]
"""The part of the present period that a change ends, and the periods before it whose use has changed."""


async def load_early_close(unit: UnitOfWork, prepared: Prepared) -> EarlyClose | None:
    """What a change taken at once ends; None where the period goes on. Read before the change writes anything."""
    facts = prepared.facts
    span = ended_span(facts)
    if span is None:
        return None
    live = (await live_of(unit.session, unit.scope, [facts.account]))[facts.account.id]
    own = next(each for each in live if each.now.id == facts.subscription.id)
    ending = PeriodToClose(own, span, facts.terms)
    late = (await load_late(unit.session, unit.scope, [ending])).get(own.now.id, ())
    return (await load_closings(unit.session, unit.scope, [ending]))[own.now.id], late
