"""Small documents that ask for much, and documents that ask for the schema: refused, in a short answer."""

import httpx
import pytest
from graphql import get_introspection_query

from tests.app.conftest import READER, Gateway, code


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("{" + " ".join(f"a{i}: hello" for i in range(500)) + "}", "TOO_MANY_ALIASES"),
        ("{" + " hello" * 5000 + "}", "TOO_MANY_TOKENS"),
        ("{" + " hello" * 1500 + "}", "TOO_MANY_FIELDS"),
        ("{ hello" + " @zz" * 60 + " }", "TOO_MANY_DIRECTIVES"),
        ("{ leaf" + " { leaf" * 12 + " { name }" + " }" * 13, "TOO_DEEP"),
        (" ".join(f"query Q{i} {{ hello }}" for i in range(11)), "TOO_MANY_OPERATIONS"),
        ("{" * 5000, "PARSE_FAILED"),
        ("{ leaf" + " { leaf" * 2500, "TOO_MANY_TOKENS"),
        ("{...A} fragment A on Query {...B} fragment B on Query {...A}", "VALIDATION_FAILED"),
        (
            "{...F0} "
            + " ".join(f"fragment F{i} on Query {{...F{i + 1} ...F{i + 1}}}" for i in range(20))
            + " fragment F20 on Query { hello }",
            "TOO_MANY_FIELDS",
        ),
        ("# " + "\n#" * 3000 + "\n{ hello }", "TOO_MANY_TOKENS"),
    ],
)
async def test_it_is_refused_in_a_few_words(client: httpx.AsyncClient, query: str, error: str) -> None:
    """How much work the refusal takes is counted in test_limits.py."""
    answer = await client.post("/graphql", json={"query": query})
    assert code(answer) == error
    assert len(answer.content) < 8000
    assert "data" not in answer.json()


async def test_introspection_is_deep_and_allowed_to_those_who_may(gateway: Gateway) -> None:
    async with gateway.client(READER) as reader:
        answer = await reader.post("/graphql", json={"query": get_introspection_query()})
    assert answer.json()["data"]["__schema"]["queryType"]["name"] == "Query"


@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { queryType { name } } }",
        '{ __type(name: "Query") { name } }',
        "{ _service { sdl } }",
        "{ ... { _service { sdl } } }",
    ],
)
async def test_the_schema_is_closed_to_customers(gateway: Gateway, query: str) -> None:
    async with gateway.client() as customer, gateway.client(READER) as reader:
        assert code(await customer.post("/graphql", json={"query": query})) == "FORBIDDEN"
        assert "errors" not in (await reader.post("/graphql", json={"query": query})).json()


async def test_names_are_suggested_only_to_those_who_may_read_them(gateway: Gateway) -> None:
    typo = {"query": "{ helo }"}
    enum = {
        "query": "query($i: SeatsInput!) { seats(input: $i) }",
        "variables": {"i": {"seats": 1, "colour": "GREN"}},
    }
    async with gateway.client() as customer, gateway.client(READER) as reader:
        for question in (typo, enum):
            assert "Did you mean" not in (await customer.post("/graphql", json=question)).text
            assert "Did you mean" in (await reader.post("/graphql", json=question)).text
