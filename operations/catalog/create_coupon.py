"""Create a coupon: a code, what it takes off, from what, for how long, and who may still redeem it."""

from typing import Any

from db.catalog_entries import Deed
from db.queries import publishing
from db.save import catalog
from db.unit_of_work import UnitOfWork
from domain.commands import CreateCoupon
from domain.discount import CouponTerms
from domain.errors import InvalidInput, NotFound
from domain.ids import CouponId
from domain.naming import coupon_code, ensure_name
from operations.asking import KeyReused
from operations.asking_catalog import CatalogDeed, asked_of_catalog

MUTATION = "couponCreate"
_MOST_PERIODS = 1_200  # a hundred years of months; "for ever" is said by leaving it out


async def create_coupon(unit: UnitOfWork, command: CreateCoupon) -> CatalogDeed | KeyReused:
    """Write the coupon; nobody has redeemed it. A code, in whatever case it is typed, is never used for a second
    coupon: old discounts name it.

    Raises Forbidden, NotFound for an unknown product, InvalidInput with the path of the field at fault.
    """
    request = await asked_of_catalog(unit, MUTATION, command)
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return request.done
    terms = _terms(unit, command)
    await _ensure_of_catalog(unit, terms)
    coupon_id = CouponId(unit.ids.new())
    await catalog.new_coupon(unit, coupon_id, terms, unit.recorded_at, command.redeem_by, command.max_redemptions)
    return request.record(unit, Deed("coupon.create", "Coupon", coupon_id, _state(terms, command)))


def _terms(unit: UnitOfWork, command: CreateCoupon) -> CouponTerms:
    code = coupon_code(command.code, "code")
    ensure_name(command.name, "name")
    if command.periods is not None and command.periods > _MOST_PERIODS:
        message = f"At most {_MOST_PERIODS} billing periods; leave it out for ever."
        raise InvalidInput(("periods",), message, command.periods)
    if command.max_redemptions is not None and command.max_redemptions < 1:
        raise InvalidInput(("maxRedemptions",), "A coupon is redeemed once at least.", command.max_redemptions)
    if command.redeem_by is not None and command.redeem_by <= unit.recorded_at:
        raise InvalidInput(("redeemBy",), "Nobody could redeem it any more.", command.redeem_by)
    return CouponTerms(
        code=code,
        name=command.name,
        percent=command.percent,
        amount=command.amount,
        cap=command.cap,
        periods=command.periods,
        component=command.component,
        product_id=command.product_id,
    )


async def _ensure_of_catalog(unit: UnitOfWork, terms: CouponTerms) -> None:
    """Refuse a code that is taken, and a product or component that could never be discounted."""
    if await publishing.is_coupon_code(unit.session, terms.code):
        raise InvalidInput(("code",), f"There is a coupon “{terms.code}” already.", terms.code)
    if terms.product_id is not None and not await publishing.is_product(unit.session, terms.product_id):
        raise NotFound(terms.product_id)
    if terms.component is not None and not await publishing.is_component(
        unit.session, terms.component, terms.product_id
    ):
        where = "this product sells" if terms.product_id else "is sold"
        raise InvalidInput(("component",), f"No component “{terms.component}” is in what {where}.", terms.component)


def _state(terms: CouponTerms, command: CreateCoupon) -> dict[str, Any]:
    return {
        "code": terms.code,
        "takesOff": terms.words,
        "periods": terms.periods,
        "component": terms.component,
        "redeemBy": command.redeem_by.isoformat() if command.redeem_by else None,
        "maxRedemptions": command.max_redemptions,
    }
