"""A preview shows the documents that would be written: discounts beneath their lines, taxes, what adds up."""

from decimal import Decimal
from typing import Any

import httpx

from tests.stories.sandbox import Sandbox

COUPON = (
    """mutation($input: CouponCreateInput!) { couponCreate(input: $input) { coupon { id } userErrors { code } } }"""
)
LINES = "lines { kind component description quantity amount { amount } tax { amount } taxInclusive discountsLine }"
PREVIEW = f"""query($change: PlanChangeInput!) {{ planChangePreview(input: $change) {{
  isImmediate
  delta {{
    credit {{ amount }} charge {{ amount }} net {{ amount }} tax {{ amount }} total {{ amount }} {LINES}
    taxes {{ label tax {{ amount }} }} creditNotes {{ total {{ amount }} invoice {{ id }} {LINES} }}
  }}
  nextInvoice {{
    issuesAt issuedOn finaliseAt subtotal {{ amount }} discountTotal {{ amount }} tax {{ amount }} total {{ amount }}
    {LINES} taxes {{ base {{ amount }} tax {{ amount }} }} creditNotes {{ total {{ amount }} }}
  }}
}} }}"""


def sum_of(rows: list[Any], *fields: str) -> Decimal:
    return sum((Decimal(row[field]["amount"]) for row in rows for field in fields), Decimal(0))


async def test_a_discount_stands_beneath_its_line_and_everything_adds_up(client: httpx.AsyncClient) -> None:
    sandbox = await Sandbox.open(client, at="2026-04-16T00:00:00Z")
    created = await sandbox.finance.ask(
        COUPON, input={"code": "FIFTH", "name": "A fifth", "percent": "20", "idempotencyKey": "fifth"}
    )
    assert created["couponCreate"]["userErrors"] == []
    subscription = await sandbox.start("sales-starter", seats=2, couponCode="FIFTH")
    change = {"subscriptionId": subscription, "quantities": [{"component": "seats", "quantity": 5}]}
    preview = (await sandbox.owner.ask(PREVIEW, change=change))["planChangePreview"]
    assert preview["isImmediate"] is True
    delta, upcoming = preview["delta"], preview["nextInvoice"]

    # all of the first period is left: two seats go back at their discounted price, five come at theirs
    discounts = [line for line in delta["lines"] if line["kind"] == "DISCOUNT"]
    assert discounts
    for line in discounts:
        taken_from = delta["lines"][line["discountsLine"]]
        assert taken_from["kind"] == "PRORATION_CHARGE"
        assert Decimal(line["amount"]["amount"]) == Decimal(taken_from["amount"]["amount"]) * Decimal("-0.2")
    assert sum_of(delta["lines"], "amount", "tax") == Decimal(delta["total"]["amount"])
    assert sum_of(delta["taxes"], "tax") == Decimal(delta["tax"]["amount"])
    assert Decimal(delta["credit"]["amount"]) + Decimal(delta["charge"]["amount"]) == Decimal(delta["net"]["amount"])
    assert delta["creditNotes"] == []

    net, total = (Decimal(upcoming[each]["amount"]) for each in ("subtotal", "total"))
    assert net - Decimal(upcoming["discountTotal"]["amount"]) + Decimal(upcoming["tax"]["amount"]) == total
    assert sum_of(upcoming["lines"], "amount", "tax") == total
    assert Decimal(upcoming["discountTotal"]["amount"]) == net * Decimal("0.2")
    assert (upcoming["issuedOn"], upcoming["finaliseAt"], upcoming["creditNotes"]) == ("2026-05-16", None, [])


async def test_what_is_previewed_is_what_is_charged(client: httpx.AsyncClient) -> None:
    """L22, in money: the invoice of the change has the preview's lines and total, discounts and tax with them."""
    sandbox = await Sandbox.open(client, at="2026-04-16T00:00:00Z")
    await sandbox.finance.ask(
        COUPON, input={"code": "TENTH", "name": "A tenth", "percent": "10", "idempotencyKey": "tenth"}
    )
    subscription = await sandbox.start("sales-starter", seats=3, couponCode="TENTH")
    change = {"subscriptionId": subscription, "quantities": [{"component": "seats", "quantity": 7}]}
    document = PREVIEW.replace("isImmediate", "isImmediate quote { token }")
    preview = (await sandbox.owner.ask(document, change=change))["planChangePreview"]
    applied = await sandbox.owner.ask(
        """mutation($input: SubscriptionChangePlanInput!) { subscriptionChangePlan(input: $input) {
          invoice { total { amount } tax { amount } lines { kind amount { amount } } } userErrors { code }
        } }""",
        input={"quoteToken": preview["quote"]["token"], "idempotencyKey": "apply"},
    )
    payload = applied["subscriptionChangePlan"]
    assert payload["userErrors"] == []
    assert payload["invoice"]["total"] == preview["delta"]["total"]
    assert payload["invoice"]["tax"] == preview["delta"]["tax"]
    assert [(line["kind"], line["amount"]) for line in payload["invoice"]["lines"]] == [
        (line["kind"], line["amount"]) for line in preview["delta"]["lines"]
    ]
