"""The reasons of a stored decision, read back as the values that rules answer in."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from db.queries.changes import reason
from domain.plan_change.verdict import Reason

if TYPE_CHECKING:
    from resolvers.context import RequestContext


async def reasons(context: "RequestContext", decision_ids: Sequence[UUID]) -> list[list[Reason] | None]:
    """Each decision's reasons in their order; None for one that is out of reach. One statement for all of them."""
    rows = await context.rows(context.graph.by_key["DecisionReasons", "decision"]).load_many(decision_ids)
    return [None if row is None else [reason(each) for each in json.loads(row.reasons)] for row in rows]
