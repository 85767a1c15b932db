"""What one operation carries to its resolvers: who asks, when, the snapshot it reads, its loaders.

Owns the turning of the actor into a Scope (here and nowhere else) and the life of the lease and the loaders. Made anew
for each operation; opens nothing until the first read. Does not own authentication or the document (app).
"""

from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from graphql import GraphQLError

from db.engine import Database
from db.graph.billing import GRAPH
from db.graph.read import NO_ARGUMENTS, Arguments, Reader
from db.graph.whole import Graph, Source
from db.identity import RandomIds
from db.lease import Lease
from db.sandbox_provider import SandboxProvider
from db.scope import Scope, scope_of
from domain.actor import Actor
from domain.ids import IdMaker
from domain.provider import PaymentProvider
from resolvers.downloads.links import Links
from resolvers.loaders import Loader
from resolvers.recorder import SILENT, Recorder


class RequestContext:
    """One operation. `now` is aware and UTC, the one instant it reckons with; `ids` makes the ids of what it writes.

    Close it always. After a mutation has committed call `renew()`, so that its payload reads what was written.
    """

    def __init__(
        self,
        *,
        actor: Actor,
        now: datetime,
        database: Database,
        ids: IdMaker | None = None,
        request_id: str = "",
        recorder: Recorder = SILENT,
        graph: Graph = GRAPH,
        quote_ttl_s: int = 1800,
        most_rows: int = 10_000,
        links: Links | None = None,
        provider: PaymentProvider | None = None,
    ) -> None:
        self.actor: Final = actor
        self.scope: Final[Scope] = scope_of(actor)
        self.now: Final = now
        self.database: Final = database
        self.ids: Final[IdMaker] = ids or RandomIds()
        self.request_id: Final = request_id
        self.recorder: Final = recorder
        self.graph: Final = graph
        self.quote_ttl_s: Final = quote_ttl_s
        """How long a quote made now may be applied."""
        self.links: Final = links
        """What makes links to documents; None where none are served."""
        self.provider: Final[PaymentProvider] = provider or SandboxProvider(database)
        """Who moves the money of what is paid."""
        self._most_rows: Final = most_rows
        self._held_rows = 0
        self.extensions: dict[str, Any] = {}
        """What the answer's `extensions` say beside the data, such as `idempotentReplay`."""
        self._statements_before = 0
        self._begin()

    def _begin(self) -> None:
        self.lease: Lease = self.database.reads()
        self.reader = Reader(self.graph, self.lease, self.scope, self.now)
        self._loaders: dict[Any, Loader[Any, Any]] = {}

    @property
    def statements(self) -> int:
        """How many statements that read rows for the answer the operation has run."""
        return self._statements_before + self.lease.statements

    async def renew(self) -> None:
        """Give the snapshot back and forget what was read: the next read sees what this operation has committed."""
        await self.lease.close()
        self._statements_before += self.lease.statements
        self._begin()

    async def close(self) -> None:
        """Give back what the operation leased. Called once, also after an error or a cancellation."""
        await self.lease.close()

    def hold(self, rows: int) -> None:
        """Count rows the answer is about to hold: those of each page, and one for each other relation.

        A row is read once however often it is asked for, so statements do not tell how large an answer gets: pages
        inside pages of the same few rows would otherwise keep the process busy for minutes. Raises GraphQLError.
        """
        self._held_rows += rows
        if self._held_rows > self._most_rows:
            raise GraphQLError(
                f"The answer would hold too many rows: at most {self._most_rows}, pages inside pages multiplied.",
                extensions={"code": "TOO_MANY_ROWS", "allowed": self._most_rows},
            )

    # --- rows ---------------------------------------------------------------------------------------------------

    def rows(self, source: Source, arguments: Arguments = NO_ARGUMENTS) -> Loader[Any, Any]:
        """The loader of a source with these arguments: one statement a tick, whatever the number of keys."""
        key = (source, arguments)
        loader = self._loaders.get(key)
        if loader is None:

            async def read(keys: Sequence[Any]) -> list[Any]:
                return await self.reader.read(source, arguments, keys)

            loader = self._loaders[key] = Loader(source.label, read, self.recorder, key_type=source.key_type)
        return loader

    def counts(self, source: Source, filters: tuple[tuple[str, Any], ...]) -> Loader[Any, int]:
        """The loader of how many rows a source has in all for each key."""
        key = (source, filters, "count")
        loader = self._loaders.get(key)
        if loader is None:

            async def read(keys: Sequence[Any]) -> list[int]:
                return await self.reader.count(source, filters, keys)

            loader = self._loaders[key] = Loader(f"{source.label}.count", read, self.recorder, key_type=source.key_type)
        return loader

    def batch(self, name: str, read: Any, given: Mapping[str, Any] | None = None) -> Loader[Any, Any]:
        """The loader of a computed field's batch function `(context, keys, **given) -> values`."""
        arguments = dict(given or {})
        key = (name, *sorted(arguments.items()))
        loader = self._loaders.get(key)
        if loader is None:

            async def run(keys: Sequence[Any]) -> Sequence[Any]:
                values: Sequence[Any] = await read(self, keys, **arguments)
                return values

            loader = self._loaders[key] = Loader(name, run, self.recorder)
        return loader

    def by_id(self, type_name: str, uuid: UUID) -> Awaitable[Any]:
        """The row of a type with an id, or None where there is none in reach."""
        return self.rows(self.graph.by_id[type_name]).load(uuid)

    def by_key(self, type_name: str, key_name: str, key: Any) -> Awaitable[Any]:
        """The row of a type with another of its declared keys (by Python name), or None."""
        return self.rows(self.graph.by_key[type_name, key_name]).load(key)
