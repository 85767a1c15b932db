"""One transaction of one actor: state, audit entry and outbox events are written together or not at all.

Owns the order of writing: what an operation decided gathers here, and is written at the end, one statement a table for
any number of accounts; then document numbers and the events that tell them, just before the commit, so that the locks
on number series are held as briefly as can be. Who reads through the session finds what has gathered: it is written
first, at the price of another statement a table. So: read, decide, write. Does not own what is written (db/save,
operations).
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncSession

from db import audit, numbers, outbox
from db.engine import Database
from db.gather import Gathered, Row
from db.scope import Scope, scope_of
from db.tables import audit_entries, outbox_events
from db.writing import WritingSession
from domain.account import Account
from domain.actor import Actor
from domain.events import BillingEvent
from domain.ids import AccountId, AuditId, IdMaker

Session: TypeAlias = AsyncSession
"""What queries read with, by the name that operations may use."""


class UnitOfWork:
    """What an operation writes with. `recorded_at` is real time; accounts may live at another (Account.now)."""

    def __init__(self, session: AsyncSession, actor: Actor, ids: IdMaker, recorded_at: datetime) -> None:
        self.session = session
        self.actor = actor
        self.scope: Scope = scope_of(actor)
        self.ids = ids
        self.recorded_at = recorded_at
        self._rows = Gathered()
        self._events: dict[AccountId, list[BillingEvent]] = {}
        self._documents: list[numbers.Unnumbered] = []
        if isinstance(session, WritingSession):
            session.before_reading = self.write

    def insert(self, table: Table, *rows: Row) -> None:
        """Queue new rows; each shows its whole primary key, and with it the account it belongs to."""
        self._rows.insert(table, *rows)

    def update(self, table: Table, key: Row, values: Row, plus: Mapping[str, int] | None = None) -> None:
        """Queue a change of the row with this primary key: `values` set, `plus` added. It must be there."""
        self._rows.update(table, key, values, plus)

    def delete(self, table: Table, key: Row) -> None:
        """Queue the row with this primary key to be taken away. It must be there."""
        self._rows.delete(table, key)

    def emit(self, account_id: AccountId, *events: BillingEvent) -> None:
        """Queue events of an account whose row this transaction has locked."""
        self._events.setdefault(account_id, []).extend(events)

    def number(self, of: numbers.Documents, account: Account, document_id: UUID) -> None:
        """Queue a document to get the next number of its series; documents of a series in the order they come here."""
        self._documents.append(numbers.unnumbered(of, account, document_id))

    async def audit(self, entry: audit.Entry) -> None:
        """Queue who did what, and why, beside it."""
        entry_id = AuditId(self.ids.new())
        self._rows.insert(audit_entries, audit.columns(self.actor, entry, entry_id, self.recorded_at))

    async def write(self) -> None:
        """Write the rows queued so far, without events and numbers; for who must see what the database says to them."""
        await self._rows.write(self.session)

    async def flush(self) -> None:
        """Write what was queued. Called once, last."""
        events, self._events = self._events, {}
        documents, self._documents = self._documents, []
        await self.write()
        places = await outbox.take_places(self.session, events)
        numbered = await numbers.assign(self.session, documents, self._rows)
        self.insert(outbox_events, *outbox.rows_of(events, places, numbered, self.ids, self.recorded_at))
        await self.write()


class _LookedOnly(Exception):
    """Ends a transaction that was for looking."""


@asynccontextmanager
async def unit_for_looking(
    database: Database, actor: Actor, ids: IdMaker, recorded_at: datetime
) -> AsyncIterator[UnitOfWork]:
    """A unit of what would be: it is never flushed, and what was written in it is rolled back."""
    with suppress(_LookedOnly):
        async with database.write() as session:
            yield UnitOfWork(session, actor, ids, recorded_at)
            raise _LookedOnly


@asynccontextmanager
async def unit_of_work(
    database: Database, actor: Actor, ids: IdMaker, recorded_at: datetime
) -> AsyncIterator[UnitOfWork]:
    """A unit that commits when the block ends and leaves no trace when it raises."""
    async with database.write() as session:
        unit = UnitOfWork(session, actor, ids, recorded_at)
        yield unit
        await unit.flush()
