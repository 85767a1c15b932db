"""Invoices that are withdrawn, told through the public API: what may be, and what a withdrawal does to what follows."""

from typing import Any

import httpx
import pytest

from db.engine import Database
from tests.stories.auditing import audited
from tests.stories.offering import base, offer, sends
from tests.stories.telling import Customer, told

CREDIT_INSTEAD = "credit the rest with a credit note instead."


@pytest.fixture(scope="module", autouse=True)
async def _on_sale(client: httpx.AsyncClient) -> None:
    """1.00 a day of June with 0.01 an e-mail, and the double of both."""
    await offer(client, "cent", 94, base("30.00"), sends("0.01"))
    await offer(client, "two-cents", 96, base("60.00"), sends("0.02"))


async def _withdrawn(customer: Customer, of: int = 0, *, reissue: bool = False) -> list[Any]:
    """Withdraw an invoice, counted from the oldest; the user errors."""
    invoice = (await customer.raw_documents())[0][of]
    payload = await customer.attempt(
        customer.finance, "invoiceVoid", invoiceId=invoice["id"], reason="A mistake", reissue=reissue
    )
    return list(payload["userErrors"])


@pytest.mark.parametrize("reissue", [False, True])
async def test_an_invoice_that_a_change_credited_is_not_withdrawn(
    client: httpx.AsyncClient, demo_copy: Database, reissue: bool
) -> None:
    """The change gave back 20 of the 30 days. What is left to credit is the 10.00 of the days before."""
    customer = await Customer.opened(client, f"credited-by-a-change-{reissue}", "2026-06-01T08:00:00Z", netDays=30)
    subscription = await customer.start("cent")
    await customer.advance("2026-06-11T00:00:00Z")
    await customer.change(subscription, "two-cents")
    before = await customer.documents()
    (error,) = await _withdrawn(customer, reissue=reissue)
    assert (error["code"], error["path"]) == ("LINES_CREDITED", ["input", "invoiceId"])
    assert error["message"] == f"Something of its lines was given back already: {CREDIT_INSTEAD}"
    assert await customer.documents() == before
    assert await audited(demo_copy, customer) == []
    # the way out that the answer names
    invoice = (await customer.raw_documents())[0][0]
    await customer.do(customer.finance, "creditNoteIssue", invoiceId=invoice["id"], reason="BILLING_ERROR")
    await customer.advance("2026-06-16T00:00:00Z")
    await customer.do(customer.owner, "subscriptionPause", subscriptionId=subscription)
    # 5 days of 2.00 were had of the new plan
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP OPEN 30.00 (credited 10.00, due 20.00)
          CHARGE Cent: 30.00, 2026-06-01 to 2026-07-01
        2026-06-11 PLAN_CHANGE PAID 20.00 (credited 30.00, returned 10.00)
          PRORATION_CREDIT Unused: Cent: -20.00, 2026-06-11 to 2026-07-01
          PRORATION_CHARGE Two cents: 40.00, 2026-06-11 to 2026-07-01
        2026-06-11 CREDIT NOTE BILLING_ERROR 10.00 (to invoice 10.00)
          Cent: 10.00
        2026-06-16 CREDIT NOTE PAUSE 30.00 (to invoice 20.00, to balance 10.00)
          Unused: Two cents: 30.00
        credit balance 10.00""")
    assert await audited(demo_copy, customer) == []


async def test_an_invoice_that_a_credit_note_lowered_is_not_withdrawn(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """5.00 in goodwill and 20 unused days: issued again it would ask for both once more."""
    customer = await Customer.opened(client, "credited-by-notes", "2026-06-01T08:00:00Z")
    subscription = await customer.start("cent")
    await customer.advance("2026-06-11T00:00:00Z")
    invoice = (await customer.raw_documents())[0][0]
    await customer.do(
        customer.finance, "creditNoteIssue", invoiceId=invoice["id"], reason="GOODWILL", amount=customer.money("5.00")
    )
    assert [each["code"] for each in await _withdrawn(customer)] == ["LINES_CREDITED"]
    await customer.do(customer.owner, "subscriptionPause", subscriptionId=subscription)
    assert [each["code"] for each in await _withdrawn(customer, reissue=True)] == ["LINES_CREDITED"]
    # 10 days of 1.00, less the goodwill
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP OPEN 30.00 (credited 25.00, due 5.00)
          CHARGE Cent: 30.00, 2026-06-01 to 2026-07-01
        2026-06-11 CREDIT NOTE GOODWILL 5.00 (to invoice 5.00)
          Cent: 5.00
        2026-06-11 CREDIT NOTE PAUSE 20.00 (to invoice 20.00)
          Unused: Cent: 20.00""")
    assert await audited(demo_copy, customer) == []


@pytest.mark.parametrize("amount", ["-3.00", "3.00"])
async def test_an_invoice_whose_line_waits_to_be_adjusted_is_not_withdrawn(
    client: httpx.AsyncClient, demo_copy: Database, amount: str
) -> None:
    """The adjustment was promised on the next invoice: it comes, and nobody withdraws from under it what it is of."""
    customer = await Customer.opened(client, f"adjusted-{amount[:1]}", "2026-06-01T08:00:00Z")
    await customer.start("cent")
    line_id = (await customer.look("invoices(first: 1) { nodes { lines { id } } }"))["invoices"]["nodes"][0]["lines"][0]
    await customer.do(
        customer.finance,
        "invoiceLineAdjust",
        lineId=line_id["id"],
        amount=customer.money(amount),
        description="As agreed",
    )
    (error,) = await _withdrawn(customer, reissue=True)
    assert error["code"] == "LINES_CREDITED"
    assert error["message"] == f"An adjustment of its lines waits for the next invoice: {CREDIT_INSTEAD}"
    await customer.advance("2026-07-03T00:00:00Z")
    assert f"ADJUSTMENT As agreed: {amount}" in await customer.documents()
    assert await audited(demo_copy, customer) == []
    # on the next invoice now: what was given back stays, what was asked for more stands for itself
    assert [each["code"] for each in await _withdrawn(customer)] == (["LINES_CREDITED"] if amount < "0" else [])
    assert await audited(demo_copy, customer) == []


async def test_a_change_that_is_withdrawn_frees_what_it_credited(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """The invoice of the change goes first; then the one it gave back of may go as well."""
    customer = await Customer.opened(client, "withdrawn-in-order", "2026-06-01T08:00:00Z")
    subscription = await customer.start("cent")
    await customer.advance("2026-06-11T00:00:00Z")
    await customer.change(subscription, "two-cents")
    assert await _withdrawn(customer, 1) == []
    assert await _withdrawn(customer, 0) == []
    assert await audited(demo_copy, customer) == []


async def test_use_that_was_forgiven_is_not_asked_for_again(client: httpx.AsyncClient, demo_copy: Database) -> None:
    """1000 of June were forgiven with their invoice. 10 more come late: 0.10, and not 10.10."""
    customer = await Customer.opened(client, "forgiven", "2026-06-01T08:00:00Z", netDays=365)
    await customer.start("cent")
    await customer.advance("2026-06-11T00:00:00Z")
    await customer.use("email-sends", ("june-1", "2026-06-05T00:00:00Z", "1000"))
    await customer.advance("2026-07-03T00:00:00Z")
    assert await _withdrawn(customer, 1) == []
    assert await audited(demo_copy, customer) == []
    await customer.advance("2026-07-06T00:00:00Z")
    await customer.use("email-sends", ("june-2", "2026-06-06T00:00:00Z", "10"))
    await customer.advance("2026-08-03T00:00:00Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP OPEN 30.00 (due 30.00)
          CHARGE Cent: 30.00, 2026-06-01 to 2026-07-01
        2026-07-02 RENEWAL VOID 40.00
          USAGE Cent: 1000 E-mails: 10.00, 2026-06-01 to 2026-07-01
          CHARGE Cent: 30.00, 2026-07-01 to 2026-08-01
        2026-08-02 RENEWAL OPEN 30.10 (due 30.10)
          USAGE Cent: 0 E-mails: 0.00, 2026-07-01 to 2026-08-01
          ADJUSTMENT Counted again: Cent: 1010 E-mails: 0.10, 2026-06-01 to 2026-07-01
          CHARGE Cent: 30.00, 2026-08-01 to 2026-09-01""")
    assert await audited(demo_copy, customer) == []


async def test_a_minimum_that_was_forgiven_covers_what_comes_late(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """At least 100.00: June was brought to it by 60.00, all forgiven. 10 more e-mails come late: nothing.

    Then 8000 more: June is 30.00 and 9010 × 0.01 = 90.10, 120.10 in all, less 100.00.
    """
    await offer(client, "at-least-100", 99, base("30.00"), sends("0.01"), bounds=[{"minimum": "100.00"}])
    customer = await Customer.opened(client, "forgiven-minimum", "2026-06-01T08:00:00Z", netDays=365)
    await customer.start("at-least-100")
    await customer.advance("2026-06-11T00:00:00Z")
    await customer.use("email-sends", ("june-1", "2026-06-05T00:00:00Z", "1000"))
    await customer.advance("2026-07-03T00:00:00Z")
    assert await _withdrawn(customer, 1) == []
    assert await audited(demo_copy, customer) == []
    await customer.use("email-sends", ("june-2", "2026-06-06T00:00:00Z", "10"))
    await customer.advance("2026-08-03T00:00:00Z")
    assert _late(await customer.documents()) == told("""
          ADJUSTMENT Counted again: At least 100: 1010 E-mails: 0.10, 2026-06-01 to 2026-07-01
          ADJUSTMENT Counted again: At least 100: to the minimum of the period: -0.10, 2026-06-01 to 2026-07-01""")
    assert await audited(demo_copy, customer) == []
    await customer.use("email-sends", ("june-3", "2026-06-07T00:00:00Z", "8000"))
    await customer.advance("2026-09-03T00:00:00Z")
    # 80.00 more, of which the rest of the forgiven 60.00 covers 59.90: 20.10
    assert _late(await customer.documents()).splitlines()[2:] == [
        "ADJUSTMENT Counted again: At least 100: 9010 E-mails: 80.00, 2026-06-01 to 2026-07-01",
        "ADJUSTMENT Counted again: At least 100: to the minimum of the period: -59.90, 2026-06-01 to 2026-07-01",
    ]
    assert await audited(demo_copy, customer) == []


@pytest.mark.parametrize("withdrawn_first", [True, False])
async def test_a_minimum_does_not_ask_again_for_what_was_forgiven(
    client: httpx.AsyncClient, demo_copy: Database, withdrawn_first: bool
) -> None:
    """At least 100.00: 30.00 in advance and 10.00 of use, so 60.00 to it, forgiven or not.

    500 e-mails come late: 5.00, and 5.00 less to the minimum.
    """
    await offer(client, "forgiven-100", 104, base("30.00"), sends("0.01"), bounds=[{"minimum": "100.00"}])
    customer = await Customer.opened(client, f"forgiven-{withdrawn_first}", "2026-06-01T08:00:00Z", netDays=365)
    await customer.start("forgiven-100")
    if withdrawn_first:
        assert await _withdrawn(customer) == []
    await customer.advance("2026-06-11T00:00:00Z")
    await customer.use("email-sends", ("june-1", "2026-06-05T00:00:00Z", "1000"))
    await customer.advance("2026-07-03T00:00:00Z")
    if not withdrawn_first:
        assert await _withdrawn(customer) == []
    await customer.use("email-sends", ("june-2", "2026-06-06T00:00:00Z", "500"))
    await customer.advance("2026-08-03T00:00:00Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP VOID 30.00
          CHARGE Forgiven 100: 30.00, 2026-06-01 to 2026-07-01
        2026-07-02 RENEWAL OPEN 100.00 (due 100.00)
          USAGE Forgiven 100: 1000 E-mails: 10.00, 2026-06-01 to 2026-07-01
          TRUE_UP Forgiven 100: to the minimum of the period: 60.00, 2026-06-01 to 2026-07-01
          CHARGE Forgiven 100: 30.00, 2026-07-01 to 2026-08-01
        2026-08-02 RENEWAL OPEN 100.00 (due 100.00)
          USAGE Forgiven 100: 0 E-mails: 0.00, 2026-07-01 to 2026-08-01
          TRUE_UP Forgiven 100: to the minimum of the period: 70.00, 2026-07-01 to 2026-08-01
          ADJUSTMENT Counted again: Forgiven 100: 1500 E-mails: 5.00, 2026-06-01 to 2026-07-01
          ADJUSTMENT Counted again: Forgiven 100: to the minimum of the period: -5.00, 2026-06-01 to 2026-07-01
          CHARGE Forgiven 100: 30.00, 2026-08-01 to 2026-09-01""")
    assert await audited(demo_copy, customer) == []


async def test_what_was_forgiven_counts_for_as_long_as_it_was_had(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """20 of 30 days: at least 66.67, of which 10.00 of the forgiven 30.00 were had and 10.00 charged: 46.67."""
    await offer(client, "paused-100", 105, base("30.00"), sends("0.01"), bounds=[{"minimum": "100.00"}])
    customer = await Customer.opened(client, "forgiven-and-paused", "2026-06-01T08:00:00Z", netDays=365)
    subscription = await customer.start("paused-100")
    assert await _withdrawn(customer) == []
    await customer.advance("2026-06-11T00:00:00Z")
    await customer.do(customer.owner, "subscriptionPause", subscriptionId=subscription)
    await customer.advance("2026-06-21T00:00:00Z")
    await customer.do(customer.owner, "subscriptionResume", subscriptionId=subscription)
    await customer.advance("2026-07-03T00:00:00Z")
    assert "TRUE_UP Paused 100: to the minimum of the period: 46.67," in await customer.documents()
    assert await audited(demo_copy, customer) == []


@pytest.mark.parametrize("withdrawn", [(1,), (1, 0)])
async def test_a_change_that_was_forgiven_counts_with_what_it_gave_back(
    client: httpx.AsyncClient, demo_copy: Database, withdrawn: tuple[int, ...]
) -> None:
    """10 days of 1.00 and 20 of 2.00 come to 50.00, whoever is asked for them: another 50.00 to the minimum of 100.00.

    Where the change alone is withdrawn, the first plan stays charged to its end, and the audit finds no fault with it.
    """
    await offer(client, "low-100", 106, base("30.00"), sends("0.01"), bounds=[{"minimum": "100.00"}])
    await offer(client, "high-100", 107, base("60.00"), sends("0.01"), bounds=[{"minimum": "100.00"}])
    customer = await Customer.opened(client, f"changed-{len(withdrawn)}", "2026-06-01T08:00:00Z", netDays=365)
    subscription = await customer.start("low-100")
    await customer.advance("2026-06-11T00:00:00Z")
    await customer.change(subscription, "high-100")
    for place in withdrawn:
        assert await _withdrawn(customer, place) == []
    await customer.advance("2026-07-03T00:00:00Z")
    assert "TRUE_UP High 100: to the minimum of the period: 50.00," in await customer.documents()
    assert await audited(demo_copy, customer) == []


def _late(documents: str) -> str:
    """The adjustments among the lines of all documents."""
    return "\n".join(line.strip() for line in documents.splitlines() if line.strip().startswith("ADJUSTMENT"))
