"""Place a limit from outside the graph: the first above what a role has, which nobody in it could give."""

from db.catalog_entries import Deed, one_at_a_time, record
from db.queries.approvals import personal_limit
from db.save.approvals import limit_set
from db.unit_of_work import UnitOfWork
from domain.approval_limits import PersonalLimit, ensure_limit
from domain.errors import InvalidInput


async def place_approval_limit(unit: UnitOfWork, personal: PersonalLimit) -> None:
    """Set it, whatever it was; the catalog's trail says so. For whoever operates the database.

    Raises InvalidInput naming `limit` below nothing, `until` in the past, and `by` where a person places their own.
    """
    ensure_limit(personal.limit, personal.until, unit.recorded_at)
    if personal.granted_by_id == personal.user_id:
        raise InvalidInput(("by",), "Nobody sets their own limit.", personal.user_id)
    await one_at_a_time(unit)
    before = await personal_limit(unit.session, personal.user_id, personal.limit.currency)
    await limit_set(unit, personal, is_first=before is None)
    then = None if before is None else before.state
    record(unit, Deed("approval_limit.set", "User", personal.user_id, personal.state, then))
