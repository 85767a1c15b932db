"""The worker's queue: pgqueuer's tables in a schema of their own, and the two ways to reach them.

Owns: the names (never the environment's), the connection that listens, jobs put in with a transaction of ours.
Does not own: what a job means (`worker`), what else is asked of the tables (`db.job_rows`), how they are made (a
migration). They are pgqueuer's and no tables of `db.tables`: they hold no tenant's rows, only which accounts wait.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.domain.errors import FailingListenerError
from pgqueuer.domain.settings import DBSettings, Durability
from pgqueuer.domain.types import Channel
from pgqueuer.queries import Queries
from sqlalchemy import literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.address import CONNECT_TIMEOUT_S, Address

CLOSE_TIMEOUT_S: Final = 5
STATEMENT_TIMEOUT_S: Final = 30

# the last is what the driver meets with on a connection that the server has ended in between
_BROKEN: Final = (OSError, asyncpg.InterfaceError, asyncpg.PostgresError, asyncpg.InternalClientError)

CHANNEL: Final = Channel("ch_pgqueuer")
# every name is said: the library takes what is not said from variables as common as FUNCTION and CHANNEL
NAMES: Final = DBSettings(
    prefix="",
    db_schema="queue",
    channel=CHANNEL,
    function="fn_pgqueuer_changed",
    statistics_table="pgqueuer_statistics",
    queue_status_type="pgqueuer_status",
    queue_table="pgqueuer",
    queue_table_log="pgqueuer_log",
    trigger="tg_pgqueuer_changed",
    schedules_table="pgqueuer_schedules",
    durability=Durability.durable,
    widen_id=True,
)


@asynccontextmanager
async def listening(address: Address) -> AsyncIterator[Queries]:
    """The queue over a connection of its own, on which it may LISTEN; `address` is direct, not a pooler's.

    Raises `DatabaseUnavailable` when the connection cannot be had, or breaks while the block runs.
    """
    session = {"statement_timeout": f"{STATEMENT_TIMEOUT_S}s", "jit": "off"}
    try:
        connection = await asyncpg.connect(
            address.dsn,
            timeout=CONNECT_TIMEOUT_S,
            # a server that went without a word is noticed too
            command_timeout=2 * STATEMENT_TIMEOUT_S,
            **address.connect_arguments("billing work", session),
        )
        try:
            yield _queries(connection)
            await connection.close(timeout=CLOSE_TIMEOUT_S)
        finally:
            connection.terminate()
    except (*_BROKEN, FailingListenerError) as problem:
        raise address.unavailable(problem) from problem


async def queue_in(session: AsyncSession) -> Queries:
    """The queue inside the session's transaction: jobs put in are there when it commits."""
    connection = await session.connection()
    # the driver begins its transaction with the first statement it sees, and the queue goes past it
    await connection.execute(select(literal(1)))
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None
    return _queries(driver)


def _queries(connection: "asyncpg.Connection[asyncpg.Record]") -> Queries:
    return Queries(
        AsyncpgDriver(connection),
        QueryBuilderEnvironment(NAMES),
        QueryQueueBuilder(NAMES),
        QuerySchedulerBuilder(NAMES),
    )
