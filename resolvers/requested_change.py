"""What a request for approval asks for, read back from what it keeps."""

import json
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from domain.periods import BillingInterval
from domain.plan_change.approved import RequestInFull
from domain.plan_change.verdict import ChangeKind
from resolvers.quantities import ComponentQuantity

if TYPE_CHECKING:
    from resolvers.context import RequestContext


@dataclass(frozen=True, slots=True)
class RequestedChange:
    """A request said in full, as the graph's type reads it."""

    context: "RequestContext"
    asked: RequestInFull

    @property
    def kind(self) -> ChangeKind:
        """What is asked for."""
        return self.asked.kind

    @property
    def plan(self) -> Awaitable[Any] | None:
        """The plan to move to, by the loader; None where it stays."""
        return None if self.asked.plan_id is None else self.context.by_id("Plan", self.asked.plan_id)

    @property
    def interval(self) -> BillingInterval:
        """How often to be billed."""
        return self.asked.interval

    @property
    def quantities(self) -> list[ComponentQuantity]:
        """How much of each component."""
        return [ComponentQuantity(*each) for each in self.asked.quantities]


async def requested_changes(context: "RequestContext", approval_ids: Sequence[UUID]) -> list[RequestedChange | None]:
    """What each asks for; None for one that is out of reach. One statement for all of them."""
    rows = await context.rows(context.graph.by_key["ApprovalRequest", "approval"]).load_many(approval_ids)
    return [
        None if row is None else RequestedChange(context, RequestInFull.of_json(json.loads(row.outcome)["asked"]))
        for row in rows
    ]
