"""What the client is told of an error and what only the log is told."""

from typing import Any

import httpx
import pytest
from graphql import GraphQLError, NameNode
from structlog.typing import EventDict

from app.errors import MASKED, STATUS, Code
from app.masking import shown
from app.observability import told
from tests.app.conftest import Gateway
from tests.app.toy import SECRET


async def ask(client: httpx.AsyncClient, query: str) -> dict[str, Any]:
    answer = await client.post("/graphql", json={"query": query})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("query", ["{ broken }", "{ blurted }", "{ misuse }"])
async def test_a_surprise_is_masked_and_logged_under_its_request_id(
    gateway: Gateway, logged: list[EventDict], query: str
) -> None:
    async with gateway.client() as client:
        answer = await ask(client, query)
    assert list(answer["data"].values()) == [None]
    (error,) = answer["errors"]
    assert error["message"] == MASKED
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["path"] == [query.strip("{} ")]
    (line,) = [line for line in logged if line["event"] == "surprise"]
    assert line["request_id"] == error["extensions"]["requestId"]
    assert line["exc_info"] is not None
    assert "exc_info" in line


async def test_nothing_of_a_surprise_reaches_the_client(client: httpx.AsyncClient) -> None:
    for query in ("{ broken }", "{ blurted }", "{ missing }", "{ away }"):
        text = (await client.post("/graphql", json={"query": query})).text
        for secret in (SECRET, "RuntimeError", "Traceback", "10.0.0.7", "toy.py"):
            assert secret not in text


@pytest.mark.parametrize(
    ("query", "code", "message", "more"),
    [
        ('{ account(id: "x") }', "BAD_USER_INPUT", "'x' is not an id.", {"reason": "MALFORMED_ID", "field": ["id"]}),
        ("{ approve }", "FORBIDDEN", "Your role does not allow this.", {}),
        ("{ page }", "INVALID_CURSOR", "This is not a cursor.", {}),
        ("{ away }", "UNAVAILABLE", "The database cannot be reached at the moment.", {}),
    ],
)
async def test_a_known_error_is_explained(
    client: httpx.AsyncClient, query: str, code: str, message: str, more: dict[str, Any]
) -> None:
    (error,) = (await ask(client, query))["errors"]
    extensions = error["extensions"]
    extensions.pop("requestId")
    assert (error["message"], extensions) == (message, {"code": code, **more})


async def test_known_errors_are_no_surprises(gateway: Gateway, logged: list[EventDict]) -> None:
    async with gateway.client() as client:
        for query in ("{", "{ nowhere }", '{ account(id: "x") }', "{ approve }", "{ page }"):
            await client.post("/graphql", json={"query": query})
    assert {line["event"] for line in logged} == {"request"}


async def test_a_null_where_none_may_be_is_ours(client: httpx.AsyncClient) -> None:
    answer = await ask(client, "{ missing }")
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL"


def test_a_stumbling_scalar_names_the_value_and_keeps_our_words_to_itself() -> None:
    cause = KeyError("internal_table")
    inner = GraphQLError("Expected value of type 'Money', found 'x'; 'internal_table'", original_error=cause)
    at = NameNode(value="m")
    error = GraphQLError(f"Variable '$m' has invalid value at .a[2]: {inner.message}", at, original_error=inner)
    result = shown(error, "id", suggest=False)
    assert (
        result.error["message"] == "Variable '$m' has invalid value at .a[2]: Expected value of type 'Money', found 'x'"
    )
    assert result.error["extensions"] == {"code": "BAD_USER_INPUT", "requestId": "id", "field": ["m", "a", "2"]}
    assert result.surprise is cause


def test_the_log_tells_frames_and_one_line_a_message() -> None:
    try:
        try:
            raise KeyError("row\nDETAIL: Key (email)=(a@example.com) already exists.")
        except KeyError as first:
            raise ValueError("x" * 1000) from first
    except ValueError as error:
        text = told(error)
    assert "test_masking.py" in text
    assert "builtins.ValueError: xxx" in text
    assert "builtins.KeyError" in text
    assert "x" * 201 not in text


def test_every_status_belongs_to_a_code() -> None:
    assert set(STATUS) < set(Code)
    assert all(code.value == code.name for code in Code)
