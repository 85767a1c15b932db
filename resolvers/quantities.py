"""The quantities an accepted plan change asks for, read back from the request it keeps."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from resolvers.context import RequestContext


@dataclass(frozen=True, slots=True)
class ComponentQuantity:
    """How many units of a component, by its code."""

    component: str
    quantity: int


async def quantities(context: "RequestContext", change_ids: Sequence[UUID]) -> list[list[ComponentQuantity] | None]:
    """What each change asks for, by component; None for one that is out of reach. One statement for all of them."""
    rows = await context.rows(context.graph.by_key["PlanChangeRequest", "change"]).load_many(change_ids)
    return [
        None if row is None else [ComponentQuantity(*each) for each in sorted(json.loads(row.request)["quantities"])]
        for row in rows
    ]
