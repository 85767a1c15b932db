"""What was done about an unpaid invoice on a day, read back from the text that keeps it."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from uuid import UUID

from domain.dunning import DunningAction

if TYPE_CHECKING:
    from resolvers.context import RequestContext

_WORD: Final = re.compile(r"[A-Z_]+")


async def dunning_actions(context: "RequestContext", step_ids: Sequence[UUID]) -> list[list[DunningAction] | None]:
    """Each step's actions in order; None for one that is out of reach. One statement for all of them."""
    rows = await context.rows(context.graph.by_key["DunningActions", "step"]).load_many(step_ids)
    return [None if row is None else [DunningAction(each) for each in _WORD.findall(row.actions)] for row in rows]
