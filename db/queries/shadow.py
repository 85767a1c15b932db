"""How often an edition in the shadow was asked, and how often and in what it differed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.scope import ACTOR, Scope, within
from db.tables import shadow_evaluations
from domain.catalog import Segment
from domain.plan_change.shadow import DifferenceKind


@dataclass(frozen=True, slots=True)
class ShadowCounts:
    """`differing` of `evaluated` answers were not the same; by the weightiest thing in which they differed."""

    evaluated: int
    by_kind: Mapping[DifferenceKind, int]

    @property
    def differing(self) -> int:
        """The answers that were not the same."""
        return sum(self.by_kind.values())


async def shadow_counts(
    session: AsyncSession, scope: Scope, version: str, segment: Segment | None, since: datetime | None
) -> ShadowCounts:
    """The counts of one edition, of a segment and from an instant on where they are given; one statement."""
    asked = shadow_evaluations.c
    kind = asked.difference["kind"].astext
    chosen = select(kind.label("kind"), func.count().label("count")).where(
        asked.candidate_version == version, within(scope.kind, asked.account_id)
    )
    if segment is not None:
        chosen = chosen.where(asked.segment == segment.value)
    if since is not None:
        chosen = chosen.where(asked.created_at >= since)
    found = (await session.execute(chosen.group_by(kind), {ACTOR: scope.actor_id})).all()
    by_kind = {DifferenceKind(row.kind): int(row[1]) for row in found if row.kind is not None}
    return ShadowCounts(
        sum(int(row[1]) for row in found), {each: by_kind[each] for each in DifferenceKind if each in by_kind}
    )
