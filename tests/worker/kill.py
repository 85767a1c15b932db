"""`python -m tests.worker.kill --kills 50`: a billing run of workers that are killed ends like an undisturbed one.

Two copies of the demo company, with more customers so that whatever may be due is due to somebody (lives.py), are
billed by worker processes: one by a worker that is let alone, one by workers each of which is killed at a word of its
own, drawn by a seed. Then every row of every table is compared. Owns the run; where a worker is killed is
tests/worker/gate.py's, what is compared tests/worker/dump.py's.
"""

import argparse
import asyncio
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from db.embedded import EmbeddedPostgres
from db.engine import Database
from db.migrate import migrate
from demo import company
from demo.personas import DEMO_NOW
from tests.server import Server
from tests.stored import World
from tests.worker.dump import canonical, differences, read
from tests.worker.gate import Gate, Side, a_gate
from tests.worker.lives import HAPPENS, lived
from tests.worker.working import a_process, is_idle, statuses, until

ACCOUNTS_IN_A_JOB = "2"
A_DAY = timedelta(days=1)
NOW = DEMO_NOW + timedelta(days=45)
"""A month or two of the demo company are due: whoever gives it something new to bill has it billed here too."""

Dump = Mapping[str, Counter[str]]


@dataclass(frozen=True, slots=True)
class Killed:
    """One kill: at which word, on which side of it, and whether jobs were left to do."""

    word: int
    side: Side
    was_busy: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What a run with kills came to: how long it would have been and what happened in it, by the types of events;
    the kills, and what differs at the end.
    """

    words: int
    happened: Counter[str]
    rows: int
    killed: Sequence[Killed]
    differs: Sequence[str]

    @property
    def said(self) -> str:
        """The report in a line."""
        sides = Counter(each.side for each in self.killed)
        return (
            f"a run of {self.words} words and {self.rows} rows, {len(self.killed)} kills, "
            f"{sum(each.was_busy for each in self.killed)} of them with jobs left to do ("
            + ", ".join(f"{sides[side]} {side.value}" for side in Side)
            + ")"
        )


async def let_go(url: str) -> None:
    """Let all customers live in real time: their clocks stand still otherwise, and none is due. Some more join them."""
    async with Database(url) as database:
        await lived(database)
        async with database.write() as session:
            await session.execute(text("UPDATE accounts SET clock_at = NULL"))


async def events_told(database: Database) -> Counter[str]:
    """How often each kind of thing has happened, by the events."""
    async with database.write() as session:
        found = await session.execute(text("SELECT type, count(*) FROM outbox_events GROUP BY type"))
        return Counter({row.type: row.count for row in found})


async def compare(server: Server, template: str, kills: int, seed: int) -> Report:
    """Bill two copies of a template, one with so many kills; a difference means that a kill has left something."""
    chance = random.Random(seed)
    async with AsyncExitStack() as stack:
        calm, shaken = [await stack.enter_async_context(server.clone(template)) for _ in range(2)]
        known = (await read(calm)).tokens()
        before = await events_told(calm)
        said = await _bill_in_peace(calm)
        happened = await events_told(calm) - before
        killed = await _bill_with_kills(shaken, kills, said, chance)
        dumps = [canonical(await read(each), known, (NOW, NOW + A_DAY)) for each in (calm, shaken)]
        rows = sum(found.total() for found in dumps[0].values())
        return Report(said, happened, rows, killed, differences(*dumps))


async def _bill_in_peace(database: Database) -> int:
    """How many words an undisturbed worker says."""
    async with a_gate(database.address.dsn) as gate:
        await _to_the_end(database, gate, NOW)
        said = gate.said
        await _to_the_end(database, gate, NOW + A_DAY)
    return said


async def _bill_with_kills(database: Database, kills: int, words: int, chance: random.Random) -> list[Killed]:
    """One worker after the other, each killed after a share of the words that all of them together have to say.

    The shares never come to more than all: who waits for a word that nobody has left to say waits for ever.
    """
    killed: list[Killed] = []
    left = words
    async with a_gate(database.address.dsn) as gate:
        while len(killed) < kills:
            word = chance.randint(1, max(left // (kills - len(killed)), 2))
            left -= word
            side = chance.choice(list(Side))
            async with a_process(gate.url, NOW, ACCOUNTS_IN_A_JOB) as worker:
                gate.aim(worker, word, side)
                await worker.wait()
            killed.append(Killed(word, side, not await is_idle(World(database), NOW)))
        await _to_the_end(database, gate, NOW)
        # what waits for a later time, such as a question to the payment provider, has come by then
        await _to_the_end(database, gate, NOW + A_DAY)
    return killed


async def _to_the_end(database: Database, gate: Gate, at: datetime) -> None:
    """Let a worker live until nothing is due; it must end in peace and have held nothing."""
    async with a_process(gate.url, at, ACCOUNTS_IN_A_JOB) as worker:
        gate.aim(worker, None, Side.BEFORE)
        await until(lambda: is_idle(World(database), at))
        worker.terminate()
        assert await worker.wait() == 0
    assert await statuses(World(database)) == []


async def main(kills: int, seed: int) -> int:
    """Run on a server of its own; prints what differs, and returns 1 if anything does."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder) / "server", careless=True) as postgres:
        server = Server(postgres.url, Path(folder))
        template = await server.template("company", _made)
        report = await compare(server, template, kills, seed)
    sys.stdout.write(f"seed {seed}: {report.said}\n")
    sys.stdout.write("".join(f"{line}\n" for line in report.differs) or "No row differs.\n")
    missing = HAPPENS - report.happened.keys()
    sys.stdout.write(f"{report.happened.total()} events of {len(report.happened)} kinds")
    sys.stdout.write(f"; nobody met {', '.join(sorted(missing))}\n" if missing else ", all that there are to meet.\n")
    return 1 if report.differs or missing else 0


async def _made(url: str) -> None:
    await migrate(url)
    async with Database(url) as database:
        await company.seed(database)
    await let_go(url)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.worker.kill")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = parser.parse_args()
    sys.exit(asyncio.run(main(given.kills, given.seed)))
