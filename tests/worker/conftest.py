"""What a worker writes down is kept for the test and not printed: tracebacks are long."""

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[structlog.typing.EventDict]]:
    """Every log line of the test."""
    with structlog.testing.capture_logs() as lines:
        yield lines
