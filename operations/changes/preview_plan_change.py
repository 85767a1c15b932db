"""Preview a change of a subscription: decide and price it, and quote what was found. Changes no billing state."""

from dataclasses import replace
from datetime import datetime

from db.queries.accounts import account as account_for
from db.queries.accounts import account_of_subscription
from db.unit_of_work import UnitOfWork
from domain.commands import ChangePlan
from domain.errors import NotFound
from domain.plan_change.asked_turn import checked
from domain.plan_change.prepare import prepare
from operations.changes.plan_change_facts import load_facts
from operations.changes.quote_change import QUOTE_TTL_S, PlanChangePreview, quote_change
from operations.policy.editions_for import editions_for


async def preview_plan_change(
    unit: UnitOfWork, request: ChangePlan, quote_ttl_s: int = QUOTE_TTL_S
) -> PlanChangePreview:
    """Answer a request at the account's own time, pinned to the whole second.

    Adds its decision record and its quote (quote_change.py), nothing else. Raises NotFound, and InvalidInput naming a
    quantity, or a field of the turn.
    """
    account_id = await account_of_subscription(unit.session, unit.scope, request.subscription_id)
    found = account_id and await account_for(unit.session, unit.scope, account_id, for_change=False)
    if not found:
        raise NotFound(request.subscription_id)
    asked_at = pinned(found.account.now(unit.recorded_at))
    if request.turn is not None:
        request = replace(request, turn=checked(request.turn, asked_at))
    facts = await load_facts(unit, found, request, asked_at, known_at=asked_at)
    return await quote_change(unit, prepare(facts, await editions_for(unit, found.account)), quote_ttl_s)


def pinned(instant: datetime) -> datetime:
    """The whole second a request is answered at, so that shares of time are whole seconds."""
    return instant.replace(microsecond=0)
