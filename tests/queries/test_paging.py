"""L38, its second half: on an unchanged set, forward then back visits each node once, at any page size."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from db.engine import Database
from db.tables import invoices
from domain.errors import DomainError
from domain.ids import public_id
from tests.queries.ask import STAFF, ask, ask_well, user
from tests.queries.catalog import uid
from tests.queries.company import make_company

OWNER = user(uid("user", 1))
ACCOUNT = public_id("acct", uid("account", 1))
INVOICES = 24
ORDERS = ("NEWEST_FIRST", "OLDEST_FIRST")
DOCUMENT = """query($id: ID!, $first: Int, $after: Cursor, $last: Int, $before: Cursor, $o: InvoiceOrder) {
  account(by: {id: $id}) {
    invoices(first: $first, after: $after, last: $last, before: $before, orderBy: $o) {
      totalCount
      edges { cursor node { id } }
      nodes { id }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}"""


@pytest.fixture(scope="module")
async def many(database: Database) -> None:
    """One account of 24 invoices on three days only, so that most of them tie."""
    await make_company(database, accounts=1, invoices=INVOICES)
    for day in (1, 2, 3):
        async with database.write() as session:
            chosen = [uid("invoice", 1000 + n) for n in range(INVOICES) if n % 3 == day - 1]
            await session.execute(
                update(invoices)
                .where(invoices.c.id.in_(chosen))
                .values(issued_on=date(2026, 1, day), due_on=date(2026, 2, 1))
            )


async def page(database: Database, **variables: Any) -> dict[str, Any]:
    answer = await ask_well(database, DOCUMENT, OWNER, id=ACCOUNT, **variables)
    found: dict[str, Any] = answer.data["account"]["invoices"]
    assert [edge["node"] for edge in found["edges"]] == found["nodes"]
    assert found["totalCount"] == INVOICES
    ends = [edge["cursor"] for edge in found["edges"]] or [None]
    assert (found["pageInfo"]["startCursor"], found["pageInfo"]["endCursor"]) == (ends[0], ends[-1])
    return found


async def walk(database: Database, order: str, size: int, *, forward: bool) -> list[str]:
    """All pages in one direction, as the list's own order shows them."""
    seen: list[list[str]] = []
    edge: str | None = None
    more = True
    while more:
        assert len(seen) <= INVOICES, "paging does not end"
        given = {"first": size, "after": edge} if forward else {"last": size, "before": edge}
        found = await page(database, o=order, **given)
        seen.append([each["id"] for each in found["nodes"]])
        assert len(seen[-1]) <= size
        info = found["pageInfo"]
        more = info["hasNextPage" if forward else "hasPreviousPage"]
        edge = info["endCursor" if forward else "startCursor"]
    return [each for one in (seen if forward else seen[::-1]) for each in one]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    forth=st.integers(1, INVOICES + 1),
    back=st.integers(1, INVOICES + 1),
    order=st.sampled_from(["NEWEST_FIRST", "OLDEST_FIRST"]),
)
async def test_l38_forward_then_back_visits_each_node_once(
    database: Database, many: None, forth: int, back: int, order: str
) -> None:
    forward = await walk(database, order, forth, forward=True)
    assert len(forward) == len(set(forward)) == INVOICES
    assert await walk(database, order, back, forward=False) == forward


async def test_orders_are_each_others_reverse(database: Database, many: None) -> None:
    newest = await walk(database, "NEWEST_FIRST", 100, forward=True)
    assert newest == (await walk(database, "OLDEST_FIRST", 100, forward=True))[::-1]


async def test_the_edges_of_a_page(database: Database, many: None) -> None:
    everything = await page(database, first=100)
    assert everything["pageInfo"]["hasNextPage"] is False
    assert everything["pageInfo"]["hasPreviousPage"] is False
    cursors = [edge["cursor"] for edge in everything["edges"]]
    middle = await page(database, first=3, after=cursors[4], before=cursors[20])
    assert [edge["cursor"] for edge in middle["edges"]] == cursors[5:8]
    assert middle["pageInfo"]["hasPreviousPage"] is True
    assert middle["pageInfo"]["hasNextPage"] is True
    end = await page(database, last=3, after=cursors[4], before=cursors[20])
    assert [edge["cursor"] for edge in end["edges"]] == cursors[17:20]
    beyond = await page(database, first=5, after=cursors[-1])
    assert beyond["nodes"] == []


async def test_a_bad_cursor_fails_before_anything_runs(database: Database, many: None) -> None:
    good = (await page(database, first=1))["pageInfo"]["endCursor"]
    for bad in ("", "nonsense", good[:-2], "2" + good[1:], good + "00"):
        answer = await ask(database, DOCUMENT, OWNER, {"id": ACCOUNT, "first": 1, "after": bad})
        assert (answer.data, answer.statements) == (None, 0)
        (error,) = answer.errors
        assert code_under(error) == "INVALID_CURSOR"


async def test_a_cursor_of_another_list_is_refused_where_it_is_used(database: Database, many: None) -> None:
    good = (await page(database, first=1, o="OLDEST_FIRST"))["pageInfo"]["endCursor"]
    answer = await ask(database, DOCUMENT, OWNER, {"id": ACCOUNT, "first": 1, "after": good, "o": "NEWEST_FIRST"})
    (error,) = answer.errors
    assert error.path == ["account", "invoices"]
    assert code_under(error) == "INVALID_CURSOR"
    accounts = await ask(
        database, "query($c: Cursor) { accounts(first: 1, after: $c) { nodes { id } } }", STAFF, {"c": good}
    )
    assert accounts.data == {"accounts": None}
    assert code_under(accounts.errors[0]) == "INVALID_CURSOR"


def code_under(error: Any) -> str | None:
    """The code of the domain's error under GraphQL's wrappers."""
    while error is not None and not isinstance(error, DomainError):
        error = error.original_error
    return error.code if error is not None else None
