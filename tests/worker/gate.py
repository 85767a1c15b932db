"""What stands between a worker and its database, counts what the worker says, and kills it at a chosen word.

A worker's steps are what it says to the database: between two of them nothing of it remains. So to be killed before,
in the midst of and after each thing said is to be killed between any two steps.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit, urlunsplit

CHUNK_BYTES = 1 << 16
BEGUN = b"log_pick"
"""In the statement that takes a job: what a worker says before is getting ready, and counts for nothing."""


class Side(Enum):
    """When the worker is killed: before its word arrives, when it has, or when the answer is back but not read."""

    BEFORE = "before"
    SENT = "sent"
    ANSWERED = "answered"


@dataclass(slots=True)
class Gate:
    """A way to a database. `said` counts what went through since the worker took its first job."""

    url: str
    said: int = 0
    has_begun: bool = False
    kill_at: int | None = None
    side: Side = Side.BEFORE
    victim: asyncio.subprocess.Process | None = None

    def aim(self, victim: asyncio.subprocess.Process, kill_at: int | None, side: Side) -> None:
        """Watch a new worker, and kill it at its n-th word; None lets it live."""
        self.said, self.has_begun, self.kill_at, self.side, self.victim = 0, False, kill_at, side, victim

    def kill(self) -> None:
        """End the worker as kill -9 does."""
        if self.victim is not None and self.victim.returncode is None:
            self.victim.send_signal(signal.SIGKILL)


@asynccontextmanager
async def a_gate(url: str) -> AsyncIterator[Gate]:
    """A gate before the database of a URL, open while the block runs."""
    parts = urlsplit(url)
    streams: set[asyncio.StreamWriter] = set()

    async def through(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection(parts.hostname, parts.port)
        streams.update((writer, to_server))
        answer_kills = False

        async def ask() -> None:
            nonlocal answer_kills
            while chunk := await reader.read(CHUNK_BYTES):
                gate.has_begun |= BEGUN in chunk
                gate.said += gate.has_begun
                is_last = gate.said == gate.kill_at and gate.has_begun
                if is_last and gate.side is Side.BEFORE:
                    gate.kill()
                    return
                answer_kills = is_last and gate.side is Side.ANSWERED
                to_server.write(chunk)
                await to_server.drain()
                if is_last and gate.side is Side.SENT:
                    gate.kill()

        async def answer() -> None:
            while chunk := await from_server.read(CHUNK_BYTES):
                if answer_kills:
                    gate.kill()
                    return
                writer.write(chunk)
                await writer.drain()

        # whichever side ends first, the other is told; a killed worker's connections break as they will
        ways = [asyncio.create_task(way()) for way in (ask, answer)]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for stream in (writer, to_server):
            stream.close()
            streams.discard(stream)
        await asyncio.gather(*ways, return_exceptions=True)

    server = await asyncio.start_server(through, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    user = parts.netloc.rpartition("@")[0]
    gate = Gate(urlunsplit(parts._replace(netloc=f"{user}@127.0.0.1:{port}")))
    try:
        yield gate
    finally:
        server.close()
        for stream in streams:
            stream.close()
        await server.wait_closed()
