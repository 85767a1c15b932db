"""write-keys: what is written, and read to be written, is keyed by its account, statement by statement.

Reads the syntax tree of db outside queries (which have a scope instead) and graph (whose SQL is read). An insert must
show the account among its values; an update, delete or select must compare the account column, or a scope. Elsewhere
there are no statements at all: only db, and what seeds through it, knows the tables.
"""

import ast
from collections.abc import Iterator
from typing import Final

from sqlalchemy import MetaData, Table

from checks.check import Check, Finding, Sample
from checks.core_names import Unit, imported_tables, units
from checks.core_tree import Reader, Statement
from checks.house import PRODUCTION, House, SourceFile, sample
from checks.tenancy import unheld

# db/scope.py is the predicate itself
_READ_OTHERWISE: Final = ("db/queries/", "db/graph/", "db/migrations/", "db/scope.py")
_DEEPEST: Final = 8


def find(house: House) -> Iterator[Finding]:
    """Statements over a tenant table that are not keyed by account, and statements where none belong."""
    for file in house.python(*PRODUCTION):
        tables = imported_tables(file, house.tables.tables)
        if file.room != "db" and tables:
            line = next(node.lineno for node in file.all(ast.ImportFrom) if node.module == "db.tables")
            yield Finding(file.path, line, "only db knows the tables: put the statement there")
        elif file.room == "db" and not file.path.startswith(_READ_OTHERWISE):
            for unit in units(file.tree):
                yield from _of_unit(file, unit, Reader(unit, tables, house.tenant_columns), house)


def _of_unit(file: SourceFile, unit: Unit, reader: Reader, house: House) -> Iterator[Finding]:
    for statement in reader.statements():
        for block, table in unheld(statement.block, house.tenant_columns, by_key=True):
            column = house.tenant_columns[table]
            if statement.chain.kind == "insert" and block is statement.block:
                if not _shows(statement, column, file, unit, house):
                    message = f"the rows of {table} do not show their {column}: write it where this can be seen"
                    yield Finding(file.path, block.line, message)
            else:
                message = f"{table} is not keyed by its account: compare {table}.c.{column} in the condition"
                yield Finding(file.path, block.line, message)


# --- what an insert inserts -------------------------------------------------------------------------------------


def _shows(statement: Statement, column: str, file: SourceFile, unit: Unit, house: House) -> bool:
    given = [call for name, call in statement.chain.methods if name == "values"]
    seen = [_call_shows(call, column, _Where(file, unit, house)) for call in given]
    beside = _given_beside(statement, unit)
    if beside is not None:
        seen.append(_Where(file, unit, house).shows(beside, column))
    selects = [call for name, call in statement.chain.methods if name == "from_select" and call.args]
    seen += [column in ast.unparse(call.args[0]) for call in selects]
    return any(seen)


def _call_shows(call: ast.Call, column: str, where: "_Where") -> bool:
    return any(
        keyword.arg == column or (keyword.arg is None and where.shows(keyword.value, column))
        for keyword in call.keywords
    ) or any(where.shows(each, column) for each in call.args)


def _given_beside(statement: Statement, unit: Unit) -> ast.expr | None:
    """The rows of `session.execute(insert(table), rows)`."""
    for part in unit.body:
        for node in ast.walk(part):
            if isinstance(node, ast.Call) and len(node.args) > 1 and node.args[0] is statement.chain.top:
                return node.args[1]
    return None


class _Where:
    """Where names are looked up: a unit of a file of the house."""

    def __init__(self, file: SourceFile, unit: Unit, house: House, depth: int = 0) -> None:
        self._file, self._unit, self._house, self._depth = file, unit, house, depth

    def shows(self, expression: ast.expr, column: str) -> bool:
        """Whether what is made here holds the column for sure: a dict, or a list of dicts, made by whatever names."""
        if self._depth > _DEEPEST:
            return False
        deeper = _Where(self._file, self._unit, self._house, self._depth + 1)
        match expression:
            case ast.Dict(keys=keys, values=values):
                return any(
                    (isinstance(key, ast.Constant) and key.value == column)
                    or (key is None and deeper.shows(one, column))
                    for key, one in zip(keys, values, strict=True)
                )
            case ast.List(elts=[_, *_] as elements):
                return all(deeper.shows(each, column) for each in elements)
            case ast.ListComp(elt=element) | ast.GeneratorExp(elt=element):
                return deeper.shows(element, column)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return deeper.shows(left, column) or deeper.shows(right, column)
            case ast.Name(id=name):
                made = [*self._unit.names.get(name, ()), *self._appended_to(name)]
                made = [each for each in made if not (isinstance(each, ast.List) and not each.elts)]
                return bool(made) and all(deeper.shows(each, column) for each in made)
            case ast.Call(func=ast.Name(id="dict")):
                return _call_shows(expression, column, deeper)
            case ast.Call(func=function):
                return self._function_shows(function, column)
            case _:
                return False

    def _appended_to(self, name: str) -> Iterator[ast.expr]:
        for part in self._unit.body:
            for node in ast.walk(part):
                match node:
                    case ast.Call(func=ast.Attribute(value=ast.Name(id=of), attr="append"), args=[each]) if of == name:
                        yield each
                    case _:
                        pass

    def _function_shows(self, function: ast.expr, column: str) -> bool:
        match function:
            case ast.Name(id=name):
                file: SourceFile | None = self._file
            case ast.Attribute(value=ast.Name(id=module), attr=name):
                file = self._house.file(f"db/{module}.py")
            case _:
                return False
        if file is None:
            return False
        for unit in units(file.tree):
            if unit.function is not None and unit.function.name == name:
                where = _Where(file, unit, self._house, self._depth + 1)
                returned = [node.value for node in ast.walk(unit.function) if isinstance(node, ast.Return)]
                return bool(returned) and all(each is not None and where.shows(each, column) for each in returned)
        return False


def _write(says: str, text: str, path: str = "db/save/some.py") -> Sample:
    tables = MetaData()
    for name in ("accounts", "invoices", "invoice_lines"):
        Table(name, tables)
    Table("number_series", tables, info={"not_tenant": "numbers run through the accounts of a legal entity"})
    rows = """
        def line_columns(invoice):
            return [{"account_id": invoice.account_id, "id": line.id} for line in invoice.lines]

        def money_columns(line):
            return {"amount_minor": line.amount}
    """
    return Sample(says, sample(path, text, more={"db/rows.py": rows}, tables=tables))


CHECK = Check(
    "write-keys",
    "Every statement of db that writes a tenant table, or reads it to write, is keyed by the account.",
    find,
    (
        _write(
            "values that show the account, however they are made",
            """
            from db import rows
            from db.tables import accounts, invoice_lines, invoices, number_series

            async def save(session, invoice, lines):
                await session.execute(insert(invoices).values(account_id=invoice.account_id, id=invoice.id))
                await session.execute(insert(invoice_lines), rows.line_columns(invoice))
                written = []
                for line in lines:
                    written.append({"account_id": invoice.account_id, **rows.money_columns(line)})
                await session.execute(insert(invoice_lines), written)
                columns = dict(account_id=invoice.account_id) | {"status": "PAID"}
                await session.execute(postgresql.insert(invoices).values(**columns).on_conflict_do_nothing())
                await session.execute(insert(accounts).values(id=invoice.account_id))
                await session.execute(insert(number_series).values(last_number=1))
            """,
        ),
        _write(
            "conditions on the account, alone, in a tuple or under a name",
            """
            from db.tables import accounts, invoice_lines, invoices

            async def change(session, account_id, keys):
                own = invoices.c.account_id == account_id
                await session.execute(delete(invoices).where(own))
                await session.execute(update(accounts).where(accounts.c.id == account_id).values(name="x"))
                line = invoice_lines.c
                await session.execute(select(line.id).where(tuple_(line.account_id, line.id).in_(keys)))
            """,
        ),
        _write(
            "an update by id alone, a delete of everything, a join that leaves the account",
            """
            from db.tables import invoice_lines, invoices

            async def change(session, account_id, invoice_id):
                await session.execute(update(invoices).where(invoices.c.id == invoice_id).values(paid_minor=0))  # BAD
                await session.execute(delete(invoice_lines))  # BAD
                await session.execute(
                    select(invoices)  # BAD
                    .join(invoice_lines, invoice_lines.c.invoice_id == invoices.c.id)
                    .where(invoices.c.account_id == account_id)
                )
            """,
        ),
        _write(
            "rows whose account cannot be seen",
            """
            from db import rows
            from db.tables import accounts, invoice_lines, invoices

            async def save(session, given, lines):
                await session.execute(insert(invoices).values(**given))  # BAD
                await session.execute(insert(invoice_lines), [rows.money_columns(line) for line in lines])  # BAD
                await session.execute(insert(accounts).values(name="x"))  # BAD
            """,
        ),
        _write(
            "a statement outside db",
            """
            from db.tables import invoices  # BAD
            """,
            path="operations/pay.py",
        ),
    ),
)
