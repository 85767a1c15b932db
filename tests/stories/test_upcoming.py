"""What the next invoice will be is what then comes: told through the public API, and held against the invoice."""

from typing import Any

import httpx

from tests.stories.telling import Customer

UPCOMING = """query($id: ID!) { upcomingInvoice(subscriptionId: $id) {
  total { amount } issuedOn lines { description }
} }"""


async def upcoming(customer: Customer, subscription: str) -> Any:
    return (await customer.owner.ask(UPCOMING, id=subscription))["upcomingInvoice"]


async def invoices_since(customer: Customer, day: str) -> list[tuple[str, str]]:
    seen = await customer.look("invoices(first: 20, orderBy: OLDEST_FIRST) { nodes { issuedOn total { amount } } }")
    found = [(each["issuedOn"], each["total"]["amount"]) for each in seen["invoices"]["nodes"]]
    return [each for each in found if each[0] >= day]


async def test_a_charge_of_no_subscription_is_on_the_invoice_that_comes_first(client: httpx.AsyncClient) -> None:
    """25.00 on the 1st and 19.00 on the 15th of a month; 7.00 for none of them is on the first.

    What has use on it waits out the grace: the invoice of the 15th is issued on the 16th.
    """
    customer = await Customer.opened(client, "upcoming-charge", "2026-06-01T08:00:00Z")
    await customer.card()
    first = await customer.start("sales-starter")
    second = await customer.start("connect-starter", anchorDay=15)
    await customer.do(
        customer.finance, "chargeAdd", accountId=customer.id, amount=customer.money("7.00"), description="Training"
    )
    promised = [await upcoming(customer, each) for each in (second, first)]
    assert [(each["issuedOn"], each["total"]["amount"]) for each in promised] == [
        ("2026-06-16", "26.00"), ("2026-07-01", "25.00"),
    ]  # fmt: skip
    assert [line["description"] for line in promised[1]["lines"] if line["description"] == "Training"] == []
    await customer.advance("2026-07-02T00:00:00Z")
    assert await invoices_since(customer, "2026-06-02") == [("2026-06-16", "26.00"), ("2026-07-01", "25.00")]


async def test_a_scheduled_change_is_in_it_though_the_last_bill_is_not_paid_yet(client: httpx.AsyncClient) -> None:
    """Three seats more and, in the same minute, a lower plan for July: 10.00 and five seats of 15.00 come."""
    customer = await Customer.opened(client, "upcoming-change", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-professional", seats=6)
    await customer.advance("2026-06-10T00:00:00Z")
    await customer.change(subscription, quantities=[{"component": "seats", "quantity": 9}])
    await customer.change(subscription, "sales-starter", quantities=[{"component": "seats", "quantity": 5}])
    assert (await upcoming(customer, subscription))["total"]["amount"] == "85.00"
    await customer.advance("2026-07-02T00:00:00Z")
    assert await invoices_since(customer, "2026-06-11") == [("2026-07-01", "85.00")]
