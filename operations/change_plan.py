"""Apply a quoted plan change: exactly what was promised, or the reason why not. Nothing is half-written.

Owns whether a quote still holds. Does not own what an accepted change writes (accept_change.py).
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db import idempotency
from db.queries import changes
from db.queries.accounts import account as account_for
from db.unit_of_work import UnitOfWork
from domain.commands import ApplyQuote
from domain.errors import NotFound
from domain.ids import PlanChangeId
from domain.plan_change.decide import waits_for
from domain.plan_change.outcome import differences
from domain.plan_change.prepare import prepare
from domain.plan_change.questions import not_a_billing_admin
from domain.plan_change.verdict import Decision, Verdict
from operations.accept_change import accept_change
from operations.asking import KeyReused
from operations.editions_for import editions_for
from operations.plan_change_facts import load_facts, request_of

MUTATION = "subscriptionChangePlan"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The change is applied or scheduled. `is_replay`: this very request had done it before."""

    change: changes.AcceptedChange
    is_replay: bool


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """The policy says no, or waits for a confirmation that was not given. Nothing was stored."""

    decision: Decision


@dataclass(frozen=True, slots=True)
class StaleQuote:
    """Today the answer would be another; `differs` names the parts: verdict, lines, … Nothing was stored."""

    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExpiredQuote:
    """The quote is past its time. Nothing was stored."""

    expired_at: datetime


Outcome = Accepted | NotAllowed | StaleQuote | ExpiredQuote | KeyReused


async def change_plan(unit: UnitOfWork, command: ApplyQuote) -> Outcome:
    """Apply a quote under the account's lock, priced at the quote's instant with today's facts.

    The same key and input again gives the same answer and no second effect. Raises NotFound for a quote out of reach.
    """
    quote = await changes.quote(unit.session, unit.scope, command.quote_id)
    found = quote and await account_for(unit.session, unit.scope, quote.account_id, for_change=True)
    if not quote or not found:
        raise NotFound(command.quote_id)
    digest = idempotency.input_hash(MUTATION, {"quote": quote.id.hex, "confirm": sorted(command.confirm)})
    known = await idempotency.replay(unit, quote.account_id, command.idempotency_key, digest)
    if known is not None:
        return await _replayed(unit, known)
    now = found.account.now(unit.recorded_at)
    if now >= quote.expires_at:
        return ExpiredQuote(quote.expires_at)
    request, target_id = request_of(quote.request)
    facts = await load_facts(unit, found, request, quote.priced_at, known_at=now, target_id=target_id)
    prepared = prepare(facts, await editions_for(unit, found.account))
    # a quote is a promise to who may take it: to anyone else the policy's no is the answer, not a stale quote
    if not_a_billing_admin(prepared.facts):
        return NotAllowed(prepared.decision)
    differs = differences(quote.outcome, prepared)
    if differs:
        return StaleQuote(differs)
    if waits_for(prepared.decision, command.confirm) is not Verdict.ALLOW:
        return NotAllowed(prepared.decision)
    change, _ = await accept_change(unit, prepared, quote.id, now)
    await idempotency.remember(
        unit, quote.account_id, command.idempotency_key, MUTATION, digest, {"change": change.id.hex}
    )
    return Accepted(change, is_replay=False)


async def _replayed(unit: UnitOfWork, known: idempotency.Replay) -> Outcome:
    if known.outcome is None:
        return KeyReused()
    change = await changes.accepted_change(unit.session, unit.scope, PlanChangeId(UUID(known.outcome["change"])))
    if change is None:
        raise NotFound(known.outcome["change"])
    return Accepted(change, is_replay=True)
