"""An operation reads one snapshot: what a transaction wrote together is never shown torn."""

import asyncio

from sqlalchemy import update

from db.engine import Database
from db.tables import accounts, invoices
from domain.ids import public_id
from tests.queries.ask import ask_well, user
from tests.queries.catalog import uid
from tests.queries.company import make_company

TRIES = 200
DOCUMENT = """query($id: ID!) { account(by: {id: $id}) {
  name invoices(first: 1) { nodes { customerName account { name } lines { invoice { customerName } } } }
} }"""


async def test_a_writer_of_two_rows_is_never_seen_half_done(fresh_database: Database) -> None:
    await make_company(fresh_database, accounts=1, invoices=1)
    is_reading = True
    written = 0
    has_written = asyncio.Event()

    async def write() -> None:
        nonlocal written
        while is_reading:
            written += 1
            async with fresh_database.write() as session:
                await session.execute(update(accounts).values(name=f"Name {written}"))
                await session.execute(update(invoices).values(customer_name=f"Name {written}"))
            has_written.set()

    writer = asyncio.create_task(write())
    seen = set()
    try:
        for _ in range(TRIES):
            # however slow the writer is, something new is there each time
            has_written.clear()
            await has_written.wait()
            id_ = public_id("acct", uid("account", 1))
            answer = await ask_well(fresh_database, DOCUMENT, user(uid("user", 1)), id=id_)
            (invoice,) = answer.data["account"]["invoices"]["nodes"]
            names = {answer.data["account"]["name"], invoice["customerName"], invoice["account"]["name"]}
            names |= {line["invoice"]["customerName"] for line in invoice["lines"]}
            assert len(names) == 1, "torn"
            seen |= names
    finally:
        is_reading = False
        await writer
    assert len(seen) > TRIES // 10, "the writer must have written in between"
