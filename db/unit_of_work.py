"""One transaction of one actor: state, audit entry and outbox events are written together or not at all.

Owns the order of writing: rows as they come, then events, then document numbers, just before the commit, so that the
locks on number series are held as briefly as can be. Does not own what is written (db/save, operations).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from db import audit, numbers, outbox
from db.engine import Database
from db.scope import Scope, scope_of
from domain.account import Account
from domain.actor import Actor
from domain.events import BillingEvent
from domain.ids import AccountId, IdMaker
from domain.invoice import Invoice


class UnitOfWork:
    """What an operation writes with. `recorded_at` is real time; accounts may live at another (Account.now)."""

    def __init__(self, session: AsyncSession, actor: Actor, ids: IdMaker, recorded_at: datetime) -> None:
        self.session = session
        self.actor = actor
        self.scope: Scope = scope_of(actor)
        self.ids = ids
        self.recorded_at = recorded_at
        self._events: dict[AccountId, list[BillingEvent]] = {}
        self._documents: list[tuple[Account, Invoice]] = []

    def emit(self, account_id: AccountId, *events: BillingEvent) -> None:
        """Queue events of an account whose row this transaction has locked."""
        self._events.setdefault(account_id, []).extend(events)

    def number(self, account: Account, invoice: Invoice) -> None:
        """Queue a saved document to get the next number of its series."""
        self._documents.append((account, invoice))

    async def audit(self, entry: audit.Entry) -> None:
        """Write who did what, and why, beside it."""
        await audit.write(self.session, self.actor, entry, self.ids, self.recorded_at)

    async def flush(self) -> None:
        """Write what was queued. Called once, last."""
        for account_id, events in self._events.items():
            await outbox.append(self.session, account_id, events, self.ids, self.recorded_at)
        self._events.clear()
        await numbers.assign(self.session, self._documents)
        self._documents.clear()


@asynccontextmanager
async def unit_of_work(
    database: Database, actor: Actor, ids: IdMaker, recorded_at: datetime
) -> AsyncIterator[UnitOfWork]:
    """A unit that commits when the block ends and leaves no trace when it raises."""
    async with database.write() as session:
        unit = UnitOfWork(session, actor, ids, recorded_at)
        yield unit
        await unit.flush()
