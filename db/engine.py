"""The database as the program holds it: transactions that write, snapshots that are read.

Owns: the two pools, how long anything may take, who watches the statements.
Does not own: addresses and error lines (`db.address`), a snapshot's life (`db.lease`), migrations (`db.migrate`).
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from types import TracebackType
from typing import Any, Self

import asyncpg
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import NullPool

from db.address import CONNECT_TIMEOUT_S, Address, DatabaseUnavailable, Pooler
from db.lease import ACQUIRE_TIMEOUT_S, BEGIN_SNAPSHOT, READ_SESSION, Lease, Observer, Ran, Statement
from db.writing import WritingSession

__all__ = ["Database", "DatabaseUnavailable", "Lease", "Pooler", "Ran", "Statement", "copy_rows", "write_engine"]

CLOSE_TIMEOUT_S = 10
_KEEP_STATEMENTS = {"statement_cache_size": 1000, "max_cached_statement_lifetime": 0, "max_cacheable_statement_size": 0}
_OBSERVERS = "observers"
"""Where a session tells who watches: COPY goes past the statements that SQLAlchemy sees."""
_WRITE_SESSION = {"TimeZone": "UTC", "DateStyle": "ISO", "jit": "off"}


class Database:
    """One Postgres: `write()` for a transaction on it, `reads()` for a snapshot of it. Open it, or use `async with`."""

    def __init__(
        self,
        url: str,
        *,
        pooler: Pooler = Pooler.NONE,
        read_connections: int = 10,
        write_connections: int = 5,
        statement_timeout_s: int = 30,
    ) -> None:
        """Only reads the arguments; connects in `open()`. Raises `DatabaseUnavailable` for a malformed URL."""
        self.address = Address.parse(url, pooler)
        self.observers: list[Observer] = []
        """Called after every statement that reads or writes rows."""
        self._read_connections = read_connections
        bounds = {
            "statement_timeout": f"{statement_timeout_s}s",
            "idle_in_transaction_session_timeout": f"{2 * statement_timeout_s}s",
        }
        self._read_session = READ_SESSION | bounds
        self._begin = "; ".join(filter(None, [BEGIN_SNAPSHOT, self.address.settings_statement(self._read_session)]))
        self._write_settings = self.address.settings_statement(_WRITE_SESSION | bounds)
        self._engine = write_engine(self.address, _WRITE_SESSION | bounds, connections=write_connections)
        self._sessions = async_sessionmaker(
            self._engine, class_=WritingSession, expire_on_commit=False, info={_OBSERVERS: self.observers}
        )
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        event.listen(self._engine.sync_engine, "before_cursor_execute", _note_start)
        event.listen(self._engine.sync_engine, "after_cursor_execute", self._tell_of_write)

    async def open(self) -> None:
        """Check the server and open the read pool, if that is still to do; raises `DatabaseUnavailable`, one line."""
        if self._pool is not None:
            return
        await self.address.check()
        self._pool = await asyncpg.create_pool(
            self.address.dsn,
            min_size=1,
            max_size=self._read_connections,
            timeout=CONNECT_TIMEOUT_S,
            reset=_nothing_to_reset,
            # a loader's statement is prepared once a connection and kept
            **_KEEP_STATEMENTS | self.address.connect_arguments("billing read", self._read_session),
        )

    async def close(self) -> None:
        """Wait a while for leases to end and close every connection. May be called when not open."""
        pool, self._pool = self._pool, None
        if pool is not None:
            try:
                async with asyncio.timeout(CLOSE_TIMEOUT_S):
                    await pool.close()
            except TimeoutError:  # a lease was never closed
                pool.terminate()
        await self._engine.dispose()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session in one READ COMMITTED transaction on the primary: commits at the end, rolls back on an exception.

        Raises `DatabaseUnavailable` when no connection can be had. Never share the session between tasks.
        """
        async with self._transaction({}) as session:
            yield session

    @contextlib.asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncSession]:
        """A session that reads one state of the database: REPEATABLE READ, READ ONLY. For checks that write nothing.

        Raises `DatabaseUnavailable` when no connection can be had. Never share the session between tasks.
        """
        async with self._transaction({"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}) as session:
            yield session

    @contextlib.asynccontextmanager
    async def _transaction(self, options: dict[str, Any]) -> AsyncIterator[AsyncSession]:
        async with self._sessions() as session, session.begin():
            try:
                await session.connection(execution_options=options)
                if self._write_settings is not None:
                    await (await session.connection()).exec_driver_sql(self._write_settings)
            except PoolTimeout as problem:
                raise DatabaseUnavailable(f"every connection to {self.address.where} is busy") from problem
            except (OSError, asyncpg.InterfaceError, asyncpg.PostgresError) as problem:
                raise self.address.unavailable(problem) from problem
            except DBAPIError as problem:
                raise self.address.unavailable(getattr(problem.orig, "__cause__", None) or problem) from problem
            yield session

    def reads(self) -> Lease:
        """A snapshot for one operation; costs nothing until its first read. Close it always."""
        if self._pool is None:
            raise RuntimeError("the database is not open")
        return Lease(self._pool, self.address, self._begin, self.observers)

    async def ping(self) -> None:
        """Answer within seconds whether reads work; raises `DatabaseUnavailable` if not."""
        lease = self.reads()
        try:
            await lease.fetch(_PING)
        finally:
            await lease.close()

    @contextlib.contextmanager
    def recording(self) -> Iterator[list[Ran]]:
        """Collect every statement that runs meanwhile, reads and writes, in the order they end; for tests."""
        ran: list[Ran] = []
        self.observers.append(ran.append)
        try:
            yield ran
        finally:
            self.observers.remove(ran.append)

    def _tell_of_write(self, connection: Any, cursor: Any, sql: str, arguments: Any, context: Any, many: bool) -> None:
        if self.observers and sql != _TO_BEGIN:
            ran = Ran("write", sql, cursor.rowcount, time.perf_counter() - context.started_at)
            for observer in self.observers:
                observer(ran)


_TO_BEGIN = "SELECT 1"
_PING = Statement("ping", "SELECT 1", asyncpg.Record)


def write_engine(address: Address, session: dict[str, str], *, connections: int) -> AsyncEngine:
    """A SQLAlchemy engine on an address; with no `connections` to keep, each use makes and closes its own."""
    arguments = address.connect_arguments("billing write", session) | {"timeout": CONNECT_TIMEOUT_S}
    if address.pooler is not Pooler.NONE:
        # an unnamed statement leaves nothing behind on a server connection that is another's a moment later
        arguments |= {"prepared_statement_cache_size": 0, "prepared_statement_name_func": str}
    if connections == 0:
        pool: dict[str, Any] = {"poolclass": NullPool}
    else:
        pool = {"pool_size": connections, "max_overflow": 0, "pool_timeout": ACQUIRE_TIMEOUT_S, "pool_pre_ping": True}
    arguments["dsn"] = address.dsn
    return create_async_engine("postgresql+asyncpg://", connect_args=arguments, **pool)


async def copy_rows(session: AsyncSession, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write many rows with COPY inside the session's transaction; values are Python's, in the order of `columns`."""
    connection = await session.connection()
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    if not driver.is_in_transaction():
        # the driver begins its transaction with the first statement it is given, and COPY goes past it
        await connection.exec_driver_sql(_TO_BEGIN)
    started_at = time.perf_counter()
    status = await driver.copy_records_to_table(table, columns=list(columns), records=rows)
    if observers := session.info.get(_OBSERVERS):
        ran = Ran("write", f"COPY {table}", int(status.removeprefix("COPY ")), time.perf_counter() - started_at)
        for observer in observers:
            observer(ran)


async def _nothing_to_reset(connection: Any) -> None:
    """A lease ends its transaction and sets nothing beyond it, so the usual RESET would be a wasted round trip."""


def _note_start(connection: Any, cursor: Any, sql: str, arguments: Any, context: Any, many: bool) -> None:
    context.started_at = time.perf_counter()
