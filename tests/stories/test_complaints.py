"""What users of other systems complain about, each with a test that bears its name: here those told through the API.

Where the eighteen complaints have their tests, in the order they are written down:

 1 a preview off by a day from the real credit: here
 2 annual to monthly treated as an upgrade because of price: test_years.py, month_to_year
 3 double invoices near midnight in zones ahead of UTC: here; domain/test_periods.py
 4 an hourly job queued twice bills twice: worker/test_run.py; operations/test_parallel.py
 5 two concurrent voids both ran: operations/test_money_back.py
 6 VAT off by one because rounded parts were summed: test_taxes.py; domain/test_taxing.py
 7 accepted usage never counted: here
 8 a dedup key taken before the write, so a retry is lost: operations/test_pay.py, test_change_plan.py (L26)
 9 anchor 31 drifts: test_years.py; domain/test_periods.py
10 a new price silently not applied to existing subscriptions: test_catalog_by_finance.py
11 fractions of a cent park an account: here; domain/pricing/test_flat_and_per_unit.py
12 an error on a change when nothing is owed: test_discounts_over_time.py; domain/plan_change/test_complaints.py
13 a fixed discount counted twice in a proration: test_discounts_over_time.py; domain/test_discounting.py
14 a second upgrade credited from the last incremental charge: test_changes_of_plan.py
15 webhooks out of order with stale state: operations/test_pay.py
16 a scheduled change applied without re-checking entitlements: here
17 credits farmed by upgrading and downgrading: here; domain/plan_change/test_complaints.py
18 81 parts of one amount rounded one by one drift 2 cents: domain/test_money.py
"""

import httpx

from tests.stories.offering import base, offer, sends
from tests.stories.telling import Customer, told


async def test_a_preview_is_not_off_by_a_day_from_the_real_credit(client: httpx.AsyncClient) -> None:
    """At noon of 28 June in Auckland 60 of June's 720 hours are left, wherever UTC stands: a twelfth of 15.00 and of
    30.00, 1.25 and 2.50, in the preview as on the invoice.
    """
    customer = await Customer.opened(client, "preview", "2026-06-01T00:00:00Z", zone="Pacific/Auckland", country="NZ")
    await customer.card()
    subscription = await customer.start("sales-starter")
    await customer.advance("2026-06-28T00:00:00Z")  # noon in Auckland: to 1 July 00:00 there, 30 June 12:00 UTC, 60 h
    shown = await customer.change(subscription, quantities=[{"component": "seats", "quantity": 2}])
    assert [each["amount"]["amount"] for each in shown["delta"]["lines"]] == ["-1.25", "2.50"]
    assert (await customer.documents()).splitlines()[3:] == [
        "2026-06-28 PLAN_CHANGE OPEN 1.25 (due 1.25)",
        "  PRORATION_CREDIT Unused: Pipeline Starter: Seats × 1: -1.25, 2026-06-28 12:00 to 2026-07-01",
        "  PRORATION_CHARGE Pipeline Starter: Seats × 2: 2.50, 2026-06-28 12:00 to 2026-07-01",
    ]


async def test_near_midnight_in_a_zone_ahead_a_period_is_billed_once(client: httpx.AsyncClient) -> None:
    """On Kiritimati a day begins 14 hours before it does in UTC: looked at before and after both midnights."""
    customer = await Customer.opened(
        client, "kiritimati", "2026-05-31T11:00:00Z", zone="Pacific/Kiritimati", country="KI"
    )
    await customer.card()
    await offer(client, "by-the-lagoon", 95, base("30.00"))
    await customer.start("by-the-lagoon")
    for moment in ("06-30T09:59:59", "06-30T10:00:00", "06-30T10:00:01", "06-30T23:59:59", "07-01T00:00:01"):
        await customer.advance(f"2026-{moment}Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP PAID 30.00 (paid 30.00)
          CHARGE By the lagoon: 30.00, 2026-06-01 to 2026-07-01
        2026-07-01 RENEWAL PAID 30.00 (paid 30.00)
          CHARGE By the lagoon: 30.00, 2026-07-01 to 2026-08-01""")


async def test_accepted_usage_is_counted_and_fractions_of_a_cent_park_nobody(client: httpx.AsyncClient) -> None:
    """Everything accepted is on the bill, in whatever order and however often it came: 3 e-mails at 0.0015 are 0.0045,
    and that is 0.00, on an invoice that is paid; 7 in July are 0.0105, so 0.01.
    """
    await offer(client, "fine-print", 96, base("1.00"), sends("0.0015"))
    customer = await Customer.opened(client, "fine-print", "2026-06-01T08:00:00Z")
    await customer.card()
    await customer.start("fine-print")
    await customer.advance("2026-06-29T00:00:00Z")
    june = [("b", "2026-06-28T23:59:59Z", "2"), ("a", "2026-06-01T00:00:00Z", "1")]
    july = ("c", "2026-07-01T00:00:00Z", "7")
    assert await customer.use("email-sends", *june) == ["ACCEPTED"] * 2
    await customer.advance("2026-07-03T00:00:00Z")
    assert await customer.use("email-sends", july, *june) == ["ACCEPTED", "DUPLICATE", "DUPLICATE"]
    await customer.advance("2026-08-03T00:00:00Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP PAID 1.00 (paid 1.00)
          CHARGE Fine print: 1.00, 2026-06-01 to 2026-07-01
        2026-07-02 RENEWAL PAID 1.00 (paid 1.00)
          USAGE Fine print: 3 E-mails: 0.00, 2026-06-01 to 2026-07-01
          CHARGE Fine print: 1.00, 2026-07-01 to 2026-08-01
        2026-08-02 RENEWAL PAID 1.01 (paid 1.01)
          USAGE Fine print: 7 E-mails: 0.01, 2026-07-01 to 2026-08-01
          CHARGE Fine print: 1.00, 2026-08-01 to 2026-09-01""")


async def test_a_scheduled_change_is_not_applied_without_looking_again(client: httpx.AsyncClient) -> None:
    """Two seats fewer from July on; but by then all three are in use. They stay, and are paid for."""
    customer = await Customer.opened(client, "looked-again", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-starter", seats=3)
    await customer.advance("2026-06-10T00:00:00Z")
    await customer.change(subscription, quantities=[{"component": "seats", "quantity": 1}])
    await customer.advance("2026-06-20T00:00:00Z")
    assert await customer.use("seats", ("used", "2026-06-19T00:00:00Z", "3")) == ["ACCEPTED"]
    await customer.advance("2026-07-02T00:00:00Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP PAID 55.00 (paid 55.00)
          CHARGE Pipeline Starter: 10.00, 2026-06-01 to 2026-07-01
          CHARGE Pipeline Starter: Seats × 3: 45.00, 2026-06-01 to 2026-07-01
        2026-07-01 RENEWAL PAID 55.00 (paid 55.00)
          CHARGE Pipeline Starter: 10.00, 2026-07-01 to 2026-08-01
          CHARGE Pipeline Starter: Seats × 3: 45.00, 2026-07-01 to 2026-08-01""")


async def test_credits_are_not_farmed_by_upgrading_and_downgrading(client: httpx.AsyncClient) -> None:
    """Up in the middle of June for half of what it costs more; down again waits for July and gives nothing back."""
    customer = await Customer.opened(client, "farmer", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-starter")
    await customer.advance("2026-06-16T00:00:00Z")
    for seats in (2, 1):
        await customer.change(subscription, quantities=[{"component": "seats", "quantity": seats}])
    await customer.advance("2026-07-02T00:00:00Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP PAID 25.00 (paid 25.00)
          CHARGE Pipeline Starter: 10.00, 2026-06-01 to 2026-07-01
          CHARGE Pipeline Starter: Seats × 1: 15.00, 2026-06-01 to 2026-07-01
        2026-06-16 PLAN_CHANGE PAID 7.50 (paid 7.50)
          PRORATION_CREDIT Unused: Pipeline Starter: Seats × 1: -7.50, 2026-06-16 to 2026-07-01
          PRORATION_CHARGE Pipeline Starter: Seats × 2: 15.00, 2026-06-16 to 2026-07-01
        2026-07-01 RENEWAL PAID 25.00 (paid 25.00)
          CHARGE Pipeline Starter: 10.00, 2026-07-01 to 2026-08-01
          CHARGE Pipeline Starter: Seats × 1: 15.00, 2026-07-01 to 2026-08-01""")
