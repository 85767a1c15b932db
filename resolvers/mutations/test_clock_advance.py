"""`testClockAdvance`: move a sandbox account's clock forward, and tell what happened on the way."""

from dataclasses import dataclass
from datetime import datetime

from db.queries.history import Happened
from domain.commands import AdvanceClock
from domain.ids import PREFIXES, public_id
from operations.clock.advance_clock import Advanced, advance_clock
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Units, Wrote, perform


@dataclass(frozen=True, slots=True)
class HappenedView:
    """One event on the way."""

    sequence: int
    type: str
    subject_id: str
    occurred_at: datetime


async def test_clock_advance(context: RequestContext, input: Asks[AdvanceClock]) -> Payload:
    """Advance; everything due in between happens in order, by the code that does it in real time."""

    async def run(_units: Units, command: AdvanceClock) -> Advanced:
        return await advance_clock(
            context.database, context.actor, context.ids, lambda: context.now, context.provider, command
        )

    def wrote(outcome: Advanced) -> Wrote:
        context.hold(len(outcome.happened))
        values = {
            "clock_at": outcome.clock_at,
            "is_complete": outcome.is_complete,
            "happened": [_shown(each) for each in outcome.happened],
        }
        return Wrote({"account": ("Account", outcome.account_id)}, values)

    return await perform(context, input, "accountId", run, wrote)


def _shown(each: Happened) -> HappenedView:
    return HappenedView(
        each.sequence, each.type, public_id(PREFIXES[each.subject_type], each.subject_id), each.occurred_at
    )
