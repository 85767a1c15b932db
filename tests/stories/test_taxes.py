"""Tax in prices and on top of them, told through the public API: every line of every document.

The vendor sells to Europe from the Netherlands. Austria asks 20 %, Ireland 23 %.
"""

import httpx

from tests.stories.offering import base, offer, seats
from tests.stories.telling import Customer, told


async def test_tax_in_the_price_is_reckoned_once_a_rate(client: httpx.AsyncClient) -> None:
    """A complaint about others: VAT is off by one because rounded parts were summed.

    June: 9.99 + 3 × 3.33 = 19.98 with 20 % in it: 19.98/6 = 3.33, and not 1.67 + 1.67. On 16 June half is left: 4.995
    twice, together 9.99 back; 14.995 and 6.66, together 21.66 anew. 11.67/6 = 1.945, so 1.95. July: 43.31/6 = 7.218…
    """
    await offer(client, "with-tax", 70, base("9.99"), seats("3.33"), currency="EUR", tax_inclusive=True)
    await offer(client, "more-with-tax", 71, base("29.99"), seats("4.44"), currency="EUR", tax_inclusive=True)
    customer = await Customer.opened(
        client, "vienna", "2026-06-01T08:00:00Z", currency="EUR", zone="Europe/Vienna", country="AT"
    )
    await customer.card()
    subscription = await customer.start("with-tax", seats=3)
    await customer.advance("2026-06-15T22:00:00Z")
    await customer.change(subscription, "more-with-tax")
    await customer.advance("2026-07-01T00:00:00Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP PAID 19.98 (tax 3.33, paid 19.98)
          CHARGE With tax: 8.32 + 1.67 tax, 2026-06-01 to 2026-07-01
          CHARGE With tax: Seats × 3: 8.33 + 1.66 tax, 2026-06-01 to 2026-07-01
          STANDARD 20 % of 16.65: 3.33
        2026-06-16 PLAN_CHANGE PAID 11.67 (tax 1.95, paid 11.67)
          PRORATION_CREDIT Unused: With tax: -4.17 + -0.83 tax, 2026-06-16 to 2026-07-01
          PRORATION_CREDIT Unused: With tax: Seats × 3: -4.16 + -0.83 tax, 2026-06-16 to 2026-07-01
          PRORATION_CHARGE More with tax: 12.50 + 2.50 tax, 2026-06-16 to 2026-07-01
          PRORATION_CHARGE More with tax: Seats × 3: 5.55 + 1.11 tax, 2026-06-16 to 2026-07-01
          STANDARD 20 % of 9.72: 1.95
        2026-07-01 RENEWAL PAID 43.31 (tax 7.22, paid 43.31)
          CHARGE More with tax: 24.99 + 5.00 tax, 2026-07-01 to 2026-08-01
          CHARGE More with tax: Seats × 3: 11.10 + 2.22 tax, 2026-07-01 to 2026-08-01
          STANDARD 20 % of 36.09: 7.22""")


async def test_a_tax_id_makes_it_the_customers_own_tax_and_a_credit_keeps_the_tax_it_had(
    client: httpx.AsyncClient,
) -> None:
    """June with 23 %: 23.50 × 0.23 = 5.405. The tax id comes on 16 June, and a seat: 7.00 back with its 1.61, 14.00
    anew without.
    """
    customer = await Customer.opened(client, "dublin", "2026-06-01T08:00:00Z", currency="EUR", zone="UTC", country="IE")
    await customer.card()
    subscription = await customer.start("sales-starter")
    await customer.advance("2026-06-16T00:00:00Z")
    await customer.do(customer.owner, "accountUpdate", accountId=customer.id, taxId="IE6388047V")
    await customer.change(subscription, quantities=[{"component": "seats", "quantity": 2}])
    await customer.advance("2026-07-01T00:00:01Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP PAID 28.91 (tax 5.41, paid 28.91)
          CHARGE Pipeline Starter: 9.50 + 2.19 tax, 2026-06-01 to 2026-07-01
          CHARGE Pipeline Starter: Seats × 1: 14.00 + 3.22 tax, 2026-06-01 to 2026-07-01
          STANDARD 23 % of 23.50: 5.41
        2026-06-16 PLAN_CHANGE PAID 5.39 (tax -1.61, paid 5.39)
          PRORATION_CREDIT Unused: Pipeline Starter: Seats × 1: -7.00 + -1.61 tax, 2026-06-16 to 2026-07-01
          PRORATION_CHARGE Pipeline Starter: Seats × 2: 14.00, 2026-06-16 to 2026-07-01
          STANDARD 23 % of -7.00: -1.61
          REVERSE_CHARGE 0 % of 14.00: 0.00
        2026-07-01 RENEWAL PAID 37.50 (paid 37.50)
          CHARGE Pipeline Starter: 9.50, 2026-07-01 to 2026-08-01
          CHARGE Pipeline Starter: Seats × 2: 28.00, 2026-07-01 to 2026-08-01
          REVERSE_CHARGE 0 % of 37.50: 0.00""")


async def test_void_and_issued_again_with_the_tax_id_that_was_missing(client: httpx.AsyncClient) -> None:
    customer = await Customer.opened(
        client, "re-issued", "2026-06-01T08:00:00Z", currency="EUR", zone="UTC", country="IE", netDays=14
    )
    await customer.start("sales-starter")
    await customer.advance("2026-06-03T10:00:00Z")
    await customer.do(customer.owner, "accountUpdate", accountId=customer.id, taxId="IE6388047V")
    (first,), _, _ = await customer.raw_documents()
    done = await customer.do(
        customer.finance,
        "invoiceVoid",
        "invoice { status } replacedBy { id replaces { id } }",
        invoiceId=first["id"],
        reason="The tax id was missing",
        reissue=True,
    )
    assert done["replacedBy"]["replaces"] == {"id": first["id"]}
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP VOID 28.91 (tax 5.41)
          CHARGE Pipeline Starter: 9.50 + 2.19 tax, 2026-06-01 to 2026-07-01
          CHARGE Pipeline Starter: Seats × 1: 14.00 + 3.22 tax, 2026-06-01 to 2026-07-01
          STANDARD 23 % of 23.50: 5.41
        2026-06-03 SIGN_UP OPEN 23.50 (due 23.50)
          CHARGE Pipeline Starter: 9.50, 2026-06-01 to 2026-07-01
          CHARGE Pipeline Starter: Seats × 1: 14.00, 2026-06-01 to 2026-07-01
          REVERSE_CHARGE 0 % of 23.50: 0.00""")
