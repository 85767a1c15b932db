"""Many accounts of the demo's shape, to measure on: a crowd beside the personas, written with COPY.

Owns chunks: so many accounts a transaction, whole or not at all, in the order of their numbers, so that a crowd that
was cut off goes on where it ended and a small one can grow. Does not own what an account is (bulk_account.py) or its
rows (bulk_rows.py).
"""

import asyncio
from collections.abc import Iterator

from db import fill
from db.engine import Database, copy_rows
from db.numbers import number_text
from demo import company
from demo.bulk_account import PREFIX, bulk_account
from demo.bulk_rows import Chunk, Numbered, Rows, rows_of
from demo.timeline import Progress

CHUNK_ACCOUNTS = 100


class TwoAtOnce(Exception):
    """Somebody else makes the crowd at the same time."""


async def seed(database: Database, accounts: int, progress: Progress = company.silent) -> int:
    """Make the crowd `accounts` large, and the company first if it is not there; returns how many were made now.

    A crowd that is as large already is left as it is. Memory holds two chunks, whatever the size: while one is written
    the next is worked out. Raises TwoAtOnce.
    """
    await company.seed(database)
    async with database.write() as session:
        first = done = await fill.count_of_accounts_named(session, PREFIX)
    progress(done, max(done, accounts), "accounts")
    ahead = _ahead(done, accounts)
    try:
        while ahead is not None:
            chunk = await ahead
            end = min(done + CHUNK_ACCOUNTS, accounts)
            ahead = _ahead(end, accounts)
            await _write(database, done, chunk)
            done = end
            progress(done, accounts, "accounts")
    finally:
        if ahead is not None:
            ahead.cancel()
    return done - first


def _ahead(first: int, accounts: int) -> "asyncio.Task[Chunk] | None":
    """The chunk that begins with account `first`, being worked out beside; None when there is none."""
    if first >= accounts:
        return None
    return asyncio.create_task(asyncio.to_thread(_work_out, first, min(first + CHUNK_ACCOUNTS, accounts)))


def _work_out(first: int, end: int) -> Chunk:
    return rows_of(bulk_account(index) for index in range(first, end))


async def _write(database: Database, first: int, chunk: Chunk) -> None:
    """One chunk in one transaction, its document numbers taken last of all that others may wait for."""
    async with database.write() as session:
        await fill.one_at_a_time(session)
        if await fill.count_of_accounts_named(session, PREFIX) != first:
            raise TwoAtOnce(f"account {first + 1} was made meanwhile")

        async def copy(rows: Rows) -> None:
            await copy_rows(session, rows.table, rows.columns, rows.records)

        for rows in chunk.before:
            await copy(rows)
        for series in chunk.invoices:
            number = await fill.take_numbers(session, series.entity_id, series.series, len(series.invoices))
            for rows in _numbered(series, number):
                await copy(rows)
        for rows in chunk.after:
            await copy(rows)


def _numbered(series: Numbered, first: int) -> Iterator[Rows]:
    """The invoices of a series with their numbers from `first` on, and the register of these numbers."""
    register, documents = Rows("document_numbers"), Rows("invoices")
    for number, (invoice, row) in enumerate(series.invoices, start=first):
        register.add(
            {
                "legal_entity_id": series.entity_id,
                "series": series.series,
                "number": number,
                "account_id": row["account_id"],
                "document_id": invoice.id,
            }
        )
        documents.add(row | {"number": number_text(series.entity_code, series.series, number)})
    yield from (register, documents)
