"""Load the facts of a plan change: everything the decision may look at, read under one lock."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from db.queries import catalog, plan_change
from db.queries.accounts import AccountForActor
from db.queries.billing_terms import terms_of
from db.queries.debits import debits_since
from db.queries.subscriptions import live_of
from db.unit_of_work import UnitOfWork
from domain.commands import ChangePlan
from domain.dunning import standing
from domain.errors import NotFound
from domain.ids import PlanId, PlanVersionId, SubscriptionId
from domain.periods import BillingInterval, local_day
from domain.plan_change.facts import PlanChangeFacts


async def load_facts(
    unit: UnitOfWork,
    found: AccountForActor,
    request: ChangePlan,
    now: datetime,
    *,
    known_at: datetime,
    target_id: PlanVersionId | None = None,
    is_due: bool = False,
    standing_at: datetime | None = None,
) -> PlanChangeFacts:
    """The facts of `request` priced at `now`, as they are at `known_at`; the caller has locked the account's row.

    `target_id` pins the plan version a quote was made for; else it is the subscription's own version when the plan
    stays, and the one on sale when it moves. A look ahead gives the present as `standing_at`: what is open today
    counts as paid in time, where a decision of that day would hold it against the account. A renewal that ran while
    the request waited for the lock moves `now` to its instant: nothing is priced in a period that is over. Raises
    NotFound for a subscription or plan that is not there.
    """
    session, scope, account = unit.session, unit.scope, found.account
    live = (await live_of(session, scope, [account]))[account.id]
    own = next((each for each in live if each.now.id == request.subscription_id), None)
    if own is None:
        raise NotFound(request.subscription_id)
    subscription = own.now
    if target_id is None:
        target_id = subscription.version.id
        if request.plan_id is not None and request.plan_id != subscription.version.plan.id:
            current = await catalog.current_version_id(session, request.plan_id)
            if current is None:
                raise NotFound(request.plan_id)
            target_id = current
    target = subscription.version
    if target_id != target.id:
        target = (await catalog.versions(session, {target_id}))[target_id]
    today = local_day(standing_at or known_at, account.zone)
    terms = await terms_of(session, scope, {account.id: account}, {subscription.id: account.id})
    debits = await debits_since(session, scope, {(account.id, subscription.id): subscription.period.start})
    overdue, oldest = await plan_change.overdue(session, scope, account, today)
    return PlanChangeFacts(
        now=max(now, subscription.period.start),
        known_at=known_at,
        request=request,
        actor=unit.actor,
        role=found.role,
        account=account,
        subscription=subscription,
        target=target,
        others=tuple(each.now for each in live if each is not own),
        overrides=await plan_change.overrides(session, scope, account),
        usage=await plan_change.usage(session, scope, account, known_at),
        debits=debits.get(subscription.id, ()),
        standing=standing(oldest.due_on if oldest else None, today),
        overdue=overdue,
        oldest_overdue=oldest,
        pending=await plan_change.pending(session, scope, subscription),
        changes_last_day=await plan_change.changes_last_day(session, scope, account, known_at),
        terms=terms[subscription.id],
        held=own.held,
        is_due=is_due,
    )


def request_json(request: ChangePlan, target_id: PlanVersionId) -> dict[str, Any]:
    """A request as quotes and scheduled changes store it, with the plan version it was answered for."""
    return {
        "subscription": request.subscription_id.hex,
        "plan": request.plan_id.hex if request.plan_id else None,
        "interval": request.interval.value if request.interval else None,
        "quantities": [list(each) for each in request.quantities],
        "replacePending": request.replace_pending,
        "target": target_id.hex,
    }


def request_of(stored: Mapping[str, Any]) -> tuple[ChangePlan, PlanVersionId]:
    """A stored request and the plan version it was answered for."""
    request = ChangePlan(
        subscription_id=SubscriptionId(UUID(stored["subscription"])),
        plan_id=PlanId(UUID(stored["plan"])) if stored["plan"] else None,
        interval=BillingInterval(stored["interval"]) if stored["interval"] else None,
        quantities=tuple((component, units) for component, units in stored["quantities"]),
        replace_pending=stored["replacePending"],
    )
    return request, PlanVersionId(UUID(stored["target"]))
