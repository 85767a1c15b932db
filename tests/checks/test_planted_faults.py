"""What `make check` must refuse, planted in a copy of the project and seen by the very commands that it runs."""

import contextlib

import pytest

from tests.checks.planting import Copy

# (check, file, what is planted, in place of what, part of the finding)
PLANTED = {
    "a tenant table without account_id in a key": (
        "tenant-keys",
        "db/tables/people.py",
        'Table("planted", metadata, Column("account_id", Uuid, nullable=False), Column("id", Uuid, primary_key=True))',
        "",
        "planted: account_id comes first in the primary key",
    ),
    "a query without a Scope": (
        "query-scope",
        "db/queries/planted.py",
        """'Invoices of everyone.'\nfrom sqlalchemy import select\nfrom db.tables import invoices
async def every(session):
    return await session.execute(select(invoices))""",
        "",
        "every reads invoices without a reader",
    ),
    "a predicate taken from a query": (
        "query-scope",
        "db/queries/invoices.py",
        "",
        "            within(scope.kind, invoices.c.account_id),\n",
        "invoices is read beyond the scope",
    ),
    "a type of the graph that forgets whose rows it shows": (
        "graph-scope",
        "db/graph/invoice.py",
        "",
        "    tenant=invoices.c.account_id,\n",
        "reads invoices beyond the customer's accounts",
    ),
    "an update by id alone": (
        "write-keys",
        "db/save/planted.py",
        """'Updates of any rows.'\nfrom sqlalchemy import update\nfrom db.tables import invoices
PAY = update(invoices).where(invoices.c.id == 1)""",
        "",
        "invoices is not keyed by its account",
    ),
    "a clock read in the domain": (
        "given-time",
        "domain/planted.py",
        '"""A rule that looks at the clock."""\nfrom datetime import datetime\n\nNOW = datetime.now()\nTAX = 0.19',
        "",
        "time is an argument here",
    ),
    "a float in the domain": (
        "exact-numbers",
        "domain/planted_too.py",
        '"""Tax, inexactly."""\nTAX = 0.19',
        "",
        "exact",
    ),
    "a personal column without a mark": (
        "personal-columns",
        "db/tables/people.py",
        'Table("people", metadata, Column("email", Text), info={"not_tenant": "planted for a test"})',
        "",
        "people.email looks personal",
    ),
}


@pytest.fixture(scope="module")
def said(copy: Copy) -> str:
    """What the house checks say when all of these are planted."""
    with contextlib.ExitStack() as plants:
        for _, path, line, instead_of, _ in PLANTED.values():
            plants.enter_context(copy.planted(path, line, instead_of=instead_of))
        ran = copy.run("-m", "checks")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    return ran.stderr


@pytest.mark.parametrize("fault", PLANTED)
def test_the_house_checks_find(said: str, fault: str) -> None:
    check, path, _, _, part = PLANTED[fault]
    where = "db/graph" if check == "graph-scope" else path
    fitting = [line for line in said.splitlines() if line.startswith(where) and f"[{check}]" in line and part in line]
    assert fitting, said


def test_a_stale_schema_is_refused(copy: Copy) -> None:
    with copy.planted("schema.graphql", "type Bill implements", instead_of="type Invoice implements"):
        ran = copy.run("-m", "cli", "sdl", "--check")
    assert ran.returncode == 1
    assert "-type Bill implements" in ran.stdout
    assert "+type Invoice implements" in ran.stdout
    assert "make sdl" in ran.stderr


@pytest.mark.parametrize(
    ("says", "declared", "part"),
    [
        (
            "a column that the schema does not show",
            "paid_minor number",
            "Invoice.paid_minor: declared, but not in the schema",
        ),
        ("a column that the table does not have", "planted number", "planted"),
    ],
)
def test_a_declared_field_that_one_side_lacks_is_refused(copy: Copy, says: str, declared: str, part: str) -> None:
    with copy.planted("db/graph/invoice.py", f'columns(invoices, "{declared}', instead_of='columns(invoices, "number'):
        ran = copy.run("-m", "cli", "sdl", "--check")
    assert ran.returncode != 0, says
    assert part in ran.stdout + ran.stderr
