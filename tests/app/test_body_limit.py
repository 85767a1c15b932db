"""No more of a body is read than is allowed."""

from collections.abc import AsyncIterator
from typing import Any

import httpx

from tests.app.conftest import CUSTOMER, code, gateway_of

JSON = "application/json"


async def test_a_declared_length_is_refused_unread() -> None:
    gateway = gateway_of(max_body_bytes=1000)
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        read += 1
        yield b" " * 1001

    async with gateway.client() as client:
        headers = {"content-type": JSON, "content-length": "1001"}
        answer = await client.post("/graphql", content=body(), headers=headers)
    assert (answer.status_code, code(answer)) == (413, "BODY_TOO_LARGE")
    assert answer.json()["errors"][0]["extensions"]["allowed"] == 1000
    assert [context.closed for context in gateway.contexts.made] == [1]


async def test_reading_stops_at_the_limit() -> None:
    gateway = gateway_of(max_body_bytes=1000)
    read = 0

    async def receive() -> dict[str, Any]:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": b" " * 300, "more_body": True}

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json"), (b"authorization", f"Bearer {CUSTOMER}".encode())]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "headers": headers, "query_string": b""}
    await gateway.app(scope, receive, send)
    assert sent[0]["status"] == 413
    assert read == 4  # 300, 600, 900, 1200: the fourth chunk passes the limit


async def test_the_limit_itself_is_allowed() -> None:
    body = b'{"query": "{ hello }"}'
    gateway = gateway_of(max_body_bytes=len(body))
    async with gateway.client() as client:
        answer = await client.post("/graphql", content=body, headers={"content-type": JSON})
        assert answer.status_code == 200
        answer = await client.post("/graphql", content=body + b" ", headers={"content-type": JSON})
        assert answer.status_code == 413


async def test_a_compressed_body_is_not_read(client: httpx.AsyncClient) -> None:
    headers = {"content-type": JSON, "content-encoding": "gzip"}
    assert (await client.post("/graphql", content=b"x", headers=headers)).status_code == 415
