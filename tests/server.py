"""The Postgres behind the tests: one throw-away server a run, one migrated template, a clone for whoever asks.

With TEST_DATABASE_URL the server it names is used instead, under database names of this run only.
"""

import contextlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from db.embedded import EmbeddedPostgres
from db.engine import Database
from db.locks import locked
from tests.run import RUN_FOLDER

Fill = Callable[[str], Awaitable[object]]
"""Fills the database that a URL names."""


class Server:
    """A worker's view of the run's server."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self._folder = folder
        self._name = f"{folder.name.replace('-', '_')}_{os.getpid()}"
        self._made = 0

    async def template(self, kind: str, fill: Fill, *, of: str | None = None) -> str:
        """The name of a database filled once a run, by whichever worker is first; nobody may stay connected to it."""
        name = f"{self._folder.name.replace('-', '_')}_{kind}"
        with locked(self._folder / f"{kind}.lock"):
            done = self._folder / f"{kind}.done"
            if not done.exists():
                await self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                await self._execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{of}"' if of else ""))
                await fill(self.url_of(name))
                done.touch()
        return name

    @contextlib.asynccontextmanager
    async def clone(self, template: str, *, read_only: bool = False) -> AsyncIterator[Database]:
        """A database of one's own, dropped afterwards."""
        self._made += 1
        name = f"{self._name}_{self._made}"
        await self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        try:
            if read_only:
                await self._execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
            async with Database(self.url_of(name), read_connections=5, write_connections=5) as database:
                yield database
        finally:
            await self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    async def drop_templates(self) -> None:
        """For a server that outlives the run."""
        for done in self._folder.glob("*.done"):
            name = f"{self._folder.name.replace('-', '_')}_{done.stem}"
            await self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def url_of(self, name: str) -> str:
        """The URL of one database of this server."""
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    async def _execute(self, sql: str) -> None:
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()


@contextlib.contextmanager
def served() -> Iterator[Server]:
    """The run's server for this worker: started by the first, joined by the others, stopped by the last."""
    folder = Path(os.environ[RUN_FOLDER])
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield Server(url, folder)
        return
    with EmbeddedPostgres(folder / "server", careless=True) as postgres:
        yield Server(postgres.url, folder)
