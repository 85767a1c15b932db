"""Transactions and snapshots: what is kept, what is seen, what a cancelled or failed one leaves behind."""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from db.address import Address
from db.engine import Database, DatabaseUnavailable, Lease, Pooler, Statement, copy_rows
from db.lease import LeaseClosed

BALANCES: Statement[asyncpg.Record] = Statement(
    "balances", "SELECT name, amount FROM balances ORDER BY name", asyncpg.Record
)
SLEEP: Statement[asyncpg.Record] = Statement("sleep", "SELECT pg_sleep($1)", asyncpg.Record)
SETTING: Statement[asyncpg.Record] = Statement("setting", "SELECT current_setting($1) AS value", asyncpg.Record)


@pytest.fixture(autouse=True)
async def balances(database: Database) -> AsyncIterator[None]:
    """Two rows that belong together: a transfer changes both, their sum is always 100."""
    async with database.write() as session:
        await session.execute(text("CREATE TABLE balances (name text PRIMARY KEY, amount int NOT NULL)"))
        await session.execute(text("INSERT INTO balances VALUES ('a', 60), ('b', 40)"))
    yield
    async with database.write() as session:
        await session.execute(text("DROP TABLE balances"))


async def transfer(database: Database, amount: int) -> None:
    """Move an amount from a to b in one transaction."""
    async with database.write() as session:
        await session.execute(text("UPDATE balances SET amount = amount - :n WHERE name = 'a'"), {"n": amount})
        await session.execute(text("UPDATE balances SET amount = amount + :n WHERE name = 'b'"), {"n": amount})


async def amounts(lease: Lease) -> list[int]:
    """Both amounts as a lease sees them."""
    return [row["amount"] for row in await lease.fetch(BALANCES)]


async def read_once(database: Database) -> list[int]:
    """Both amounts as of now."""
    lease = database.reads()
    try:
        return await amounts(lease)
    finally:
        await lease.close()


async def test_a_write_is_kept_when_its_block_ends(database: Database) -> None:
    await transfer(database, 10)
    assert await read_once(database) == [50, 50]


async def test_a_write_is_undone_when_its_block_raises(database: Database) -> None:
    with pytest.raises(KeyError):
        async with database.write() as session:
            await session.execute(text("UPDATE balances SET amount = 0"))
            raise KeyError
    assert await read_once(database) == [60, 40]


async def test_copied_rows_share_the_fate_of_their_transaction(database: Database) -> None:
    with pytest.raises(KeyError):
        async with database.write() as session:
            await copy_rows(session, "balances", ["name", "amount"], [("c", 1), ("d", 2)])
            raise KeyError
    assert await read_once(database) == [60, 40]
    async with database.write() as session:
        await copy_rows(session, "balances", ["name", "amount"], [("c", 1), ("d", 2)])
    assert await read_once(database) == [60, 40, 1, 2]


async def test_a_lease_sees_one_instant_from_its_first_read_on(database: Database) -> None:
    lease = database.reads()
    await transfer(database, 1)  # before the first read: seen
    assert await amounts(lease) == [59, 41]
    await transfer(database, 1)  # after it: not seen
    assert await amounts(lease) == [59, 41]
    await lease.close()
    assert await read_once(database) == [58, 42]


async def test_transfers_are_never_seen_torn(database: Database) -> None:
    one = {name: Statement(name, f"SELECT amount FROM balances WHERE name = '{name}'", asyncpg.Record) for name in "ab"}
    done = asyncio.Event()

    async def keep_transferring() -> None:
        while not done.is_set():
            await transfer(database, 1)

    writer = asyncio.create_task(keep_transferring())
    sums = set()
    for _ in range(300):
        lease = database.reads()
        a, b = await asyncio.gather(lease.fetch(one["a"]), lease.fetch(one["b"]))
        await lease.close()
        sums.add(a[0]["amount"] + b[0]["amount"])
    done.set()
    await writer
    assert sums == {100}


async def test_a_lease_cannot_write(database: Database) -> None:
    lease = database.reads()
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await lease.fetch(Statement("sneak", "UPDATE balances SET amount = 0 RETURNING amount", asyncpg.Record))
    await lease.close()
    assert await read_once(database) == [60, 40]


async def test_a_lease_that_never_reads_takes_no_connection(database: Database) -> None:
    with database.recording() as ran:
        lease = database.reads()
        await lease.close()
    assert lease.statements == 0
    assert ran == []


async def test_closing_twice_or_at_once_is_fine_and_reading_afterwards_is_not(database: Database) -> None:
    lease = database.reads()
    await amounts(lease)
    await asyncio.gather(lease.close(), lease.close())
    await lease.close()
    with pytest.raises(LeaseClosed, match="balances"):
        await amounts(lease)


async def test_more_leases_than_connections_wait_for_their_turn(database: Database) -> None:
    async def operation() -> list[int]:
        lease = database.reads()
        try:
            return [*await amounts(lease), *await amounts(lease)]
        finally:
            await lease.close()

    assert await asyncio.gather(*(operation() for _ in range(50))) == [[60, 40, 60, 40]] * 50


async def test_a_cancelled_read_gives_its_connection_back(database: Database) -> None:
    async def operation(lease: Lease) -> None:
        try:
            await lease.fetch(SLEEP, 30)
        finally:
            await lease.close()

    for _ in range(10):  # twice the connections there are: a lost one would stop this
        task = asyncio.create_task(operation(database.reads()))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await read_once(database) == [60, 40]


async def test_a_close_that_is_cancelled_still_closes(database: Database) -> None:
    for _ in range(10):
        lease = database.reads()
        await amounts(lease)
        closing = asyncio.create_task(lease.close())
        await asyncio.sleep(0)
        closing.cancel()
        await asyncio.gather(closing, return_exceptions=True)
    assert await read_once(database) == [60, 40]


async def test_a_statement_that_fails_leaves_the_pool_whole(database: Database) -> None:
    for _ in range(10):
        lease = database.reads()
        with pytest.raises(asyncpg.UndefinedTableError):
            await lease.fetch(Statement("missing", "SELECT * FROM no_such_table", asyncpg.Record))
        await lease.close()
    assert await read_once(database) == [60, 40]


async def test_rows_come_in_the_class_of_their_statement(database: Database) -> None:
    class Balance(asyncpg.Record):
        @property
        def doubled(self) -> int:
            return int(self["amount"]) * 2

    lease = database.reads()
    rows = await lease.fetch(Statement("balances", BALANCES.sql, Balance))
    await lease.close()
    assert [row.doubled for row in rows] == [120, 80]


async def test_statements_are_counted_and_shown_in_the_order_they_ran(database: Database) -> None:
    with database.recording() as ran:
        lease = database.reads()
        await asyncio.gather(lease.fetch(BALANCES), lease.fetch(SETTING, "TimeZone"))
        await lease.close()
        async with database.write() as session:
            await session.execute(text("UPDATE balances SET amount = amount"))
    assert lease.statements == 2
    assert [(one.name, one.rows) for one in ran] == [("balances", 2), ("setting", 1), ("write", 2)]
    assert ran[0].sql == BALANCES.sql
    await read_once(database)
    assert len(ran) == 3  # nobody is listening any more


async def test_plans_outlive_the_lease_they_were_made_in(database: Database) -> None:
    async with Database(database.address.dsn, read_connections=1) as narrow:
        for _ in range(3):
            lease = narrow.reads()
            await amounts(lease)
            kept = await lease.fetch(
                Statement(
                    "kept",
                    "SELECT generic_plans + custom_plans AS runs FROM pg_prepared_statements WHERE statement = $1",
                    asyncpg.Record,
                ),
                BALANCES.sql,
            )
            await lease.close()
        assert [row["runs"] for row in kept] == [3]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("plan_cache_mode", "force_generic_plan"),
        ("jit", "off"),
        ("TimeZone", "UTC"),
        ("DateStyle", "ISO, MDY"),
        ("transaction_isolation", "repeatable read"),
        ("transaction_read_only", "on"),
        ("statement_timeout", "30s"),
    ],
)
@pytest.mark.parametrize("pooler", Pooler)
async def test_every_read_has_these_settings(database: Database, pooler: Pooler, setting: str, value: str) -> None:
    """Also through a pooler, where they go with each transaction."""
    async with Database(database.address.dsn, pooler=pooler) as found:
        lease = found.reads()
        rows = await lease.fetch(SETTING, setting)
        await lease.close()
    assert rows[0]["value"] == value


async def test_through_a_pooler_writes_leave_no_statement_behind(database: Database) -> None:
    async with Database(database.address.dsn, pooler=Pooler.PGBOUNCER_TRANSACTION, write_connections=1) as pooled:
        for _ in range(3):
            await transfer(pooled, 1)
        async with pooled.write() as session:
            kept = await session.execute(text("SELECT count(*) FROM pg_prepared_statements"))
            zone = await session.execute(text("SHOW TimeZone"))
            assert (kept.scalar_one(), zone.scalar_one()) == (0, "UTC")
    assert await read_once(database) == [57, 43]


async def test_a_statement_that_takes_too_long_is_stopped(database: Database) -> None:
    async with Database(database.address.dsn, statement_timeout_s=1) as hasty:
        lease = hasty.reads()
        with pytest.raises(asyncpg.QueryCanceledError, match="statement timeout"):
            await lease.fetch(SLEEP, 30)
        await lease.close()


async def until_gone(database: Database, ended: list[int]) -> None:
    """Wait until the connections that were told to end have ended, so that their clients may know."""
    alive = text("SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(:ended)")
    is_alive = True
    while is_alive:
        async with database.write() as session:
            is_alive = bool((await session.execute(alive, {"ended": ended})).scalar_one())
        await asyncio.sleep(0.01)


async def test_a_server_that_went_away_and_came_back_is_used_again(database: Database) -> None:
    async with Database(database.address.dsn, read_connections=1, write_connections=1) as found:
        await read_once(found)
        await transfer(found, 1)
        async with database.write() as session:
            ended = await session.scalars(
                text(
                    "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                    "AND application_name LIKE 'billing%' AND pid <> pg_backend_pid()"
                )
            )
            pids = list(ended)
        await until_gone(database, pids)
        await transfer(found, 1)
        assert await read_once(found) == [58, 42]


UNREACHABLE: list[tuple[str, str, str]] = [
    ("not a Postgres", "mysql://a:b@host/db", "DATABASE_URL is not the address of a Postgres: it should read"),
    ("not a URL", "billing", "DATABASE_URL is not the address of a Postgres"),
    ("an address of nothing", "postgresql://a:b@[::1/x", "DATABASE_URL is not the address of a Postgres"),
    ("nobody there", "postgresql://a:secret@127.0.0.1:1/x", "127.0.0.1:1/x: nothing listens there"),
    ("unknown host", "postgres://a:secret@db.invalid:5432/x", "db.invalid:5432/x: no host of that name is known"),
    ("bad port", "postgresql://a:secret@127.0.0.1:port/x", "127.0.0.1:port/x: "),
    ("bad option", "postgresql+asyncpg://a:secret@127.0.0.1/x?sslmode=perhaps", "127.0.0.1/x: "),
]


@pytest.mark.parametrize(("says", "url", "line"), UNREACHABLE, ids=[says for says, _, _ in UNREACHABLE])
async def test_a_wrong_address_gives_one_line(says: str, url: str, line: str) -> None:
    with pytest.raises(DatabaseUnavailable) as raised:
        await Database(url).open()
    assert line in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "secret" not in str(raised.value)


async def test_a_wrong_password_or_name_gives_one_line(database: Database) -> None:
    url = database.address.dsn
    if "DATABASE_URL" not in os.environ:
        with pytest.raises(DatabaseUnavailable, match="it refuses this user and password"):
            await Database(url.replace("billing:", "billing:x")).open()
    with pytest.raises(DatabaseUnavailable, match="it has no database of that name"):
        await Database(url.rpartition("/")[0] + "/nowhere").open()


async def test_an_old_server_is_refused(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.address.OLDEST_SERVER", 99)
    with pytest.raises(DatabaseUnavailable, match=r"is Postgres \d+; 99 or later is needed"):
        await Database(database.address.dsn).open()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
async def test_each_way_to_write_a_url_works(database: Database, scheme: str) -> None:
    async with Database(scheme + "://" + database.address.dsn.partition("://")[2]) as found:
        await found.ping()
        assert await read_once(found) == [60, 40]


def test_an_address_shows_no_password() -> None:
    address = Address.parse("postgresql://a:secret@host:1/x?password=secret")
    assert address.where == "host:1/x"
    assert "secret" not in repr(address)


async def test_every_busy_connection_gives_one_line(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.lease.ACQUIRE_TIMEOUT_S", 0.1)
    async with Database(database.address.dsn, read_connections=1) as narrow:
        first: Any = narrow.reads()
        await amounts(first)
        with pytest.raises(DatabaseUnavailable, match="every connection to .* is busy"):
            await read_once(narrow)
        await first.close()
        assert await read_once(narrow) == [60, 40]


async def test_a_lease_that_was_never_closed_does_not_hold_up_the_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.engine.CLOSE_TIMEOUT_S", 0.1)
    async with Database(database.address.dsn) as found:
        await amounts(found.reads())
    with pytest.raises(RuntimeError, match="not open"):
        found.reads()
