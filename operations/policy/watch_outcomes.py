"""What whoever watches the product is told of outcomes: the changes of the last weeks, and approvals that wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from db.queries.outcome_groups import GroupKey, OutcomesAsked
from db.queries.outcomes_approvals import approval_counts
from db.queries.outcomes_changes import ChangeCounts, change_counts
from db.unit_of_work import UnitOfWork
from domain.outcomes import OutcomeGroup, Window
from domain.plan_change.verdict import ChangeKind

WATCHED = timedelta(days=28)
"""Longer than a request for approval is open."""


@dataclass(frozen=True, slots=True)
class Watched:
    """Of the last WATCHED, real accounts only: changes accepted by kind, and approvals that wait for an answer."""

    changes: Mapping[ChangeKind, ChangeCounts]
    open_approvals: int
    oldest_approval_age: timedelta


async def watch_outcomes(unit: UnitOfWork) -> Watched:
    """The figures as they stand; two statements."""
    now = unit.recorded_at
    window = Window(now - WATCHED, now)
    changes = await change_counts(
        unit.session, unit.scope, OutcomesAsked(window, frozenset({OutcomeGroup.CHANGE_KIND}))
    )
    approvals = (await approval_counts(unit.session, unit.scope, OutcomesAsked(window), now))[GroupKey()]
    return Watched(
        {key.kind: counts for key, counts in changes.items() if key.kind is not None},
        approvals.open,
        approvals.oldest_open_age or timedelta(0),
    )
