"""What is used and billed at the period's end, told through the public API: every line of every document."""

import httpx

from db.engine import Database
from tests.stories.auditing import audited
from tests.stories.offering import base, offer, sends
from tests.stories.telling import Customer, told


async def test_usage_after_the_grace_is_an_adjustment_of_the_next_invoice(client: httpx.AsyncClient) -> None:
    """0.01 an e-mail. 1000 in June, 200 more of June arrive on 5 July: 2.00, beside the 0 of July."""
    await offer(client, "a-cent-each", 90, base("30.00"), sends("0.01"))
    customer = await Customer.opened(client, "late-usage", "2026-06-01T08:00:00Z")
    await customer.card()
    await customer.start("a-cent-each")
    await customer.advance("2026-06-20T00:00:00Z")
    assert await customer.use("email-sends", ("june-1", "2026-06-10T08:00:00Z", "1000")) == ["ACCEPTED"]
    assert await customer.use("email-sends", ("june-1", "2026-06-10T08:00:00Z", "1000")) == ["DUPLICATE"]
    await customer.advance("2026-07-01T02:00:00Z")
    drafted = told("""
        2026-06-01 SIGN_UP PAID 30.00 (paid 30.00)
          CHARGE A cent each: 30.00, 2026-06-01 to 2026-07-01
        2026-07-02 RENEWAL DRAFT 40.00 (due 40.00)
          USAGE A cent each: 1000 E-mails: 10.00, 2026-06-01 to 2026-07-01
          CHARGE A cent each: 30.00, 2026-07-01 to 2026-08-01""")
    assert await customer.documents() == drafted
    await customer.advance("2026-07-05T00:00:00Z")
    assert await customer.use("email-sends", ("june-3", "2026-06-25T08:00:00Z", "200")) == ["ACCEPTED"]
    await customer.advance("2026-08-03T00:00:00Z")
    assert await customer.documents() == "\n".join(
        [
            drafted.replace("2026-07-02 RENEWAL DRAFT 40.00 (due", "2026-07-02 RENEWAL PAID 40.00 (paid"),
            told("""
                2026-08-02 RENEWAL PAID 32.00 (paid 32.00)
                  USAGE A cent each: 0 E-mails: 0.00, 2026-07-01 to 2026-08-01
                  ADJUSTMENT Counted again: A cent each: 1200 E-mails: 2.00, 2026-06-01 to 2026-07-01
                  CHARGE A cent each: 30.00, 2026-08-01 to 2026-09-01"""),
        ]
    )


async def test_usage_in_the_grace_moves_the_draft(client: httpx.AsyncClient) -> None:
    """1000 in June, 500 more of June arrive two hours into July: the draft of 40.00 becomes 45.00."""
    await offer(client, "a-cent-each", 90, base("30.00"), sends("0.01"))
    customer = await Customer.opened(client, "usage-in-grace", "2026-06-01T08:00:00Z")
    await customer.card()
    await customer.start("a-cent-each")
    await customer.advance("2026-06-20T00:00:00Z")
    await customer.use("email-sends", ("june-1", "2026-06-10T08:00:00Z", "1000"))
    await customer.advance("2026-07-01T02:00:00Z")
    assert await customer.use("email-sends", ("june-2", "2026-06-20T08:00:00Z", "500")) == ["ACCEPTED"]
    await customer.advance("2026-07-05T00:00:00Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP PAID 30.00 (paid 30.00)
          CHARGE A cent each: 30.00, 2026-06-01 to 2026-07-01
        2026-07-02 RENEWAL PAID 45.00 (paid 45.00)
          USAGE A cent each: 1500 E-mails: 15.00, 2026-06-01 to 2026-07-01
          CHARGE A cent each: 30.00, 2026-07-01 to 2026-08-01""")


async def test_a_minimum_is_topped_up_and_only_where_it_was_not_reached(client: httpx.AsyncClient) -> None:
    """100.00 at least. June: 30.00 + 20.00, so 50.00 more. July: 30.00 + 90.00, so nothing."""
    await offer(client, "at-least", 91, base("30.00"), sends("0.01"), bounds=[{"minimum": "100.00"}])
    customer = await Customer.opened(client, "minimum", "2026-06-01T08:00:00Z")
    await customer.card()
    await customer.start("at-least")
    await customer.advance("2026-06-20T00:00:00Z")
    await customer.use("email-sends", ("june", "2026-06-10T08:00:00Z", "2000"))
    await customer.advance("2026-07-20T00:00:00Z")
    await customer.use("email-sends", ("july", "2026-07-10T08:00:00Z", "9000"))
    await customer.advance("2026-08-03T00:00:00Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP PAID 30.00 (paid 30.00)
          CHARGE At least: 30.00, 2026-06-01 to 2026-07-01
        2026-07-02 RENEWAL PAID 100.00 (paid 100.00)
          USAGE At least: 2000 E-mails: 20.00, 2026-06-01 to 2026-07-01
          TRUE_UP At least: to the minimum of the period: 50.00, 2026-06-01 to 2026-07-01
          CHARGE At least: 30.00, 2026-07-01 to 2026-08-01
        2026-08-02 RENEWAL PAID 120.00 (paid 120.00)
          USAGE At least: 9000 E-mails: 90.00, 2026-07-01 to 2026-08-01
          CHARGE At least: 30.00, 2026-08-01 to 2026-09-01""")


async def test_use_of_a_trial_that_was_cancelled_costs_nothing_though_it_comes_late(client: httpx.AsyncClient) -> None:
    """Ten days of trial, cancelled in time. 500 e-mails of it come in after it has ended: nothing is asked for."""
    await offer(client, "a-cent-tried", 102, base("30.00"), sends("0.01"))
    customer = await Customer.opened(client, "late-of-a-trial", "2026-06-01T08:00:00Z")
    subscription = await customer.start("a-cent-tried", trialDays=10)
    await customer.do(customer.owner, "subscriptionCancel", subscriptionId=subscription)
    await customer.advance("2026-06-20T00:00:00Z")
    assert await customer.use("email-sends", ("tried", "2026-06-05T08:00:00Z", "500")) == ["ACCEPTED"]
    await customer.advance("2026-09-20T00:00:00Z")
    assert await customer.documents() == ""


async def test_what_finance_adds_brings_no_period_to_its_minimum(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """At least 100.00, of which 30.00 are charged: 70.00 more, whatever is charged by hand, at once or later.

    500 e-mails come late: 5.00, and 5.00 less to the minimum.
    """
    await offer(client, "at-least-by-use", 103, base("30.00"), sends("0.01"), bounds=[{"minimum": "100.00"}])
    customer = await Customer.opened(client, "minimum-by-hand", "2026-06-01T08:00:00Z", netDays=365)
    subscription = await customer.start("at-least-by-use")
    await customer.advance("2026-06-11T00:00:00Z")
    for amount, description, at_once in (("50.00", "Set-up", True), ("7.00", "Training", False)):
        await customer.do(
            customer.finance,
            "chargeAdd",
            accountId=customer.id,
            subscriptionId=subscription,
            amount=customer.money(amount),
            description=description,
            isImmediate=at_once,
        )
    await customer.advance("2026-07-05T00:00:00Z")
    await customer.use("email-sends", ("june", "2026-06-06T00:00:00Z", "500"))
    await customer.advance("2026-08-03T00:00:00Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP OPEN 30.00 (due 30.00)
          CHARGE At least by use: 30.00, 2026-06-01 to 2026-07-01
        2026-06-11 ONE_OFF OPEN 50.00 (due 50.00)
          ONE_OFF Set-up: 50.00, 2026-06-11 to 2026-06-12
        2026-07-02 RENEWAL OPEN 107.00 (due 107.00)
          USAGE At least by use: 0 E-mails: 0.00, 2026-06-01 to 2026-07-01
          TRUE_UP At least by use: to the minimum of the period: 70.00, 2026-06-01 to 2026-07-01
          ONE_OFF Training: 7.00, 2026-06-11 to 2026-06-12
          CHARGE At least by use: 30.00, 2026-07-01 to 2026-08-01
        2026-08-02 RENEWAL OPEN 100.00 (due 100.00)
          USAGE At least by use: 0 E-mails: 0.00, 2026-07-01 to 2026-08-01
          TRUE_UP At least by use: to the minimum of the period: 70.00, 2026-07-01 to 2026-08-01
          ADJUSTMENT Counted again: At least by use: 500 E-mails: 5.00, 2026-06-01 to 2026-07-01
          ADJUSTMENT Counted again: At least by use: to the minimum of the period: -5.00, 2026-06-01 to 2026-07-01
          CHARGE At least by use: 30.00, 2026-08-01 to 2026-09-01""")
    assert await audited(demo_copy, customer) == []
