"""Lookups by id and key: what is found, what is null, what is an error of its own."""

from typing import Any

import pytest

from db.engine import Database
from domain.errors import InvalidInput
from domain.ids import public_id
from tests.queries.ask import STAFF, Answer, ask, ask_well, user
from tests.queries.catalog import uid
from tests.queries.company import Company

ONE, TWO = (public_id("acct", uid("account", n)) for n in (1, 2))
NOT_THERE = public_id("acct", uid("account", 99))
INVOICE = public_id("inv", uid("invoice", 1000))
QUOTE = public_id("quot", uid("quote", 1))


def codes(answer: Answer) -> list[tuple[list[Any], str, tuple[str, ...]]]:
    """(path in the answer, code, field) of each error."""
    return [
        (error.path, error.original_error.code, error.original_error.path)
        for error in answer.errors
        if isinstance(error.original_error, InvalidInput)
    ]


async def test_nodes_keeps_the_order_and_fails_item_by_item(database: Database, company: Company) -> None:
    ids = [INVOICE, "nonsense", TWO, NOT_THERE, INVOICE, QUOTE, "acct_XYZ", ONE]
    answer = await ask(
        database, "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", user(company.owner), {"ids": ids}
    )
    assert [each and each["id"] for each in answer.data["nodes"]] == [
        INVOICE,
        None,
        TWO,
        None,
        INVOICE,
        None,
        None,
        ONE,
    ]
    assert [each and each["__typename"] for each in answer.data["nodes"]][:3] == ["Invoice", None, "Account"]
    assert codes(answer) == [
        (["nodes", 1], "MALFORMED_ID", ("ids", "1")),
        (["nodes", 6], "MALFORMED_ID", ("ids", "6")),
    ]
    assert answer.statements == 2, "one a type"


async def test_too_many_ids_are_refused(database: Database, company: Company) -> None:
    answer = await ask(database, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", STAFF, {"ids": [ONE] * 101})
    assert (answer.data, codes(answer)) == ({"nodes": None}, [(["nodes"], "INVALID_INPUT", ("ids",))])


@pytest.mark.parametrize(
    ("says", "document", "path", "code", "field"),
    [
        ("no id", '{ node(id: "x") { id } }', ["node"], "MALFORMED_ID", ("id",)),
        ("upper case", '{ node(id: "ACCT_00") { id } }', ["node"], "MALFORMED_ID", ("id",)),
        ("another type", f'{{ account(by: {{id: "{INVOICE}"}}) {{ id }} }}', ["account"], "MALFORMED_ID", ("by", "id")),
        ("no plan", '{ plan(by: {id: "plan_1"}) { id } }', ["plan"], "MALFORMED_ID", ("by", "id")),
        ("no size", "{ plans { nodes { id } } }", ["plans"], "INVALID_INPUT", ("first",)),
        ("two sizes", "{ plans(first: 1, last: 1) { nodes { id } } }", ["plans"], "INVALID_INPUT", ("first",)),
        ("none", "{ plans(first: 0) { nodes { id } } }", ["plans"], "INVALID_INPUT", ("first",)),
        ("negative", "{ plans(last: -1) { nodes { id } } }", ["plans"], "INVALID_INPUT", ("last",)),
        ("too many", "{ plans(first: 101) { nodes { id } } }", ["plans"], "INVALID_INPUT", ("first",)),
    ],
)
async def test_a_bad_argument_is_an_error_of_its_field(
    database: Database, company: Company, says: str, document: str, path: list[str], code: str, field: tuple[str, ...]
) -> None:
    answer = await ask(database, document, user(company.owner))
    assert codes(answer) == [(path, code, field)], says
    assert answer.statements == 0


@pytest.mark.parametrize("by", [f'{{id: "{ONE}", externalId: "crm-0001"}}', "{}", "{id: null}"])
async def test_one_of_takes_exactly_one_key(database: Database, company: Company, by: str) -> None:
    answer = await ask(database, f"{{ account(by: {by}) {{ id }} }}", STAFF)
    assert answer.data is None or answer.data["account"] is None
    assert answer.errors
    assert answer.statements == 0


async def test_an_account_is_found_by_each_key(database: Database, company: Company) -> None:
    document = f'{{ a: account(by: {{id: "{ONE}"}}) {{ id }} b: account(by: {{externalId: "crm-0001"}}) {{ id }} }}'
    answer = await ask_well(database, document, user(company.owner))
    assert answer.data == {"a": {"id": ONE}, "b": {"id": ONE}}


async def test_accounts_are_searched_and_filtered(database: Database, company: Company) -> None:
    document = """query($f: AccountFilter, $o: AccountOrder) {
      accounts(first: 9, filter: $f, orderBy: $o) { totalCount nodes { externalId } }
    }"""

    async def found(f: dict[str, Any], o: str = "NAME") -> list[str]:
        answer = await ask_well(database, document, STAFF, f=f, o=o)
        names = [each["externalId"] for each in answer.data["accounts"]["nodes"]]
        assert answer.data["accounts"]["totalCount"] == len(names)
        return names

    assert await found({}) == ["crm-0001", "crm-0002", "crm-0003"]
    assert await found({}, "NEWEST_FIRST") == ["crm-0003", "crm-0002", "crm-0001"]
    assert await found({"segment": "ENTERPRISE"}) == ["crm-0003"]
    assert await found({"search": "CUSTOMER 0002"}) == ["crm-0002"]
    assert await found({"search": "M-0003"}) == ["crm-0003"]
    assert await found({"search": "%"}) == [], "the words are no pattern"
    assert await found({"currency": "JPY", "status": "ACTIVE"}) == ["crm-0002"]
    assert await found({"currency": None, "status": "CLOSED"}) == []


async def test_plans_are_filtered(database: Database, company: Company) -> None:
    document = "query($f: PlanFilter) { plans(first: 9, filter: $f, orderBy: RANK) { nodes { code } } }"

    async def found(**f: Any) -> list[str]:
        answer = await ask_well(database, document, user(company.stranger), f=f)
        return [each["code"].removeprefix("crm-") for each in answer.data["plans"]["nodes"]]

    assert await found() == ["starter", "professional", "enterprise"]
    assert await found(isOnSale=True) == ["professional", "enterprise"]
    assert await found(isOnSale=False) == ["starter"]
    assert await found(segment="SMB") == ["starter", "professional"]
    assert await found(product="crm", currency="KWD") == ["starter", "professional", "enterprise"]
    assert await found(product="other") == []
    assert await found(currency="GBP") == []


@pytest.mark.parametrize(
    ("says", "f"),
    [
        ("not a currency", {"currency": "XXX"}),
        ("lower case", {"currency": "usd"}),
        ("not a segment", {"segment": "HUGE"}),
        ("unknown field", {"colour": "red"}),
    ],
)
async def test_a_bad_filter_fails_before_anything_runs(
    database: Database, company: Company, says: str, f: dict[str, Any]
) -> None:
    document = "query($f: PlanFilter) { plans(first: 9, filter: $f) { nodes { code } } }"
    answer = await ask(database, document, STAFF, {"f": f})
    assert (answer.data, answer.statements, len(answer.errors)) == (None, 0, 1), says


async def test_the_live_subscription_of_a_product(database: Database, company: Company) -> None:
    document = f"""{{ account(by: {{id: "{ONE}"}}) {{
      any: subscription {{ id }} crm: subscription(product: "crm") {{ id }} none: subscription(product: "cms") {{ id }}
    }} }}"""
    answer = await ask_well(database, document, user(company.owner))
    sub = {"id": public_id("sub", uid("sub", 1))}
    assert answer.data["account"] == {"any": sub, "crm": sub, "none": None}


async def test_prices_are_narrowed(database: Database, company: Company) -> None:
    document = """{ plan(by: {code: "crm-professional"}) { currentVersion {
      yen: prices(currency: JPY) { component } all: prices { component } yearly: prices(interval: YEAR) { component }
    } } }"""
    version = (await ask_well(database, document, user(company.stranger))).data["plan"]["currentVersion"]
    assert (len(version["yen"]), len(version["all"]), len(version["yearly"])) == (1, 5, 0)
