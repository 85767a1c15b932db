"""Who a migration moves, and when: the same for its preview and for the announcement.

Owns the choice of the cohort. Does not own the boundary of one subscription (domain/migration.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from db.queries.account_terms import agreements_of
from db.queries.accounts import locked_accounts
from db.queries.migrations import cohort, version_to_move_to
from db.queries.subscriptions import live_of
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.account_terms import AccountTerms
from domain.catalog import PlanVersion
from domain.commands import MigratePlanVersion, PreviewMigration
from domain.errors import InvalidInput, NotFound
from domain.migration import is_movable, kept_quantities, moves_at, regular_amount
from domain.money import Money
from domain.subscription import BillingSubscription

MOST_NOTICE_DAYS = 730


@dataclass(frozen=True, slots=True)
class PlannedMove:
    """One subscription to move: when, and what a whole period costs in advance before and after."""

    account: Account
    subscription: BillingSubscription
    at: datetime
    before: Money
    after: Money


@dataclass(frozen=True, slots=True)
class PlannedMoves:
    """A cohort, by account. `staying` are live ones that are left alone: about to end, or not sold so any more."""

    version: PlanVersion
    moves: Sequence[PlannedMove]
    staying: int


async def plan_moves(unit: UnitOfWork, command: PreviewMigration | MigratePlanVersion) -> PlannedMoves:
    """Choose whom to move, their accounts locked; as many statements for any number of subscriptions.

    Notice is counted in days of each account's own time. Raises NotFound for a plan or version that is not there,
    InvalidInput naming `noticeDays`.
    """
    if not 0 <= command.notice_days <= MOST_NOTICE_DAYS:
        raise InvalidInput(("noticeDays",), f"Notice is at most {MOST_NOTICE_DAYS} days.", command.notice_days)
    version = await version_to_move_to(unit.session, command.plan_id, command.to_version_id)
    if version is None:
        raise NotFound(command.to_version_id or command.plan_id)
    wanted = await cohort(unit.session, unit.scope, version, command.segment)
    accounts = await locked_accounts(unit.session, unit.scope, set(wanted.values()))
    live = await live_of(unit.session, unit.scope, accounts.values())
    agreements = await agreements_of(unit.session, unit.scope, accounts)
    moves = [
        _planned(account, each.now, version, _earliest(account, agreements.get(account.id), unit, command.notice_days))
        for account in accounts.values()
        for each in live[account.id]
        if each.now.id in wanted and is_movable(each.now, version, account.currency)
    ]
    return PlannedMoves(version, moves, len(wanted) - len(moves))


def _earliest(account: Account, agreement: AccountTerms | None, unit: UnitOfWork, notice_days: int) -> datetime:
    """When an account's subscriptions may be moved: once notice has been given, and no lock holds their prices."""
    now = account.now(unit.recorded_at)
    notice_ends_at = now + timedelta(days=notice_days)
    locked_until = agreement.locked_until(now) if agreement is not None else None
    return notice_ends_at if locked_until is None else max(notice_ends_at, locked_until)


def _planned(
    account: Account, subscription: BillingSubscription, version: PlanVersion, notice_ends_at: datetime
) -> PlannedMove:
    currency = account.currency
    before = regular_amount(subscription, subscription.version, subscription.quantities, currency)
    after = regular_amount(subscription, version, kept_quantities(subscription, version), currency)
    return PlannedMove(account, subscription, moves_at(subscription, notice_ends_at), before, after)
