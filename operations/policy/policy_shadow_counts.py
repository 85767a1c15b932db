"""How often an edition of the policy was asked in the shadow, and how often it differed. Staff read it."""

from datetime import datetime

from db.queries.shadow import ShadowCounts, shadow_counts
from db.unit_of_work import UnitOfWork
from domain.actor import ActorKind
from domain.catalog import Segment
from domain.errors import Forbidden


async def policy_shadow_counts(
    unit: UnitOfWork, version: str, segment: Segment | None, since: datetime | None
) -> ShadowCounts:
    """The counts of one edition; one statement. Raises Forbidden for all but staff."""
    if unit.actor.kind is not ActorKind.STAFF:
        raise Forbidden(unit.actor.kind)
    return await shadow_counts(unit.session, unit.scope, version, segment, since)
