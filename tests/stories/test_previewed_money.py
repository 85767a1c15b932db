"""A preview shows the documents that would be written: discounts beneath their lines, taxes, what adds up."""

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
