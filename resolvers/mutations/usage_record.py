"""`usageRecord`: send usage events in bulk; each gets its own answer, a retry is free."""

from collections.abc import Sequence
from dataclasses import dataclass

from db.unit_of_work import unit_of_work
from domain.actor import StaffRole
from domain.errors import Forbidden
from domain.usage import UsageEvent, UsageResult
from operations.use.record_usage import record_usage
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.user_errors import EXPECTED, UserError, user_error


@dataclass(frozen=True, slots=True)
class UsagePayload:
    """One result an event, in order; none when the batch as a whole was refused."""

    results: tuple[UsageResult, ...] = ()
    user_errors: tuple[UserError, ...] = ()


async def usage_record(context: RequestContext, input: Asks[Sequence[UsageEvent]]) -> UsagePayload:
    """Record; bad input is an entry of userErrors that names its field. Only SYSTEM may."""
    try:
        if context.actor.staff_role is not StaffRole.SYSTEM:
            raise Forbidden(context.actor.kind)
        events = input.command()
        async with unit_of_work(context.database, context.actor, context.ids, context.now) as unit:
            return UsagePayload(await record_usage(unit, events))
    except EXPECTED as error:
        return UsagePayload(user_errors=(user_error(error),))
