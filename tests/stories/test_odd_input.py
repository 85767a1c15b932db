"""Input that is off the calendar, below nothing or no line of text: an answer that names the field, never a fault."""

from typing import Any

import httpx
import pytest

from tests.stories.hub import Hub
from tests.stories.telling import Customer

DIRECTION_MARK = "\u202e"


@pytest.fixture(scope="module")
async def customer(client: httpx.AsyncClient) -> Customer:
    return await Customer.opened(client, "odd-input", "2026-06-01T08:00:00Z")


@pytest.mark.parametrize(
    ("says", "given", "message"),
    [
        ("a contract for ages", {"commitmentMonths": 100_000}, "A commitment is for 120 months at most."),
        ("a month too long", {"commitmentMonths": 121}, "A commitment is for 120 months at most."),
        ("a trial of less than nothing", {"trialDays": -1}, "A trial lasts 0 to 365 days."),
    ],
)
async def test_a_start_that_cannot_be_names_its_field(
    customer: Customer, says: str, given: dict[str, Any], message: str
) -> None:
    plan_id = await customer.plan("sales-starter")
    payload = await customer.attempt(
        customer.owner, "subscriptionStart", accountId=customer.id, planId=plan_id, interval="MONTH", **given
    )
    (error,) = payload["userErrors"]
    assert (error["code"], error["path"], error["message"]) == ("INVALID_INPUT", ["input", *given], message), says


@pytest.mark.parametrize(
    ("says", "description"),
    [
        ("two lines", "Set-up\nand more"),
        ("a tab", "Set-up\tand more"),
        ("a mark that turns the direction", f"{DIRECTION_MARK}gnp.exe"),
        ("a page of text", "x" * 501),
        ("blanks", "   "),
    ],
)
async def test_what_a_charge_is_for_is_said_in_a_line(customer: Customer, says: str, description: str) -> None:
    payload = await customer.attempt(
        customer.finance,
        "chargeAdd",
        accountId=customer.id,
        amount=customer.money("1.00"),
        description=description,
    )
    assert [(each["code"], each["path"]) for each in payload["userErrors"]] == [
        ("INVALID_INPUT", ["input", "description"])
    ], says


async def test_a_clock_stays_on_the_calendar(client: httpx.AsyncClient, customer: Customer) -> None:
    """Periods, terms and contracts are worked out ahead of it: they must still be on the calendar."""
    payload = await customer.attempt(
        customer.owner, "testClockAdvance", keyed=False, accountId=customer.id, to="9999-12-31T23:59:59Z"
    )
    (error,) = payload["userErrors"]
    assert (error["path"], error["message"]) == (["input", "to"], "A clock stands in the years 1970 to 2199.")
    # the last year there is: a year of a contract of ten begins all the same
    last = await Customer.opened(client, "last-year", "2199-12-31T23:59:59Z")
    await last.start("sales-starter", commitmentMonths=120)
    with pytest.raises(AssertionError, match="A clock stands in the years 1970 to 2199"):
        await Customer.opened(client, "too-early", "0001-01-01T00:00:00Z")


@pytest.mark.parametrize("text", ["Two\nlines", f"{DIRECTION_MARK}gnp.exe", "x" * 501])
async def test_what_is_said_on_a_document_or_in_a_trail_is_a_line(client: httpx.AsyncClient, text: str) -> None:
    """Why something was done, and where money was seen, is read beside other things: a line of it, not a page."""
    customer = await Customer.opened(client, f"said-{len(text)}-{ord(text[0])}", "2026-06-01T08:00:00Z")
    subscription = await customer.start("sales-starter")
    invoice_id = (await customer.raw_documents())[0][0]["id"]
    seen = await customer.do(
        customer.finance,
        "paymentRecord",
        "payment { id }",
        invoiceId=invoice_id,
        amount=customer.money("1.00"),
        reference="Bank 1",
    )
    before = await customer.documents()
    plan_id = await customer.plan("sales-starter")
    deeds: list[tuple[Hub, str, str, dict[str, Any]]] = [
        (customer.finance, "invoiceVoid", "reason", {"invoiceId": invoice_id}),
        (customer.finance, "invoiceWriteOff", "reason", {"invoiceId": invoice_id}),
        (customer.finance, "creditNoteIssue", "memo", {"invoiceId": invoice_id, "reason": "GOODWILL"}),
        (customer.finance, "paymentRefund", "memo", {"paymentId": seen["payment"]["id"]}),
        (
            customer.finance,
            "paymentRecord",
            "reference",
            {"invoiceId": invoice_id, "amount": customer.money("1.00")},
        ),
        (customer.finance, "planVersionMigrate", "reason", {"planId": plan_id}),
        (customer.owner, "subscriptionPause", "reason", {"subscriptionId": subscription}),
        (customer.owner, "subscriptionCancel", "reason", {"subscriptionId": subscription}),
    ]
    for hub, mutation, field, given in deeds:
        (error,) = (await customer.attempt(hub, mutation, **{**given, field: text}))["userErrors"]
        assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", field]), mutation
    assert await customer.documents() == before


async def test_a_memo_of_blanks_is_none(client: httpx.AsyncClient) -> None:
    customer = await Customer.opened(client, "blank-memo", "2026-06-01T08:00:00Z")
    await customer.start("sales-starter")
    invoice_id = (await customer.raw_documents())[0][0]["id"]
    done = await customer.do(
        customer.finance,
        "creditNoteIssue",
        "creditNote { memo }",
        invoiceId=invoice_id,
        reason="GOODWILL",
        amount=customer.money("1.00"),
        memo="  ",
    )
    assert done["creditNote"] == {"memo": None}
