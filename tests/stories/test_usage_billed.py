"""What is used and billed at the period's end, told through the public API: every line of every document."""

import httpx

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
