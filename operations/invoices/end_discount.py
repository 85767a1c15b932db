"""End a discount: it covers no further billing period, and those it covers stay as they are."""

from dataclasses import dataclass

from db import audit
from db.queries.coupons import discounts_of, place_of_discount
from db.save.coupons import discount_ended
from db.unit_of_work import UnitOfWork
from domain.commands import EndDiscount
from domain.errors import NotFound
from domain.ids import DiscountId
from domain.money_events import money_event
from domain.rights import is_finance
from operations.asking import KeyReused, NotNow, asked
from operations.remembering import remember

MUTATION = "discountEnd"


@dataclass(frozen=True, slots=True)
class DiscountEnded:
    """The discount covers no further period. `is_replay`: this very request had ended it before."""

    discount_id: DiscountId
    is_replay: bool


async def end_discount(unit: UnitOfWork, command: EndDiscount) -> DiscountEnded | NotNow | KeyReused:
    """End it. NotNow: ALREADY_ENDED. Raises NotFound, Forbidden for all but finance."""
    place = await place_of_discount(unit.session, unit.scope, command.discount_id)
    if place is None:
        raise NotFound(command.discount_id)
    account_id, subscription_id = place
    request = await asked(
        unit,
        account_id,
        command.discount_id,
        is_finance,
        MUTATION,
        command.idempotency_key,
        {"discount": command.discount_id.hex},
    )
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return DiscountEnded(command.discount_id, is_replay=True)
    account, now = request.account, request.now
    had = await discounts_of(unit.session, unit.scope, account.id, subscription_id)
    discount = next((each for each in had if each.id == command.discount_id), None)
    if discount is None:
        raise NotFound(command.discount_id)
    if discount.ended_at is not None:
        return NotNow("ALREADY_ENDED", "ENDED", "This discount has ended.")
    await discount_ended(unit, account.id, discount.id, now)
    unit.emit(
        account.id,
        money_event("discount.ended", "Discount", discount.id, now, code=discount.code, endedAt=now.isoformat()),
    )
    await unit.audit(
        audit.Entry(account.id, "discount.end", "Discount", discount.id, now, before={"code": discount.code})
    )
    await remember(unit, request, {"discount": discount.id.hex})
    return DiscountEnded(discount.id, is_replay=False)
