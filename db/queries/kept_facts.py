"""Decisions with what they looked at, for asking another edition the same."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.facts_text import Versions, versions_of
from db.queries import catalog
from db.queries.changes import decision
from db.scope import ACTOR, Scope, within
from db.tables import decision_facts, policy_decisions
from domain.catalog import Segment
from domain.ids import AccountId, DecisionId
from domain.plan_change.verdict import Decision

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class KeptDecision:
    """A decision on record and the facts it was made from, as they are stored."""

    account_id: AccountId
    id: DecisionId
    decided_at: datetime
    decision: Decision
    facts: Mapping[str, Any]
    versions: Versions


async def latest_decisions(
    session: AsyncSession, scope: Scope, most: int, segment: Segment | None
) -> AsyncIterator[KeptDecision]:
    """The last decisions whose facts are kept, the newest first, at most `most`; a few hundred in memory at a time."""
    place: tuple[datetime, DecisionId] | None = None
    left = most
    while left > 0:
        page = await _page(session, scope, min(left, _AT_ONCE), segment, place)
        if not page:
            return
        versions = await catalog.versions(session, {each for row in page for each in versions_of(row.facts)})
        for row in page:
            yield KeptDecision(
                AccountId(row.account_id),
                DecisionId(row.decision_id),
                rows.utc(row.created_at),
                decision(row),
                row.facts,
                versions,
            )
        place, left = (page[-1].created_at, page[-1].decision_id), left - len(page)


async def _page(
    session: AsyncSession,
    scope: Scope,
    most: int,
    segment: Segment | None,
    before: tuple[datetime, DecisionId] | None,
) -> list[Any]:
    kept, decided = decision_facts.c, policy_decisions.c
    chosen = (
        select(
            kept.account_id,
            kept.decision_id,
            kept.created_at,
            kept.facts,
            decided.verdict,
            decided.effective_at,
            decided.reasons,
            decided.policy_version,
        )
        .join(policy_decisions, (decided.account_id == kept.account_id) & (decided.id == kept.decision_id))
        .where(within(scope.kind, kept.account_id))
        .order_by(kept.created_at.desc(), kept.decision_id.desc())
        .limit(most)
    )
    if segment is not None:
        chosen = chosen.where(kept.facts["account"]["segment"].astext == segment.value)
    if before is not None:
        chosen = chosen.where(tuple_(kept.created_at, kept.decision_id) < tuple_(*before))
    return list((await session.execute(chosen, {ACTOR: scope.actor_id})).all())
