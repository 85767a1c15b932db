"""A change that waited for its money is paid: it takes effect, at the price and the instant of its quote."""

from datetime import datetime

from db import audit
from db.queries.accounts import AccountForActor
from db.queries.changes import AwaitingChange
from db.save.changes import plan_change_paid
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.events import plan_change_event, subscription_state
from domain.plan_change.prepare import prepare
from domain.plan_change.verdict import PlanChangeStatus
from operations.changes.paid_effects import PAID_EFFECTS
from operations.changes.plan_change_facts import load_facts, request_of
from operations.changes.schedule_next_step import schedule_next_step
from operations.use.entitle import entitle


async def take_paid_change(unit: UnitOfWork, account: Account, change: AwaitingChange, at: datetime) -> None:
    """Do what was accepted, in the transaction that records the money; the account's row is locked.

    It is not decided again: the customer has paid for what was promised, and nothing else may have changed the
    subscription while it waited. Items begin at the instant of the quote, entitlements switch at `at`.
    """
    request, target_id = request_of(change.request)
    found = AccountForActor(account, None)
    # its invoice is no debit before the change is in effect: what is read here is what was quoted from
    prepared = prepare(await load_facts(unit, found, request, change.priced_at, known_at=at, target_id=target_id))
    before = prepared.facts.subscription
    await PAID_EFFECTS[change.kind].take(unit, prepared, change.laid_out, at)
    await plan_change_paid(unit, account.id, change.id, at)
    await entitle(unit, account, at)
    await schedule_next_step(unit, account, change.subscription_id, at, prepared.course.period.end)
    status = PlanChangeStatus.APPLIED
    unit.emit(account.id, plan_change_event(status, change.id, change.subscription_id, at, {"paid": True}))
    await unit.audit(
        audit.Entry(
            account.id,
            f"subscription.change_plan.{status.value.lower()}",
            "BillingSubscription",
            change.subscription_id,
            at,
            before=subscription_state(before),
            after={"plan": prepared.facts.target.plan.code, "planVersion": prepared.facts.target.number},
        )
    )
