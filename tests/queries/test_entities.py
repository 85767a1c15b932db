"""Federation's `_entities`: batched, item by item, by each key; the caller's representations are left as they are."""

from typing import Any

from db.engine import Database
from domain.errors import InvalidInput
from domain.ids import public_id
from tests.queries.ask import STAFF, ask, ask_well, user
from tests.queries.catalog import uid
from tests.queries.company import Company

DOCUMENT = """query($r: [_Any!]!) { _entities(representations: $r) {
  __typename ... on Account { id name } ... on Invoice { number }
} }"""
ACCOUNTS = [public_id("acct", uid("account", n)) for n in (1, 2, 3)]


async def test_references_are_answered_in_order_in_one_statement_a_key(database: Database, company: Company) -> None:
    representations = [
        {"__typename": "Account", "id": ACCOUNTS[2]},
        {"__typename": "Account", "id": ACCOUNTS[0]},
        {"__typename": "Account", "externalId": "crm-0002"},
        {"__typename": "Account", "id": ACCOUNTS[2], "somethingElse": {"required": True}},
        {"__typename": "Invoice", "id": public_id("inv", uid("invoice", 1000))},
        {"__typename": "Account", "id": public_id("acct", uid("account", 99))},
    ]
    answer = await ask_well(database, DOCUMENT, user(company.owner), r=representations)
    names = [each and each.get("name", each.get("number")) for each in answer.data["_entities"]]
    assert names == ["Customer 0003", "Customer 0001", "Customer 0002", "Customer 0003", "AC-001-000", None]
    assert [(ran.name, ran.rows) for ran in answer.ran] == [("Account.one", 2), ("Account.one", 1), ("Invoice.one", 1)]


async def test_what_cannot_be_read_fails_alone(database: Database, company: Company) -> None:
    representations: list[Any] = [
        {"__typename": "Nope", "id": "1"},
        {"id": ACCOUNTS[0]},
        {"__typename": "Account", "id": "acct_1"},
        {"__typename": "Account", "id": 7},
        {"__typename": "Account"},
        {"__typename": "PriceTier", "id": "1"},
        "Account",
        {"__typename": "Account", "id": ACCOUNTS[0]},
    ]
    answer = await ask(database, DOCUMENT, user(company.owner), {"r": representations})
    assert [each and each["name"] for each in answer.data["_entities"]] == [None] * 7 + ["Customer 0001"]
    fields = [error.original_error.path for error in answer.errors if isinstance(error.original_error, InvalidInput)]
    assert fields == [
        ("representations", "0", "__typename"),
        ("representations", "1", "__typename"),
        ("representations", "2", "id"),
        ("representations", "3", "id"),
        ("representations", "4"),
        ("representations", "5", "__typename"),
        ("representations", "6"),
    ]
    assert [error.path for error in answer.errors] == [["_entities", at] for at in range(7)]


async def test_one_variable_may_be_used_twice(database: Database, company: Company) -> None:
    document = """query($r: [_Any!]!) {
      a: _entities(representations: $r) { __typename } b: _entities(representations: $r) { __typename }
    }"""
    answer = await ask_well(database, document, STAFF, r=[{"__typename": "Account", "id": ACCOUNTS[0]}])
    assert answer.data["a"] == answer.data["b"] == [{"__typename": "Account"}]


async def test_there_is_a_most(database: Database, company: Company) -> None:
    representations = [{"__typename": "Account", "id": ACCOUNTS[0]}] * 1001
    answer = await ask(database, DOCUMENT, STAFF, {"r": representations})
    assert answer.data is None
    assert answer.statements == 0
    (error,) = answer.errors
    assert isinstance(error.original_error, InvalidInput)
    assert error.original_error.code == "INVALID_INPUT"
