"""What staff read of outcomes: what customers asked for, what was accepted and approved, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from db.queries.outcome_groups import GroupKey, OutcomesAsked
from db.queries.outcomes_approvals import ApprovalCounts, approval_counts
from db.queries.outcomes_changes import ChangeCounts, change_counts
from db.queries.outcomes_requests import RefusalCounts, RequestCounts, refusal_counts, request_counts
from db.unit_of_work import UnitOfWork
from domain.actor import ActorKind
from domain.errors import Forbidden

NO_REQUESTS = RequestCounts(0, 0, 0, 0, 0, 0, 0)
NO_CHANGES = ChangeCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
NO_APPROVALS = ApprovalCounts(0, 0, 0, 0, 0, 0, None, None)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The figures of one group."""

    key: GroupKey
    requests: RequestCounts
    refusals: RefusalCounts
    changes: ChangeCounts
    approvals: ApprovalCounts


async def read_outcomes(unit: UnitOfWork, asked: OutcomesAsked) -> list[Outcomes]:
    """The figures of each group that has any, in the order of their keys; of no group, one row whatever there is.

    Four statements, whatever is asked. Raises Forbidden for all but staff.
    """
    if unit.actor.kind is not ActorKind.STAFF:
        raise Forbidden(unit.actor.kind)
    session, scope = unit.session, unit.scope
    requests = await request_counts(session, scope, asked)
    refusals = await refusal_counts(session, scope, asked)
    changes = await change_counts(session, scope, asked)
    approvals = await approval_counts(session, scope, asked, unit.recorded_at)
    found = requests.keys() | changes.keys() | approvals.keys()
    return [
        Outcomes(
            key,
            requests.get(key, NO_REQUESTS),
            refusals.get(key, {}),
            changes.get(key, NO_CHANGES),
            approvals.get(key, NO_APPROVALS),
        )
        for key in sorted(found, key=_place)
    ]


def _place(key: GroupKey) -> tuple[datetime | str, ...]:
    """Where a row stands: what rows are not told apart by is the same in all of them."""
    week = (key.week,) if key.week else ()
    named = (key.segment, key.plan_id.hex if key.plan_id else None, key.policy_version, key.kind)
    return (*week, *(str(each or "") for each in named))
