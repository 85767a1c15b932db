"""In what an edition in the shadow differed, read back from what is stored."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from domain.plan_change.shadow import DifferenceKind

if TYPE_CHECKING:
    from resolvers.context import RequestContext


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """A difference as the graph reads it."""

    kind: DifferenceKind
    live_effective_at: datetime
    candidate_effective_at: datetime
    only_live: list[str]
    only_candidate: list[str]


async def shadow_differences(context: "RequestContext", ids: Sequence[UUID]) -> list[DifferenceView | None]:
    """Each evaluation's difference, None where there is none. One statement for all of them."""
    rows = await context.rows(context.graph.by_key["ShadowDifferenceKept", "evaluation"]).load_many(ids)
    return [None if row is None or row.difference is None else _view(row.difference) for row in rows]


def _view(text: str) -> DifferenceView:
    kept = json.loads(text)
    live_at, candidate_at = map(datetime.fromisoformat, kept["effectiveAt"])
    return DifferenceView(DifferenceKind(kept["kind"]), live_at, candidate_at, kept["onlyLive"], kept["onlyCandidate"])
