"""Reads SQLAlchemy expressions in a syntax tree into blocks: which tables a statement touches and what holds them.

Owns the meaning of select, join, where and their like. Does not own following names (`core_names`).
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from checks.core_names import Chain, Names, Unit, called
from checks.tenancy import Anchor, Block, Tie

_JOINS: Final = {"join", "outerjoin"}
_SOURCES: Final = _JOINS | {"select_from", "add_columns", "with_only_columns", "join_from", "outerjoin_from"}
_CONDITIONS: Final = {"where", "filter"}


@dataclass(slots=True)
class Statement:
    """A statement of a function: its blocks, what it is, and the node it stands at."""

    block: Block
    chain: Chain


class Reader:
    """Reads the statements of one unit. `tables`: local name to table; `tenant_columns`: table to account column."""

    def __init__(self, unit: Unit, tables: dict[str, str], tenant_columns: dict[str, str]) -> None:
        self._unit = unit
        self._tables = tables
        self._tenant_columns = tenant_columns
        self._names = Names(unit, tables)

    def mentioned_tenants(self) -> Iterator[tuple[str, ast.Name]]:
        """(table, node) of each mention of a tenant table by its imported name."""
        for statement in self._unit.body:
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and self._tables.get(node.id) in self._tenant_columns:
                    yield self._tables[node.id], node

    def statements(self) -> Iterator[Statement]:
        """The unit's statements, each with its subselects inside; a subselect kept in a variable is no statement."""
        tops = [chain for statement in self._unit.body for chain in self._outermost(statement)]
        inside = {id(node) for chain in tops for node in ast.walk(chain.top)}
        for chain in tops:
            if not self._is_only_a_part(chain, inside):
                yield Statement(self._block(chain, None), chain)

    def _is_only_a_part(self, chain: Chain, inside_statements: set[int]) -> bool:
        """Whether a chain is kept under a name that only other statements use."""
        names = {name for name, values in self._unit.names.items() if any(value is chain.top for value in values)}
        uses = [
            node
            for statement in self._unit.body
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names
        ]
        return bool(uses) and all(id(use) in inside_statements for use in uses)

    def _outermost(self, node: ast.AST) -> Iterator[Chain]:
        chain = self._names.chain(node)
        if chain is not None:
            yield chain
            return
        for child in ast.iter_child_nodes(node):
            yield from self._outermost(child)

    def _block(self, chain: Chain, parent: Block | None) -> Block:
        block = Block(parent, chain.root.lineno)
        if parent is not None:
            parent.children.append(block)
        for each in _listed(chain):
            self._add_sources(block, each)
        given = list(_given(chain))
        for each in given:
            self._add_implied_sources(block, each)
        for name, call in chain.methods:
            for each in call.args if name in _CONDITIONS else ():
                self._add_condition(block, each, None)
        for join in self._joins(chain):
            self._add_join(block, join)
        for each in given:
            for inner in self._names.inner_chains(each):
                self._block(inner, block)
        return block

    def _add_sources(self, block: Block, expression: ast.expr) -> None:
        for node in self._names.reached(expression):
            found = self._names.source(node)
            if found is not None:
                block.sources.setdefault(*found)

    def _add_implied_sources(self, block: Block, expression: ast.expr) -> None:
        """A table that only a condition names is read too, unless a statement around this one reads it."""
        for node in self._names.reached(expression):
            found = self._names.source(node)
            if found is not None and block.owner_of(found[0]) is None:
                block.sources[found[0]] = found[1]

    def _joins(self, chain: Chain) -> Iterator[ast.Call]:
        for name, call in chain.methods:
            if name in _JOINS:
                yield call
            for argument in call.args:
                for node in self._names.reached(argument):
                    if isinstance(node, ast.Call) and called(node) in _JOINS:
                        yield node

    def _add_join(self, block: Block, join: ast.Call) -> None:
        if any(keyword.arg == "full" for keyword in join.keywords):
            return  # rows of either side come without the other
        is_outer = called(join) == "outerjoin" or any(keyword.arg == "isouter" for keyword in join.keywords)
        conditions = [*join.args[1:2], *(keyword.value for keyword in join.keywords if keyword.arg == "onclause")]
        source = self._names.source(join.args[0]) if join.args else None
        for each in conditions:
            if not is_outer:
                self._add_condition(block, each, None)
            elif source is not None:
                self._add_condition(block, each, source[0])

    def _add_condition(self, block: Block, expression: ast.expr, only_for: str | None) -> None:
        """Ties and anchors among conditions that must all hold; what is inside OR or NOT is passed by."""
        match expression:
            case ast.BinOp(left=left, op=ast.BitAnd(), right=right):
                self._add_condition(block, left, only_for)
                self._add_condition(block, right, only_for)
            case ast.Call(func=ast.Name(id="and_"), args=parts):
                for each in parts:
                    self._add_condition(block, each, only_for)
            case ast.Call(func=ast.Name(id="false")):
                block.is_empty = only_for is None
            case ast.Call(func=ast.Name(id="within"), args=[ast.Attribute(value=scope, attr="kind"), column]) if (
                self._is_given(scope)
            ):
                self._add_anchor(block, column, only_for, is_scope=True)
            case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="tuple_"), args=parts), attr="in_")):
                for each in parts:
                    self._add_anchor(block, each, only_for)
            case ast.Call(func=ast.Attribute(value=value, attr="in_")):
                self._add_anchor(block, value, only_for)
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
                self._add_equality(block, left, right, only_for)
            case ast.Name() if len(values := list(self._names.values_of(expression))) == 1:
                self._add_condition(block, values[0], only_for)
            case _:
                pass

    def _is_given(self, scope: ast.expr) -> bool:
        """Whether this is the reader's scope, a parameter or the unit's, and not one bound to the name later."""
        match scope:
            case ast.Name(id="scope"):
                return "scope" not in self._unit.names
            case ast.Attribute(value=ast.Name(id="unit"), attr="scope"):
                return True
            case _:
                return False

    def _add_equality(self, block: Block, left: ast.expr, right: ast.expr, only_for: str | None) -> None:
        here, there = self._names.place(left), self._names.place(right)
        if here and there:
            block.ties.append(Tie(here, there, only_for))
        else:
            self._add_anchor(block, left if here else right, only_for)

    def _add_anchor(self, block: Block, column: ast.expr, only_for: str | None, *, is_scope: bool = False) -> None:
        place = self._names.place(column)
        if place is not None:
            block.anchors.append(Anchor(place, is_scope, only_for))


def _listed(chain: Chain) -> Iterator[ast.expr]:
    """What a statement names as its own: what it selects or writes, and what it joins."""
    if chain.kind != "exists":
        yield from chain.root.args if chain.kind == "select" else chain.root.args[:1]
    for name, call in chain.methods:
        if name in _SOURCES:
            yield from call.args[:1] if name in _JOINS else call.args


def _given(chain: Chain) -> Iterator[ast.expr]:
    """Every argument of the statement's calls."""
    for call in (chain.root, *(call for _, call in chain.methods)):
        yield from call.args
        yield from (keyword.value for keyword in call.keywords)
