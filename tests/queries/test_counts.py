"""The number of statements is that of loaders and levels, never that of rows."""

from pathlib import Path

import pytest

from db.engine import Database
from domain.ids import public_id
from tests.queries.ask import STAFF, ask, ask_well, user
from tests.queries.catalog import uid
from tests.queries.company import make_company

HERE = Path(__file__).parent
HOME = (HERE / "home.graphql").read_text()
STAFF_LIST = (HERE / "staff.graphql").read_text()

HOME_STATEMENTS = 13
"""Account, dues, subscription, plan, plan version, items, prices, tiers, pending change, entitlements, usage, invoices
and lines."""
STAFF_STATEMENTS = 6
"""accounts, their count, subscriptions, plans, invoices, dues."""


@pytest.fixture(scope="module")
async def owner(database: Database) -> str:
    """Fifty accounts of twelve invoices; their owner."""
    made = await make_company(database, accounts=50, invoices=12)
    return str(made.owner)


async def test_home_runs_a_constant_number_of_statements(database: Database, owner: str) -> None:
    for invoices in (1, 6, 12):
        document = HOME.replace("first: 12", f"first: {invoices}")
        actor = user(uid("user", 1))
        answer = await ask_well(database, document, actor, id=public_id("acct", uid("account", 1)))
        assert len(answer.data["account"]["invoices"]["nodes"]) == invoices
        assert answer.statements == HOME_STATEMENTS, [ran.name for ran in answer.ran]


async def test_staff_list_runs_a_constant_number_of_statements(database: Database, owner: str) -> None:
    for accounts in (1, 10, 50):
        answer = await ask_well(database, STAFF_LIST, STAFF, first=accounts)
        assert len(answer.data["accounts"]["nodes"]) == accounts
        assert answer.statements == STAFF_STATEMENTS, [ran.name for ran in answer.ran]


async def test_fields_that_read_the_same_rows_share_a_statement(database: Database, owner: str) -> None:
    account = public_id("acct", uid("account", 1))
    document = """
      query($id: ID!) {
        a: account(by: {id: $id}) { name }
        b: node(id: $id) { id }
        c: nodes(ids: [$id, $id]) { id }
        d: account(by: {id: $id}) { name invoices(first: 1) { nodes { account { name } } } }
      }"""
    answer = await ask_well(database, document, user(uid("user", 1)), id=account)
    assert [ran.name for ran in answer.ran] == ["Account.one", "Invoice.pages"]


async def test_one_feature_check_after_another_share_a_statement(database: Database, owner: str) -> None:
    checks = " ".join(f'f{n}: entitlement(feature: "feature-{n:02}") {{ id }}' for n in range(1, 13))
    document = f"query($id: ID!) {{ account(by: {{id: $id}}) {{ {checks} }} }}"
    answer = await ask_well(database, document, user(uid("user", 1)), id=public_id("acct", uid("account", 1)))
    assert [ran.name for ran in answer.ran] == ["Account.one", "Entitlement.one"]
    assert len({each["id"] for each in answer.data["account"].values()}) == 12


async def test_the_total_is_counted_only_when_asked_for(database: Database, owner: str) -> None:
    document = "query { accounts(first: 50) { nodes { invoices(first: 1) { %s pageInfo { hasNextPage } } } } }"
    without = await ask_well(database, document % "", STAFF)
    having = await ask_well(database, document % "totalCount", STAFF)
    assert (without.statements, having.statements) == (2, 3)
    assert [each["invoices"]["totalCount"] for each in having.data["accounts"]["nodes"]] == [12] * 50


async def test_an_answer_holds_a_bounded_number_of_rows(database: Database, owner: str) -> None:
    """12 x 12 x 12 invoices of one account are 12 rows to the database and 1,728 to whoever writes the answer."""
    document = """
      query($id: ID!) { account(by: {id: $id}) { invoices(first: 12) { nodes { account { invoices(first: 12) { nodes {
        account { invoices(first: 12) { nodes { id } } }
      } } } } } } }"""
    variables = {"id": public_id("acct", uid("account", 1))}
    actor = user(uid("user", 1))
    # 12 + 144 + 1728 invoices, and 12 + 144 accounts
    answer = await ask(database, document, actor, variables, most_rows=2_040)
    assert not answer.errors
    refused = await ask(database, document, actor, variables, most_rows=2_039)
    assert refused.data == {"account": None}
    assert [error.extensions for error in refused.errors] == [{"code": "TOO_MANY_ROWS", "allowed": 2_039}]
