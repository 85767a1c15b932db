"""What the graph reads of discounts: what a subscription has been given, and the coupons behind it (staff only)."""

from sqlalchemy import Integer, and_, case, cast, func, select, true

from db.graph.declare import STAFF_ONLY, Entity, Money, columns, one, pages, value
from db.graph.filters import by, mentions
from db.tables import coupons, discount_periods, discounts, products, subscriptions

_covered = (
    select(cast(func.count(), Integer).label("periods"))
    .where(discount_periods.c.account_id == discounts.c.account_id, discount_periods.c.discount_id == discounts.c.id)
    .correlate(discounts)
    .lateral("covered")
)

discount_summaries = (
    select(*discounts.c, _covered.c.periods.label("periods_covered"))
    .select_from(discounts)
    .join(_covered, true())
    .subquery("discount_summaries")
)
"""A view in the statement: each discount with how many billing periods it has covered; the scope is bound to it."""

_own = discount_summaries.c
_left = case(
    (and_(_own.periods.is_not(None), _own.ended_at.is_not(None)), 0),
    else_=func.greatest(_own.periods - _own.periods_covered, 0),
)

DISCOUNT = Entity(
    "Discount",
    discount_summaries,
    prefix="disc",
    tenant=_own.account_id,
    fields={
        **columns(discount_summaries, "code label percent periods component redeemed_at ended_at"),
        "amount": Money(_own.amount_minor, _own.currency),
        "cap": Money(_own.cap_minor, _own.currency),
        "periods_covered": value(_own.periods_covered, nullable=False),
        "periods_left": value(cast(case((_own.periods.is_(None), None), else_=_left), Integer), nullable=True),
    },
    relations={
        "subscription": one("BillingSubscription", subscriptions.c.id, via="subscription_id"),
        "coupon": one("Coupon", coupons.c.id, via="coupon_id", audience=STAFF_ONLY),
    },
)

COUPON = Entity(
    "Coupon",
    coupons,
    prefix="coup",
    # whoever could list the codes could redeem them
    audience=STAFF_ONLY,
    keys={"code": by(coupons.c.code)},
    fields={
        **columns(coupons, "code name percent currency periods component redeem_by max_redemptions redemptions"),
        **columns(coupons, "created_at"),
        "amount": Money(coupons.c.amount_minor, coupons.c.currency),
        "cap": Money(coupons.c.cap_minor, coupons.c.currency),
    },
    relations={"product": one("Product", products.c.id, via="product_id")},
)

COUPONS = pages(
    "Coupon",
    None,
    order=[coupons.c.code],
    filters={"search": mentions(coupons.c.code, coupons.c.name)},
    audience=STAFF_ONLY,
)
"""The staff's list of all coupons."""
