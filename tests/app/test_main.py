"""The application as a whole: its paths, its headers, its start and stop."""

import asyncio
from typing import Any

import pytest
from strawberry import Schema
from structlog.typing import EventDict

from app.health import Check
from app.home import release
from app.main import create_app
from app.settings import Mode, Settings, SettingsError
from tests.app.conftest import CUSTOMER, PAGES, NoDatabase, fine, gateway_of
from tests.app.test_auth import ED
from tests.app.toy import Contexts, Query, toy_schema

PRODUCTION: dict[str, Any] = {
    "mode": Mode.PRODUCTION,
    "jwt_issuer": "https://issuer.example",
    "jwt_audience": "billing",
    "jwt_algorithms": ("Ed25519",),
    "jwt_keys": {"keys": [ED.as_dict(private=False)]},
    "database_url": "postgresql://db/billing",
    "download_key": "a" * 32,
}


@pytest.mark.parametrize("path", ["/", "/graphql", "/live", "/nowhere", "/static/home.js"])
async def test_every_answer_carries_the_security_headers(path: str) -> None:
    async with gateway_of().client() as client:
        answer = await client.get(path, headers={"origin": "https://evil.example"})
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "strict-transport-security" not in answer.headers
    assert not [name for name in answer.headers if name.startswith("access-control-")]


async def test_production_promises_tls() -> None:
    async with gateway_of(**PRODUCTION).client(None) as client:
        assert "max-age" in (await client.get("/live")).headers["strict-transport-security"]


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nowhere", 404), ("POST", "/live", 405), ("GET", "/graphql/", 404)]
)
async def test_what_is_not_served_says_so_in_json(method: str, path: str, status: int) -> None:
    async with gateway_of().client() as client:
        answer = await client.request(method, path)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["extensions"]["requestId"] == answer.headers["x-request-id"]


async def test_a_surprise_outside_graphql_is_masked_too(
    monkeypatch: pytest.MonkeyPatch, logged: list[EventDict]
) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("app.home.personas_json", fail)
    async with gateway_of().client() as client:
        answer = await client.get("/demo/personas.json")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    request_id = answer.json()["errors"][0]["extensions"]["requestId"]
    assert [line["request_id"] for line in logged if line["event"] == "surprise"] == [request_id]


async def test_there_is_no_websocket() -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/graphql", "headers": [], "subprotocols": ["graphql-transport-ws"]}
    await gateway_of().app(scope, receive, send)
    assert sent == [{"type": "websocket.close", "code": 1008}]


class TestHealth:
    async def test_live_needs_nothing(self) -> None:
        async def away() -> bool:
            raise OSError

        async with gateway_of(checks={"database": away}).client(None) as client:
            assert (await client.get("/live")).json() == {"status": "live"}

    async def test_ready_asks_everything(self) -> None:
        async with gateway_of(checks={"database": fine, "migrations": fine}).client(None) as client:
            answer = await client.get("/ready")
        assert answer.status_code == 200
        assert answer.json() == {"status": "ready", "checks": {"database": "ok", "migrations": "ok"}}

    async def test_what_fails_is_named_without_its_reason(self) -> None:
        async def away() -> bool:
            raise OSError("db.internal:5432 refused")

        async def behind() -> bool:
            return False

        checks: dict[str, Check] = {"database": away, "migrations": behind, "other": fine}
        async with gateway_of(checks=checks).client(None) as client:
            answer = await client.get("/ready")
        assert answer.status_code == 503
        words = {"database": "failing", "migrations": "failing", "other": "ok"}
        assert answer.json() == {"status": "not ready", "checks": words}

    async def test_patience_ends(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from starlette.requests import Request

        from app.health import ready

        async def never() -> bool:
            await asyncio.sleep(60)
            return True

        answer = await ready({"database": never}, patience_s=0.01)(Request({"type": "http", "headers": []}))
        assert answer.status_code == 503


class TestHome:
    async def test_the_demo_shows_a_page_that_asks_nobody_else(self) -> None:
        async with gateway_of().client(None) as client:
            page = await client.get("/")
            assert page.headers["content-type"] == "text/html; charset=utf-8"
            policy = page.headers["content-security-policy"]
            assert "script-src 'self'; style-src 'self'" in policy
            assert "<script>" not in page.text
            assert " style=" not in page.text
            assert " onclick" not in page.text
            for name in ("home.js", "home.css", "icon.svg"):
                assert f"/static/{name}" in page.text
                assert (await client.get(f"/static/{name}")).status_code == 200
            for text in (
                page.text,
                (await client.get("/static/home.js")).text,
                (await client.get("/static/home.css")).text,
            ):
                assert "http://" not in text
                assert "https://" not in text
                assert "innerHTML" not in text

    async def test_personas_come_with_tokens_that_work(self) -> None:
        async with gateway_of().client(None) as client:
            about = (await client.get("/demo/personas.json")).json()
            (persona,) = about["personas"]
            assert (persona["slug"], list(persona["tokens"])) == ("yen", ["OWNER"])
            assert about["samples"][0]["variables"] == {"id": "{account}"}
            assert list(about["staff"]) == ["SUPPORT", "FINANCE", "SYSTEM"]
            for token in (persona["tokens"]["OWNER"], *about["staff"].values(), about["schema"]):
                headers = {"authorization": f"Bearer {token}"}
                assert (await client.post("/graphql", json={"query": "{ hello }"}, headers=headers)).status_code == 200

    @pytest.mark.parametrize("path", ["/demo/personas.json", "/static/home.js", "/static/index.html"])
    async def test_production_lends_nothing(self, path: str) -> None:
        async with gateway_of(**PRODUCTION).client(None) as client:
            assert (await client.get(path)).status_code == 404
            plain = (await client.get("/")).json()
        assert plain == {
            "name": "billing-gateway",
            "version": release(),
            "graphql": "/graphql",
            "live": "/live",
            "ready": "/ready",
        }

    @pytest.mark.parametrize("path", ["/static/../main.py", "/static/%2e%2e/main.py", "/static/", "/static/index.html"])
    async def test_no_path_reaches_another_file(self, path: str) -> None:
        async with gateway_of().client(None) as client:
            assert (await client.get(path)).status_code == 404


async def test_production_refuses_the_demos_tokens() -> None:
    async with gateway_of(**PRODUCTION).client(CUSTOMER) as client:
        assert (await client.post("/graphql", json={"query": "{ hello }"})).status_code == 401


def _create(schema: Schema, **settings: Any) -> None:
    create_app(Settings(**settings), NoDatabase(), schema, make_context=Contexts(), checks={}, pages=PAGES)


def test_production_without_keys_does_not_start() -> None:
    with pytest.raises(SettingsError, match="JWT_"):
        _create(toy_schema(), **{**PRODUCTION, "jwt_keys": None})
    with pytest.raises(SettingsError, match="JWT_KEYS holds no key"):
        _create(toy_schema(), **{**PRODUCTION, "jwt_keys": {"keys": []}})


def test_a_schema_that_would_log_queries_does_not_start() -> None:
    with pytest.raises(TypeError, match="process_errors"):
        _create(Schema(query=Query), mode=Mode.DEMO)
