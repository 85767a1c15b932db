"""`planChangeCancel`: take back a scheduled change."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, assert_never

from db.unit_of_work import unit_of_work
from domain.commands import CancelPlanChange
from domain.ids import PlanChangeId
from domain.plan_change.verdict import Figure
from operations.cancel_plan_change import (
    CancelKeyReused,
    Cancelled,
    NotScheduled,
    cancel_plan_change,
)
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.user_errors import EXPECTED, UserError, UserErrorCode, key_reused, user_error
from resolvers.mutations.written import written


@dataclass(frozen=True, slots=True)
class CancelPayload:
    """The payload; the change is read by the loaders, after the commit."""

    context: RequestContext
    change_id: PlanChangeId | None = None
    user_errors: tuple[UserError, ...] = ()

    @property
    def plan_change(self) -> Awaitable[Any] | None:
        """The change as it is now."""
        return written(self.context, "PlanChange", self.change_id)


async def plan_change_cancel(context: RequestContext, input: Asks[CancelPlanChange]) -> CancelPayload:
    """Cancel; bad input is an entry of userErrors that names its field."""
    try:
        command = input.command()
        async with unit_of_work(context.database, context.actor, context.ids, context.now) as unit:
            outcome = await cancel_plan_change(unit, command)
    except EXPECTED as error:
        return CancelPayload(context, user_errors=(user_error(error, "input", "planChangeId"),))
    match outcome:
        case Cancelled(change_id, is_replay):
            await context.renew()
            if is_replay:
                context.extensions["idempotentReplay"] = True
            return CancelPayload(context, change_id)
        case NotScheduled(status):
            late = UserError(
                UserErrorCode.NOT_SCHEDULED,
                "This change is not waiting for its day.",
                ["input", "planChangeId"],
                (Figure("status", status.value),),
            )
            return CancelPayload(context, user_errors=(late,))
        case CancelKeyReused():
            return CancelPayload(context, user_errors=(key_reused("input", "idempotencyKey"),))
        case _:
            assert_never(outcome)
