"""Take another turn of a subscription's life in one step: prepared and decided like a quote, and written at once.

Owns the one step. Does not own who may ask (each deed), the decision (domain/plan_change/) nor its effects
(effects.py).
"""

from dataclasses import dataclass

from db.queries.accounts import AccountForActor
from db.queries.changes import AcceptedChange
from db.unit_of_work import UnitOfWork
from domain.commands import ChangePlan, Turn
from domain.invoicing.documents import Documents
from domain.plan_change.decide import waits_for
from domain.plan_change.prepare import Prepared, prepare
from domain.plan_change.verdict import Verdict
from operations.asking import NotAllowed
from operations.asking_of_subscription import AskedOf
from operations.changes.accept_change import accept_change
from operations.changes.plan_change_facts import load_facts
from operations.policy.editions_for import editions_for


@dataclass(frozen=True, slots=True)
class Taken:
    """The turn is taken: what it was prepared as, its record, and what bills it."""

    prepared: Prepared
    change: AcceptedChange
    documents: Documents


async def take_turn(unit: UnitOfWork, asked: AskedOf, turn: Turn, confirm: frozenset[str]) -> Taken | NotAllowed:
    """Take it from now on, with all that `confirm` names agreed to; the account is locked."""
    account, at = asked.request.account, asked.at
    found = AccountForActor(account, asked.request.role)
    facts = await load_facts(unit, found, ChangePlan(asked.subscription.id, turn=turn), at, known_at=at)
    prepared = prepare(facts, await editions_for(unit, account))
    if waits_for(prepared.decision, confirm) is not Verdict.ALLOW:
        return NotAllowed(prepared.decision)
    change, documents = await accept_change(unit, prepared, None, at)
    return Taken(prepared, change, documents)
