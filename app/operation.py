"""What stands between a GraphQL request and its execution: the document cache, the limits, the schema gate.

One extension of Strawberry's, made anew for each operation as Strawberry demands; what lasts is in `Documents`. The
gate looks at who asks, so its answer is made per operation and never kept with the document.

Not owned here: HTTP (graphql.py), the shape of an error (masking.py).
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final, cast

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.types.execution import ExecutionContext
from typing_extensions import override

from app.context import OperationContext
from app.documents import Document, Documents, read_and_check
from app.errors import Code
from domain.actor import Actor

# one at a time and a spare: who sends costly new documents waits behind others who do, and nobody else does
_READERS: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="documents")


class Gate(SchemaExtension):
    """Parses, limits, validates and admits one operation."""

    execution_context: ExecutionContext

    def __init__(self, documents: Documents, *, suggest: bool = False) -> None:
        super().__init__()
        self._documents = documents
        self._suggest = suggest
        self._document: Document | None = None
        self._errors: list[GraphQLError] = []

    @override
    async def on_parse(self) -> AsyncIterator[None]:
        """Take the document from the cache, or have it read and checked.

        A syntax error is left for Strawberry to find again under the same limit: raised here it would end a stream
        without a word.
        """
        execution = self.execution_context
        execution.parse_options = {"max_tokens": self._documents.limits.tokens}
        text = execution.query
        if text:
            self._document = self._documents.find(text)
            if self._document is None:
                self._document, self._errors = await self._read(text)
        if self._document is not None:
            execution.graphql_document = self._document.tree
        yield

    @override
    def on_validate(self) -> Iterator[None]:
        """Refuse what no caller may run, then ask whether this one may run it."""
        execution = self.execution_context
        if self._document is None:
            raise RuntimeError("A document reached validation without passing the parser.")
        actor = cast(OperationContext, execution.context).actor
        execution.pre_execution_errors = self._errors or refusals(self._document, actor, named=self.named_operation)
        yield

    async def _read(self, text: str) -> tuple[Document | None, list[GraphQLError]]:
        """A document that is not known: its tree and what speaks against running it; kept when nothing does.

        Worked out in a thread: within the limits validation may still take a third of a second, and every other
        request would wait for it.
        """
        schema = self.execution_context.schema._schema  # noqa: SLF001 - Strawberry's own caches read it here
        actor = cast(OperationContext, self.execution_context.context).actor
        suggest = self._suggest and actor.can_read_schema
        loop = asyncio.get_running_loop()
        try:
            document, errors = await loop.run_in_executor(
                _READERS, partial(read_and_check, text, schema, self._documents.limits, suggest=suggest)
            )
        except GraphQLError:
            return None, []
        if not errors:
            self._documents.keep(text, document)
        return document, errors

    @property
    def named_operation(self) -> bool:
        """Whether the request itself said which operation of the document it means."""
        return self.execution_context._provided_operation_name is not None  # noqa: SLF001


def refusals(document: Document, actor: Actor, *, named: bool) -> list[GraphQLError]:
    """Why this caller may not run this valid document; empty when they may."""
    if document.measure.reads_schema and not actor.can_read_schema:
        return [_refused("The schema is not readable with this token.", Code.FORBIDDEN)]
    if document.is_ambiguous and not named:
        # Strawberry would run the first one
        return [_refused("The document has several operations: say which in `operationName`.", Code.BAD_REQUEST)]
    return []


def _refused(message: str, code: Code) -> GraphQLError:
    return GraphQLError(message, extensions={"code": code.value})


@dataclass(frozen=True, slots=True)
class GateMaker:
    """Makes the gate of each operation."""

    documents: Documents
    suggest: bool

    def __call__(self) -> Gate:
        """A gate for one operation."""
        return Gate(self.documents, suggest=self.suggest)
