"""Follows names in a syntax tree to the tables, columns and statements of SQLAlchemy that they stand for.

Owns what is bound where: tables imported from `db.tables`, their aliases, `.c`, columns and whole statements kept in
variables of a function or of its module. What it cannot follow is nothing to it, so it errs on the strict side.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from checks.house import SourceFile
from checks.tenancy import Place

READS: Final = {"select", "exists"}
WRITES: Final = {"insert", "update", "delete"}
_DIALECTS: Final = {"postgresql", "sqlalchemy", "sa"}


@dataclass(slots=True)
class Chain:
    """`select(...).join(...).where(...)`: the call it begins with, and the methods called on what that gives."""

    top: ast.Call
    root: ast.Call
    kind: str
    methods: list[tuple[str, ast.Call]]


@dataclass(slots=True)
class Unit:
    """A function of a module with everything inside it, or what stands outside all functions (`function` is None)."""

    function: ast.FunctionDef | ast.AsyncFunctionDef | None
    body: list[ast.stmt]
    names: dict[str, list[ast.expr]] = field(default_factory=dict)


def imported_tables(file: SourceFile, tables: Iterable[str]) -> dict[str, str]:
    """Local name to table, of what a module imports from `db.tables`."""
    known = set(tables)
    return {
        alias.asname or alias.name: alias.name
        for node in file.all(ast.ImportFrom)
        if node.module == "db.tables"
        for alias in node.names
        if alias.name in known
    }


def units(module: ast.Module) -> list[Unit]:
    """The functions and methods of a module, and the rest of it as one more; each knows the module's names."""
    rest = Unit(None, [])
    found: list[Unit] = []
    for statement in module.body:
        inside = statement.body if isinstance(statement, ast.ClassDef) else [statement]
        for each in inside:
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
                found.append(Unit(each, [each]))
            else:
                rest.body.append(each)
    rest.names = _bound_names(rest.body)
    for unit in found:
        own = _bound_names(unit.body)
        unit.names = {**rest.names, **own}
    return [*found, rest]


def _bound_names(body: list[ast.stmt]) -> dict[str, list[ast.expr]]:
    names: dict[str, list[ast.expr]] = {}
    for statement in body:
        for node in ast.walk(statement):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    names.setdefault(name, []).append(value)
                case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                    for target, value in zip(targets, values, strict=False):
                        if isinstance(target, ast.Name):
                            names.setdefault(target.id, []).append(value)
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    names.setdefault(name, []).append(value)
                case ast.NamedExpr(target=ast.Name(id=name), value=value):
                    names.setdefault(name, []).append(value)
                case _:
                    pass
    return names


class Names:
    """What the names of one unit stand for. `tables`: local name to table."""

    def __init__(self, unit: Unit, tables: dict[str, str]) -> None:
        self.unit = unit
        self.tables = tables
        self._following: set[int] = set()

    def values_of(self, name: ast.Name) -> Iterator[ast.expr]:
        """What a name is bound to, never the binding that is being followed already."""
        for value in self.unit.names.get(name.id, ()):
            if id(value) not in self._following:
                self._following.add(id(value))
                try:
                    yield value
                finally:
                    self._following.discard(id(value))

    def chain(self, node: ast.AST) -> Chain | None:
        """The chain whose last call this is; calls on a name that is bound to a chain lengthen that one."""
        if not isinstance(node, ast.Call):
            return None
        methods: list[tuple[str, ast.Call]] = []
        at: ast.expr = node
        while isinstance(at, ast.Call):
            name = called(at)
            is_root = isinstance(at.func, ast.Name) or _is_dialect(at.func)
            if is_root and name in READS | WRITES:
                return Chain(node, at, name, methods[::-1])
            if not isinstance(at.func, ast.Attribute):
                return None
            methods.append((at.func.attr, at))
            at = at.func.value
        if isinstance(at, ast.Name):
            for value in self.values_of(at):
                kept = self.chain(value)
                if kept is not None:
                    return Chain(node, kept.root, kept.kind, kept.methods + methods[::-1])
        return None

    def reached(self, expression: ast.AST) -> Iterator[ast.AST]:
        """Every node of an expression and of what its names are bound to, without the statements nested in it."""
        if self.chain(expression) is not None:
            return
        yield expression
        if isinstance(expression, ast.Call) and self.source(expression) is not None:
            return  # an alias: what it is an alias of is not read itself
        if isinstance(expression, ast.Name) and expression.id not in self.tables:
            for value in self.values_of(expression):
                yield from self.reached(value)
        for child in ast.iter_child_nodes(expression):
            yield from self.reached(child)

    def inner_chains(self, expression: ast.AST) -> Iterator[Chain]:
        """The statements nested in an expression, or in what its names are bound to."""
        chain = self.chain(expression)
        if chain is not None:
            yield chain
            return
        if isinstance(expression, ast.Name):
            for value in self.values_of(expression):
                yield from self.inner_chains(value)
        for child in ast.iter_child_nodes(expression):
            yield from self.inner_chains(child)

    def source(self, expression: ast.AST) -> tuple[str, str] | None:
        """(alias, table) of an expression that is a table or an alias of one."""
        match expression:
            case ast.Name(id=name) if name in self.tables:
                return name, self.tables[name]
            case ast.Name():
                return next((found for value in self.values_of(expression) if (found := self.source(value))), None)
            case (
                ast.Call(func=ast.Attribute(value=of, attr="alias"))
                | ast.Call(func=ast.Name(id="aliased"), args=[of, *_])
            ):
                found = self.source(of)
                return (f"{found[1]} {id(expression)}", found[1]) if found else None
            case _:
                return None

    def columns(self, expression: ast.expr) -> str | None:
        """The alias whose columns an expression is: `invoices.c`, or a name for that."""
        match expression:
            case ast.Attribute(value=of, attr="c" | "columns"):
                source = self.source(of)
                return source[0] if source else None
            case ast.Name():
                return next((found for value in self.values_of(expression) if (found := self.columns(value))), None)
            case _:
                return None

    def place(self, expression: ast.expr) -> Place | None:
        """(alias, column) of an expression that is a column."""
        match expression:
            case ast.Attribute(value=of, attr=column) | ast.Subscript(value=of, slice=ast.Constant(value=str(column))):
                alias = self.columns(of)
                return (alias, column) if alias else None
            case ast.Name():
                return next((found for value in self.values_of(expression) if (found := self.place(value))), None)
            case _:
                return None


def called(call: ast.Call) -> str:
    """The last name of what is called: `join` of `a.b.join(...)`."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _is_dialect(function: ast.expr) -> bool:
    """`postgresql.insert`: a statement's beginning, though written as an attribute."""
    return isinstance(function, ast.Attribute) and getattr(function.value, "id", "") in _DIALECTS
