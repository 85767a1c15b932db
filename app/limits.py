"""How much one document may ask for: counted in one linear pass, fragments counted once and remembered.

Counts are those of the document with every fragment spread written out, because that is what would be executed. A
limiter that writes them out to count them can be made to run for ever by a few hundred bytes of fragments spreading
each other twice; here each definition is read once and the rest is arithmetic that stops growing at a ceiling.

Owns depth, fields, aliases, directives and the number of operations. Tokens are the parser's (documents.py), cost and
rate come later. Who may read the schema is decided when the operation runs, not here: these counts are cached with
the document and would be replayed to another caller.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from app.errors import Code

_CEILING: Final = 1_000_000  # counts stop here: far above every limit, far below slow arithmetic
_INTROSPECTION: Final = ("__schema", "__type")
SCHEMA_FIELDS: Final = frozenset({*_INTROSPECTION, "_service"})
"""Fields that answer with the schema itself."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most one document may ask for. `tokens` is enforced while parsing, the rest on the parsed document."""

    tokens: int = 2000
    depth: int = 12
    fields: int = 1000
    aliases: int = 30
    directives: int = 50
    operations: int = 10


@dataclass(frozen=True, slots=True)
class Counts:
    """What a document, or a part of it, asks for with every fragment written out."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    operations: int = 0


@dataclass(frozen=True, slots=True)
class Excess:
    """One limit that a document passes: what is counted, how many it may have, and the code of the refusal."""

    code: Code
    what: str
    allowed: int

    @property
    def message(self) -> str:
        """One sentence for the author of the document."""
        return f"The document has too many {self.what}: at most {self.allowed} are allowed, fragments written out."


def excesses(counts: Counts, limits: Limits) -> tuple[Excess, ...]:
    """Every limit that `counts` passes, in the order of the checks; empty when the document may run."""
    checks = (
        (Code.TOO_MANY_OPERATIONS, "operations", counts.operations, limits.operations),
        (Code.TOO_DEEP, "levels of fields", counts.depth, limits.depth),
        (Code.TOO_MANY_FIELDS, "fields", counts.fields, limits.fields),
        (Code.TOO_MANY_ALIASES, "aliases", counts.aliases, limits.aliases),
        (Code.TOO_MANY_DIRECTIVES, "directives", counts.directives, limits.directives),
    )
    return tuple(Excess(code, what, allowed) for code, what, found, allowed in checks if found > allowed)


@dataclass(slots=True)
class _Part:
    """One definition as written: its own counts, and each spread with its depth (None inside introspection)."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    spreads: list[tuple[str, int | None]] = field(default_factory=list)
    reads_schema: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """What one pass over a document finds: the greatest counts over its operations, and whether it asks for the
    schema anywhere, in a fragment too."""

    counts: Counts
    reads_schema: bool


def measure(document: DocumentNode) -> Measure:
    """Count a parsed document, valid or not: unknown and circular spreads add nothing and are left to validation.

    Linear in the size of the document, whatever its fragments do, and free of recursion.
    """
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    fragments: dict[str, _Part] = {}
    for node in document.definitions:
        if isinstance(node, FragmentDefinitionNode):
            fragments.setdefault(node.name.value, _read(node))
    expanded = _expand(fragments)
    parts = [_read(node) for node in operations]
    totals = [_total(part, expanded) for part in parts]
    counts = Counts(
        depth=max((total.depth for total in totals), default=0),
        fields=max((total.fields for total in totals), default=0),
        aliases=max((total.aliases for total in totals), default=0),
        directives=max((total.directives for total in totals), default=0),
        operations=len(operations),
    )
    return Measure(counts, any(part.reads_schema for part in (*parts, *fragments.values())))


def _read(definition: OperationDefinitionNode | FragmentDefinitionNode) -> _Part:
    """Count one definition as it is written, without following its spreads."""
    part = _Part(directives=len(definition.directives or ()))
    for variable in definition.variable_definitions or ():
        part.directives += len(variable.directives or ())
    stack: list[tuple[SelectionSetNode, int | None]] = [(definition.selection_set, 0)]
    while stack:
        selection_set, depth = stack.pop()
        for selection in selection_set.selections:
            part.directives += len(selection.directives or ())
            below = _read_selection(part, selection, depth)
            nested = getattr(selection, "selection_set", None)
            if nested is not None:
                stack.append((nested, below))
    return part


def _read_selection(part: _Part, selection: SelectionNode, depth: int | None) -> int | None:
    """Add one selection to `part`; returns the depth of what is selected below it."""
    if isinstance(selection, FragmentSpreadNode):
        part.spreads.append((selection.name.value, depth))
        return depth
    if not isinstance(selection, FieldNode):
        return depth
    name = selection.name.value
    part.fields += 1
    part.aliases += selection.alias is not None
    part.reads_schema |= name in SCHEMA_FIELDS
    if depth is None or name in _INTROSPECTION:
        return None  # the standard introspection query is deep; it has a rule of graphql-core's own and a gate of ours
    part.depth = max(part.depth, depth + 1)
    return depth + 1


def _expand(fragments: dict[str, _Part]) -> dict[str, Counts]:
    """The counts of every fragment with its spreads written out, each worked out once, inner ones first."""
    expanded: dict[str, Counts] = {}
    for root, outermost in fragments.items():
        if root in expanded:
            continue
        path: list[tuple[str, Iterator[tuple[str, int | None]]]] = [(root, iter(outermost.spreads))]
        open_names = {root}
        while path:
            name, spreads = path[-1]
            inner = next((s for s, _ in spreads if s in fragments and s not in expanded and s not in open_names), None)
            if inner is not None:
                path.append((inner, iter(fragments[inner].spreads)))
                open_names.add(inner)
                continue
            path.pop()
            open_names.discard(name)
            expanded[name] = _total(fragments[name], expanded)
    return expanded


def _total(part: _Part, expanded: dict[str, Counts]) -> Counts:
    """`part` with its spreads written out; an unknown spread, or one that closes a circle, adds nothing."""
    depth, fields, aliases, directives = part.depth, part.fields, part.aliases, part.directives
    for name, at in part.spreads:
        inner = expanded.get(name)
        if inner is None:
            continue
        if at is not None:
            depth = max(depth, at + inner.depth)
        fields, aliases, directives = fields + inner.fields, aliases + inner.aliases, directives + inner.directives
    return Counts(
        depth=min(depth, _CEILING),
        fields=min(fields, _CEILING),
        aliases=min(aliases, _CEILING),
        directives=min(directives, _CEILING),
    )
