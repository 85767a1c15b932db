"""`python -m benchmarks.renewals`: how many invoices a second the engine writes, and in how many statements.

Owns the method: a throw-away Postgres, a crowd of accounts of one product with five priced parts each, whose period
ends at one instant; then everything due at that instant, by one process and by two. A figure is invoices written,
numbered and committed a second of wall time, with Postgres beside on the same machine.
"""

import argparse
import asyncio
import multiprocessing
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.table import Table

from cli.loop import run_async
from db import rows
from db.embedded import EmbeddedPostgres
from db.engine import Database, copy_rows
from db.identity import RandomIds
from db.migrate import migrate
from db.sandbox_provider import SandboxProvider
from demo import catalog, company
from domain.account import Account, PaymentTerms
from domain.actor import StaffRole, staff
from domain.catalog import PlanVersion, Segment
from domain.entitlement import derive
from domain.ids import AccountId, ItemId, SubscriptionId
from domain.periods import BillingAnchor, BillingInterval, period_at, start_of_day
from domain.subscription import BillingSubscription, SubscriptionItem, SubscriptionStatus
from operations.clock.run_due import Runner, run_due_batch
from worker.rhythm import Rhythm

RHYTHM = Rhythm()
SIZES = (1_000, 10_000)
LARGE = 100_000
_ANCHOR_ON = date(2026, 5, 1)
_ZONE = "UTC"
_DUE_AT = datetime(2026, 6, 1, tzinfo=UTC)
_QUANTITIES = {"seats": 10, "contacts": 10, "email-packs": 10, "brands": 2}
_T = TypeVar("_T")
_Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Measure:
    """One run over a crowd."""

    accounts: int
    workers: int
    invoices: int
    seconds: float
    statements: int
    worker_seconds: float
    """Processor time of the workers: the same work at any size, so it tells how quick the machine was meanwhile."""
    pages: int
    """Pages of tables and indexes that Postgres looked at, however quick it was."""

    @property
    def invoices_per_second(self) -> float:
        """What the run came to."""
        return self.invoices / self.seconds

    @property
    def statements_per_invoice(self) -> float:
        """How many statements an invoice cost."""
        return self.statements / self.invoices

    @property
    def worker_ms_per_invoice(self) -> float:
        """Milliseconds of a worker's processor an invoice cost."""
        return 1_000 * self.worker_seconds / self.invoices

    @property
    def pages_per_invoice(self) -> float:
        """How many pages Postgres looked at for an invoice."""
        return self.pages / self.invoices


def _plan() -> PlanVersion:
    return next(
        each.version
        for each in catalog.published()
        if each.version.plan.code == "marketing-professional" and each.version.number == 1
    )


def _rows_of(version: PlanVersion, ids: RandomIds, numbers: Sequence[int]) -> tuple[list[AccountId], _Rows]:
    """The rows of some accounts that have had a month and owe the next."""
    anchor = BillingAnchor(_ANCHOR_ON, _ZONE)
    start = start_of_day(_ANCHOR_ON, _ZONE)
    found: _Rows = {"accounts": [], "subscriptions": [], "subscription_items": [], "entitlements": []}
    made: list[AccountId] = []
    for number in numbers:
        account = Account(
            AccountId(ids.new()), catalog.legal_entity_id("US"), f"Account {number}", None, "USD", _ZONE, Segment.SMB,
            PaymentTerms(30), country="US",
        )  # fmt: skip
        items = tuple(
            SubscriptionItem(ItemId(ids.new()), component, price.id, quantity, start)
            for component, quantity in version.quantities(_QUANTITIES).items()
            if (price := version.price(component, "USD", BillingInterval.MONTH)) is not None
        )
        subscription = BillingSubscription(
            SubscriptionId(ids.new()), account.id, version, SubscriptionStatus.ACTIVE, BillingInterval.MONTH, anchor,
            period_at(anchor, BillingInterval.MONTH, start), start, items,
        )  # fmt: skip
        made.append(account.id)
        found["accounts"].append(rows.account_columns(account, f"renewals-{account.id.hex}", start))
        key = {"account_id": account.id, "id": subscription.id, "started_at": start, "version": 1}
        found["subscriptions"].append(key | rows.subscription_columns(subscription))
        found["subscription_items"] += [rows.item_columns(item, subscription) for item in items]
        granted = derive([subscription], [], start, _ZONE)
        found["entitlements"] += [rows.entitlement_columns(each, account.id, ids.new()) for each in granted]
    return made, found


def _in_batches(everything: Sequence[_T], size: int) -> list[Sequence[_T]]:
    return [everything[at : at + size] for at in range(0, len(everything), size)]


async def fill(database: Database, accounts: int) -> list[AccountId]:
    """A crowd whose period ends on 1 June 2026; the accounts' ids."""
    version, ids, made = _plan(), RandomIds(), list[AccountId]()
    for numbers in _in_batches(range(accounts), 1_000):
        own, found = _rows_of(version, ids, numbers)
        made += own
        async with database.write() as session:
            for table, records in found.items():
                columns = list(records[0])
                await copy_rows(session, table, columns, ([row[name] for name in columns] for row in records))
    return made


async def renew(url: str, batches: Sequence[Sequence[AccountId]]) -> tuple[int, int, float]:
    """Do what is due on these accounts as a worker does, so many batches at once.

    How many things, in how many statements, in how many seconds of this process' processor.
    """
    statements = done = 0
    spent = time.process_time()
    waiting = iter(batches)

    def count(_: object) -> None:
        nonlocal statements
        statements += 1

    async def work(runner: Runner) -> None:
        nonlocal done
        for batch in waiting:
            report = await run_due_batch(runner, batch, _DUE_AT)
            for problem in report.failed.values():
                raise problem
            done += len(report.done)

    async with Database(url, read_connections=1, write_connections=RHYTHM.jobs_at_once) as database:
        database.observers.append(count)
        runner = Runner(
            database, staff(StaffRole.SYSTEM), RandomIds(), lambda: _DUE_AT + timedelta(hours=1),
            SandboxProvider(database),
        )  # fmt: skip
        await asyncio.gather(*(work(runner) for _ in range(RHYTHM.jobs_at_once)))
    return done, statements, time.process_time() - spent


def _in_a_process(url: str, batches: Sequence[Sequence[AccountId]]) -> tuple[int, int, float]:
    return run_async(renew(url, batches))


_WHOLE = """
    SELECT count(*) FROM invoices AS i
    WHERE i.account_id = ANY ($1) AND i.status = 'OPEN' AND i.number IS NOT NULL
      AND (SELECT count(*) FROM invoice_lines AS l WHERE l.account_id = i.account_id AND l.invoice_id = i.id) = 5
      AND (SELECT count(*) FROM outbox_events AS e WHERE e.account_id = i.account_id) = 2
      AND EXISTS (SELECT FROM audit_entries AS a WHERE a.account_id = i.account_id)
      AND EXISTS (SELECT FROM entitlements AS n WHERE n.account_id = i.account_id AND n.valid_from = i.finalised_at)
"""


async def check(database: Database, ids: Sequence[AccountId]) -> None:
    """Raises AssertionError unless each account has one numbered invoice of five lines, and all that goes with it."""
    async with database.write() as session:
        whole = (await (await session.connection()).exec_driver_sql(_WHOLE, (list(ids),))).scalar_one()
    if whole != len(ids):
        raise AssertionError(f"{whole} of {len(ids)} accounts were billed whole")


async def measure(url: str, database: Database, accounts: int, workers: int) -> Measure:
    """Fill and renew; the filling is not counted, nor is the start of the processes."""
    ids = await fill(database, accounts)
    async with database.write() as session:
        await (await session.connection()).exec_driver_sql("ANALYZE")
    batches = _in_batches(ids, RHYTHM.batch_accounts)
    pages = await _pages(database)
    if workers == 1:
        began = time.perf_counter()
        results = [await renew(url, batches)]
        seconds = time.perf_counter() - began
    else:
        with multiprocessing.get_context("spawn").Pool(workers) as pool:
            pool.map(_warm, range(workers))
            began = time.perf_counter()
            shares = [(url, batches[worker::workers]) for worker in range(workers)]
            results = await asyncio.to_thread(pool.starmap, _in_a_process, shares)
            seconds = time.perf_counter() - began
    pages = await _pages(database) - pages
    await check(database, ids)
    done, statements, spent = (sum(each) for each in zip(*results, strict=True))
    return Measure(accounts, workers, int(done), seconds, int(statements), spent, pages)


_LOOKED_AT = """
    SELECT pg_stat_clear_snapshot(),
        (SELECT sum(heap_blks_hit + heap_blks_read + coalesce(idx_blks_hit + idx_blks_read, 0))::bigint
         FROM pg_statio_user_tables) AS pages
"""


async def _pages(database: Database) -> int:
    """Pages of tables and indexes looked at so far, by connections that have ended."""
    async with database.write() as session:
        return int((await (await session.connection()).exec_driver_sql(_LOOKED_AT)).one().pages)


def _warm(_: int) -> int:
    return len(catalog.PLANS)


def _sizes(large: bool) -> Iterator[int]:
    yield from SIZES
    if large:
        yield LARGE


async def run(sizes: Sequence[int], workers: Sequence[int]) -> list[Measure]:
    """Measure each size, each with so many workers, on one server."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder) / "postgres") as postgres:
        await migrate(postgres.url)
        async with Database(postgres.url, read_connections=1, write_connections=3) as database:
            await company.seed(database)
            return [await measure(postgres.url, database, size, each) for size in sizes for each in workers]


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description="Invoices a second, and statements an invoice.")
    parser.add_argument("--large", action="store_true", help=f"also {LARGE} accounts")
    parser.add_argument("--accounts", type=int, help="this many accounts only")
    parser.add_argument("--workers", type=int, help="this many processes only")
    asked = parser.parse_args()
    sizes = [asked.accounts] if asked.accounts else list(_sizes(asked.large))
    found = run_async(run(sizes, [asked.workers] if asked.workers else [1, 2]))
    table = Table("accounts", "workers", "invoices/s", "statements an invoice", "pages", "worker ms", "seconds")
    for each in found:
        table.add_row(
            f"{each.accounts:,}", str(each.workers), f"{each.invoices_per_second:,.0f}",
            f"{each.statements_per_invoice:.3f}", f"{each.pages_per_invoice:,.0f}", f"{each.worker_ms_per_invoice:.2f}",
            f"{each.seconds:.1f}",
        )  # fmt: skip
    Console().print(table)


if __name__ == "__main__":
    main()
