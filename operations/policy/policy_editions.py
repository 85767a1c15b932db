"""The editions of the policy and where each stands, segment by segment. Staff read it."""

from collections.abc import Mapping
from dataclasses import dataclass

from db.queries.rollouts import RolloutStep, newest_steps
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
    if unit.actor.kind is not ActorKind.STAFF:
        raise Forbidden(unit.actor.kind)
    steps = await newest_steps(unit.session)
    return [
        EditionState(edition, {segment: step for (version, segment), step in steps.items() if version == edition.id})
        for edition in (BASE, *CANDIDATES)
    ]
