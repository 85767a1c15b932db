"""The gateway behind its real server, on a real socket: what only bytes on a wire can show."""

import json
import socket
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn
from starlette.types import ASGIApp

from app.metrics_server import metrics_served
from tests.app.conftest import CUSTOMER, Gateway, gateway_of


@dataclass
class Served:
    """A gateway that listens, and what it was made of."""

    port: int
    gateway: Gateway

    def send(self, head: str, *parts: bytes, timeout_s: float = 10) -> tuple[int, dict[str, Any], int]:
        """Send raw bytes until the server has answered; returns the status, the JSON body, and the bytes sent."""
        sent = 0
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout_s) as wire:
            wire.sendall(head.encode())
            try:
                for part in parts:
                    wire.sendall(part)
                    sent += len(part)
            except (BrokenPipeError, ConnectionResetError):
                pass  # the server has heard enough
            answer = _read(wire)
        status = int(answer.split(b" ", 2)[1])
        return status, json.loads(answer.partition(b"\r\n\r\n")[2]), sent

    def post(self, body: bytes) -> tuple[int, dict[str, Any]]:
        status, answer, _ = self.send(head(f"content-length: {len(body)}"), body)
        return status, answer


def _read(wire: socket.socket) -> bytes:
    answer = b""
    while chunk := wire.recv(65536):
        answer += chunk
        length = next(
            (line for line in answer.partition(b"\r\n\r\n")[0].lower().split(b"\r\n") if b"content-length" in line),
            None,
        )
        if length and len(answer.partition(b"\r\n\r\n")[2]) >= int(length.split(b":")[1]):
            break
    return answer


def head(*more: str) -> str:
    lines = [
        "POST /graphql HTTP/1.1",
        "host: gateway",
        "content-type: application/json",
        f"authorization: Bearer {CUSTOMER}",
    ]
    return "\r\n".join([*lines, *more, "", ""])


def _serve(app: ASGIApp) -> tuple[uvicorn.Server, threading.Thread, int]:
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, ws="none", http="httptools", lifespan="on", log_config=None, access_log=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    return server, thread, server.servers[0].sockets[0].getsockname()[1]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    gateway = gateway_of()
    server, thread, port = _serve(gateway.app)
    yield Served(port, gateway)
    server.should_exit = True
    thread.join(timeout=20)
    assert (gateway.database.opened, gateway.database.closed) == (1, 1)


def test_a_request_is_answered(served: Served) -> None:
    assert served.post(b'{"query": "{ hello }"}') == (200, {"data": {"hello": "hello world"}})


def test_a_declared_10_mb_are_refused_before_they_are_sent(served: Served) -> None:
    status, answer, _ = served.send(head("content-length: 10485760"))
    assert (status, answer["errors"][0]["extensions"]["code"]) == (413, "BODY_TOO_LARGE")


def test_an_undeclared_10_mb_are_refused_while_they_come(served: Served) -> None:
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    status, answer, _ = served.send(head("transfer-encoding: chunked"), *[chunk] * 160, b"0\r\n\r\n")
    assert (status, answer["errors"][0]["extensions"]["code"]) == (413, "BODY_TOO_LARGE")


def test_a_body_that_is_never_finished_is_let_go(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=5) as wire:
        wire.sendall(head("content-length: 100").encode() + b'{"query"')
    until = time.monotonic() + 5
    while any(context.closed == 0 for context in served.gateway.contexts.made) and time.monotonic() < until:
        time.sleep(0.01)
    assert all(context.closed == 1 for context in served.gateway.contexts.made)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"query": ', "cut off"),
        (b'{"variables": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", "nested without end"),
        (b'{"query": "{ hello }", "variables": {"v": NaN}}', "NaN"),
        (b"\x00\xff\xfe", "no text at all"),
        (b"", "nothing"),
    ],
)
def test_a_malformed_body_is_a_400(served: Served, body: bytes, says: str) -> None:
    status, answer = served.post(body)
    assert (status, answer["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST"), says


def test_an_unknown_field_names_itself(served: Served) -> None:
    _, answer = served.post(b'{"query": "{ nowhere }"}')
    assert answer["errors"][0]["message"] == "Cannot query field 'nowhere' on type 'Query'."


def test_a_websocket_is_not_opened(served: Served) -> None:
    lines = [
        "GET /graphql HTTP/1.1",
        "host: gateway",
        "connection: Upgrade",
        "upgrade: websocket",
        "sec-websocket-version: 13",
        "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
        "sec-websocket-protocol: graphql-transport-ws",
    ]
    with socket.create_connection(("127.0.0.1", served.port), timeout=5) as wire:
        wire.sendall("\r\n".join([*lines, "", ""]).encode())
        assert _read(wire).startswith(b"HTTP/1.1 401")


def test_the_figures_are_served_on_a_port_of_their_own(served: Served) -> None:
    served.post(b'{"query": "{ hello }"}')
    with metrics_served(served.gateway.metrics.registry, 0) as port:
        url = f"http://127.0.0.1:{port}/metrics"
        with urllib.request.urlopen(url, timeout=5) as answer:
            text = answer.read().decode()
    assert 'billing_requests_total{operation="query",route="graphql",status="200"}' in text
    assert CUSTOMER not in text


def test_no_figures_are_served_without_a_port(served: Served) -> None:
    with metrics_served(served.gateway.metrics.registry, None) as port:
        assert port is None
