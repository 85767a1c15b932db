"""What stands between a GraphQL request and its execution: the document cache, the limits, the schema gate.

One extension of Strawberry's, made anew for each operation as Strawberry demands; what lasts is in `Documents`. The
gate looks at who asks, so its answer is made per operation and never kept with the document.

Not owned here: HTTP (graphql.py), the shape of an error (masking.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, cast

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.types.execution import ExecutionContext
from typing_extensions import override

from app.documents import Document, Documents, check, read
from app.errors import Code
from domain.actor import Actor


class OperationContext(Protocol):
    """What the door needs of the context that resolvers receive."""

    @property
    def actor(self) -> Actor:
        """Who asks."""
        ...

    @property
    def statements(self) -> int:
        """How many statements that read or write rows the operation ran."""
        ...

    async def close(self) -> None:
        """Give back what the operation leased. Called exactly once, also after an error or a cancellation."""
        ...


class Gate(SchemaExtension):
    """Parses, limits, validates and admits one operation."""

    execution_context: ExecutionContext

    def __init__(self, documents: Documents, *, suggest: bool = False) -> None:
        super().__init__()
        self._documents = documents
        self._suggest = suggest
        self._document: Document | None = None
        self._is_known = False

    @override
    def on_parse(self) -> Iterator[None]:
        """Take the document from the cache, or parse it.

        A syntax error is left for Strawberry to find again under the same limit: raised here it would end a stream
        without a word.
        """
        execution = self.execution_context
        text = execution.query or ""
        execution.parse_options = {"max_tokens": self._documents.limits.tokens}
        self._document = self._documents.find(text) if text else None
        self._is_known = self._document is not None
        if text and self._document is None:
            try:
                self._document = read(text, self._documents.limits)
            except GraphQLError:
                self._document = None
        if self._document is not None:
            execution.graphql_document = self._document.tree
        yield

    @override
    def on_validate(self) -> Iterator[None]:
        """Refuse what no caller may run, keep what everybody may, then ask whether this caller may."""
        execution = self.execution_context
        document = self._document
        if document is None:  # pragma: no cover - nothing reaches validation that did not parse
            raise RuntimeError("A document reached validation without passing the parser.")
        actor = cast(OperationContext, execution.context).actor
        errors: list[GraphQLError] = []
        if not self._is_known:
            text, limits = execution.query or "", self._documents.limits
            suggest = self._suggest and actor.can_read_schema
            schema = execution.schema._schema  # noqa: SLF001 - Strawberry's own caches read it here
            errors = check(document, text, schema, limits, suggest=suggest)
            if not errors:
                self._documents.keep(text, document)
        if not errors:
            errors = refusals(document, actor, named=self.named_operation)
        execution.pre_execution_errors = errors
        yield

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
