"""Plans changed in the middle and at the end of what is paid, through the public API: every line of every document.

Each figure is worked out beside its story, from the prices and the days.
"""

import httpx

from tests.stories.offering import base, offer, seats, sends
from tests.stories.telling import Customer, told


async def test_a_year_with_two_upgrades_credits_each_line_over_its_own_service(client: httpx.AsyncClient) -> None:
    """A complaint about others: the second upgrade is credited from the last incremental charge, over the wrong time.

    A day costs 1.00, 2.00 and 4.00. On 11 April 265 of 365 days are left: -265.00 + 530.00. On 20 July 165: the line
    of 530.00 was for 265 days, so -330.00, and + 660.00.
    """
    for rank, (code, year) in enumerate((("one-a-day", "365.00"), ("two-a-day", "730.00"), ("four-a-day", "1460.00"))):
        await offer(client, code, 60 + rank, base(year), interval="YEAR")
    customer = await Customer.opened(client, "two-upgrades", "2026-01-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("one-a-day", "YEAR")
    await customer.advance("2026-04-11T00:00:00Z")
    await customer.change(subscription, "two-a-day")
    await customer.advance("2026-07-20T00:00:00Z")
    await customer.change(subscription, "four-a-day")
    await customer.advance("2027-01-01T00:00:01Z")
    assert await customer.documents() == told("""
        2026-01-01 SIGN_UP PAID 365.00 (paid 365.00)
          CHARGE One a day: 365.00, 2026-01-01 to 2027-01-01
        2026-04-11 PLAN_CHANGE PAID 265.00 (paid 265.00)
          PRORATION_CREDIT Unused: One a day: -265.00, 2026-04-11 to 2027-01-01
          PRORATION_CHARGE Two a day: 530.00, 2026-04-11 to 2027-01-01
        2026-07-20 PLAN_CHANGE PAID 330.00 (paid 330.00)
          PRORATION_CREDIT Unused: Two a day: -330.00, 2026-07-20 to 2027-01-01
          PRORATION_CHARGE Four a day: 660.00, 2026-07-20 to 2027-01-01
        2027-01-01 RENEWAL PAID 1460.00 (paid 1460.00)
          CHARGE Four a day: 1460.00, 2027-01-01 to 2028-01-01""")


async def test_yen_have_no_part(client: httpx.AsyncClient) -> None:
    """From Starter (1500 and 3 × 2200) to Professional (13300 and 3 × 11000) with 20 of 30 days left in Tokyo.

    Back: 1000 and 4400. Anew: 8866.67 and 22000, together 30867; the yen that is missing goes to the largest remainder.
    """
    customer = await Customer.opened(
        client, "yen-story", "2026-06-01T03:00:00Z", currency="JPY", zone="Asia/Tokyo", country="JP"
    )
    await customer.card()
    subscription = await customer.start("sales-starter", seats=3)
    await customer.advance("2026-06-10T15:00:00Z")  # 11 June 00:00 in Tokyo
    await customer.change(subscription, "sales-professional")
    await customer.advance("2026-07-01T00:00:00Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP PAID 8100 (paid 8100)
          CHARGE Pipeline Starter: 1500, 2026-06-01 to 2026-07-01
          CHARGE Pipeline Starter: Seats × 3: 6600, 2026-06-01 to 2026-07-01
        2026-06-11 PLAN_CHANGE PAID 25467 (paid 25467)
          PRORATION_CREDIT Unused: Pipeline Starter: -1000, 2026-06-11 to 2026-07-01
          PRORATION_CREDIT Unused: Pipeline Starter: Seats × 3: -4400, 2026-06-11 to 2026-07-01
          PRORATION_CHARGE Pipeline Professional: 8867, 2026-06-11 to 2026-07-01
          PRORATION_CHARGE Pipeline Professional: Seats × 3: 22000, 2026-06-11 to 2026-07-01
        2026-07-01 RENEWAL PAID 46300 (paid 46300)
          CHARGE Pipeline Professional: 13300, 2026-07-01 to 2026-08-01
          CHARGE Pipeline Professional: Seats × 3: 33000, 2026-07-01 to 2026-08-01""")


async def test_dinars_have_a_thousand_parts(client: httpx.AsyncClient) -> None:
    """A seat added with 24 of July's 31 days left: 4.600 × 24/31 = 3.5612… back, 9.200 × 24/31 = 7.1225… anew."""
    customer = await Customer.opened(
        client, "dinars", "2026-07-01T03:00:00Z", currency="KWD", zone="Asia/Kuwait", country="KW"
    )
    await customer.card()
    subscription = await customer.start("sales-starter")
    await customer.advance("2026-07-07T21:00:00Z")  # 8 July 00:00 in Kuwait
    await customer.change(subscription, quantities=[{"component": "seats", "quantity": 2}])
    await customer.advance("2026-08-01T00:00:00Z")
    assert await customer.documents() == told("""
        2026-07-01 SIGN_UP PAID 7.650 (paid 7.650)
          CHARGE Pipeline Starter: 3.050, 2026-07-01 to 2026-08-01
          CHARGE Pipeline Starter: Seats × 1: 4.600, 2026-07-01 to 2026-08-01
        2026-07-08 PLAN_CHANGE PAID 3.562 (paid 3.562)
          PRORATION_CREDIT Unused: Pipeline Starter: Seats × 1: -3.561, 2026-07-08 to 2026-08-01
          PRORATION_CHARGE Pipeline Starter: Seats × 2: 7.123, 2026-07-08 to 2026-08-01
        2026-08-01 RENEWAL PAID 12.250 (paid 12.250)
          CHARGE Pipeline Starter: 3.050, 2026-08-01 to 2026-09-01
          CHARGE Pipeline Starter: Seats × 2: 9.200, 2026-08-01 to 2026-09-01""")


async def test_additions_join_the_period_that_runs_and_leave_at_its_end(client: httpx.AsyncClient) -> None:
    """Half of June: a brand at 35.00 is 17.50, three packs at 1.125 are 3.38 a month and 1.69. What leaves is paid for
    to the end of June.
    """
    customer = await Customer.opened(client, "additions", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("marketing-professional")
    await customer.advance("2026-06-16T00:00:00Z")
    await customer.change(
        subscription, quantities=[{"component": "brands", "quantity": 1}, {"component": "email-packs", "quantity": 3}]
    )
    await customer.advance("2026-06-20T00:00:00Z")
    shown = await customer.change(subscription, quantities=[{"component": "brands", "quantity": 0}])
    assert shown["decision"]["effectiveAt"] == "2026-07-01T00:00:00.000000Z"
    await customer.advance("2026-07-02T00:00:00Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP PAID 695.00 (paid 695.00)
          CHARGE Outreach Professional: 480.00, 2026-06-01 to 2026-07-01
          CHARGE Outreach Professional: Seats × 3: 135.00, 2026-06-01 to 2026-07-01
          CHARGE Outreach Professional: 1,000 marketing contacts × 2: 80.00, 2026-06-01 to 2026-07-01
        2026-06-16 PLAN_CHANGE PAID 19.19 (paid 19.19)
          PRORATION_CHARGE Outreach Professional: 1,000 more e-mails × 3: 1.69, 2026-06-16 to 2026-07-01
          PRORATION_CHARGE Outreach Professional: Additional brands × 1: 17.50, 2026-06-16 to 2026-07-01
        2026-07-01 RENEWAL PAID 698.38 (paid 698.38)
          CHARGE Outreach Professional: 480.00, 2026-07-01 to 2026-08-01
          CHARGE Outreach Professional: Seats × 3: 135.00, 2026-07-01 to 2026-08-01
          CHARGE Outreach Professional: 1,000 marketing contacts × 2: 80.00, 2026-07-01 to 2026-08-01
          CHARGE Outreach Professional: 1,000 more e-mails × 3: 3.38, 2026-07-01 to 2026-08-01""")


async def test_in_a_commitment_less_waits_for_the_term_and_the_term_renews(client: httpx.AsyncClient) -> None:
    """A contract of three months billed by the month. Two seats fewer, asked for in the first month, come with the
    fourth; the term has begun anew by then, and the next time less waits for its end again.
    """
    await offer(client, "by-contract", 65, base("20.00"), seats("10.00"))
    customer = await Customer.opened(client, "commitment", "2026-01-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("by-contract", seats=3, commitmentMonths=3)
    await customer.advance("2026-01-10T00:00:00Z")
    shown = await customer.change(subscription, quantities=[{"component": "seats", "quantity": 1}])
    assert shown["decision"]["effectiveAt"] == "2026-04-01T00:00:00.000000Z"
    await customer.advance("2026-04-02T00:00:00Z")

    def month(start: str, end: str, seats: int, reason: str = "RENEWAL") -> str:
        total = f"{20 + 10 * seats}.00"
        return "\n".join(
            [
                f"{start} {reason} PAID {total} (paid {total})",
                f"  CHARGE By contract: 20.00, {start} to {end}",
                f"  CHARGE By contract: Seats × {seats}: {10 * seats}.00, {start} to {end}",
            ]
        )

    assert await customer.documents() == "\n".join(
        [
            month("2026-01-01", "2026-02-01", 3, "SIGN_UP"),
            month("2026-02-01", "2026-03-01", 3),
            month("2026-03-01", "2026-04-01", 3),
            month("2026-04-01", "2026-05-01", 1),
        ]
    )
    seen = await customer.look("subscriptions(first: 1) { nodes { commitment { startAt endAt months } } }")
    assert [each["commitment"] for each in seen["subscriptions"]["nodes"]] == [
        {"startAt": "2026-04-01T00:00:00.000000Z", "endAt": "2026-07-01T00:00:00.000000Z", "months": 3}
    ]
    await customer.change(subscription, quantities=[{"component": "seats", "quantity": 2}])
    shown = await customer.change(subscription, "sales-starter", quantities=[{"component": "seats", "quantity": 1}])
    assert shown["decision"]["effectiveAt"] == "2026-07-01T00:00:00.000000Z"


async def test_a_year_of_commitment_is_billed_by_the_month_until_a_lower_plan_may_come(
    client: httpx.AsyncClient,
) -> None:
    customer = await Customer.opened(client, "committed-year", "2026-01-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-professional", seats=3, commitmentMonths=12)
    await customer.advance("2026-03-10T00:00:00Z")
    shown = await customer.change(subscription, "sales-starter")
    assert shown["decision"]["effectiveAt"] == "2027-01-01T00:00:00.000000Z"
    await customer.advance("2027-01-02T00:00:00Z")
    firsts = [f"2026-{month:02}-01" for month in range(1, 13)] + ["2027-01-01"]
    expected = [
        f"{start} {'RENEWAL' if place else 'SIGN_UP'} PAID 315.00 (paid 315.00)\n"
        f"  CHARGE Pipeline Professional: 90.00, {start} to {firsts[place + 1]}\n"
        f"  CHARGE Pipeline Professional: Seats × 3: 225.00, {start} to {firsts[place + 1]}"
        for place, start in enumerate(firsts[:-1])
    ]
    assert await customer.documents() == "\n".join(
        [
            *expected,
            told("""
                2027-01-01 RENEWAL PAID 55.00 (paid 55.00)
                  CHARGE Pipeline Starter: 10.00, 2027-01-01 to 2027-02-01
                  CHARGE Pipeline Starter: Seats × 3: 45.00, 2027-01-01 to 2027-02-01"""),
        ]
    )


LADDER_A = ({"upTo": "1000", "unitPrice": "0.10"}, {"unitPrice": "0.05"})
LADDER_B = ({"upTo": "1000", "unitPrice": "0.20"}, {"unitPrice": "0.08"})


async def test_tiers_count_on_when_the_plan_changes_in_the_middle(client: httpx.AsyncClient) -> None:
    """600 before and 600 after 16 June, the first thousand dearer than the rest.

    Before: 600 × 0.10 = 60.00. After, from the 601st on: 400 × 0.20 + 200 × 0.08 = 96.00. The fee: -15.00 and 30.00.
    """
    await offer(client, "letters", 66, base("30.00"), sends("0", *LADDER_A))
    await offer(client, "more-letters", 67, base("60.00"), sends("0", *LADDER_B))
    customer = await Customer.opened(client, "tiers", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("letters")
    await customer.advance("2026-06-16T00:00:00Z")
    await customer.change(subscription, "more-letters")
    await customer.advance("2026-06-28T00:00:00Z")
    sent = await customer.use("email-sends", ("a", "2026-06-10T00:00:00Z", "600"), ("b", "2026-06-16T00:00:00Z", "600"))
    assert sent == ["ACCEPTED", "ACCEPTED"]
    await customer.advance("2026-07-03T00:00:00Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP PAID 30.00 (paid 30.00)
          CHARGE Letters: 30.00, 2026-06-01 to 2026-07-01
        2026-06-16 PLAN_CHANGE PAID 15.00 (paid 15.00)
          PRORATION_CREDIT Unused: Letters: -15.00, 2026-06-16 to 2026-07-01
          PRORATION_CHARGE More letters: 30.00, 2026-06-16 to 2026-07-01
        2026-07-02 RENEWAL PAID 216.00 (paid 216.00)
          USAGE Letters: 600 E-mails: 60.00, 2026-06-01 to 2026-06-16
          USAGE More letters: 600 E-mails: 96.00, 2026-06-16 to 2026-07-01
          CHARGE More letters: 60.00, 2026-07-01 to 2026-08-01""")


async def test_a_price_rise_is_announced_and_comes_at_the_renewal_and_a_commitment_waits(
    client: httpx.AsyncClient,
) -> None:
    """30.00 becomes 36.00. One customer has it at its next renewal, one under contract until April with May."""
    await offer(client, "to-be-dearer", 68, base("30.00"))
    free, bound = [
        await Customer.opened(client, name, "2035-01-01T08:00:00Z") for name in ("migrated", "migrated-later")
    ]
    await free.card()
    await bound.card()
    await free.start("to-be-dearer")
    await bound.start("to-be-dearer", commitmentMonths=4)
    await offer(client, "to-be-dearer", 68, base("36.00"), edition=2)
    done = await free.do(
        free.finance,
        "planVersionMigrate",
        "subscriptions",
        planId=await free.plan("to-be-dearer"),
        reason="Dearer paper",
        noticeDays=20,
    )
    assert done["subscriptions"] == 2
    selection = "subscriptions(first: 1) { nodes { nextPlanVersion { planVersion { number } effectiveAt } } }"
    (seen,) = (await free.look(selection))["subscriptions"]["nodes"]
    announced = {"planVersion": {"number": 2}, "effectiveAt": "2035-02-01T00:00:00.000000Z"}
    assert seen["nextPlanVersion"] == announced
    await free.advance("2035-03-02T00:00:00Z")
    await bound.advance("2035-05-02T00:00:00Z")

    def month(month: int, amount: str, reason: str = "RENEWAL") -> str:
        start, end = f"2035-0{month}-01", f"2035-0{month + 1}-01"
        return f"{start} {reason} PAID {amount} (paid {amount})\n  CHARGE To be dearer: {amount}, {start} to {end}"

    assert await free.documents() == "\n".join([month(1, "30.00", "SIGN_UP"), month(2, "36.00"), month(3, "36.00")])
    assert await bound.documents() == "\n".join(
        [month(1, "30.00", "SIGN_UP"), *(month(each, "30.00") for each in (2, 3, 4)), month(5, "36.00")]
    )
