"""The log as it is written: in a process of its own, since configuring it is for good."""

import json
import subprocess
import sys
from typing import Any

_PROGRAM = """
import logging, structlog
from app.observability import configure_logging, log, report_surprise

configure_logging("INFO")
log.debug("unheard")
log.info("plain", seats=3)
with structlog.contextvars.bound_contextvars(request_id="abc"):
    log.info("within a request")
    logging.getLogger("asyncpg").warning("a library speaks %s", "up")
try:
    raise ValueError("bad row\\nDETAIL: Key (email)=(" + "@".join(["ada", "example.com"]) + ")")
except ValueError as error:
    report_surprise(error, "abc", path=["account", 0])
    logging.getLogger("library").exception("it failed")
logging.getLogger("strawberry.execution").error("{ secretQuery }")
logging.getLogger("uvicorn.access").info("127.0.0.1 - GET /")
"""


def test_every_line_is_json_and_nothing_personal_is_in_it() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)
    lines: list[dict[str, Any]] = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["event"] for line in lines] == [
        "plain",
        "within a request",
        "a library speaks up",
        "surprise",
        "it failed",
    ]
    assert [line.get("request_id") for line in lines] == [None, "abc", "abc", "abc", None]
    assert all(line["level"] and line["at"].endswith("Z") for line in lines)
    assert lines[0]["seats"] == 3
    assert lines[2]["logger"] == "asyncpg"
    assert lines[3]["path"] == ["account", 0]
    for surprise in lines[3:]:
        assert "builtins.ValueError: bad row" in surprise["traceback"]
        assert "ada@example.com" not in str(surprise)
    assert "secretQuery" not in done.stderr
    assert done.stdout == ""
