"""Whether every tenant table in a statement is held to accounts in reach: the reasoning, whatever the statement's form.

A statement is a tree of blocks, one a SELECT (or UPDATE, DELETE). A table is held when its account column is compared
with the reader's accounts in its own block (an anchor), or equals (a tie) the account column of a table that is held.
Owns that reasoning. Does not own reading statements: `sql_text` reads SQL, `core_tree` reads Python.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Place: TypeAlias = tuple[str, str]
"""(alias, column)."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Two columns that are equal in every row. On an outer join that says something about one side only."""

    left: Place
    right: Place
    only_for: str | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """A column that is one of the accounts in reach: by the scope, or by the key a caller of a write must give."""

    place: Place
    is_scope: bool = True
    only_for: str | None = None


@dataclass(eq=False)
class Block:
    """One SELECT, UPDATE or DELETE. `sources`: alias to the table's name, or to the blocks of a derived table."""

    parent: "Block | None" = None
    line: int = 1
    sources: dict[str, "str | list[Block]"] = field(default_factory=dict)
    ties: list[Tie] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    outputs: dict[str, Place] = field(default_factory=dict)
    derived_as: str | None = None
    """The alias under which the parent reads this block's rows."""
    children: list["Block"] = field(default_factory=list)
    is_empty: bool = False
    """The condition is false, so no row is seen."""

    def walk(self) -> Iterator["Block"]:
        """This block and every block inside it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def owner_of(self, alias: str) -> "Block | None":
        """The block, this or one around it, that reads the rows an alias names."""
        if alias in self.sources:
            return self
        return self.parent.owner_of(alias) if self.parent else None


def unheld(block: Block, tenant_columns: Mapping[str, str], *, by_key: bool) -> Iterator[tuple[Block, str]]:
    """(block, table) of each tenant table that is not held. `by_key`: a given account is an anchor too (writes)."""
    for each in block.walk():
        for alias, source in each.sources.items():
            if isinstance(source, str) and source in tenant_columns:
                place = (alias, tenant_columns[source])
                if not _is_held(each, place, by_key=by_key, seen=set()):
                    yield each, source


def _is_held(block: Block, place: Place, *, by_key: bool, seen: set[tuple[int, Place]]) -> bool:
    if block.is_empty:
        return True
    if (id(block), place) in seen:
        return False
    seen.add((id(block), place))
    alias, column = place
    anchored = any(
        anchor.place == place and anchor.only_for in (None, alias) and (anchor.is_scope or by_key)
        for anchor in block.anchors
    )
    return anchored or any(
        _is_held(other, there, by_key=by_key, seen=seen) for other, there in _equal_places(block, alias, column)
    )


def _equal_places(block: Block, alias: str, column: str) -> Iterator[tuple[Block, Place]]:
    """Where the same value stands: across a tie of this block, inside a derived table, or as this block's output."""
    for tie in block.ties:
        if tie.only_for in (None, alias):
            for here, there in ((tie.left, tie.right), (tie.right, tie.left)):
                owner = block.owner_of(there[0])
                if here == (alias, column) and owner is not None:
                    yield owner, there
    source = block.sources.get(alias)
    # a union would have to be held in each of its members, so it is not followed
    if isinstance(source, list) and len(source) == 1 and column in source[0].outputs:
        yield source[0], source[0].outputs[column]
    if block.parent is not None and block.derived_as is not None:
        for label, place in block.outputs.items():
            if place == (alias, column):
                yield block.parent, (block.derived_as, label)
