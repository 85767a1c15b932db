"""GraphQL over HTTP: what is negotiated, what is refused and how."""

from typing import Any

import httpx
import pytest

from tests.app.conftest import Gateway, code

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{GRAPHQL};q=0.5, {JSON};q=0.9", JSON),
        (f"{GRAPHQL}, */*;q=0.1", GRAPHQL),
        (f"{JSON}, {GRAPHQL}", JSON),
        (f"text/html, {GRAPHQL.upper()}", GRAPHQL),
        (f"{JSON};q=0, */*", GRAPHQL),
        ("text/html", None),
        ("text/html,application/xhtml+xml", None),
        (f"{JSON};q=0", None),
        (f"{JSON};q=high", None),
        (JSON + "," * 1000, None),
    ],
)
async def test_the_answer_comes_as_the_client_accepts(
    client: httpx.AsyncClient, accept: str | None, answered: str | None
) -> None:
    headers = {"accept": accept} if accept else {}
    if accept is None:
        del client.headers["accept"]
    answer = await client.post("/graphql", json={"query": "{ hello }"}, headers=headers)
    if answered is None:
        assert (answer.status_code, code(answer)) == (406, "NOT_ACCEPTABLE")
    else:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == f"{answered}; charset=utf-8"
        assert answer.json() == {"data": {"hello": "hello world"}}


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({"query": "{"}, "PARSE_FAILED"),
        ({"query": "{ nowhere }"}, "VALIDATION_FAILED"),
        ({"query": "query($n: String!) { hello(name: $n) }"}, "BAD_USER_INPUT"),
        ({"query": "query A { hello }", "operationName": "B"}, "OPERATION_NOT_FOUND"),
        ({"query": "fragment F on Query { hello }"}, "OPERATION_NOT_FOUND"),
        ({"query": "query A { hello } query B { hello }"}, "BAD_REQUEST"),
        ({"query": "{ __schema { queryType { name } } }"}, "FORBIDDEN"),
    ],
)
async def test_nothing_executed_means_no_data(client: httpx.AsyncClient, request_: dict[str, Any], error: str) -> None:
    """The older media type answers 200 to what GraphQL refused, the newer one tells by its status."""
    for accept, status in ((JSON, 200), (GRAPHQL, 403 if error == "FORBIDDEN" else 400)):
        answer = await client.post("/graphql", json=request_, headers={"accept": accept})
        assert (answer.status_code, code(answer)) == (status, error)
        assert "data" not in answer.json()
        assert answer.json()["errors"][0]["extensions"]["requestId"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("body", "content_type", "status", "error", "says"),
    [
        (b'{"query": ', JSON, 400, "BAD_REQUEST", "cut off"),
        (b"", JSON, 400, "BAD_REQUEST", "empty"),
        (b'{"query": "{ hello }", "variables": {"n": NaN}}', JSON, 400, "BAD_REQUEST", "NaN is no JSON"),
        (b'{"query": "\xff"}', JSON, 400, "BAD_REQUEST", "not UTF-8"),
        (b'{"query": "\\ud800"}', JSON, 400, "BAD_REQUEST", "half a character"),
        (b'{"variables": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", JSON, 400, "BAD_REQUEST", "nested without end"),
        (
            b'{"query": "query($v:[String!]){seats(input:{seats:1,notes:$v})}", "variables": {"v": '
            + b"[" * 900
            + b"]" * 900
            + b"}}",
            JSON,
            200,
            "BAD_USER_INPUT",
            "nested deep",
        ),
        (b"[]", JSON, 400, "BAD_REQUEST", "a batch"),
        (b'[{"query": "{ hello }"}]', JSON, 400, "BAD_REQUEST", "a batch of one"),
        (b'"{ hello }"', JSON, 400, "BAD_REQUEST", "a text"),
        (b"{}", JSON, 400, "BAD_REQUEST", "no query"),
        (b'{"query": null}', JSON, 400, "BAD_REQUEST", "no query"),
        (b'{"query": ["{ hello }"]}', JSON, 400, "BAD_REQUEST", "a list for a query"),
        (b'{"query": "{ hello }", "variables": "x"}', JSON, 400, "BAD_REQUEST", "a text for variables"),
        (b'{"query": "{ hello }", "operationName": 1}', JSON, 400, "BAD_REQUEST", "a number for a name"),
        (b'{"query": "{ hello }", "extensions": []}', JSON, 400, "BAD_REQUEST", "a list for extensions"),
        (b'{"query": "{ hello }"}', None, 415, "UNSUPPORTED_MEDIA_TYPE", "no content type"),
        (b'{"query": "{ hello }"}', "text/plain", 415, "UNSUPPORTED_MEDIA_TYPE", "what a form can send"),
        (b'{"query": "{ hello }"}', "text/plain;x=application/json", 415, "UNSUPPORTED_MEDIA_TYPE", "smuggled"),
        (b'{"query": "{ hello }"}', "application/json; charset=utf-16", 415, "UNSUPPORTED_MEDIA_TYPE", "charset"),
        (b"query=%7Bhello%7D", "application/x-www-form-urlencoded", 415, "UNSUPPORTED_MEDIA_TYPE", "a form"),
        (b"--b--", "multipart/form-data; boundary=b", 415, "UNSUPPORTED_MEDIA_TYPE", "an upload"),
    ],
)
async def test_a_malformed_request_is_told_what_is_wrong(
    gateway: Gateway,
    client: httpx.AsyncClient,
    body: bytes,
    content_type: str | None,
    status: int,
    error: str,
    says: str,
) -> None:
    headers = {"content-type": content_type} if content_type else {}
    answer = await client.post("/graphql", content=body, headers=headers)
    assert (answer.status_code, code(answer)) == (status, error), says
    assert answer.headers["content-type"].startswith("application/json")
    assert all(context.closed == 1 for context in gateway.contexts.made)


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=UTF-8", 'Application/JSON; charset="utf-8"']
)
async def test_json_in_utf8_is_read(client: httpx.AsyncClient, content_type: str) -> None:
    body = '{"query": "{ hello(name: \\"żółć 🏃\\") }"}'.encode()
    answer = await client.post("/graphql", content=body, headers={"content-type": content_type})
    assert answer.json() == {"data": {"hello": "hello żółć 🏃"}}


async def test_null_parameters_are_as_good_as_none(client: httpx.AsyncClient) -> None:
    question = {"query": "{ hello }", "variables": None, "operationName": None, "extensions": None}
    assert (await client.post("/graphql", json=question)).json() == {"data": {"hello": "hello world"}}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
async def test_other_methods_are_refused(client: httpx.AsyncClient, method: str) -> None:
    answer = await client.request(method, "/graphql", json={"query": "{ hello }"})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


class TestGet:
    async def test_a_query_is_answered_and_never_stored(self, client: httpx.AsyncClient) -> None:
        query = {"query": "query($n: String!) { hello(name: $n) }", "variables": '{"n": "you"}'}
        answer = await client.get("/graphql", params=query)
        assert answer.json() == {"data": {"hello": "hello you"}}
        assert answer.headers["cache-control"] == "no-store"

    async def test_a_mutation_is_refused(self, client: httpx.AsyncClient) -> None:
        answer = await client.get("/graphql", params={"query": "mutation { touch }"})
        assert (answer.status_code, answer.headers["allow"], code(answer)) == (405, "POST", "METHOD_NOT_ALLOWED")

    @pytest.mark.parametrize(
        "params",
        [
            {},
            {"query": ""},
            {"query": "{ hello }", "variables": "{"},
            {"query": "{ hello }", "variables": "[]"},
            dict.fromkeys(map(str, range(40)), "x"),
        ],
    )
    async def test_what_cannot_be_read_is_refused(self, client: httpx.AsyncClient, params: dict[str, str]) -> None:
        answer = await client.get("/graphql", params=params)
        assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")

    async def test_nul_in_its_variables_is_refused(self, client: httpx.AsyncClient) -> None:
        params = {"query": "query($n: String!) { hello(name: $n) }", "variables": '{"n": "\\u0000"}'}
        assert code(await client.get("/graphql", params=params)) == "BAD_USER_INPUT"

    async def test_a_browser_gets_no_html(self, client: httpx.AsyncClient) -> None:
        answer = await client.get("/graphql", headers={"accept": "text/html,*/*;q=0.8"})
        assert answer.headers["content-type"].startswith("application/json")
        assert answer.status_code == 400


async def test_a_subscription_is_refused_clearly(client: httpx.AsyncClient) -> None:
    answer = await client.post("/graphql", json={"query": "subscription { ticks }"})
    assert (answer.status_code, code(answer)) == (400, "OPERATION_NOT_SUPPORTED")


async def test_a_mutation_is_answered_over_post(client: httpx.AsyncClient) -> None:
    answer = await client.post("/graphql", json={"query": "mutation { touch }"})
    assert answer.json() == {"data": {"touch": "touched"}}


async def test_what_resolvers_say_beside_the_data_is_told(client: httpx.AsyncClient) -> None:
    answer = await client.post("/graphql", json={"query": "mutation { again }"})
    assert answer.json() == {"data": {"again": "as before"}, "extensions": {"idempotentReplay": True}}


async def test_an_answer_that_cannot_be_written_is_a_masked_error(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> bytes:
        raise TypeError("secret")

    monkeypatch.setattr("app.graphql.response_of", fail)
    async with gateway.client() as client:
        answer = await client.post("/graphql", json={"query": "{ hello }"})
    assert (answer.status_code, code(answer)) == (500, "INTERNAL")
    assert "secret" not in answer.text
    assert [context.closed for context in gateway.contexts.made] == [1]
