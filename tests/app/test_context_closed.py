"""A context is closed exactly once, whatever becomes of its request."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.app.conftest import CUSTOMER, Gateway


async def test_it_is_closed_once_before_the_answer_leaves(gateway: Gateway) -> None:
    closed_when_sent: list[int] = []
    app = gateway.app

    async def watching(scope: Any, receive: Any, send: Any) -> None:
        async def noting(message: Any) -> None:
            closed_when_sent.extend(context.closed for context in gateway.contexts.made)
            await send(message)

        await app(scope, receive, noting)

    gateway.app = watching
    async with gateway.client() as client:
        await client.post("/graphql", json={"query": "{ hello }"})
    assert closed_when_sent == [1, 1]  # at the head of the answer and at its body


async def test_it_is_closed_when_the_request_is_cancelled(gateway: Gateway) -> None:
    async with gateway.client() as client:
        asking = asyncio.create_task(client.post("/graphql", json={"query": "{ slow }"}))
        await gateway.contexts.first.wait()
        await gateway.contexts.made[0].started.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        async with asyncio.timeout(20):
            while gateway.contexts.made[0].closed == 0:  # noqa: ASYNC110 - the toy says nothing when it is closed
                await asyncio.sleep(0.01)
    assert gateway.contexts.made[0].closed == 1


async def test_it_is_closed_when_the_client_leaves(gateway: Gateway) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        raise AssertionError("nobody is there")

    headers = [(b"content-type", b"application/json"), (b"authorization", f"Bearer {CUSTOMER}".encode())]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "headers": headers, "query_string": b""}
    await gateway.app(scope, receive, send)
    assert [context.closed for context in gateway.contexts.made] == [1]


async def test_a_failing_close_does_not_spoil_the_answer(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(_context: object) -> None:
        raise OSError("gone")

    monkeypatch.setattr("tests.app.toy.ToyContext.close", fail)
    async with gateway.client() as client:
        assert (await client.post("/graphql", json={"query": "{ hello }"})).status_code == 200


async def test_it_knows_who_asks_and_when(gateway: Gateway, client: httpx.AsyncClient) -> None:
    answer = await client.post("/graphql", json={"query": "{ hello }"})
    context = gateway.contexts.made[0]
    assert context.actor.kind == "CUSTOMER"
    assert context.now.isoformat() == "2026-11-22T10:00:00+00:00"
    assert context.request_id == answer.headers["x-request-id"]
