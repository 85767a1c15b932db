"""One operation's view of the database: a snapshot, taken at the first read, that every later read shares.

Owns: the connection for as long as it is leased, its transaction, the order of reads on it.
Does not own: the statements (`db.graph` makes them), the pool (`db.engine`).

Separate short reads gave torn answers under writers, and one connection cannot run two statements at once, so reads
queue here. An operation holds one connection and never waits for a second, hence leases cannot lock each other out.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import asyncpg

from db.address import Address, DatabaseUnavailable

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection = PoolConnectionProxy[asyncpg.Record]
    Pool = asyncpg.Pool[asyncpg.Record]

ACQUIRE_TIMEOUT_S = 10
"""How long an operation waits for a free connection before it is told that the database is busy."""

READ_SESSION = {
    # a tenant predicate `= ANY($scope)` with one account in it would be planned anew for ever
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
    # SQL writes wire formats, so the session must not have ideas of its own
    "TimeZone": "UTC",
    "DateStyle": "ISO",
}

BEGIN_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

Row = TypeVar("Row", bound=asyncpg.Record)


@dataclass(frozen=True, slots=True)
class Statement(Generic[Row]):
    """A statement made at start: a name for metrics and tests, the SQL text, and the class its rows get."""

    name: str
    sql: str
    record_class: type[Row]


@dataclass(frozen=True, slots=True)
class Ran:
    """A statement that has run, for those who watch: metrics, and tests that hold the number of statements."""

    name: str
    sql: str
    rows: int
    duration_s: float


Observer = Callable[[Ran], None]


class LeaseClosed(Exception):
    """A read came after its operation had ended."""


class Lease:
    """Lazy: takes a connection and its REPEATABLE READ, READ ONLY snapshot at the first `fetch`. Close it always."""

    __slots__ = (
        "_address",
        "_begin",
        "_closed",
        "_closing",
        "_connection",
        "_observers",
        "_pool",
        "_turn",
        "statements",
    )

    def __init__(self, pool: "Pool", address: Address, begin: str, observers: Sequence[Observer]) -> None:
        self._pool = pool
        self._address = address
        self._begin = begin
        self._observers = observers
        self._turn = asyncio.Lock()
        self._connection: Connection | None = None
        self._closed = False
        self._closing: asyncio.Task[None] | None = None
        self.statements = 0
        """How many statements have read rows; BEGIN and COMMIT do not count."""

    async def fetch(self, statement: Statement[Row], *arguments: Any) -> list[Row]:
        """Run a statement on the operation's snapshot and return its rows; calls made at once wait for their turn.

        Each connection keeps the plans it has made from lease to lease (asyncpg's cache, by text and row class).
        Raises `DatabaseUnavailable` when no connection can be had, `LeaseClosed` after `close()`.
        """
        async with self._turn:
            if self._closed:
                raise LeaseClosed(statement.name)
            connection = self._connection or await self._open()
            started = time.perf_counter()
            rows: list[Row] = await connection.fetch(statement.sql, *arguments, record_class=statement.record_class)
            self.statements += 1
            if self._observers:
                ran = Ran(statement.name, statement.sql, len(rows), time.perf_counter() - started)
                for observer in self._observers:
                    observer(ran)
            return rows

    async def close(self) -> None:
        """Give the connection back. May be called twice, at any time; a cancelled caller does not stop it."""
        if not self._closed:
            self._closed = True
            if self._connection is not None or self._turn.locked():
                self._closing = asyncio.create_task(self._end())
        if self._closing is not None:
            await asyncio.shield(self._closing)

    async def _open(self) -> "Connection":
        try:
            connection = await self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S)
        except TimeoutError as problem:
            raise DatabaseUnavailable(f"every connection to {self._address.where} is busy") from problem
        except (OSError, asyncpg.InterfaceError, asyncpg.PostgresError) as problem:
            raise self._address.unavailable(problem) from problem
        try:
            await connection.execute(self._begin)
        except BaseException as problem:
            # nobody may read on a connection whose snapshot is in doubt
            connection.terminate()
            await self._pool.release(connection)
            if isinstance(problem, OSError | asyncpg.InterfaceError | asyncpg.PostgresError):
                raise self._address.unavailable(problem) from problem
            raise
        self._connection = connection
        return connection

    async def _end(self) -> None:
        async with self._turn:
            connection, self._connection = self._connection, None
            if connection is None:
                return
            try:
                await connection.execute("COMMIT")
            except (OSError, asyncpg.InterfaceError, asyncpg.PostgresError):
                connection.terminate()
            finally:
                await self._pool.release(connection)
