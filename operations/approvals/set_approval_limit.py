"""Set how much one of us may approve, for good or until a date: never for oneself, never above one's own."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.catalog_entries import Deed
from db.queries.approvals import personal_limit
from db.save.approvals import limit_set
from db.unit_of_work import UnitOfWork
from domain.approval_limits import PersonalLimit, ensure_limit, limit_of
from domain.commands import SetApprovalLimit
from domain.errors import NotFound
from domain.ids import UserId
from domain.money import Money
from domain.plan_change.verdict import Figure, Remedy, RemedyAction
from operations.asking import KeyReused, NotNow
from operations.asking_catalog import asked_of_catalog

MUTATION = "approvalLimitSet"


@dataclass(frozen=True, slots=True)
class LimitSet:
    """What a person may approve now. `is_replay`: this very request had set it before."""

    user_id: UserId
    limit: Money
    until: datetime | None
    is_replay: bool


async def set_approval_limit(unit: UnitOfWork, command: SetApprovalLimit) -> LimitSet | NotNow | KeyReused:
    """Set it, in the place of what was set before; once `until` is over, the table by role counts again.

    Raises Forbidden for all but finance, InvalidInput naming `limit` or `until`. NotNow: NEEDS_A_PERSON for a token of
    nobody, OWN_LIMIT, OVER_LIMIT for more than one may approve oneself.
    """
    request = await asked_of_catalog(unit, MUTATION, command)
    if isinstance(request, KeyReused):
        return request
    currency = command.limit.currency
    before = await personal_limit(unit.session, command.user_id, currency)
    if request.done is not None:
        if before is None:
            raise NotFound(command.user_id)
        return LimitSet(UserId(UUID(request.done.subject_id.hex)), before.limit, before.until, is_replay=True)
    person = await _who_may(unit, command)
    if isinstance(person, NotNow):
        return person
    personal = PersonalLimit(command.user_id, command.limit, command.until, person)
    await limit_set(unit, personal, is_first=before is None)
    then = None if before is None else before.state
    request.record(unit, Deed("approval_limit.set", "User", command.user_id, personal.state, then))
    return LimitSet(command.user_id, command.limit, command.until, is_replay=False)


async def _who_may(unit: UnitOfWork, command: SetApprovalLimit) -> UserId | NotNow:
    """The person who sets it, or why nobody may."""
    actor, limit = unit.actor, command.limit
    ensure_limit(limit, command.until, unit.recorded_at)
    if actor.user_id is None:
        return NotNow("NEEDS_A_PERSON", "NOT_SET", "A limit is set by a person; this token is nobody's.")
    if actor.user_id == command.user_id:
        return NotNow("OWN_LIMIT", "NOT_SET", "Nobody sets their own limit.")
    personal = await personal_limit(unit.session, actor.user_id, limit.currency)
    own = limit_of(actor.staff_role, limit.currency, personal, unit.recorded_at)
    if limit.minor > own.minor:
        return NotNow(
            "OVER_LIMIT",
            "NOT_SET",
            f"You may approve up to {own.amount()} {own.currency} yourself.",
            (Figure("amount", f"{limit.amount()} {limit.currency}"), Figure("limit", f"{own.amount()} {own.currency}")),
            Remedy(RemedyAction.ASK_LARGER_LIMIT, "Ask somebody with a larger limit."),
        )
    return actor.user_id
