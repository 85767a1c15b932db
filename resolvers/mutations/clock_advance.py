"""`testClockAdvance`: move a sandbox account's clock, and say what happened on the way."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.queries.history import Happened
from domain.commands import AdvanceClock
from domain.ids import PREFIXES
from operations.advance_clock import Advanced, advance_clock
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Units, Wrote, perform


@dataclass(frozen=True, slots=True)
class ClockStep:
    """One thing that happened, at an instant of the account's own time."""

    context: RequestContext
    happened: Happened

    @property
    def at(self) -> datetime:
        """When."""
        return self.happened.occurred_at

    @property
    def type(self) -> str:
        """What: the type of its event."""
        return self.happened.type

    @property
    def node(self) -> Awaitable[Any] | None:
        """What it happened to, as it is now; None for what is no node."""
        if self.happened.subject_type not in PREFIXES:
            return None
        return self.context.by_id(self.happened.subject_type, self.happened.subject_id)


async def clock_advance(context: RequestContext, input: Asks[AdvanceClock]) -> Payload:
    """Advance; each thing on the way is a transaction of its own, as the worker's are."""

    async def run(units: Units, command: AdvanceClock) -> Advanced:
        return await advance_clock(
            context.database, context.actor, context.ids, lambda: context.now, context.provider, command
        )

    def wrote(outcome: Advanced) -> Wrote:
        return Wrote(
            {"account": ("Account", outcome.account_id)},
            {
                "happened": [ClockStep(context, each) for each in outcome.happened],
                "is_complete": outcome.is_complete,
            },
        )

    return await perform(context, input, "accountId", run, wrote)
