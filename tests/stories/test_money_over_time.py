"""Money in and back over time, told through the public API: cards that fail, dunning, charges and credits by hand.

Pipeline Starter is 10.00 a month and 15.00 a seat, 100.00 and 150.00 a year.
"""

from typing import Any

import httpx

from tests.stories.telling import Customer, told

PAYMENTS = """standing payments(first: 20) { nodes {
  status amount { amount } failureCode createdAt attempts { status } } }"""
DECLINED = "4000 0000 0000 9995"
ANSWER_LOST = "4000 0000 0000 0119"
ASKING_LOST = "4000 0000 0000 0127"


def month(start: str, end: str, head: str) -> str:
    """A month of Pipeline Starter with one seat, under a heading."""
    return "\n".join(
        [
            f"{start} {head}",
            f"  CHARGE Pipeline Starter: 10.00, {start} to {end}",
            f"  CHARGE Pipeline Starter: Seats × 1: 15.00, {start} to {end}",
        ]
    )


async def payments(customer: Customer) -> list[Any]:
    """The account's payments, oldest first."""
    found = (await customer.look(PAYMENTS))["payments"]["nodes"]
    return sorted(found, key=lambda each: str(each["createdAt"]))


async def test_declined_reminded_blocked_suspended_and_restored_by_paying(client: httpx.AsyncClient) -> None:
    """A year of 250.00, due on receipt on 1 June. The card is tried on days 0, 3, 7, 14 and 21; changes are blocked
    from day 14, access from day 30.
    """
    customer = await Customer.opened(client, "dunning", "2026-06-01T08:00:00Z")
    await customer.card(DECLINED)
    await customer.start("sales-starter", "YEAR")
    for until, standing in (
        ("2026-06-01T23:59:59Z", "GOOD"),
        ("2026-06-02T00:00:00Z", "OVERDUE"),
        ("2026-06-14T23:59:59Z", "OVERDUE"),
        ("2026-06-15T00:00:00Z", "CHANGES_BLOCKED"),
        ("2026-06-30T23:59:59Z", "CHANGES_BLOCKED"),
        ("2026-07-01T00:00:00Z", "SUSPENDED"),
    ):
        await customer.advance(until)
        assert (await customer.look("standing"))["standing"] == standing, until
    tried = await payments(customer)
    assert [(each["createdAt"][:10], each["status"], each["failureCode"]) for each in tried] == [
        (f"2026-06-{day}", "FAILED", "insufficient_funds") for day in ("01", "04", "08", "15", "22")
    ]
    await customer.card()
    (invoice,), _, _ = await customer.raw_documents()
    await customer.do(customer.owner, "invoicePay", "payment { status }", invoiceId=invoice["id"])
    assert (await customer.look("standing"))["standing"] == "GOOD"
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP PAID 250.00 (paid 250.00)
          CHARGE Pipeline Starter: 100.00, 2026-06-01 to 2027-06-01
          CHARGE Pipeline Starter: Seats × 1: 150.00, 2026-06-01 to 2027-06-01""")
    assert [each["amount"]["amount"] for each in await payments(customer) if each["status"] == "SUCCEEDED"] == [
        "250.00"
    ]


async def test_a_card_that_times_out_is_never_charged_twice(client: httpx.AsyncClient) -> None:
    """Once the answer is lost and once the asking: in the end one payment each, of 25.00."""
    for name, number in (("answer-lost", ANSWER_LOST), ("asking-lost", ASKING_LOST)):
        customer = await Customer.opened(client, name, "2026-06-01T08:00:00Z")
        await customer.card(number)
        await customer.start("sales-starter")
        await customer.advance("2026-06-20T00:00:00Z")
        assert await customer.documents() == month("2026-06-01", "2026-07-01", "SIGN_UP PAID 25.00 (paid 25.00)"), name
        (paid,) = await payments(customer)
        assert (paid["status"], paid["amount"]["amount"]) == ("SUCCEEDED", "25.00"), name
        assert paid["attempts"][-1]["status"] == "SUCCEEDED", name


async def test_charges_adjustments_credits_and_refunds_by_hand(client: httpx.AsyncClient) -> None:
    """July: 25.00, 40.00 for onboarding, 5.00 of June's seat back. Then 3.00 of June for goodwill, over the 10.00 and
    10.00 that its lines have left; and July's onboarding is given back to the card. August spends the 3.00.
    """
    customer = await Customer.opened(client, "by-hand", "2026-06-01T08:00:00Z")
    await customer.card()
    await customer.start("sales-starter")
    await customer.advance("2026-06-10T08:00:00Z")
    finance = customer.finance
    await customer.do(
        finance, "chargeAdd", accountId=customer.id, amount=customer.money("40.00"), description="Onboarding"
    )
    invoices, _, _ = await customer.raw_documents()
    look = "query($id: ID!) { node(id: $id) { ... on Invoice { lines { id description } payments { id } } } }"
    june = (await finance.ask(look, id=invoices[0]["id"]))["node"]
    seat = next(each["id"] for each in june["lines"] if "Seats" in each["description"])
    await customer.do(
        finance, "invoiceLineAdjust", lineId=seat, amount=customer.money("-5.00"), description="Ten days without it"
    )
    await customer.advance("2026-07-02T00:00:00Z")
    await customer.do(
        finance, "creditNoteIssue", invoiceId=invoices[0]["id"], reason="GOODWILL", amount=customer.money("3.00")
    )
    invoices, _, _ = await customer.raw_documents()
    july = (await finance.ask(look, id=invoices[1]["id"]))["node"]
    onboarding = next(each["id"] for each in july["lines"] if each["description"] == "Onboarding")
    await customer.do(
        finance,
        "creditNoteIssue",
        "creditNote { total { amount } } refunds { status amount { amount } }",
        invoiceId=invoices[1]["id"],
        reason="BILLING_ERROR",
        lines=[{"lineId": onboarding}],
        destination="REFUND",
    )
    await customer.advance("2026-08-02T00:00:00Z")
    assert await customer.documents() == "\n".join(
        [
            month("2026-06-01", "2026-07-01", "SIGN_UP PAID 25.00 (credited 3.00, paid 25.00, returned 3.00)"),
            told("""
                2026-07-01 RENEWAL PAID 60.00 (credited 40.00, paid 60.00, returned 40.00)
                  ONE_OFF Onboarding: 40.00, 2026-06-10 to 2026-06-11
                  ADJUSTMENT Ten days without it: -5.00, 2026-06-01 to 2026-07-01
                  CHARGE Pipeline Starter: 10.00, 2026-07-01 to 2026-08-01
                  CHARGE Pipeline Starter: Seats × 1: 15.00, 2026-07-01 to 2026-08-01"""),
            month("2026-08-01", "2026-09-01", "RENEWAL PAID 25.00 (from balance 3.00, paid 22.00)"),
            told("""
                2026-07-02 CREDIT NOTE GOODWILL 3.00 (to balance 3.00)
                  Pipeline Starter: 1.50
                  Pipeline Starter: Seats × 1: 1.50
                2026-07-02 CREDIT NOTE BILLING_ERROR 40.00 (refund 40.00)
                  Onboarding: 40.00"""),
        ]
    )
