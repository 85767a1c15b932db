"""A worker makes the months of usage, and its figures tell which there are."""

from dataclasses import replace
from datetime import UTC, datetime

from structlog.typing import EventDict

from db.engine import Database
from db.usage_months import months_on_file
from tests.worker.working import QUICK, a_worker, until
from worker.figures import Figures
from worker.tend import watch_months

NOW = datetime(2026, 11, 22, tzinfo=UTC)


async def test_a_worker_makes_the_months_and_tells_of_them(fresh_database: Database, logged: list[EventDict]) -> None:
    """September 2024 to January 2027: 29, of which December and January are ahead."""
    figures = Figures()

    def told(state: str) -> float | None:
        return figures.registry.get_sample_value("billing_usage_months", {"state": state})

    await watch_months(fresh_database, NOW, figures)
    assert (told("attached"), told("ahead"), told("detached")) == (0, 0, 0)

    async def is_tended() -> bool:
        return any(line["event"] == "months of usage tended" for line in logged)

    async with a_worker(fresh_database, NOW, replace(QUICK, tend_after_s=0.0)):
        await until(is_tended)
    async with fresh_database.snapshot() as session:
        assert len((await months_on_file(session)).attached) == 29
    await watch_months(fresh_database, NOW, figures)
    assert (told("attached"), told("ahead"), told("detached")) == (29, 2, 0)
    assert figures.registry.get_sample_value("billing_usage_default_rows") == 0
