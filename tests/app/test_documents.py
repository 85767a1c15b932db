"""The cache of documents: it hits, it is bounded, and it never carries one caller's rights to another."""

import asyncio
import threading
from typing import Any

import httpx
import pytest

from app.documents import Documents, read, read_and_check
from app.limits import Limits
from tests.app.conftest import CUSTOMER, READER, Gateway


def _documents(gateway: Gateway, found: str) -> float:
    return gateway.metrics.registry.get_sample_value("billing_documents_total", {"found": found}) or 0.0


async def test_the_same_text_is_read_once(gateway: Gateway, client: httpx.AsyncClient) -> None:
    for _ in range(20):
        answer = await client.post(
            "/graphql", json={"query": "query A($n: String!) { hello(name: $n) }", "variables": {"n": "you"}}
        )
        assert answer.json() == {"data": {"hello": "hello you"}}
    # 20 requests: the first one reads the document, 19 find it
    assert (_documents(gateway, "yes"), _documents(gateway, "no")) == (19, 1)


async def test_documents_that_may_not_run_are_not_kept(gateway: Gateway, client: httpx.AsyncClient) -> None:
    for query in ("{ nowhere }", "{", "{ " + " ".join(f"a{i}: hello" for i in range(31)) + " }"):
        for _ in range(2):
            assert "errors" in (await client.post("/graphql", json={"query": query})).json()
    assert (_documents(gateway, "yes"), _documents(gateway, "no")) == (0, 6)


async def test_a_kept_introspection_is_still_refused_to_a_customer(gateway: Gateway) -> None:
    question = {"query": "{ ...F } fragment F on Query { __schema { queryType { name } } }"}
    async with gateway.client(READER) as reader, gateway.client(CUSTOMER) as customer:
        for _ in range(2):
            assert (await reader.post("/graphql", json=question)).json()["data"]
            refused = (await customer.post("/graphql", json=question)).json()
            assert "data" not in refused
            assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert _documents(gateway, "yes") == 3


async def test_others_are_answered_while_a_costly_document_is_read(
    gateway: Gateway, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within the limits a document may still take validation a third of a second."""
    await client.post("/graphql", json={"query": "{ hello }"})
    may_go_on = threading.Event()

    def costly(*given: Any, **more: Any) -> Any:
        assert may_go_on.wait(20)
        return read_and_check(*given, **more)

    monkeypatch.setattr("app.operation.read_and_check", costly)
    asking = asyncio.create_task(client.post("/graphql", json={"query": "{ costly: hello }"}))
    await asyncio.sleep(0)
    assert (await client.post("/graphql", json={"query": "{ hello }"})).status_code == 200
    assert not asking.done()
    may_go_on.set()
    assert (await asking).json() == {"data": {"costly": "hello world"}}


@pytest.mark.parametrize(("most_documents", "most_characters"), [(10, 10_000), (1000, 10 * 16)])
def test_the_cache_keeps_to_its_bounds(most_documents: int, most_characters: int) -> None:
    documents = Documents(Limits(), most_documents=most_documents, most_characters=most_characters)
    texts = [f"{{ hello a{i:04} }}" for i in range(100)]  # 15 characters each
    for text in texts:
        documents.find(text)
        documents.keep(text, read(text, Limits()))
    assert len(documents) == 10
    assert documents.peek(texts[-1]) is not None
    assert documents.peek(texts[0]) is None
    assert (documents.hits, documents.misses) == (0, 100)


def test_what_is_used_stays() -> None:
    documents = Documents(Limits(), most_documents=2)
    for text in ("{ a }", "{ b }"):
        documents.keep(text, read(text, Limits()))
    documents.find("{ a }")
    documents.keep("{ c }", read("{ c }", Limits()))
    assert documents.peek("{ a }") is not None
    assert documents.peek("{ b }") is None


def test_one_long_document_does_not_empty_the_cache() -> None:
    documents = Documents(Limits(), most_characters=800)
    documents.keep("{ a }", read("{ a }", Limits()))
    long = "{ a " + " " * 200 + "}"
    documents.keep(long, read(long, Limits()))
    assert len(documents) == 1
