"""What is due on accounts by itself: one look over the partial indexes of all kinds.

Owns which column says that a kind of thing is due. Does not own their order, nor doing any of it (operations/run_due).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    DateTime,
    Table,
    Uuid,
    and_,
    bindparam,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.among import among_given
from db.scope import ACTOR, Scope, within
from db.tables import (
    accounts,
    approvals,
    consolidated_invoices,
    invoices,
    payments,
    plan_changes,
    refunds,
    subscriptions,
)
from domain.approval import OPEN
from domain.ids import AccountId
from domain.plan_change.verdict import PlanChangeStatus


@dataclass(frozen=True, slots=True)
class DueColumn:
    """A kind of thing that is due once the instant in a column has come: its rows, their account and their id."""

    kind: str
    table: Table
    instant: str
    account: str = "account_id"
    statuses: tuple[str, ...] = ()
    """Those in which it is due, where the instant stays once it is not."""

    @property
    def at(self) -> Column[Any]:
        """The column."""
        return self.table.c[self.instant]

    @property
    def account_id(self) -> Column[Any]:
        """Whose row it is."""
        return self.table.c[self.account]

    def come(self, until: ColumnElement[Any] | datetime) -> ColumnElement[bool]:
        """Whether its instant has come by another."""
        if not self.statuses:
            return self.at <= until
        # spelt out, so that the index over these statuses alone can be told to serve
        return and_(
            self.at <= until,
            self.table.c.status.in_([bindparam(None, each, literal_execute=True) for each in self.statuses]),
        )


DUE: Sequence[DueColumn] = (
    DueColumn("FINALISE", invoices, "finalise_at"),
    DueColumn("EXPIRE_CHANGE", plan_changes, "expires_at", statuses=(PlanChangeStatus.AWAITING_PAYMENT.value,)),
    DueColumn("EXPIRE_APPROVAL", approvals, "expires_at", statuses=tuple(each.value for each in OPEN)),
    DueColumn("CLOSE_PERIOD", subscriptions, "due_at"),
    DueColumn("LATE_USE", subscriptions, "late_use_at"),
    DueColumn("NOTICE", subscriptions, "notice_at"),
    DueColumn("CONSOLIDATE", accounts, "consolidate_at", "id"),
    DueColumn("DUN", invoices, "next_step_at"),
    DueColumn("DUN_CONSOLIDATED", consolidated_invoices, "next_step_at"),
    DueColumn("POLL_PAYMENT", payments, "poll_at"),
    DueColumn("POLL_REFUND", refunds, "poll_at"),
)
"""Everything that happens by itself. A new kind has its column here and its step in operations/clock/steps.py."""


@dataclass(frozen=True, slots=True)
class DueRow:
    """A row whose instant has come."""

    kind: str
    at: datetime
    id: UUID
    account_id: AccountId


async def due_on(
    session: AsyncSession, scope: Scope, account_ids: Collection[AccountId], until: datetime
) -> list[DueRow]:
    """Everything due on these accounts up to an instant, in no order; one statement. Their clocks are not asked."""
    given = {ACTOR: scope.actor_id, "wanted": list(account_ids), "until": until}
    found = await session.execute(_due_on(scope.of_anyone), given)
    return [DueRow(row.kind, rows.utc(row.at), row.id, AccountId(row.account_id)) for row in found]


@lru_cache
def _due_on(scope: Scope) -> CompoundSelect[Any]:
    """Made once: it is asked after each thing that is done, and to put it together took longer than its answer."""
    until = bindparam("until", type_=DateTime(timezone=True))
    return union_all(
        *(
            # check: allow query-scope because the tables are those of DUE, and each carries the scope
            select(
                literal(each.kind).label("kind"),
                each.at.label("at"),
                each.table.c.id,
                each.account_id.label("account_id"),
            ).where(among_given(each.account_id, "wanted"), each.come(until), within(scope.kind, each.account_id))
            for each in DUE
        )
    )


async def due_accounts(
    session: AsyncSession, scope: Scope, real_now: datetime, limit_rows: int, *, but: Collection[AccountId] = ()
) -> Sequence[AccountId]:
    """Accounts in reach, but for some, that live in real time and have anything due, the longest waiting first."""
    in_real_time = select(accounts.c.id).where(accounts.c.clock_at.is_(None), within(scope.kind, accounts.c.id))
    left_out = select(func.unnest(literal(list(but), ARRAY(Uuid))))

    def waiting(each: DueColumn) -> Any:
        # hashed, however many there are; `<> ALL` of a parameter compares each row with each of them
        return (
            select(each.account_id.label("account_id"), each.at.label("at"))
            .where(
                each.come(real_now),
                each.account_id.in_(in_real_time),
                each.account_id.not_in(left_out),
                within(scope.kind, each.account_id),
            )
            .order_by(each.at)
            .limit(limit_rows)
        )

    due = union_all(*(waiting(each).subquery().select() for each in DUE)).subquery("due")
    longest_waiting = func.min(due.c.at)
    found = await session.scalars(
        # check: allow query-scope because each look of the union carries the scope
        select(due.c.account_id).group_by(due.c.account_id).order_by(longest_waiting).limit(limit_rows),
        {ACTOR: scope.actor_id},
    )
    return [AccountId(each) for each in found]
