"""Take a plan change on its day: decided again, by the facts of the day."""

from dataclasses import replace
from datetime import datetime

from db import audit
from db.queries.accounts import AccountForActor
from db.queries.changes import DueChange
from db.save import changes as save_changes
from db.save import subscriptions
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.events import plan_change_event, subscription_state
from domain.plan_change.approved import granted_in
from domain.plan_change.course import course_at_boundary
from domain.plan_change.decide import asked_to_confirm, decide, waits_for
from domain.plan_change.effects import move
from domain.plan_change.verdict import ChangeKind, DecisionPurpose, PlanChangeStatus, Verdict
from domain.subscription import BillingSubscription
from operations.changes.end_ramp import end_ramp
from operations.changes.plan_change_facts import load_facts, request_of
from operations.changes.schedule_next_step import schedule_next_step
from operations.policy.editions_for import editions_for
from operations.policy.record_decision import record_decision


async def take_due_change(
    unit: UnitOfWork,
    account: Account,
    subscription: BillingSubscription,
    following: BillingSubscription,
    due: DueChange,
    at: datetime,
    *,
    standing_at: datetime,
) -> BillingSubscription:
    """The subscription as it enters the period after `at`: changed, or `following` where it stays what it was.

    The change is taken only if nothing stands against it that its customer has not agreed to; else it ends as REFUSED,
    with the reasons of this decision, and so does the ramp it is a step of. The account's row is locked.
    """
    request, target_id = request_of(due.request)
    found = AccountForActor(account, None)
    facts = await load_facts(
        unit, found, request, at, known_at=at, target_id=target_id, is_due=True, standing_at=standing_at
    )
    facts = replace(facts, approval=granted_in(due.decision))
    editions = await editions_for(unit, account)
    decision = decide(facts, editions.live)
    is_open = waits_for(decision, asked_to_confirm(due.decision)) is Verdict.ALLOW and decision.effective_at <= at
    if is_open:
        moved = move(facts, course_at_boundary(facts), unit.ids)
        await subscriptions.moved(unit, moved)
        following = moved.subscription
    status = PlanChangeStatus.APPLIED if is_open else PlanChangeStatus.REFUSED
    recorded = await record_decision(
        unit, facts, decision, editions, purpose=DecisionPurpose.BOUNDARY, kind=ChangeKind.SWITCH, request=due.request
    )
    await save_changes.plan_change_outcome(unit, account.id, due.id, status, recorded.id, at if is_open else None)
    if due.is_followed and is_open:
        await schedule_next_step(unit, account, subscription.id, at, following.period.end)
    elif due.is_followed:
        await end_ramp(unit, account, subscription.id, at)
    codes = [reason.code for reason in decision.reasons]
    unit.emit(account.id, plan_change_event(status, due.id, subscription.id, at, {"reasons": codes}))
    await unit.audit(
        audit.Entry(
            account.id,
            f"subscription.change_plan.{status.value.lower()}",
            "BillingSubscription",
            subscription.id,
            at,
            before=subscription_state(subscription),
            after=subscription_state(following),
            reason=", ".join(codes),
        )
    )
    return following
