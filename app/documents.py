"""Documents that were parsed, counted and validated once, kept by their text.

Owns the cache and what it may grow to. Only documents that anybody may run are kept: nothing here depends on who
asks, so no answer to one caller can be replayed to another, and garbage cannot push good documents out.

Not owned here: the limits themselves (limits.py), what a caller may do with a document (operation.py).
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    TokenKind,
    parse,
    specified_rules,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from app.errors import Code
from app.limits import Limits, Measure, excesses, measure
from app.literals import place_of

# what Strawberry adds to the specified rules; one tuple for the life of the process
_RULES: Final = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
_MOST_ERRORS: Final = 20
_MOST_DOCUMENTS: Final = 512
_MOST_CHARACTERS: Final = 256 * 1024  # of text kept in all; a parsed document weighs some hundred bytes a character


@dataclass(frozen=True, slots=True)
class Document:
    """A document that parsed: its tree, what was counted in it, and its operations by name ('' when it has none)."""

    tree: DocumentNode
    measure: Measure
    operations: dict[str, str] = field(default_factory=dict)

    @property
    def is_ambiguous(self) -> bool:
        """Whether a request must say which operation it means."""
        return self.measure.counts.operations > 1


def read(text: str, limits: Limits) -> Document:
    """Parse and count a document. Raises GraphQLError for a syntax error or more tokens than allowed."""
    tree = parse(text, max_tokens=limits.tokens)
    operations = {
        node.name.value if node.name else "": node.operation.value
        for node in tree.definitions
        if isinstance(node, OperationDefinitionNode)
    }
    return Document(tree, measure(tree), operations)


def check(document: Document, text: str, schema: GraphQLSchema, limits: Limits, *, suggest: bool) -> list[GraphQLError]:
    """Every reason not to run the document, each with a code; empty when it may run.

    Limits come first and end the check: validation may cost more than counting did. `suggest` lets messages name what
    the schema has instead.
    """
    if passed := excesses(document.measure.counts, limits):
        return [
            GraphQLError(excess.message, extensions={"code": excess.code.value, "allowed": excess.allowed})
            for excess in passed
        ]
    if ("\\u" in text or "\x00" in text) and (nul := _nul_text(document.tree)):
        return [nul]
    errors = validate(schema, document.tree, _RULES, max_errors=_MOST_ERRORS, hide_suggestions=not suggest)
    for error in errors:
        place = place_of(document.tree, error)
        error.extensions = (
            {"code": Code.VALIDATION_FAILED.value}
            if place is None
            else {"code": Code.BAD_USER_INPUT.value, "field": place}
        )
    return errors


def read_and_check(
    text: str, schema: GraphQLSchema, limits: Limits, *, suggest: bool
) -> tuple[Document, list[GraphQLError]]:
    """Both at once; needs nothing of the event loop. Raises GraphQLError like `read`."""
    document = read(text, limits)
    return document, check(document, text, schema, limits, suggest=suggest)


def _nul_text(tree: DocumentNode) -> GraphQLError | None:
    """The database holds no U+0000, so a document that spells one is refused here rather than deep inside."""
    token = tree.loc.start_token if tree.loc else None
    while token is not None:
        if token.kind in (TokenKind.STRING, TokenKind.BLOCK_STRING) and "\x00" in (token.value or ""):
            source = tree.loc.source if tree.loc else None
            code = {"code": Code.BAD_USER_INPUT.value}
            return GraphQLError(NUL_MESSAGE, source=source, positions=[token.start], extensions=code)
        token = token.next
    return None


NUL_MESSAGE: Final = "Text must not contain the character U+0000."


class Documents:
    """The cache: least recently used first out, bounded in number and in text."""

    def __init__(
        self,
        limits: Limits,
        *,
        most_documents: int = _MOST_DOCUMENTS,
        most_characters: int = _MOST_CHARACTERS,
        on_lookup: Callable[[bool], None] = lambda _hit: None,
    ) -> None:
        self.limits = limits
        self.hits = 0
        self.misses = 0
        self._most_documents = most_documents
        self._most_characters = most_characters
        self._on_lookup = on_lookup
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._characters = 0

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, text: str) -> Document | None:
        """The document of this text if it may run and was seen before; counts a hit or a miss."""
        document = self._kept.get(text)
        if document is None:
            self.misses += 1
        else:
            self.hits += 1
            self._kept.move_to_end(text)
        self._on_lookup(document is not None)
        return document

    def peek(self, text: str) -> Document | None:
        """Like `find`, but neither counted nor a use."""
        return self._kept.get(text)

    def keep(self, text: str, document: Document) -> None:
        """Keep a document that may run. One that alone would take an eighth of the room is not worth it."""
        if text in self._kept or len(text) > self._most_characters // 8:
            return
        self._kept[text] = document
        self._characters += len(text)
        while len(self._kept) > self._most_documents or self._characters > self._most_characters:
            oldest, _ = self._kept.popitem(last=False)
            self._characters -= len(oldest)
