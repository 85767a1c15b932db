"""A bad value is answered with the path of its field."""

from typing import Any

import httpx
import pytest

from tests.app.conftest import code


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"query": '{ seats(input: {seats: "many"}) }'}, ["input", "seats"]),
        ({"query": "{ seats(input: {seats: 1, notes: [null]}) }"}, ["input", "notes", "0"]),
        ({"query": "{ seats(input: {seats: 1, colour: BLUE}) }"}, ["input", "colour"]),
        ({"query": "{ seats(input: {seats: 1, chairs: 2}) }"}, ["input", "chairs"]),
        ({"query": 'query($i: SeatsInput = {seats: "x"}) { seats(input: $i) }'}, ["i", "seats"]),
        ({"query": "query($i: SeatsInput!) { seats(input: $i) }", "variables": {"i": {"seats": 1.5}}}, ["i", "seats"]),
        (
            {
                "query": "query($i: SeatsInput!) { seats(input: $i) }",
                "variables": {"i": {"seats": 1, "notes": ["a", 2]}},
            },
            ["i", "notes", "1"],
        ),
        (
            {"query": "query($i: SeatsInput!) { seats(input: $i) }", "variables": {"i": {"seats": 2**31}}},
            ["i", "seats"],
        ),
        (
            {
                "query": "query($i: SeatsInput!) { seats(input: $i) }",
                "variables": {"i": {"seats": 1, "chairs": 2}},
            },
            ["i", "chairs"],
        ),
        ({"query": "query($i: SeatsInput!) { seats(input: $i) }"}, ["i"]),
        ({"query": "query($n: String!) { hello(name: $n) }", "variables": {"n": "a\0b"}}, ["n"]),
        ({"query": '{ account(id: "x") }'}, ["id"]),
    ],
)
async def test_bad_input_names_its_field(client: httpx.AsyncClient, question: dict[str, Any], field: list[str]) -> None:
    answer = await client.post("/graphql", json=question)
    assert answer.status_code in (200, 400)
    assert code(answer) == "BAD_USER_INPUT"
    assert answer.json()["errors"][0]["extensions"]["field"] == field


async def test_text_in_a_document_holds_no_nul(client: httpx.AsyncClient) -> None:
    for text in ('{ hello(name: "a\\u0000") }', '{ hello(name: "\\u{0}") }', '{ hello(name: """\0""") }'):
        assert code(await client.post("/graphql", json={"query": text})) == "BAD_USER_INPUT"
    fine = await client.post("/graphql", json={"query": '{ hello(name: "\\u00e9") }'})
    assert fine.json() == {"data": {"hello": "hello é"}}
