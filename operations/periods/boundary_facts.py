"""What the boundaries of subscriptions are decided by, read for many accounts at once in as many statements as for one.

Does not own how a boundary is decided (decide_boundary.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from db.queries import changes
from db.queries.billing_terms import terms_of
from db.queries.changes import DueChange
from db.queries.entitlements import Entitling, entitling_of
from db.queries.migrations import waiting_moves
from db.queries.subscriptions import LiveSubscription
from db.queries.waiting import waiting_charges
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.ids import AccountId, SubscriptionId
from domain.invoicing.closing import Closing
from domain.invoicing.span import span_of
from domain.invoicing.terms import BillingTerms
from domain.invoicing.waiting import WaitingCharge
from domain.migration import SubscriptionMigration
from domain.subscription import SubscriptionStatus
from operations.periods.closing_facts import PeriodToClose, load_closings, load_late


@dataclass(frozen=True, slots=True)
class BoundaryReads:
    """What was read of all accounts."""

    live: Mapping[AccountId, Sequence[LiveSubscription]]
    terms: Mapping[SubscriptionId, BillingTerms]
    changes: Mapping[SubscriptionId, DueChange]
    moves: Mapping[SubscriptionId, SubscriptionMigration]
    closings: Mapping[SubscriptionId, Closing]
    late: Mapping[SubscriptionId, tuple[Closing, ...]]
    charges: Mapping[AccountId, tuple[WaitingCharge, ...]]
    entitling: Mapping[AccountId, Entitling]


async def load_boundaries(
    unit: UnitOfWork,
    accounts: Mapping[AccountId, Account],
    live: Mapping[AccountId, Sequence[LiveSubscription]],
    ending: Mapping[SubscriptionId, LiveSubscription],
    at: Mapping[SubscriptionId, datetime],
) -> BoundaryReads:
    """All that the boundaries `at` of these subscriptions are decided by; as many statements as for one."""
    session, scope = unit.session, unit.scope
    owners = {subscription_id: each.now.account_id for subscription_id, each in ending.items()}
    terms = await terms_of(session, scope, accounts, owners)
    closing = [
        PeriodToClose(each, span_of(each.now), terms[subscription_id])
        for subscription_id, each in ending.items()
        if each.now.status is not SubscriptionStatus.TRIALING
    ]
    due_changes = await changes.due_changes(session, scope, {key: (owners[key], at[key]) for key in ending})
    moves = await waiting_moves(session, scope, list(accounts))
    # where a period follows the next and nothing else happens, only what is allowed per period begins anew
    plain = [
        owners[key]
        for key, each in ending.items()
        if each.now.status is SubscriptionStatus.ACTIVE
        and key not in due_changes
        and key not in moves
        and (each.now.cancel_at is None or each.now.cancel_at > at[key])
    ]
    return BoundaryReads(
        live,
        terms,
        due_changes,
        moves,
        await load_closings(session, scope, closing),
        await load_late(session, scope, closing),
        await waiting_charges(session, scope, list(accounts)),
        await entitling_of(session, scope, list(accounts), allowances_only=plain),
    )
