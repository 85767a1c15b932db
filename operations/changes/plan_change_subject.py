"""What a plan change is decided from before anything is asked: read once, however many requests are answered from it.

Owns which of the facts do not hang on the request. Does not own the versions that requests lead to
(plan_change_targets.py), nor the decision.
"""

from datetime import datetime

from db.queries import plan_change
from db.queries.account_terms import agreement_of
from db.queries.accounts import AccountForActor
from db.queries.approvals import approved_for
from db.queries.billing_terms import terms_of
from db.queries.debits import debits_since
from db.queries.subscriptions import live_of
from db.unit_of_work import UnitOfWork
from domain.commands import ChangePlan
from domain.dunning import standing
from domain.errors import NotFound
from domain.ids import SubscriptionId
from domain.invoicing.charged import charged_in
from domain.money import Money
from domain.periods import local_day
from domain.plan_change.facts import PlanChangeFacts


async def load_subject(
    unit: UnitOfWork,
    found: AccountForActor,
    subscription_id: SubscriptionId,
    now: datetime,
    *,
    known_at: datetime,
    is_due: bool = False,
    standing_at: datetime | None = None,
) -> PlanChangeFacts:
    """The facts of a request that asks for nothing, priced at `now`, as they are at `known_at`.

    Asked another (PlanChangeFacts.asked) they are the facts of that. A look ahead gives the present as `standing_at`:
    what is open today counts as paid in time, where a decision of that day would hold it against the account. A renewal
    that ran while the request waited for the lock moves `now` to its instant, and so does any other change before one
    that is asked now: nothing is priced in a period that is over, or before what is. One that has ended is
    found like any other: the policy says no. Raises NotFound for a subscription that is not there.
    """
    session, scope, account = unit.session, unit.scope, found.account
    live = (await live_of(session, scope, [account], also=[subscription_id]))[account.id]
    own = next((each for each in live if each.now.id == subscription_id), None)
    if own is None:
        raise NotFound(subscription_id)
    subscription = own.now
    if now == known_at and not is_due:  # asked now, by a clock that may be behind; a quote keeps its instant
        now = known_at = max(now, subscription.last_moved_at)
    today = local_day(standing_at or known_at, account.zone)
    terms = await terms_of(session, scope, {account.id: account}, {subscription.id: account.id})
    agreement = await agreement_of(session, scope, account.id)
    others = tuple(each.now for each in live if each is not own)
    # a cap is held against the whole account; without one its other subscriptions' charges are nobody's concern here
    capped = others if agreement is not None and agreement.spend_cap is not None else ()
    since = {(account.id, each.id): each.period.start for each in (subscription, *capped)}
    debits = await debits_since(session, scope, since)
    recent = await plan_change.recent_changes(session, scope, subscription, known_at)
    overdue, oldest = await plan_change.overdue(session, scope, account, today)
    return PlanChangeFacts(
        now=max(now, subscription.period.start),
        known_at=known_at,
        request=ChangePlan(subscription.id),
        actor=unit.actor,
        role=found.role,
        account=account,
        subscription=subscription,
        target=subscription.version,
        others=others,
        overrides=await plan_change.overrides(session, scope, account),
        usage=await plan_change.usage(session, scope, account, known_at),
        debits=debits.get(subscription.id, ()),
        agreement=agreement,
        others_charged=Money.total(
            (charged_in(each.period, debits.get(each.id, ()), account.currency) for each in capped), account.currency
        ),
        standing=standing(oldest.due_on if oldest else None, today),
        overdue=overdue,
        oldest_overdue=oldest,
        pending=await plan_change.pending(session, scope, subscription),
        changes_last_day=recent.last_day,
        upgraded_at=recent.upgraded_at,
        terms=terms[subscription.id],
        held=own.held,
        is_due=is_due,
        # an accepted change brings its own grant to its day
        approval=None if is_due else await approved_for(session, scope, account.id, subscription.id, known_at),
    )
