"""One line and one count a request; an id that ties answer, header and log together."""

import re

import pytest
from structlog.typing import EventDict

from tests.app.conftest import Gateway, gateway_of


def lines(logged: list[EventDict]) -> list[EventDict]:
    return [line for line in logged if line["event"] == "request"]


async def test_a_request_leaves_one_line(gateway: Gateway, logged: list[EventDict]) -> None:
    question = {"query": "query Home($n: String!) { hello(name: $n) }", "variables": {"n": "Ada Lovelace"}}
    async with gateway.client() as client:
        answer = await client.post("/graphql", json=question)
    (line,) = lines(logged)
    assert line.pop("duration_ms") > 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "route": "graphql",
        "operation": "Home",
        "operation_type": "query",
        "actor": "CUSTOMER",
        "status": 200,
        "codes": None,
        "statements": 3,
        "request_id": answer.headers["x-request-id"],
    }
    assert "Ada" not in str(logged)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("3f2b6c1e-7d1a-4e57-9a44-0f8e2c6f1b11", True),
        ("trace:01.part_2", True),
        ("short", False),
        ("x" * 129, False),
        ('{"injected": "line"}', False),
        ("two words in one id", False),
    ],
)
async def test_a_sane_request_id_is_kept(gateway: Gateway, given: str, kept: bool) -> None:
    async with gateway.client() as client:
        answer = await client.post("/graphql", json={"query": "{"}, headers={"x-request-id": given})
    found = answer.headers["x-request-id"]
    assert (found == given) is kept
    assert re.fullmatch(r"[A-Za-z0-9._:-]{8,128}", found)
    assert answer.json()["errors"][0]["extensions"]["requestId"] == found


async def test_two_requests_have_two_ids(gateway: Gateway) -> None:
    async with gateway.client() as client:
        first, second = [(await client.get("/live")).headers["x-request-id"] for _ in range(2)]
    assert first != second


async def test_requests_statements_and_refusals_are_counted(gateway: Gateway) -> None:
    async with gateway.client() as client:
        await client.post("/graphql", json={"query": "{ hello }"})
        await client.post("/graphql", json={"query": "mutation { touch }"})
        await client.post("/graphql", json={"query": "{" + " ".join(f"a{i}: hello" for i in range(31)) + "}"})
        await client.post("/graphql", json={"query": "{ __schema { queryType { name } } }"})
    async with gateway.client(None) as stranger:
        await stranger.post("/graphql", json={"query": "{ hello }"})

    def value(name: str, **labels: str) -> float | None:
        return gateway.metrics.registry.get_sample_value(name, labels)

    assert value("billing_requests_total", route="graphql", operation="query", status="200") == 2
    assert value("billing_requests_total", route="graphql", operation="mutation", status="200") == 1
    assert value("billing_requests_total", route="graphql", operation="none", status="401") == 1
    assert value("billing_request_duration_seconds_count", route="graphql", operation="query") == 2
    assert value("billing_statements_sum") == 9  # three operations of the toy's 3 statements were known by type
    assert value("billing_refusals_total", rule="TOO_MANY_ALIASES") == 1
    assert value("billing_refusals_total", rule="FORBIDDEN") == 1
    assert value("billing_refusals_total", rule="UNAUTHENTICATED") == 1


async def test_loaders_and_policies_are_counted(gateway: Gateway) -> None:
    gateway.metrics.loader_batch("invoices_by_account", 50)
    gateway.metrics.refusal("PC-18")
    sample = gateway.metrics.registry.get_sample_value
    assert sample("billing_loader_batch_keys_sum", {"loader": "invoices_by_account"}) == 50
    assert sample("billing_refusals_total", {"rule": "PC-18"}) == 1


async def test_an_operation_that_was_refused_lends_the_log_no_words(gateway: Gateway, logged: list[EventDict]) -> None:
    async with gateway.client() as client:
        await client.post("/graphql", json={"query": "query Nasty { nowhere }", "operationName": "Nasty"})
    (line,) = lines(logged)
    assert line["operation"] is None
    assert line["codes"] == ["VALIDATION_FAILED"]


async def test_metrics_are_not_public() -> None:
    async with gateway_of().client() as client:
        assert (await client.get("/metrics")).status_code == 404
