"""Customers that move to another time zone, as the public API tells: what they pay, and which time a line serves."""

from itertools import pairwise

import httpx
import pytest

from db.engine import Database
from tests.stories.auditing import audited
from tests.stories.offering import base, offer, sends
from tests.stories.telling import Customer, told


async def _moved(client: httpx.AsyncClient, name: str, zone: str, to: str) -> tuple[Customer, str]:
    """A customer with two seats who moves in the middle of its first February."""
    customer = await Customer.opened(client, name, "2026-02-01T08:00:00Z", zone=zone)
    await customer.card()
    subscription = await customer.start("sales-starter", seats=2)
    await customer.advance("2026-02-14T12:00:00Z")
    await customer.do(customer.owner, "accountUpdate", accountId=customer.id, timeZone=to)
    return customer, subscription


@pytest.mark.parametrize(
    ("zone", "to"),
    [
        ("Europe/Berlin", "Europe/London"),
        ("America/New_York", "America/Los_Angeles"),
        ("Europe/London", "Europe/Berlin"),
        ("Pacific/Honolulu", "Pacific/Kiritimati"),
        ("Pacific/Kiritimati", "Pacific/Honolulu"),
    ],
)
async def test_l15_a_zone_that_moves_leaves_services_apart_and_the_audit_quiet(
    client: httpx.AsyncClient, demo_copy: Database, zone: str, to: str
) -> None:
    customer, subscription = await _moved(client, f"moved-{zone}-{to}", zone, to)
    await customer.advance("2026-02-15T12:00:00Z")
    await customer.change(subscription, quantities=[{"component": "seats", "quantity": 4}])
    await customer.advance("2026-04-20T12:00:00Z")
    invoices = (await customer.raw_documents())[0]
    served = [
        line["servicePeriod"]
        for invoice in invoices
        for line in invoice["lines"]
        if line["kind"] == "CHARGE" and "Seats" not in line["description"]
    ]
    assert len(served) == 3
    assert all(one["end"] <= following["start"] for one, following in pairwise(served))
    # a month costs a month, whatever hours it has
    assert [each["total"]["amount"] for each in invoices[2:]] == [invoices[3]["total"]["amount"]] * 2
    assert await audited(demo_copy, customer) == []


async def test_a_period_that_a_zone_a_day_apart_made_longer_is_no_stub(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """1 February in Kiritimati is 31 January in Honolulu, and a midnight there too: still one whole period, of 29 days.

    Two seats more from 20 February, 12:00 UTC: 8 days 22 hours of 29 days.
    """
    customer, subscription = await _moved(client, "a-day-apart", "Pacific/Kiritimati", "Pacific/Honolulu")
    await customer.advance("2026-02-20T12:00:00Z")
    await customer.change(subscription, quantities=[{"component": "seats", "quantity": 4}])
    line = (await customer.raw_documents())[0][-1]["lines"][-1]
    assert "770400 of 2505600 seconds" in line["explanation"]["sentence"]
    await customer.advance("2026-03-20T12:00:00Z")
    assert await audited(demo_copy, customer) == []


async def test_a_zone_that_moves_during_a_pause_bills_no_hour_twice(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """July ends at 07:00 in UTC, and in the new zone it had ended 19 hours before; 500 were used in between.

    They are of July, and August begins where July ended: 723 of its 725 hours are charged, from 09:00 on.
    """
    await offer(client, "a-dollar-a-day", 108, base("31.00"), sends("0.01"))
    customer = await Customer.opened(
        client, "moved-while-paused", "2026-07-01T10:00:00Z", zone="America/Los_Angeles", netDays=365
    )
    subscription = await customer.start("a-dollar-a-day")
    await customer.advance("2026-08-01T05:00:00Z")
    await customer.use("email-sends", ("between", "2026-08-01T00:00:00Z", "500"))
    await customer.do(customer.owner, "subscriptionPause", subscriptionId=subscription)
    await customer.advance("2026-08-01T08:00:00Z")
    await customer.do(customer.owner, "accountUpdate", accountId=customer.id, timeZone="Pacific/Auckland")
    await customer.advance("2026-08-01T09:00:00Z")
    await customer.do(customer.owner, "subscriptionResume", subscriptionId=subscription)
    await customer.advance("2026-09-03T00:00:00Z")
    assert await customer.documents() == told("""
        2026-07-01 SIGN_UP OPEN 31.00 (credited 0.08, due 30.92)
          CHARGE A dollar a day: 31.00, 2026-07-01 to 2026-08-01
        2026-08-02 RESUME OPEN 35.91 (due 35.91)
          USAGE A dollar a day: 500 E-mails: 5.00, 2026-07-01 to 2026-07-31 22:00
          PRORATION_CHARGE A dollar a day: 30.91, 2026-08-01 02:00 to 2026-08-31 05:00
        2026-09-02 RENEWAL OPEN 31.00 (due 31.00)
          USAGE A dollar a day: 0 E-mails: 0.00, 2026-08-01 02:00 to 2026-08-31 05:00
          CHARGE A dollar a day: 31.00, 2026-08-31 05:00 to 2026-09-30 04:00
        2026-07-31 CREDIT NOTE PAUSE 0.08 (to invoice 0.08)
          Unused: A dollar a day: 0.08""")
    assert await audited(demo_copy, customer) == []
