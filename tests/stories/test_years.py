"""Years of a customer and the calendar, told through the public API: every line of every document.

Prices are the demo's: Pipeline Starter is 10.00 USD (9.50 EUR) a month and 15.00 (14.00) a seat, ten months a year.
"""

from datetime import datetime
from itertools import pairwise

import httpx

from tests.stories.offering import base, offer
from tests.stories.telling import Customer, told


def starter(start: str, end: str, reason: str = "RENEWAL", status: str = "PAID", plan: str = "Pipeline Starter") -> str:
    """A month of Pipeline Starter with one seat."""
    beside = "paid" if status == "PAID" else "due"
    return "\n".join(
        [
            f"{start} {reason} {status} 25.00 ({beside} 25.00)",
            f"  CHARGE {plan}: 10.00, {start} to {end}",
            f"  CHARGE {plan}: Seats × 1: 15.00, {start} to {end}",
        ]
    )


def in_berlin(start: str, end: str, seats: int, reason: str = "RENEWAL") -> str:
    """A month of Pipeline Starter in euros."""
    total, persons = {1: ("23.50", "14.00"), 2: ("37.50", "28.00"), 3: ("51.50", "42.00")}[seats]
    return "\n".join(
        [
            f"{start} {reason} PAID {total} (paid {total})",
            f"  CHARGE Pipeline Starter: 9.50, {start} to {end}",
            f"  CHARGE Pipeline Starter: Seats × {seats}: {persons}, {start} to {end}",
        ]
    )


async def test_a_year_in_berlin_with_both_changes_of_the_clock(client: httpx.AsyncClient) -> None:
    """Twelve periods of local days. One is an hour short, one an hour long, and seats added in them cost real hours."""
    customer = await Customer.opened(
        client, "berlin-year", "2026-01-15T08:00:00Z", currency="EUR", zone="Europe/Berlin", country="DE"
    )
    await customer.card()
    subscription = await customer.start("sales-starter")
    # 25 March 00:00: of 15 March to 15 April, 31 days less an hour = 743 h, 21 days less an hour = 503 h remain.
    # 14.00 × 503/743 = 9.477… and 28.00 × 503/743 = 18.955…
    await customer.advance("2026-03-24T23:00:00Z")
    await customer.change(subscription, quantities=[{"component": "seats", "quantity": 2}])
    # 1 November 00:00: of 15 October to 15 November, 745 h, 14 days = 336 h remain.
    # 28.00 × 336/745 = 12.628… and 42.00 × 336/745 = 18.942…
    await customer.advance("2026-10-31T23:00:00Z")
    await customer.change(subscription, quantities=[{"component": "seats", "quantity": 3}])
    await customer.advance("2027-01-01T00:00:00Z")
    assert await customer.documents() == "\n".join(
        [
            in_berlin("2026-01-15", "2026-02-15", 1, "SIGN_UP"),
            in_berlin("2026-02-15", "2026-03-15", 1),
            in_berlin("2026-03-15", "2026-04-15", 1),
            told("""
                2026-03-25 PLAN_CHANGE PAID 9.48 (paid 9.48)
                  PRORATION_CREDIT Unused: Pipeline Starter: Seats × 1: -9.48, 2026-03-25 to 2026-04-15
                  PRORATION_CHARGE Pipeline Starter: Seats × 2: 18.96, 2026-03-25 to 2026-04-15"""),
            in_berlin("2026-04-15", "2026-05-15", 2),
            in_berlin("2026-05-15", "2026-06-15", 2),
            in_berlin("2026-06-15", "2026-07-15", 2),
            in_berlin("2026-07-15", "2026-08-15", 2),
            in_berlin("2026-08-15", "2026-09-15", 2),
            in_berlin("2026-09-15", "2026-10-15", 2),
            in_berlin("2026-10-15", "2026-11-15", 2),
            told("""
                2026-11-01 PLAN_CHANGE PAID 6.31 (paid 6.31)
                  PRORATION_CREDIT Unused: Pipeline Starter: Seats × 2: -12.63, 2026-11-01 to 2026-11-15
                  PRORATION_CHARGE Pipeline Starter: Seats × 3: 18.94, 2026-11-01 to 2026-11-15"""),
            in_berlin("2026-11-15", "2026-12-15", 3),
            in_berlin("2026-12-15", "2027-01-15", 3),
        ]
    )
    invoices, _, _ = await customer.raw_documents()
    march, april = (each["lines"][0]["servicePeriod"] for each in (invoices[2], invoices[4]))
    # midnight in Berlin is 23:00 in winter and 22:00 in summer, by the clock of the world
    assert (march["start"], march["end"]) == ("2026-03-14T23:00:00.000000Z", "2026-04-14T22:00:00.000000Z")
    assert april["start"] == march["end"]


async def test_a_year_by_the_month_with_both_changes_of_the_clock_and_a_leap_day(client: httpx.AsyncClient) -> None:
    """2028 in Berlin, counted from the 29th: February has one. The clocks change on 26 March, and on 29 October, which
    is a boundary's own day. Every month costs the same, however many hours it has.
    """
    customer = await Customer.opened(client, "leap-months", "2027-12-29T10:00:00Z", zone="Europe/Berlin")
    await customer.card()
    await customer.start("sales-starter")
    await customer.advance("2028-12-31T00:00:00Z")
    days = [
        "2027-12-29", *(f"2028-{month:02}-29" for month in range(1, 13)), "2029-01-29",
    ]  # fmt: skip
    assert await customer.documents() == "\n".join(
        starter(start, end, "SIGN_UP" if start == days[0] else "RENEWAL") for start, end in pairwise(days)
    )
    invoices, _, _ = await customer.raw_documents()
    services = [each["lines"][0]["servicePeriod"] for each in invoices]
    assert len(services) == 13
    hours = [
        (datetime.fromisoformat(each["end"]) - datetime.fromisoformat(each["start"])).total_seconds() / 3600
        for each in services
    ]
    # 29 February to 29 March is 29 days less an hour, 29 October to 29 November 31 days and an hour more
    assert (hours[2], hours[10]) == (29 * 24 - 1, 31 * 24 + 1)
    assert all(before["end"] == after["start"] for before, after in pairwise(services))


async def test_anchor_29_has_the_leap_day_and_stays_on_the_29th(client: httpx.AsyncClient) -> None:
    customer = await Customer.opened(client, "anchor-29", "2027-12-29T10:00:00Z")
    await customer.card()
    await customer.start("sales-starter")
    await customer.advance("2028-04-01T00:00:00Z")
    assert await customer.documents() == "\n".join(
        [
            starter("2027-12-29", "2028-01-29", "SIGN_UP"),
            starter("2028-01-29", "2028-02-29"),
            starter("2028-02-29", "2028-03-29"),
            starter("2028-03-29", "2028-04-29"),
        ]
    )


async def test_anchor_31_in_a_leap_year_and_in_others_does_not_drift(client: httpx.AsyncClient) -> None:
    """A complaint about others: who signs up on the 31st is on the 28th for ever after February."""
    common, leap = [
        await Customer.opened(client, name, at)
        for name, at in (("anchor-31", "2026-01-31T09:00:00Z"), ("anchor-31-leap", "2028-01-31T09:00:00Z"))
    ]
    for customer in (common, leap):
        await customer.card()
        await customer.start("sales-starter")
    await common.advance("2026-06-01T00:00:00Z")
    assert await common.documents() == "\n".join(
        [
            starter("2026-01-31", "2026-02-28", "SIGN_UP"),
            starter("2026-02-28", "2026-03-31"),
            starter("2026-03-31", "2026-04-30"),
            starter("2026-04-30", "2026-05-31"),
            starter("2026-05-31", "2026-06-30"),
        ]
    )
    await leap.advance("2028-04-01T00:00:00Z")
    assert await leap.documents() == "\n".join(
        [
            starter("2028-01-31", "2028-02-29", "SIGN_UP"),
            starter("2028-02-29", "2028-03-31"),
            starter("2028-03-31", "2028-04-30"),
        ]
    )


async def test_a_year_that_began_on_a_leap_day_comes_back_to_it(client: httpx.AsyncClient) -> None:
    customer = await Customer.opened(client, "leap-year", "2028-02-29T10:00:00Z", netDays=60)
    await customer.card()
    await offer(client, "leap-plan", 51, base("366.00"), interval="YEAR")
    await customer.start("leap-plan", "YEAR")
    await customer.advance("2032-02-29T00:00:00Z")
    assert await customer.documents() == told("""
        2028-02-29 SIGN_UP PAID 366.00 (paid 366.00)
          CHARGE Leap plan: 366.00, 2028-02-29 to 2029-02-28
        2029-02-28 RENEWAL PAID 366.00 (paid 366.00)
          CHARGE Leap plan: 366.00, 2029-02-28 to 2030-02-28
        2030-02-28 RENEWAL PAID 366.00 (paid 366.00)
          CHARGE Leap plan: 366.00, 2030-02-28 to 2031-02-28
        2031-02-28 RENEWAL PAID 366.00 (paid 366.00)
          CHARGE Leap plan: 366.00, 2031-02-28 to 2032-02-29
        2032-02-29 RENEWAL OPEN 366.00 (due 366.00)
          CHARGE Leap plan: 366.00, 2032-02-29 to 2033-02-28""")


async def test_a_new_zone_moves_only_the_boundaries_to_come(client: httpx.AsyncClient) -> None:
    """From UTC to New York on 10 June: what was invoiced stays, and July begins there, four hours later."""
    customer = await Customer.opened(client, "zone-change", "2026-06-01T09:00:00Z")
    await customer.card()
    await customer.start("sales-starter")
    await customer.advance("2026-06-10T00:00:00Z")
    await customer.do(customer.owner, "accountUpdate", accountId=customer.id, timeZone="America/New_York")
    await customer.advance("2026-07-01T03:59:59Z")
    assert await customer.documents() == starter("2026-06-01", "2026-07-01", "SIGN_UP")
    seen = (await customer.look("subscriptions(first: 1) { nodes { currentPeriod { start end } } }"))["subscriptions"]
    # the period runs on to July over there: no instant is in two periods or in none
    period = {"start": "2026-06-01T00:00:00.000000Z", "end": "2026-07-01T04:00:00.000000Z"}
    assert [each["currentPeriod"] for each in seen["nodes"]] == [period]
    await customer.advance("2026-08-01T04:00:00Z")
    customer.zone = "America/New_York"
    assert (await customer.documents()).partition("2026-07-01 RENEWAL")[2].splitlines() == [
        *starter("2026-07-01", "2026-08-01").removeprefix("2026-07-01 RENEWAL").splitlines(),
        *starter("2026-08-01", "2026-09-01").splitlines(),
    ]


async def test_periods_begin_on_the_first_after_a_stub(client: httpx.AsyncClient) -> None:
    """20 January to 1 February, 12 of 31 days: 3.870… and 5.806…, rounded together to 9.68."""
    customer = await Customer.opened(client, "first-of-month", "2026-01-20T15:00:00Z")
    await customer.card()
    await customer.start("sales-starter", anchorDay=1)
    await customer.advance("2026-03-01T12:00:00Z")
    assert await customer.documents() == "\n".join(
        [
            told("""
                2026-01-20 SIGN_UP PAID 9.68 (paid 9.68)
                  PRORATION_CHARGE Pipeline Starter: 3.87, 2026-01-20 to 2026-02-01
                  PRORATION_CHARGE Pipeline Starter: Seats × 1: 5.81, 2026-01-20 to 2026-02-01"""),
            starter("2026-02-01", "2026-03-01"),
            starter("2026-03-01", "2026-04-01"),
        ]
    )


async def test_quarters_are_counted_from_the_anchor(client: httpx.AsyncClient) -> None:
    await offer(client, "by-the-quarter", 52, base("90.00"), interval="QUARTER")
    customer = await Customer.opened(client, "quarters", "2026-11-30T09:00:00Z")
    await customer.card()
    await customer.start("by-the-quarter", "QUARTER")
    await customer.advance("2027-09-01T00:00:00Z")
    assert await customer.documents() == told("""
        2026-11-30 SIGN_UP PAID 90.00 (paid 90.00)
          CHARGE By the quarter: 90.00, 2026-11-30 to 2027-02-28
        2027-02-28 RENEWAL PAID 90.00 (paid 90.00)
          CHARGE By the quarter: 90.00, 2027-02-28 to 2027-05-30
        2027-05-30 RENEWAL PAID 90.00 (paid 90.00)
          CHARGE By the quarter: 90.00, 2027-05-30 to 2027-08-30
        2027-08-30 RENEWAL PAID 90.00 (paid 90.00)
          CHARGE By the quarter: 90.00, 2027-08-30 to 2027-11-30""")


async def test_month_to_year_begins_a_year_today_and_year_to_month_waits(client: httpx.AsyncClient) -> None:
    """A complaint about others: annual to monthly is taken for an upgrade, because of its price. Ours looks at the
    interval: a longer one begins at once, a shorter one waits for the end of what is paid.

    On 16 April half of April is left: 5.00 and 7.50 come back, a year of 100.00 and 150.00 begins.
    """
    customer = await Customer.opened(client, "month-to-year", "2026-04-01T09:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-starter")
    await customer.advance("2026-04-16T00:00:00Z")
    await customer.change(subscription, interval="YEAR")
    await customer.advance("2026-10-01T00:00:00Z")
    shown = await customer.change(subscription, interval="MONTH")
    assert shown["decision"]["effectiveAt"] == "2027-04-16T00:00:00.000000Z"
    assert shown["delta"]["lines"] == []
    await customer.advance("2027-05-01T00:00:00Z")
    assert await customer.documents() == "\n".join(
        [
            starter("2026-04-01", "2026-05-01", "SIGN_UP"),
            told("""
                2026-04-16 PLAN_CHANGE PAID 237.50 (paid 237.50)
                  PRORATION_CREDIT Unused: Pipeline Starter: -5.00, 2026-04-16 to 2026-05-01
                  PRORATION_CREDIT Unused: Pipeline Starter: Seats × 1: -7.50, 2026-04-16 to 2026-05-01
                  CHARGE Pipeline Starter: 100.00, 2026-04-16 to 2027-04-16
                  CHARGE Pipeline Starter: Seats × 1: 150.00, 2026-04-16 to 2027-04-16"""),
            starter("2027-04-16", "2027-05-16"),
        ]
    )
