"""What staff read of the policy itself: where its editions stand, and how often one in the shadow differed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from db.queries.rollouts import RolloutStep, newest_steps
from db.queries.shadow import ShadowCounts, shadow_counts
from db.unit_of_work import UnitOfWork
from domain.actor import ActorKind
from domain.catalog import Segment
from domain.errors import Forbidden
from domain.plan_change.editions import BASE, CANDIDATES, Edition


@dataclass(frozen=True, slots=True)
class EditionState:
    """An edition that may decide, and the step that counts in each segment where one was set."""

    edition: Edition
    steps: Mapping[Segment, RolloutStep]


async def policy_editions(unit: UnitOfWork) -> list[EditionState]:
    """The base and what may follow it, oldest first; one statement. Raises Forbidden for all but staff."""
    _ensure_staff(unit)
    steps = await newest_steps(unit.session)
    return [
        EditionState(edition, {segment: step for (version, segment), step in steps.items() if version == edition.id})
        for edition in (BASE, *CANDIDATES)
    ]


async def policy_shadow_counts(
    unit: UnitOfWork, version: str, segment: Segment | None, since: datetime | None
) -> ShadowCounts:
    """How often an edition was asked in the shadow and differed; one statement. Raises Forbidden for all but staff."""
    _ensure_staff(unit)
    return await shadow_counts(unit.session, unit.scope, version, segment, since)


def _ensure_staff(unit: UnitOfWork) -> None:
    if unit.actor.kind is not ActorKind.STAFF:
        raise Forbidden(unit.actor.kind)
