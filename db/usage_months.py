"""The month partitions of usage events: made ahead, and taken down with the keys of their events when they are past.

Owns their tables. Each deed is a transaction of its own that finds out again what is there, so that it may end at any
point, be done twice, or by two at once. Does not own which months there ought to be (domain/usage_months.py), nor who
sees to it when (worker/tend.py, `billing migrate`). Counters stay: they are what is shown of old use.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Interval, Text, bindparam, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import Database
from db.tables import INSTANT
from domain.usage_months import KEPT, Month, is_past, months_to_have

LOCK_TIMEOUT_S: Final = 2
"""Whoever writes use waits so long for a month at most, and then the month waits for the next time."""
PAGES_AT_ONCE: Final = 256
"""Pages of a month whose keys go in one transaction: some 10,000 events."""
ROWS_AT_ONCE: Final = 10_000
"""Rows of the default partition that go in one transaction."""
_ONE_AT_A_TIME: Final = 0x6D6F6E74  # any number, the same for every runner
_PREFIX: Final = "usage_events_"
_BUSY: Final = {"55P03", "40P01"}
"""What Postgres calls a lock that was not to be had in time, and a deadlock."""
_COLUMNS: Final = "account_id, meter_id, occurred_at, source, event_id, value, text_value, dimensions, received_at"

_ON_FILE = text(
    """SELECT substr(c.relname, length(:prefix) + 1) AS name, i.inhrelid IS NOT NULL AS is_attached,
              greatest(c.reltuples, 0)::bigint AS rows
       FROM pg_class AS c LEFT JOIN pg_inherits AS i ON i.inhrelid = c.oid
       WHERE c.relkind = 'r' AND starts_with(c.relname, :prefix)
         AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('usage_events'))
       ORDER BY c.relname"""
).bindparams(bindparam("prefix", _PREFIX, Text))
_FORGET = """
    ), keys AS (
        DELETE FROM usage_keys AS k USING gone AS g
        WHERE k.account_id = g.account_id AND k.source = g.source AND k.event_id = g.event_id
          AND k.occurred_at = g.occurred_at
    ), late AS (
        DELETE FROM usage_late AS l USING gone AS g
        WHERE l.account_id = g.account_id AND l.received_at = g.received_at AND l.occurred_at = g.occurred_at
    )
    SELECT count(*) FROM gone"""
"""A key goes with the event it was written for, and not where its id has meanwhile been used again."""
_FORGET_DEFAULT = text(
    f"""WITH past AS (
        SELECT e.ctid AS place FROM usage_events_default AS e JOIN accounts AS a ON a.id = e.account_id
        WHERE e.occurred_at < :since AND (a.clock_at IS NULL OR e.occurred_at < a.clock_at - :kept)
        LIMIT :most
    ), gone AS (
        DELETE FROM usage_events_default AS e USING past WHERE e.ctid = past.place
        RETURNING e.account_id, e.source, e.event_id, e.occurred_at, e.received_at
    {_FORGET}"""  # noqa: S608 - our text
).bindparams(bindparam("since", type_=INSTANT), bindparam("kept", type_=Interval))


@dataclass(frozen=True, slots=True)
class MonthsOnFile:
    """The months that are partitions, those detached whose keys are still to go, and about how many rows are in none.

    All in order.
    """

    attached: tuple[Month, ...]
    detached: tuple[Month, ...]
    default_rows: int


@dataclass(slots=True)
class Tended:
    """What one run did. `is_done`: nothing was left to do, unless somebody else was at it."""

    made: int = 0
    dropped: int = 0
    forgotten: int = 0
    is_done: bool = False


class _AnotherIsAtIt(Exception):
    """Somebody else tends the months now, and will see to all that is to do."""


async def months_on_file(session: AsyncSession) -> MonthsOnFile:
    """What the catalog says; rows as they were estimated last. One statement, which reads no event."""
    found = [(Month.named(row.name), row) for row in await session.execute(_ON_FILE)]
    return MonthsOnFile(
        tuple(month for month, row in found if month is not None and row.is_attached),
        tuple(month for month, row in found if month is not None and not row.is_attached),
        sum(row.rows for _, row in found if row.name == "default"),
    )


async def tend_months(database: Database, now: datetime, must_stop: Callable[[], bool] = lambda: False) -> Tended:
    """Make the months there ought to be at `now`, and take down what is past, until all is done or `must_stop` says so.

    A lock that is not to be had in time ends the run; what is left is done by the next one. Raises
    `DatabaseUnavailable`.
    """
    tended = Tended()
    try:
        for deed in (_make_months, _take_down, _clear_default):
            await deed(database, now, must_stop, tended)
    except _AnotherIsAtIt:
        tended.is_done = True
    except DBAPIError as problem:
        if getattr(problem.orig, "sqlstate", None) not in _BUSY:
            raise
    else:
        tended.is_done = not must_stop()
    return tended


async def _make_months(database: Database, now: datetime, must_stop: Callable[[], bool], tended: Tended) -> None:
    async with database.write() as session:
        missing = _missing(await months_on_file(session), now)
    for month in missing:
        if must_stop():
            return
        async with database.write() as session:
            await _begin(session)
            if month in _missing(await months_on_file(session), now):
                await _make(session, month)
                tended.made += 1


def _missing(found: MonthsOnFile, now: datetime) -> Sequence[Month]:
    return [each for each in months_to_have(now) if each not in found.attached and each not in found.detached]


async def _take_down(database: Database, now: datetime, must_stop: Callable[[], bool], tended: Tended) -> None:
    async with database.write() as session:
        found = await months_on_file(session)
    for month in sorted({*found.attached, *found.detached}):
        if not is_past(month, now):
            continue
        await _detach(database, month, now)
        page, pages = 0, 1
        while page < pages:
            if must_stop():
                return
            async with database.write() as session:
                await _begin(session)
                if month not in (await months_on_file(session)).detached:
                    break
                # what nobody writes to any more does not grow
                size = text("SELECT pg_relation_size(to_regclass(:name)) / current_setting('block_size')::int")
                pages = int(await session.scalar(size, {"name": _table(month)}) or 0)
                tended.forgotten += await _forget_pages(session, month, page)
                page += PAGES_AT_ONCE
                if page >= pages:
                    await session.execute(text(f"DROP TABLE {_table(month)}"))
                    tended.dropped += 1


async def _clear_default(database: Database, now: datetime, must_stop: Callable[[], bool], tended: Tended) -> None:
    gone = most = ROWS_AT_ONCE
    while gone == most and not must_stop():
        async with database.write() as session:
            await _begin(session)
            gone = int(await session.scalar(_FORGET_DEFAULT, {"since": now - KEPT, "kept": KEPT, "most": most}) or 0)
            tended.forgotten += gone


async def _begin(session: AsyncSession) -> None:
    if not await session.scalar(text(f"SELECT pg_try_advisory_xact_lock({_ONE_AT_A_TIME})")):
        raise _AnotherIsAtIt
    await session.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_S}s'"))


async def _make(session: AsyncSession, month: Month) -> None:
    """The month as a partition, with what the default partition has of it.

    Most is moved while others write. Then they wait for what has come since, and for Postgres to read the default
    partition through, which it does before it attaches anything.
    """
    name, within = _table(month), f"occurred_at >= '{month.start:%Y-%m-%d}Z' AND occurred_at < '{month.end:%Y-%m-%d}Z'"
    move = text(
        f"WITH moved AS (DELETE FROM usage_events_default WHERE {within} RETURNING {_COLUMNS}) "  # noqa: S608 - ours
        f"INSERT INTO {name} ({_COLUMNS}) SELECT {_COLUMNS} FROM moved"
    )
    await session.execute(text("SET LOCAL statement_timeout = 0"))
    await session.execute(text(f"CREATE TABLE {name} (LIKE usage_events INCLUDING ALL)"))
    # a bound that is checked already spares the look at every row of the month when it is attached
    await session.execute(text(f"ALTER TABLE {name} ADD CONSTRAINT {name}_bound CHECK ({within})"))
    await session.execute(move)
    await session.execute(text("LOCK TABLE usage_events_default IN ACCESS EXCLUSIVE MODE"))
    await session.execute(move)
    await session.execute(
        text(
            f"ALTER TABLE usage_events ATTACH PARTITION {name} "
            f"FOR VALUES FROM ('{month.start:%Y-%m-%d}Z') TO ('{month.end:%Y-%m-%d}Z')"
        )
    )
    await session.execute(text(f"ALTER TABLE {name} DROP CONSTRAINT {name}_bound"))


async def _detach(database: Database, month: Month, now: datetime) -> None:
    """The month is no partition any more. What accounts on clocks behind may still be billed for stays, by default."""
    async with database.write() as session:
        await _begin(session)
        if month not in (await months_on_file(session)).attached:
            return
        await session.execute(text(f"ALTER TABLE usage_events DETACH PARTITION {_table(month)}"))
        behind = text(
            f"WITH kept AS (DELETE FROM {_table(month)} AS e USING accounts AS a "  # noqa: S608 - our names
            "WHERE a.id = e.account_id AND a.clock_at < :now AND e.occurred_at >= a.clock_at - :kept RETURNING e.*) "
            f"INSERT INTO usage_events ({_COLUMNS}) SELECT {_COLUMNS} FROM kept"
        ).bindparams(bindparam("now", type_=INSTANT), bindparam("kept", type_=Interval))
        await session.execute(behind, {"now": now, "kept": KEPT})


async def _forget_pages(session: AsyncSession, month: Month, page: int) -> int:
    """Delete the keys of the events on some pages of a detached month, and what is noted of late ones; how many rows.

    The rows themselves go with their table.
    """
    read = (
        f"SELECT account_id, source, event_id, occurred_at, received_at FROM {_table(month)} "  # noqa: S608 - our name
        f"WHERE ctid >= '({page},0)'::tid AND ctid < '({page + PAGES_AT_ONCE},0)'::tid"
    )
    return int(await session.scalar(text(f"WITH gone AS ({read}{_FORGET}")) or 0)


def _table(month: Month) -> str:
    return f"{_PREFIX}{month.name}"


def kept_since(found: MonthsOnFile, clock_at: datetime | None) -> datetime | None:
    """Since when every event is still on file of an account at `clock_at`, None for real time; None: since ever."""
    oldest = found.attached[0].start if found.attached else None
    if oldest is None or clock_at is None:
        return oldest
    return min(oldest, clock_at - KEPT)
