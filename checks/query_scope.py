"""query-scope: what operations load to decide is read within a Scope, statement by statement.

Reads the syntax tree of db/queries. The predicate must stand in the statement itself, `within(scope.kind, ...)` over
the account column of each tenant table or of one it is joined to by account: a key alone may come from a stranger.
"""

import ast
from collections.abc import Iterator

from sqlalchemy import MetaData, Table

from checks.check import Check, Finding, Sample
from checks.core_names import WRITES, Unit, imported_tables, units
from checks.core_tree import Reader
from checks.house import House, SourceFile, sample
from checks.tenancy import unheld

_ROOM = "db/queries/"


def find(house: House) -> Iterator[Finding]:
    """Functions that touch a tenant table without a Scope, and statements without its predicate."""
    for file in house.python("db"):
        if file.path.startswith(_ROOM):
            tables = imported_tables(file, house.tables.tables)
            for unit in units(file.tree):
                yield from _of_unit(file, unit, Reader(unit, tables, house.tenant_columns), house)


def _of_unit(file: SourceFile, unit: Unit, reader: Reader, house: House) -> Iterator[Finding]:
    touched = [table for table, _ in reader.mentioned_tenants()]
    if touched and unit.function is not None and not _takes_scope(unit.function):
        message = f"{unit.function.name} reads {touched[0]} without a reader: take `scope: Scope`"
        yield Finding(file.path, unit.function.lineno, message)
    for statement in reader.statements():
        line = statement.chain.root.lineno
        if statement.chain.kind in WRITES:
            yield Finding(file.path, line, "a query does not write: statements that do stand in db/save")
            continue
        if not any(block.sources for block in statement.block.walk()) and statement.chain.root.args:
            yield Finding(file.path, line, "which table this reads cannot be told: name the table from db.tables")
        for block, table in unheld(statement.block, house.tenant_columns, by_key=False):
            message = (
                f"{table} is read beyond the scope: add `within(scope.kind, {table}.c.{house.tenant_columns[table]})`, "
                "or join it by account to a table that has it"
            )
            yield Finding(file.path, block.line, message)


def _takes_scope(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return any(
        each.arg == "scope" and isinstance(each.annotation, ast.Name) and each.annotation.id == "Scope"
        for each in given
    )


_HEAD = """\
from sqlalchemy import and_, exists, func, or_, select, update
from db.scope import ACTOR, Scope, within
from db.tables import accounts, invoice_lines, invoices, plans
"""


def _query(says: str, text: str) -> Sample:
    tables = MetaData()
    for name in ("accounts", "invoices", "invoice_lines"):
        Table(name, tables)
    Table("plans", tables, info={"catalog": True})
    # four lines of a sample's own indentation, as the text has it
    head = "".join(f"    {line}\n" for line in _HEAD.splitlines())
    return Sample(says, sample("db/queries/some.py", head + text.lstrip("\n"), tables=tables))


CHECK = Check(
    "query-scope",
    "Every function of db/queries that reads a tenant table takes a Scope, and each of its statements applies it.",
    find,
    (
        _query(
            "a table, its columns under a name, and a subselect tied to it",
            """
    async def owed(session, scope: Scope, account_id):
        invoice, credit = invoices.c, invoice_lines.alias("credit")
        credited = select(func.sum(credit.c.amount_minor)).where(credit.c.account_id == invoice.account_id)
        owner = invoice.account_id
        statement = select(invoice.id, credited.scalar_subquery()).where(
            invoice.account_id == account_id, within(scope.kind, owner)
        )
        return await session.execute(statement.with_for_update(), {ACTOR: scope.actor_id})
    """,
        ),
        _query(
            "a join by account, and the catalog without any",
            """
    async def lines(session, scope: Scope):
        return await session.execute(
            select(invoice_lines, invoices.c.number)
            .join(invoices, and_(invoices.c.account_id == invoice_lines.c.account_id, invoices.c.id == 1))
            .where(within(scope.kind, invoices.c.account_id))
        )

    async def catalog(session):
        return await session.execute(select(plans))
    """,
        ),
        _query(
            "no scope, hence no predicate either",
            """
    async def paid(session, account_id):  # BAD
        return await session.execute(select(invoices).where(invoices.c.account_id == account_id))  # BAD
    """,
        ),
        _query(
            "a scope that only one of two statements applies",
            """
    async def both(session, scope: Scope):
        first = await session.execute(select(accounts).where(within(scope.kind, accounts.c.id)))
        second = await session.execute(select(invoices).where(invoices.c.account_id == first.id))  # BAD
    """,
        ),
        _query(
            "a second table joined by id, a predicate inside OR, a predicate on the far side of an outer join",
            """
    async def several(session, scope: Scope):
        by_id = (
            select(invoice_lines)  # BAD
            .join(invoices, invoices.c.id == invoice_lines.c.invoice_id)
            .where(within(scope.kind, invoices.c.account_id))
        )
        either = select(accounts).where(or_(within(scope.kind, accounts.c.id), accounts.c.is_sandbox))  # BAD
        outer = select(accounts).outerjoin(invoices, and_(  # BAD
            invoices.c.account_id == accounts.c.id, within(scope.kind, accounts.c.id)
        ))
        return by_id, either, outer
    """,
        ),
        _query(
            "another scope than the reader's, and rows of either side of a full join",
            """
    async def wider(session, scope: Scope, full):
        scope = everything()
        own = select(accounts).where(within(scope.kind, accounts.c.id))  # BAD
        return own

    async def wide(session, scope: Scope):
        own = select(accounts).where(within(STAFF.kind, accounts.c.id))  # BAD
        both = (
            select(accounts, invoices.c.id)  # BAD
            .join(invoices, invoices.c.account_id == accounts.c.id, full=True)
            .where(within(scope.kind, accounts.c.id))
        )
        return own, both
    """,
        ),
        _query(
            "subselects that reach further than the statement around them",
            """
    async def deeper(session, scope: Scope):
        everyone = select(func.count()).select_from(invoices)  # BAD
        return await session.execute(
            select(accounts.c.id, everyone.scalar_subquery()).where(
                within(scope.kind, accounts.c.id),
                exists().where(invoice_lines.c.invoice_id == 1),  # BAD
            )
        )
    """,
        ),
        _query(
            "statements over a table that cannot be seen, at module level, and one that writes",
            """
    EVERYTHING = select(invoices)  # BAD

    async def rows_of(session, table):
        return await session.execute(select(table))  # BAD

    async def pay(session, scope: Scope):
        await session.execute(update(invoices).where(within(scope.kind, invoices.c.account_id)))  # BAD
    """,
        ),
    ),
)
