"""Lives of a subscription, told through the public API: trials, pauses, ends and what is given back, line by line.

Pipeline Starter is 10.00 a month and 15.00 a seat.
"""

from typing import Any

import httpx

from tests.stories.offering import base, offer, seats
from tests.stories.telling import Customer, told


def month(start: str, end: str, head: str) -> str:
    """A month of Pipeline Starter with one seat, under a heading."""
    return "\n".join(
        [
            f"{start} {head}",
            f"  CHARGE Pipeline Starter: 10.00, {start} to {end}",
            f"  CHARGE Pipeline Starter: Seats × 1: 15.00, {start} to {end}",
        ]
    )


async def state(customer: Customer) -> Any:
    """The one subscription as the hub shows it."""
    seen = await customer.look("subscriptions(first: 1) { nodes { status cancelAt endedAt } }")
    return seen["subscriptions"]["nodes"][0]


async def test_a_trial_becomes_paid_on_its_last_day(client: httpx.AsyncClient) -> None:
    """Fourteen days from 1 June: charged in full from the 15th, which is the anchor from then on."""
    customer = await Customer.opened(client, "trial-paid", "2026-06-01T08:00:00Z")
    await customer.card()
    await customer.start("sales-starter", trialDays=14)
    await customer.advance("2026-06-14T23:59:59Z")
    assert await customer.documents() == ""
    assert (await state(customer))["status"] == "TRIALING"
    await customer.advance("2026-07-20T00:00:00Z")
    assert await customer.documents() == "\n".join(
        [
            month("2026-06-15", "2026-07-15", "TRIAL_END PAID 25.00 (paid 25.00)"),
            month("2026-07-15", "2026-08-15", "RENEWAL PAID 25.00 (paid 25.00)"),
        ]
    )


async def test_a_trial_that_is_cancelled_costs_nothing(client: httpx.AsyncClient) -> None:
    customer = await Customer.opened(client, "trial-cancelled", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-starter", trialDays=14)
    await customer.advance("2026-06-05T08:00:00Z")
    await customer.do(customer.owner, "subscriptionCancel", subscriptionId=subscription)
    assert (await state(customer))["cancelAt"] == "2026-06-15T00:00:00.000000Z"
    await customer.advance("2026-08-01T00:00:00Z")
    assert await customer.documents() == ""
    assert await state(customer) == {
        "status": "CANCELLED", "cancelAt": "2026-06-15T00:00:00.000000Z", "endedAt": "2026-06-15T00:00:00.000000Z",
    }  # fmt: skip


async def test_paused_over_a_renewal_and_resumed(client: httpx.AsyncClient) -> None:
    """On 16 June half of what was paid comes back, in July nothing is due until the 21st: 11 of 31 days are 3.548… and
    5.322…, rounded together to 8.87. It comes from the 12.50, and what is left of them from August.
    """
    customer = await Customer.opened(client, "paused", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-starter")
    await customer.advance("2026-06-16T00:00:00Z")
    await customer.do(customer.owner, "subscriptionPause", subscriptionId=subscription)
    await customer.advance("2026-07-21T00:00:00Z")
    await customer.do(customer.owner, "subscriptionResume", subscriptionId=subscription)
    await customer.advance("2026-08-02T00:00:00Z")
    assert await customer.documents() == "\n".join(
        [
            month("2026-06-01", "2026-07-01", "SIGN_UP PAID 25.00 (credited 12.50, paid 25.00, returned 12.50)"),
            told("""
                2026-07-21 RESUME PAID 8.87 (from balance 8.87)
                  PRORATION_CHARGE Pipeline Starter: 3.55, 2026-07-21 to 2026-08-01
                  PRORATION_CHARGE Pipeline Starter: Seats × 1: 5.32, 2026-07-21 to 2026-08-01"""),
            month("2026-08-01", "2026-09-01", "RENEWAL PAID 25.00 (from balance 3.63, paid 21.37)"),
            told("""
                2026-06-16 CREDIT NOTE PAUSE 12.50 (to balance 12.50)
                  Unused: Pipeline Starter: 5.00
                  Unused: Pipeline Starter: Seats × 1: 7.50"""),
        ]
    )


async def test_a_cancellation_is_undone_and_then_meant(client: httpx.AsyncClient) -> None:
    customer = await Customer.opened(client, "cancelled", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-starter")
    await customer.advance("2026-06-10T08:00:00Z")
    await customer.do(customer.owner, "subscriptionCancel", subscriptionId=subscription)
    assert (await state(customer))["cancelAt"] == "2026-07-01T00:00:00.000000Z"
    await customer.advance("2026-06-12T08:00:00Z")
    await customer.do(customer.owner, "subscriptionUndoCancel", subscriptionId=subscription)
    await customer.advance("2026-07-11T08:00:00Z")
    assert (await state(customer))["status"] == "ACTIVE"
    await customer.do(customer.owner, "subscriptionCancel", subscriptionId=subscription, isImmediate=True)
    assert (await state(customer))["endedAt"] == "2026-07-11T08:00:00.000000Z"
    await customer.advance("2026-10-01T00:00:00Z")
    # nothing comes back to who ends it: that is for finance to give
    assert await customer.documents() == "\n".join(
        [
            month("2026-06-01", "2026-07-01", "SIGN_UP PAID 25.00 (paid 25.00)"),
            month("2026-07-01", "2026-08-01", "RENEWAL PAID 25.00 (paid 25.00)"),
        ]
    )


async def test_a_credit_larger_than_the_next_invoice_is_spent_oldest_first(client: httpx.AsyncClient) -> None:
    """365.00 a year are 1.00 a day: on 2 November 60 days are left, and finance gives 60.00 back; then 5.00 more for
    goodwill. A month beside it is 25.00: December takes 25.00, January 25.00, February the last 10.00 and 5.00.
    """
    await offer(client, "care-by-the-day", 80, base("365.00"), interval="YEAR", product="service")
    customer = await Customer.opened(client, "large-credit", "2026-01-01T08:00:00Z")
    await customer.card()
    annual = await customer.start("care-by-the-day", "YEAR")
    await customer.advance("2026-10-01T08:00:00Z")
    await customer.start("sales-starter", anchorDay=1)
    await customer.advance("2026-11-02T00:00:00Z")
    given: dict[str, Any] = {"subscriptionId": annual, "isImmediate": True, "creditUnused": True}
    refused = await customer.attempt(customer.owner, "subscriptionCancel", **given)
    assert [each["code"] for each in refused["userErrors"]] == ["FORBIDDEN"]
    await customer.do(customer.finance, "subscriptionCancel", **given)
    await customer.advance("2026-11-10T00:00:00Z")
    invoices, _, _ = await customer.raw_documents()
    await customer.do(
        customer.finance,
        "creditNoteIssue",
        invoiceId=invoices[0]["id"],
        reason="GOODWILL",
        amount=customer.money("5.00"),
    )
    await customer.advance("2027-02-02T00:00:00Z")
    assert await customer.documents() == "\n".join(
        [
            told("""
                2026-01-01 SIGN_UP PAID 365.00 (credited 65.00, paid 365.00, returned 65.00)
                  CHARGE Care by the day: 365.00, 2026-01-01 to 2027-01-01"""),
            month("2026-10-01", "2026-11-01", "SIGN_UP PAID 25.00 (paid 25.00)"),
            month("2026-11-01", "2026-12-01", "RENEWAL PAID 25.00 (paid 25.00)"),
            month("2026-12-01", "2027-01-01", "RENEWAL PAID 25.00 (from balance 25.00)"),
            month("2027-01-01", "2027-02-01", "RENEWAL PAID 25.00 (from balance 25.00)"),
            month("2027-02-01", "2027-03-01", "RENEWAL PAID 25.00 (from balance 15.00, paid 10.00)"),
            told("""
                2026-11-02 CREDIT NOTE CANCELLATION 60.00 (to balance 60.00)
                  Unused: Care by the day: 60.00
                2026-11-10 CREDIT NOTE GOODWILL 5.00 (to balance 5.00)
                  Care by the day: 5.00"""),
        ]
    )
    ledger = await customer.look("creditEntries(first: 20) { nodes { sequence kind amount { amount } } }")
    entries = sorted(ledger["creditEntries"]["nodes"], key=lambda each: int(each["sequence"]))
    assert [(each["kind"], each["amount"]["amount"]) for each in entries] == [
        ("GRANTED", "60.00"), ("GRANTED", "5.00"), ("APPLIED", "-25.00"), ("APPLIED", "-25.00"),
        ("APPLIED", "-10.00"), ("APPLIED", "-5.00"),
    ]  # fmt: skip


async def test_what_changed_at_the_instant_of_a_pause_is_what_goes_on(client: httpx.AsyncClient) -> None:
    """3 seats become 5 on 11 June, and it is paused at once: 20 days come back, 10 are charged."""
    customer = await Customer.opened(client, "changed-and-paused", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-starter", seats=3)
    await customer.advance("2026-06-11T00:00:00Z")
    await customer.change(subscription, quantities=[{"component": "seats", "quantity": 5}])
    await customer.do(
        customer.owner, "subscriptionPause", subscriptionId=subscription, resumesAt="2026-06-21T00:00:00Z"
    )
    await customer.advance("2026-06-21T12:00:00Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP PAID 55.00 (credited 6.67, paid 55.00, returned 6.67)
          CHARGE Pipeline Starter: 10.00, 2026-06-01 to 2026-07-01
          CHARGE Pipeline Starter: Seats × 3: 45.00, 2026-06-01 to 2026-07-01
        2026-06-11 PLAN_CHANGE PAID 20.00 (credited 50.00, paid 20.00, returned 50.00)
          PRORATION_CREDIT Unused: Pipeline Starter: Seats × 3: -30.00, 2026-06-11 to 2026-07-01
          PRORATION_CHARGE Pipeline Starter: Seats × 5: 50.00, 2026-06-11 to 2026-07-01
        2026-06-21 RESUME PAID 28.33 (from balance 28.33)
          PRORATION_CHARGE Pipeline Starter: 3.33, 2026-06-21 to 2026-07-01
          PRORATION_CHARGE Pipeline Starter: Seats × 5: 25.00, 2026-06-21 to 2026-07-01
        2026-06-11 CREDIT NOTE PAUSE 6.67 (to balance 6.67)
          Unused: Pipeline Starter: 6.67
        2026-06-11 CREDIT NOTE PAUSE 50.00 (to balance 50.00)
          Unused: Pipeline Starter: Seats × 5: 50.00
        credit balance 28.34""")


async def test_paused_and_resumed_again_and_again_at_one_instant_costs_nothing(client: httpx.AsyncClient) -> None:
    """20 of 30 days come back and are charged again each time: 16.67, paid out of what came back."""
    customer = await Customer.opened(client, "to-and-fro", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-starter")
    await customer.advance("2026-06-11T00:00:00Z")
    for _ in range(3):
        await customer.do(customer.owner, "subscriptionPause", subscriptionId=subscription)
        await customer.do(customer.owner, "subscriptionResume", subscriptionId=subscription)
    assert (await state(customer))["status"] == "ACTIVE"
    invoices, notes, balance = await customer.raw_documents()
    assert [each["total"]["amount"] for each in invoices] == ["25.00", "16.67", "16.67", "16.67"]
    assert [each["total"]["amount"] for each in notes] == ["16.67", "16.67", "16.67"]
    assert [each["amountPaid"]["amount"] for each in invoices] == ["25.00", "0.00", "0.00", "0.00"]
    assert balance == "0.00"


async def test_a_change_that_waited_for_the_day_of_the_pause_is_what_goes_on(client: httpx.AsyncClient) -> None:
    """5 seats become 3 on 1 July, the day of the pause: from 10 July it goes on with 3, for 22 of 31 days."""
    await offer(client, "ten-a-seat", 88, base("31.00"), seats("62.00"))
    customer = await Customer.opened(client, "fewer-and-paused", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("ten-a-seat", seats=5)
    await customer.advance("2026-06-11T00:00:00Z")
    await customer.change(subscription, quantities=[{"component": "seats", "quantity": 3}])
    await customer.advance("2026-07-01T00:00:00Z")
    await customer.do(customer.owner, "subscriptionPause", subscriptionId=subscription)
    await customer.advance("2026-07-10T00:00:00Z")
    await customer.do(customer.owner, "subscriptionResume", subscriptionId=subscription)
    # 22 of 31 days of 31.00 and of 3 × 62.00
    (newest,) = [each for each in (await customer.raw_documents())[0] if each["reason"] == "RESUME"]
    assert [(each["description"], each["amount"]["amount"]) for each in newest["lines"]] == [
        ("Ten a seat", "22.00"),
        ("Ten a seat: Seats × 3", "132.00"),
    ]


async def test_goodwill_leaves_less_of_a_line_to_give_back(client: httpx.AsyncClient) -> None:
    """A change on 11 June charges 40.00 and gives 20.00 back: 20.00, all of it waived. A day later everything ends.

    Of the 40.00 for 20 days 19 go unused, 38.00; the line has 20.00 left, and gives no more (law L13). So both notes of
    that invoice are 40.00, its charge, though it was for 20.00: the other 20.00 were owed on the first one.
    """
    await offer(client, "one-a-day", 86, base("30.00"))
    await offer(client, "two-a-day", 87, base("60.00"))
    customer = await Customer.opened(client, "goodwill-then-end", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("one-a-day")
    await customer.advance("2026-06-11T00:00:00Z")
    await customer.change(subscription, "two-a-day")
    await customer.advance("2026-06-12T00:00:00Z")
    change = (await customer.raw_documents())[0][-1]
    await customer.do(customer.finance, "creditNoteIssue", invoiceId=change["id"], reason="GOODWILL")
    await customer.do(
        customer.finance, "subscriptionCancel", subscriptionId=subscription, isImmediate=True, creditUnused=True
    )
    # 50.00 paid, 40.00 back: 10.00 for ten days of 1.00, and the day of 2.00 is within what was waived
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP PAID 30.00 (paid 30.00)
          CHARGE One a day: 30.00, 2026-06-01 to 2026-07-01
        2026-06-11 PLAN_CHANGE PAID 20.00 (credited 40.00, paid 20.00, returned 40.00)
          PRORATION_CREDIT Unused: One a day: -20.00, 2026-06-11 to 2026-07-01
          PRORATION_CHARGE Two a day: 40.00, 2026-06-11 to 2026-07-01
        2026-06-12 CREDIT NOTE GOODWILL 20.00 (to balance 20.00)
          Two a day: 20.00
        2026-06-12 CREDIT NOTE CANCELLATION 20.00 (to balance 20.00)
          Unused: Two a day: 20.00
        credit balance 40.00""")
