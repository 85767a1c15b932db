"""Requests with later steps over the ladder of tests.make."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from domain.catalog import PlanVersion
from domain.commands import Phase
from domain.periods import BillingInterval
from domain.plan_change.facts import PlanChangeFacts
from tests.make import LADDER, MONTH, QUARTER, YEAR, facts

Asked = tuple[Phase, PlanVersion | None]


def on(
    day: str, plan: PlanVersion | None = None, *, seats: int | None = None, interval: BillingInterval | None = None
) -> Asked:
    """A step from a day on."""
    quantities = () if seats is None else (("seats", seats),)
    return Phase(date.fromisoformat(day), None, plan.plan.id if plan else None, interval, quantities), plan


def after(
    periods: int, plan: PlanVersion | None = None, *, seats: int | None = None, interval: BillingInterval | None = None
) -> Asked:
    """A step after some billing periods of the one before."""
    quantities = () if seats is None else (("seats", seats),)
    return Phase(None, periods, plan.plan.id if plan else None, interval, quantities), plan


def a_ramp(*steps: Asked, **given: Any) -> PlanChangeFacts:
    """A request of `tests.make.facts` with these later steps; a plan that is left out stays."""
    asked = facts(**given)
    targets: list[PlanVersion] = []
    for _, plan in steps:
        targets.append(plan or (targets[-1] if targets else asked.target))
    request = replace(asked.request, phases=tuple(phase for phase, _ in steps))
    return replace(asked, request=request, phase_targets=tuple(targets))


@st.composite
def random_steps(draw: st.DrawFn) -> list[Asked]:
    """Up to four later steps, each some periods after the one before: any plan, any interval, any seats."""
    return [
        after(
            draw(st.integers(1, 2)),
            draw(st.sampled_from([None, *LADDER[1:4]])),
            seats=draw(st.one_of(st.none(), st.integers(1, 10))),
            interval=draw(st.sampled_from([None, None, MONTH, QUARTER, YEAR])),
        )
        for _ in range(draw(st.integers(1, 4)))
    ]
