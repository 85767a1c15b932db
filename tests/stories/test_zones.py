"""Customers that move to another time zone, as the public API tells: what they pay, and which time a line serves."""

from itertools import pairwise

import httpx
import pytest

from db.engine import Database
from tests.stories.auditing import audited
from tests.stories.telling import Customer


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
