"""Apply a quoted plan change: exactly what was promised, or the reason why not. Nothing is half-written.

Owns whether a quote still holds. Does not own what an accepted change writes (accept_change.py).
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db import idempotency
from db.queries import changes, payments
from db.queries.accounts import account as account_for
from db.unit_of_work import UnitOfWork
from domain.commands import ApplyQuote
from domain.errors import NotFound
from domain.ids import AccountId, PaymentId, PlanChangeId
from domain.plan_change.decide import waits_for
from domain.plan_change.outcome import Difference, differences
from domain.plan_change.prepare import prepare
from domain.plan_change.questions import finance_for_a_turn, not_a_billing_admin
from domain.plan_change.verdict import Verdict
from operations.asking import KeyReused, NotAllowed
from operations.changes.accept_change import accept_change
from operations.changes.plan_change_facts import load_facts, request_of
from operations.payments.payment_outcome import PaymentKnown, PaymentStarted
from operations.payments.payment_outcome import known as known_as
from operations.payments.start_paying import start_paying
from operations.policy.editions_for import editions_for

MUTATION = "subscriptionChangePlan"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The change is applied, scheduled, or waits to be paid. `is_replay`: this very request had done it before.

    `payment` is what was asked of the account's default method for it, None where nothing was; while it is only
    `started`, the provider is yet to be asked, outside any transaction.
    """

    change: changes.AcceptedChange
    is_replay: bool
    payment: PaymentKnown | None = None
    started: PaymentStarted | None = None


@dataclass(frozen=True, slots=True)
class StaleQuote:
    """Today the answer would be another: in which parts, and in figures. Nothing was stored."""

    differences: tuple[Difference, ...]

    @property
    def differs(self) -> tuple[str, ...]:
        """The names of the parts: verdict, lines, …"""
        return tuple(each.part for each in self.differences)


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
        return await _replayed(unit, quote.account_id, known)
    # another machine's clock may be ahead of this one's: nothing is taken before it was priced
    now = max(found.account.now(unit.recorded_at), quote.priced_at)
    if now >= quote.expires_at:
        return ExpiredQuote(quote.expires_at)
    request, target_id = request_of(quote.request)
    facts = await load_facts(unit, found, request, quote.priced_at, known_at=now, target_id=target_id)
    prepared = prepare(facts, await editions_for(unit, found.account))
    # a quote is a promise to who may take it: to anyone else the policy's no is the answer, not a stale quote
    if not_a_billing_admin(facts) and not finance_for_a_turn(facts):
        return NotAllowed(prepared.decision)
    differs = differences(quote.outcome, prepared)
    if differs:
        return StaleQuote(differs)
    if waits_for(prepared.decision, command.confirm) is not Verdict.ALLOW:
        return NotAllowed(prepared.decision)
    change, _ = await accept_change(unit, prepared, quote.id, now)
    started = await start_paying(unit, found.account, change, now)
    outcome = {"change": change.id.hex, "payment": started.payment_id.hex if started else None}
    await idempotency.remember(unit, quote.account_id, command.idempotency_key, MUTATION, digest, outcome)
    return Accepted(change, is_replay=False, started=started)


async def _replayed(unit: UnitOfWork, account_id: AccountId, known: idempotency.Replay) -> Outcome:
    if known.outcome is None:
        return KeyReused()
    change = await changes.accepted_change(unit.session, unit.scope, PlanChangeId(UUID(known.outcome["change"])))
    if change is None:
        raise NotFound(known.outcome["change"])
    of = known.outcome.get("payment")
    payment = of and await payments.payment(unit.session, unit.scope, account_id, PaymentId(UUID(of)))
    return Accepted(change, is_replay=True, payment=known_as(payment, is_replay=True) if payment else None)
