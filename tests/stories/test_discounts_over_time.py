"""Coupons over billing periods and changes, told through the public API: every line of every document.

Pipeline Starter is 10.00 a month and 15.00 a seat, Professional 90.00 and 75.00 with three seats at least.
"""

import httpx

from tests.stories.telling import Customer, told


async def test_with_everything_off_nothing_is_owed_and_changes_work(client: httpx.AsyncClient) -> None:
    """A complaint about others: a server error on a change when nothing is owed. Nothing was debited for Starter, so
    nothing comes back; half of Professional is 45.00 and 112.50, and all of it is off.
    """
    customer = await Customer.opened(client, "on-the-house", "2026-06-01T08:00:00Z")
    subscription = await customer.start("sales-starter", couponCode="FREE100")
    await customer.advance("2026-06-16T00:00:00Z")
    await customer.change(subscription, "sales-professional")
    await customer.advance("2026-07-02T00:00:00Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP PAID 0.00
          CHARGE Pipeline Starter: 10.00, 2026-06-01 to 2026-07-01
          DISCOUNT On the house: Pipeline Starter: -10.00, 2026-06-01 to 2026-07-01
          CHARGE Pipeline Starter: Seats × 1: 15.00, 2026-06-01 to 2026-07-01
          DISCOUNT On the house: Pipeline Starter: Seats × 1: -15.00, 2026-06-01 to 2026-07-01
        2026-06-16 PLAN_CHANGE PAID 0.00
          PRORATION_CHARGE Pipeline Professional: 45.00, 2026-06-16 to 2026-07-01
          DISCOUNT On the house: Pipeline Professional: -45.00, 2026-06-16 to 2026-07-01
          PRORATION_CHARGE Pipeline Professional: Seats × 3: 112.50, 2026-06-16 to 2026-07-01
          DISCOUNT On the house: Pipeline Professional: Seats × 3: -112.50, 2026-06-16 to 2026-07-01
        2026-07-01 RENEWAL PAID 0.00
          CHARGE Pipeline Professional: 90.00, 2026-07-01 to 2026-08-01
          DISCOUNT On the house: Pipeline Professional: -90.00, 2026-07-01 to 2026-08-01
          CHARGE Pipeline Professional: Seats × 3: 225.00, 2026-07-01 to 2026-08-01
          DISCOUNT On the house: Pipeline Professional: Seats × 3: -225.00, 2026-07-01 to 2026-08-01""")


async def test_a_coupon_for_three_periods_is_not_used_up_by_a_change(client: httpx.AsyncClient) -> None:
    """20 % off in June, July and August. On 16 July a seat more, 16 of 31 days left: 12.00 × 16/31 = 6.193… back,
    30.00 × 16/31 = 15.483… anew, less 20 % of 15.48 = 3.096.
    """
    customer = await Customer.opened(client, "three-periods", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-starter", couponCode="WELCOME20")
    await customer.advance("2026-07-16T00:00:00Z")
    await customer.change(subscription, quantities=[{"component": "seats", "quantity": 2}])
    await customer.advance("2026-09-02T00:00:00Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP PAID 20.00 (paid 20.00)
          CHARGE Pipeline Starter: 10.00, 2026-06-01 to 2026-07-01
          DISCOUNT Welcome: Pipeline Starter: -2.00, 2026-06-01 to 2026-07-01
          CHARGE Pipeline Starter: Seats × 1: 15.00, 2026-06-01 to 2026-07-01
          DISCOUNT Welcome: Pipeline Starter: Seats × 1: -3.00, 2026-06-01 to 2026-07-01
        2026-07-01 RENEWAL PAID 20.00 (paid 20.00)
          CHARGE Pipeline Starter: 10.00, 2026-07-01 to 2026-08-01
          DISCOUNT Welcome: Pipeline Starter: -2.00, 2026-07-01 to 2026-08-01
          CHARGE Pipeline Starter: Seats × 1: 15.00, 2026-07-01 to 2026-08-01
          DISCOUNT Welcome: Pipeline Starter: Seats × 1: -3.00, 2026-07-01 to 2026-08-01
        2026-07-16 PLAN_CHANGE PAID 6.19 (paid 6.19)
          PRORATION_CREDIT Unused: Pipeline Starter: Seats × 1: -6.19, 2026-07-16 to 2026-08-01
          PRORATION_CHARGE Pipeline Starter: Seats × 2: 15.48, 2026-07-16 to 2026-08-01
          DISCOUNT Welcome: Pipeline Starter: Seats × 2: -3.10, 2026-07-16 to 2026-08-01
        2026-08-01 RENEWAL PAID 32.00 (paid 32.00)
          CHARGE Pipeline Starter: 10.00, 2026-08-01 to 2026-09-01
          DISCOUNT Welcome: Pipeline Starter: -2.00, 2026-08-01 to 2026-09-01
          CHARGE Pipeline Starter: Seats × 2: 30.00, 2026-08-01 to 2026-09-01
          DISCOUNT Welcome: Pipeline Starter: Seats × 2: -6.00, 2026-08-01 to 2026-09-01
        2026-09-01 RENEWAL PAID 40.00 (paid 40.00)
          CHARGE Pipeline Starter: 10.00, 2026-09-01 to 2026-10-01
          CHARGE Pipeline Starter: Seats × 2: 30.00, 2026-09-01 to 2026-10-01""")


async def test_a_fixed_discount_is_not_counted_twice_in_a_proration(client: httpx.AsyncClient) -> None:
    """A complaint about others, by its name. 50.00 off June: 14.29 of the fee and 35.71 of the seats.

    On 16 June three seats more. Back: half of 225.00 - 35.71 is 94.645. Anew: half of 450.00, and of half of 50.00 the
    fee keeps 7.145, so 17.855 is left for the seats.
    """
    customer = await Customer.opened(client, "fixed-discount", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-professional", seats=3, couponCode="ONCE50")
    await customer.advance("2026-06-16T00:00:00Z")
    await customer.change(subscription, quantities=[{"component": "seats", "quantity": 6}])
    await customer.advance("2026-07-02T00:00:00Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP PAID 265.00 (paid 265.00)
          CHARGE Pipeline Professional: 90.00, 2026-06-01 to 2026-07-01
          DISCOUNT A good start: Pipeline Professional: -14.29, 2026-06-01 to 2026-07-01
          CHARGE Pipeline Professional: Seats × 3: 225.00, 2026-06-01 to 2026-07-01
          DISCOUNT A good start: Pipeline Professional: Seats × 3: -35.71, 2026-06-01 to 2026-07-01
        2026-06-16 PLAN_CHANGE PAID 112.49 (paid 112.49)
          PRORATION_CREDIT Unused: Pipeline Professional: Seats × 3: -94.65, 2026-06-16 to 2026-07-01
          PRORATION_CHARGE Pipeline Professional: Seats × 6: 225.00, 2026-06-16 to 2026-07-01
          DISCOUNT A good start: Pipeline Professional: Seats × 6: -17.86, 2026-06-16 to 2026-07-01
        2026-07-01 RENEWAL PAID 540.00 (paid 540.00)
          CHARGE Pipeline Professional: 90.00, 2026-07-01 to 2026-08-01
          CHARGE Pipeline Professional: Seats × 6: 450.00, 2026-07-01 to 2026-08-01""")
