"""Write what a preview answered: its decision, and a quote where it may be applied as it is. Nothing else is written.

Owns how long a quote lasts. Does not own what it promises (domain/plan_change/outcome.py).
"""

from dataclasses import dataclass
from datetime import timedelta

from db.save.changes import Quote, new_quote
from db.unit_of_work import UnitOfWork
from domain.ids import QuoteId
from domain.invoicing.pausing import resumed_period
from domain.plan_change.outcome import promise_of
from domain.plan_change.prepare import Prepared
from domain.plan_change.verdict import DecisionPurpose, Verdict
from operations.changes.plan_change_facts import request_json
from operations.policy.record_decision import ShadowAnswer, record_decision

QUOTE_TTL_S = 1800


@dataclass(frozen=True, slots=True)
class PlanChangePreview:
    """What the customer is shown; `quote` is there when the change may be applied as it is."""

    prepared: Prepared
    quote: Quote | None
    shadows: tuple[ShadowAnswer, ...] = ()
    """What became of editions asked beside the one that answered: for whoever counts, never shown."""


async def quote_change(unit: UnitOfWork, prepared: Prepared, quote_ttl_s: int = QUOTE_TTL_S) -> PlanChangePreview:
    """Queue the decision's record with what stands beside it, and a quote unless the answer is no or needs approval.

    The quote lasts `quote_ttl_s`, never across the end of a period; what is paused has the one it would resume into.
    """
    facts = prepared.facts
    now, subscription, asked = facts.now, facts.subscription, request_json(facts.request, facts.target.id)
    quote = None
    if prepared.decision.verdict in (Verdict.ALLOW, Verdict.ASK_CONFIRMATION):
        quote = Quote(
            id=QuoteId(unit.ids.new()),
            account_id=facts.account.id,
            subscription_id=subscription.id,
            request=asked,
            outcome=promise_of(prepared),
            priced_at=now,
            expires_at=min(now + timedelta(seconds=quote_ttl_s), resumed_period(subscription, now).end),
        )
        await new_quote(unit, quote)
    recorded = await record_decision(
        unit,
        facts,
        prepared.decision,
        prepared.editions,
        purpose=DecisionPurpose.PREVIEW,
        kind=facts.request.kind,
        request=asked,
        quote_id=quote.id if quote else None,
    )
    return PlanChangePreview(prepared, quote, recorded.shadows)
