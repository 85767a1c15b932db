"""What is done with an invoice by hand, through the public API: paid, recorded, refunded, credited, voided."""

from typing import Any

import httpx
import pytest

from db.engine import Database
from domain.actor import StaffRole
from tests.stories.hub import Hub, counted
from tests.stories.sandbox import Sandbox

ERRORS = "userErrors { code message path figures { name value } }"
PAY = f"""mutation($input: InvoicePayInput!) {{ invoicePay(input: $input) {{
  payment {{ id status amount {{ amount }} invoice {{ id status amountDue {{ amount }} }} attempts {{ status }} }}
  actionReference {ERRORS}
}} }}"""
CONFIRM = f"""mutation($input: PaymentConfirmInput!) {{ paymentConfirm(input: $input) {{
  payment {{ status failureCode invoice {{ status }} }} {ERRORS}
}} }}"""
REFUND = f"""mutation($input: PaymentRefundInput!) {{ paymentRefund(input: $input) {{
  creditNote {{ number total {{ amount }} toRefund {{ amount }} invoice {{ id }} }}
  refunds {{ status amount {{ amount }} payment {{ amountRefunded {{ amount }} }} }} {ERRORS}
}} }}"""
CREDIT = f"""mutation($input: CreditNoteIssueInput!) {{ creditNoteIssue(input: $input) {{
  creditNote {{ id number total {{ amount }} toInvoice {{ amount }} toBalance {{ amount }} lines {{ id }} }}
  refunds {{ id }} {ERRORS}
}} }}"""
VOID = f"""mutation($input: InvoiceVoidInput!) {{ invoiceVoid(input: $input) {{
  invoice {{ status voidedAt amountDue {{ amount }} }} replacedBy {{ id status replaces {{ id }} }} {ERRORS}
}} }}"""
WRITE_OFF = f"""mutation($input: InvoiceWriteOffInput!) {{ invoiceWriteOff(input: $input) {{
  invoice {{ status writtenOffAt }} {ERRORS}
}} }}"""
RECORD = f"""mutation($input: PaymentRecordInput!) {{ paymentRecord(input: $input) {{
  payment {{ kind status reference amount {{ amount }} invoice {{ status amountDue {{ amount }} }} }} {ERRORS}
}} }}"""
ADJUST = f"""mutation($input: InvoiceLineAdjustInput!) {{ invoiceLineAdjust(input: $input) {{
  charge {{ kind amount {{ amount }} invoice {{ id }} line {{ id }} }} {ERRORS}
}} }}"""
CHARGE = f"""mutation($input: ChargeAddInput!) {{ chargeAdd(input: $input) {{
  charge {{ kind description amount {{ amount }} }} invoice {{ id }} {ERRORS}
}} }}"""
REDEEM = f"""mutation($input: CouponRedeemInput!) {{ couponRedeem(input: $input) {{
  discount {{ code periodsCovered periodsLeft subscription {{ id }} }} {ERRORS}
}} }}"""
END_DISCOUNT = f"""mutation($input: DiscountEndInput!) {{ discountEnd(input: $input) {{
  discount {{ endedAt periodsLeft }} {ERRORS}
}} }}"""
COUPON = f"""mutation($input: CouponCreateInput!) {{ couponCreate(input: $input) {{ coupon {{ id }} {ERRORS} }} }}"""
PLAN = "sales-starter"


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currencyCode": "USD"}


async def done(hub: Hub, document: str, **given: Any) -> Any:
    """The payload of a mutation that must have done what it was asked for."""
    payload = next(iter((await hub.ask(document, input=given)).values()))
    assert payload["userErrors"] == [], payload
    return payload


async def refused(hub: Hub, document: str, **given: Any) -> Any:
    """The one error of a mutation that must have done nothing."""
    payload = next(iter((await hub.ask(document, input=given)).values()))
    (error,) = payload.pop("userErrors")
    assert not any(payload.values()), payload
    return error


@pytest.fixture
async def sandbox(client: httpx.AsyncClient) -> Sandbox:
    """An account with one open invoice."""
    found = await Sandbox.open(client)
    await found.start(PLAN, seats=2)
    return found


async def test_an_invoice_is_paid_by_card_once_however_often_it_is_asked(sandbox: Sandbox) -> None:
    invoice = await sandbox.invoice()
    await sandbox.card()
    given = {"invoiceId": invoice["id"], "idempotencyKey": "pay"}
    payload = await done(sandbox.owner, PAY, **given)
    assert payload["payment"]["status"] == "SUCCEEDED"
    assert payload["payment"]["amount"] == invoice["total"]
    assert payload["payment"]["invoice"] == {"id": invoice["id"], "status": "PAID", "amountDue": {"amount": "0.00"}}
    answer = (await sandbox.owner.send(PAY, input=given)).json()
    assert answer["extensions"]["idempotentReplay"] is True
    assert answer["data"]["invoicePay"] == payload
    other = await refused(sandbox.owner, PAY, invoiceId=invoice["id"], idempotencyKey="another")
    assert (other["code"], other["path"]) == ("ALREADY_PAID", ["input", "invoiceId"])


async def test_a_key_is_for_one_input(sandbox: Sandbox) -> None:
    invoice = await sandbox.invoice()
    await done(
        sandbox.finance, CREDIT, invoiceId=invoice["id"], reason="GOODWILL", amount=usd("1.00"), idempotencyKey="k"
    )
    error = await refused(
        sandbox.finance, CREDIT, invoiceId=invoice["id"], reason="GOODWILL", amount=usd("2.00"), idempotencyKey="k"
    )
    assert (error["code"], error["path"]) == ("IDEMPOTENCY_KEY_REUSED", ["input", "idempotencyKey"])


@pytest.mark.parametrize(
    ("says", "number", "status", "after"),
    [
        ("a card that asks, then pays", "4000 0000 0000 3154", "SUCCEEDED", "PAID"),
        ("a card that asks, then declines", "4000 0000 0000 3162", "FAILED", "OPEN"),
    ],
)
async def test_a_payment_waits_for_its_customer(
    sandbox: Sandbox, says: str, number: str, status: str, after: str
) -> None:
    await sandbox.card(number)
    invoice = await sandbox.invoice()
    payload = await done(sandbox.owner, PAY, invoiceId=invoice["id"], idempotencyKey="pay")
    assert payload["payment"]["status"] == "REQUIRES_ACTION", says
    assert payload["actionReference"]
    confirmed = await done(sandbox.owner, CONFIRM, paymentId=payload["payment"]["id"], idempotencyKey="confirm")
    assert (confirmed["payment"]["status"], confirmed["payment"]["invoice"]["status"]) == (status, after), says


async def test_an_answer_that_is_lost_leaves_the_payment_under_way(sandbox: Sandbox) -> None:
    await sandbox.card("4000 0000 0000 0119")
    invoice = await sandbox.invoice()
    payload = await done(sandbox.owner, PAY, invoiceId=invoice["id"], idempotencyKey="pay")
    assert payload["payment"]["status"] == "PROCESSING"
    second = await refused(sandbox.owner, PAY, invoiceId=invoice["id"], idempotencyKey="again")
    assert second["code"] == "PAYMENT_UNDER_WAY"


async def test_money_that_was_seen_counts_and_can_go_back(sandbox: Sandbox) -> None:
    invoice = await sandbox.invoice()
    total = invoice["total"]["amount"]
    part = await done(
        sandbox.finance, RECORD, invoiceId=invoice["id"], amount=usd("10.00"), reference="Bank 1", idempotencyKey="r1"
    )
    assert (part["payment"]["kind"], part["payment"]["reference"]) == ("MANUAL", "Bank 1")
    assert part["payment"]["invoice"]["status"] == "OPEN"
    error = await refused(
        sandbox.finance, RECORD, invoiceId=invoice["id"], amount=usd(total), reference="Bank 2", idempotencyKey="r2"
    )
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "amount"])
    error = await refused(sandbox.finance, VOID, invoiceId=invoice["id"], reason="Wrong", idempotencyKey="v")
    assert (error["code"], error["figures"]) == ("PARTLY_PAID", [{"name": "status", "value": "OPEN"}])


async def test_a_refund_credits_the_invoice_by_as_much(sandbox: Sandbox) -> None:
    await sandbox.card()
    invoice = await sandbox.invoice()
    payment = (await done(sandbox.owner, PAY, invoiceId=invoice["id"], idempotencyKey="pay"))["payment"]
    payload = await done(sandbox.finance, REFUND, paymentId=payment["id"], amount=usd("5.00"), idempotencyKey="back")
    assert payload["creditNote"]["total"] == payload["creditNote"]["toRefund"] == {"amount": "5.00"}
    assert payload["creditNote"]["invoice"] == {"id": invoice["id"]}
    assert payload["refunds"] == [
        {"status": "SUCCEEDED", "amount": {"amount": "5.00"}, "payment": {"amountRefunded": {"amount": "5.00"}}}
    ]
    after = await sandbox.invoice()
    assert (after["status"], after["amountDue"]["amount"]) == ("PAID", "0.00")
    assert (after["amountCredited"]["amount"], after["amountReturned"]["amount"]) == ("5.00", "5.00")


async def test_a_credit_larger_than_what_is_due_goes_to_the_balance(sandbox: Sandbox) -> None:
    await sandbox.card()
    invoice = await sandbox.invoice()
    await done(sandbox.owner, PAY, invoiceId=invoice["id"], idempotencyKey="pay")
    (line, *_) = invoice["lines"]
    payload = await done(
        sandbox.finance,
        CREDIT,
        invoiceId=invoice["id"],
        reason="BILLING_ERROR",
        lines=[{"lineId": line["id"], "amount": usd("3.00")}],
        idempotencyKey="credit",
    )
    assert payload["creditNote"]["toBalance"] == {"amount": "3.00"}
    assert (await sandbox.books())["creditBalance"] == {"amount": "3.00"}


async def test_an_invoice_is_void_or_written_off_once(sandbox: Sandbox) -> None:
    invoice = await sandbox.invoice()
    given = {"invoiceId": invoice["id"], "reason": "Wrong address", "idempotencyKey": "void"}
    payload = await done(sandbox.finance, VOID, **given)
    assert (payload["invoice"]["status"], payload["invoice"]["amountDue"]) == ("VOID", {"amount": "0.00"})
    assert payload["invoice"]["voidedAt"]
    for document in (VOID, WRITE_OFF):
        error = await refused(sandbox.finance, document, **{**given, "idempotencyKey": "again"})
        assert (error["code"], error["path"]) == ("NOT_OPEN", ["input", "invoiceId"])
    answer = (await sandbox.finance.send(VOID, input=given)).json()
    assert answer["extensions"]["idempotentReplay"] is True


async def test_a_void_invoice_is_issued_again_in_its_place(sandbox: Sandbox) -> None:
    invoice = await sandbox.invoice()
    payload = await done(
        sandbox.finance, VOID, invoiceId=invoice["id"], reason="Wrong address", reissue=True, idempotencyKey="again"
    )
    assert payload["replacedBy"]["replaces"] == {"id": invoice["id"]}
    old, new = (await sandbox.books())["invoices"]["nodes"]
    assert (old["status"], new["status"], new["total"]) == ("VOID", "OPEN", invoice["total"])
    assert [line["amount"] for line in new["lines"]] == [line["amount"] for line in invoice["lines"]]


async def test_what_is_adjusted_or_charged_waits_for_the_next_invoice(sandbox: Sandbox) -> None:
    (line, *_) = (await sandbox.invoice())["lines"]
    payload = await done(
        sandbox.finance, ADJUST, lineId=line["id"], amount=usd("-1.00"), description="Too many", idempotencyKey="a"
    )
    assert payload["charge"] == {
        "kind": "ADJUSTMENT",
        "amount": {"amount": "-1.00"},
        "invoice": None,
        "line": {"id": line["id"]},
    }
    payload = await done(
        sandbox.finance,
        CHARGE,
        accountId=sandbox.account_id,
        amount=usd("250.00"),
        description="Training",
        idempotencyKey="c",
    )
    assert payload["charge"] == {"kind": "ONE_OFF", "description": "Training", "amount": {"amount": "250.00"}}
    assert payload["invoice"] is None
    at_once = await done(
        sandbox.finance,
        CHARGE,
        accountId=sandbox.account_id,
        amount=usd("99.00"),
        description="Set-up",
        isImmediate=True,
        idempotencyKey="now",
    )
    newest = (await sandbox.books())["invoices"]["nodes"][-1]
    assert at_once["invoice"] == {"id": newest["id"]}
    assert (newest["reason"], newest["subtotal"]) == ("ONE_OFF", {"amount": "99.00"})


async def test_a_coupon_is_redeemed_and_its_discount_ended(client: httpx.AsyncClient) -> None:
    sandbox = await Sandbox.open(client)
    subscription = await sandbox.start(PLAN)
    await done(sandbox.finance, COUPON, code="SPRING", name="Spring", percent="20", periods=3, idempotencyKey="spring")
    payload = await done(sandbox.owner, REDEEM, subscriptionId=subscription, code="SPRING", idempotencyKey="redeem")
    assert payload["discount"]["subscription"] == {"id": subscription}
    assert payload["discount"]["code"] == "SPRING"
    again = await refused(sandbox.owner, REDEEM, subscriptionId=subscription, code="SPRING", idempotencyKey="twice")
    assert (again["code"], again["path"]) == ("INVALID_INPUT", ["input", "code"])
    found = await sandbox.owner.ask(
        "query($id: ID!) { node(id: $id) { ... on BillingSubscription { discounts { id code coupon { id } } } } }",
        id=subscription,
    )
    (discount,) = found["node"]["discounts"]
    assert discount["coupon"] is None, "the coupon behind it is staff's to see"
    ended = await done(sandbox.finance, END_DISCOUNT, discountId=discount["id"], idempotencyKey="end")
    assert ended["discount"]["endedAt"]
    assert ended["discount"]["periodsLeft"] == 0


# --- bad input --------------------------------------------------------------------------------------------------


async def test_bad_input_names_its_field_and_nothing_is_written(
    client: httpx.AsyncClient, demo_copy: Database, sandbox: Sandbox
) -> None:
    await sandbox.card()
    invoice = await sandbox.invoice()
    payment = (await done(sandbox.owner, PAY, invoiceId=invoice["id"], idempotencyKey="pay"))["payment"]
    subscription = (await Sandbox.open(client)).account_id  # another account: a coupon in another currency needs one
    await done(
        sandbox.finance,
        COUPON,
        code="EURO",
        name="Euro",
        amount={"amount": "5.00", "currencyCode": "EUR"},
        idempotencyKey="euro",
    )
    own = await sandbox.owner.ask(
        "query($id: ID!) { account(by: { id: $id }) { subscription { id } } }", id=sandbox.account_id
    )
    subscription = own["account"]["subscription"]["id"]
    total = invoice["total"]["amount"]
    line = invoice["lines"][0]["id"]
    cases: list[tuple[str, Hub, str, dict[str, Any], list[str]]] = [
        (
            "a refund above the payment",
            sandbox.finance,
            REFUND,
            {"paymentId": payment["id"], "amount": usd("9999.00")},
            ["amount"],
        ),
        (
            "a refund of nothing",
            sandbox.finance,
            REFUND,
            {"paymentId": payment["id"], "amount": usd("0.00")},
            ["amount"],
        ),
        (
            "a refund in another currency",
            sandbox.finance,
            REFUND,
            {"paymentId": payment["id"], "amount": {"amount": "1.00", "currencyCode": "EUR"}},
            ["amount"],
        ),
        (
            "an amount without its digits",
            sandbox.finance,
            REFUND,
            {"paymentId": payment["id"], "amount": usd("1")},
            ["amount", "amount"],
        ),
        (
            "a credit above the invoice",
            sandbox.finance,
            CREDIT,
            {"invoiceId": invoice["id"], "reason": "GOODWILL", "amount": usd("9999.00")},
            ["amount"],
        ),
        (
            "lines and an amount at once",
            sandbox.finance,
            CREDIT,
            {"invoiceId": invoice["id"], "reason": "GOODWILL", "amount": usd("1.00"), "lines": [{"lineId": line}]},
            ["amount"],
        ),
        (
            "a line credited in another currency",
            sandbox.finance,
            CREDIT,
            {
                "invoiceId": invoice["id"],
                "reason": "GOODWILL",
                "lines": [{"lineId": line, "amount": {"amount": "1.00", "currencyCode": "EUR"}}],
            },
            ["lines", "0", "amount"],
        ),
        (
            "an id of another type",
            sandbox.finance,
            CREDIT,
            {"invoiceId": payment["id"], "reason": "GOODWILL"},
            ["invoiceId"],
        ),
        (
            "more back than a line has",
            sandbox.finance,
            ADJUST,
            {"lineId": line, "amount": usd("-9999.00"), "description": "x"},
            ["amount"],
        ),
        (
            "an adjustment without words",
            sandbox.finance,
            ADJUST,
            {"lineId": line, "amount": usd("-1.00"), "description": " "},
            ["description"],
        ),
        (
            "a charge below nothing",
            sandbox.finance,
            CHARGE,
            {"accountId": sandbox.account_id, "amount": usd("-1.00"), "description": "x"},
            ["amount"],
        ),
        (
            "a charge in another currency",
            sandbox.finance,
            CHARGE,
            {"accountId": sandbox.account_id, "amount": {"amount": "1.00", "currencyCode": "EUR"}, "description": "x"},
            ["amount"],
        ),
        (
            "a coupon in another currency",
            sandbox.owner,
            REDEEM,
            {"subscriptionId": subscription, "code": "EURO"},
            ["code"],
        ),
        (
            "a coupon that there is not",
            sandbox.owner,
            REDEEM,
            {"subscriptionId": subscription, "code": "NEVER"},
            ["code"],
        ),
        ("no reason to void", sandbox.finance, VOID, {"invoiceId": invoice["id"], "reason": " "}, ["reason"]),
    ]
    before = await counted(demo_copy)
    for says, hub, document, given, path in cases:
        error = await refused(hub, document, **given, idempotencyKey="bad")
        assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", *path]), (says, error)
    assert await counted(demo_copy) == before
    assert total == (await sandbox.invoice())["total"]["amount"]
    spaced = await refused(sandbox.owner, PAY, invoiceId=invoice["id"], idempotencyKey="a key")
    assert spaced["path"] == ["input", "idempotencyKey"]


async def test_a_card_that_is_not_published_is_refused_without_its_number(sandbox: Sandbox) -> None:
    from tests.stories.sandbox import ADD_CARD

    error = (
        await sandbox.owner.ask(
            ADD_CARD,
            input={"accountId": sandbox.account_id, "cardNumber": "5555 5555 5555 4444", "idempotencyKey": "c"},
        )
    )["paymentMethodAdd"]["userErrors"][0]
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "cardNumber"])
    assert "5555" not in str(error)


async def test_support_sees_the_money_and_moves_none(client: httpx.AsyncClient, sandbox: Sandbox) -> None:
    support = Hub.of_staff(client, StaffRole.SUPPORT)
    invoice = await sandbox.invoice()
    seen = await support.ask(
        "query($id: ID!) { node(id: $id) { ... on Invoice { total { amount } } } }", id=invoice["id"]
    )
    assert seen["node"]["total"] == invoice["total"]
    for document, given in (
        (PAY, {"invoiceId": invoice["id"]}),
        (VOID, {"invoiceId": invoice["id"], "reason": "x"}),
        (CREDIT, {"invoiceId": invoice["id"], "reason": "GOODWILL"}),
    ):
        assert (await refused(support, document, **given, idempotencyKey="s"))["code"] == "FORBIDDEN"
