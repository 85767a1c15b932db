"""Let a subscription go on because the last day of its pause has come, whatever is owed: it was said when it paused."""

from datetime import datetime

from db.queries.accounts import AccountForActor
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.commands import ChangePlan, Resume
from domain.ids import PlanChangeId, SubscriptionId
from domain.plan_change.prepare import prepare
from operations.changes.plan_change_facts import load_facts
from operations.changes.write_resume import write_resume
from operations.use.entitle import entitle


async def reopen_subscription(
    unit: UnitOfWork, account: Account, subscription_id: SubscriptionId, at: datetime
) -> None:
    """Go on at `at`, in whole seconds of the account's own time; its row is locked.

    Raises InvalidTransition for a subscription that is not paused.
    """
    request = ChangePlan(subscription_id, turn=Resume())
    facts = await load_facts(unit, AccountForActor(account, None), request, at, known_at=at, is_due=True)
    await write_resume(unit, prepare(facts), PlanChangeId(unit.ids.new()), at)
    await entitle(unit, account, at)
