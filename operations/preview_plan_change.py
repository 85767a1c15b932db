"""Preview a plan change: decide and price it, and quote what was found. Changes no billing state."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from db.queries.accounts import account as account_for
from db.queries.accounts import account_of_subscription
from db.save.changes import Quote, new_quote
from db.unit_of_work import UnitOfWork
from domain.commands import ChangePlan
from domain.errors import NotFound
from domain.ids import QuoteId
from domain.plan_change.outcome import promise_of
from domain.plan_change.prepare import Prepared, prepare
from domain.plan_change.verdict import ChangeKind, DecisionPurpose, Verdict
from operations.editions_for import editions_for
from operations.plan_change_facts import load_facts, request_json
from operations.record_decision import ShadowAnswer, record_decision

QUOTE_TTL_S = 1800


@dataclass(frozen=True, slots=True)
class PlanChangePreview:
    """What the customer is shown; `quote` is there when the change may be applied as it is."""

    prepared: Prepared
    quote: Quote | None
    shadows: tuple[ShadowAnswer, ...] = ()
    """What became of editions asked beside the one that answered: for whoever counts, never shown."""


async def preview_plan_change(
    unit: UnitOfWork, request: ChangePlan, quote_ttl_s: int = QUOTE_TTL_S
) -> PlanChangePreview:
    """Answer a request at the account's own time, pinned to the whole second.

    Adds its decision record with what stands beside it (record_decision.py), and a quote unless the answer is no or
    needs approval; nothing else. The quote lasts
    `quote_ttl_s`, never across the end of the period. Raises NotFound, and InvalidInput naming a quantity.
    """
    account_id = await account_of_subscription(unit.session, unit.scope, request.subscription_id)
    found = account_id and await account_for(unit.session, unit.scope, account_id, for_change=False)
    if not found:
        raise NotFound(request.subscription_id)
    asked_at = pinned(found.account.now(unit.recorded_at))
    facts = await load_facts(unit, found, request, asked_at, known_at=asked_at)
    prepared = prepare(facts, await editions_for(unit, found.account))
    now = prepared.facts.now
    asked = request_json(request, prepared.facts.target.id)
    quote = None
    if prepared.decision.verdict in (Verdict.ALLOW, Verdict.ASK_CONFIRMATION):
        quote = Quote(
            id=QuoteId(unit.ids.new()),
            account_id=found.account.id,
            subscription_id=request.subscription_id,
            request=asked,
            outcome=promise_of(prepared),
            priced_at=now,
            expires_at=min(now + timedelta(seconds=quote_ttl_s), prepared.facts.subscription.period.end),
        )
        await new_quote(unit, quote)
    recorded = await record_decision(
        unit,
        prepared.facts,
        prepared.decision,
        prepared.editions,
        purpose=DecisionPurpose.PREVIEW,
        kind=ChangeKind.SWITCH,
        request=asked,
        quote_id=quote.id if quote else None,
    )
    return PlanChangePreview(prepared, quote, recorded.shadows)


def pinned(instant: datetime) -> datetime:
    """The whole second a request is answered at, so that shares of time are whole seconds."""
    return instant.replace(microsecond=0)
