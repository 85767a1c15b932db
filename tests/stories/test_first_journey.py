"""The first customer journey: look at the account, preview a change, apply it, see the invoice.

On 17 June 2026 Lindenhof Architekten is 182 days and 13 hours into a year of Outreach Starter that began on 17 December
2025 in Berlin: 15,771,600 of 31,536,000 seconds remain.
"""

from typing import Any

import httpx
import pytest

from domain.actor import Role
from tests.stories.hub import Hub, account_id

LOOK = """
query Look($id: ID!) {
  account(by: { id: $id }) {
    subscription { id version plan { code } currentPeriod { start end } }
    entitlements { featureCode value { ... on MeteredValue { limit } } }
    invoices(first: 100) { totalCount nodes { id } }
    events(first: 4) { nodes { sequence type } }
  }
}
"""

PREVIEW = """
query Preview($input: PlanChangeInput!) {
  planChangePreview(input: $input) {
    direction
    isImmediate
    decision { verdict effectiveAt reasons { code verdict remedy { action } } }
    delta { credit { amount } charge { amount } net { amount currencyCode } lines { kind amount { amount } } }
    nextInvoice { issuesAt total { amount } }
    entitlementChanges { feature { code } isGained isLost fits }
    quote { token pricedAt expiresAt }
  }
}
"""

APPLY = """
mutation Apply($input: SubscriptionChangePlanInput!) {
  subscriptionChangePlan(input: $input) {
    subscription { plan { code } }
    planChange { id status direction effectiveAt }
    invoice { id number status total { amount } lines { kind amount { amount } explanation { sentence } } }
    decision { verdict reasons { code } }
    userErrors { code path figures { name value } remedy { action } }
  }
}
"""

CANCEL = """
mutation Cancel($input: PlanChangeCancelInput!) {
  planChangeCancel(input: $input) { planChange { status } userErrors { code } }
}
"""

PLAN = "query Plan($code: String!) { plan(by: { code: $code }) { id } }"


async def look(hub: Hub, slug: str) -> Any:
    return (await hub.ask(LOOK, id=account_id(slug)))["account"]


async def preview(hub: Hub, slug: str, plan: str, **more: Any) -> Any:
    subscription = (await look(hub, slug))["subscription"]["id"]
    plan_id = (await hub.ask(PLAN, code=plan))["plan"]["id"]
    found = await hub.ask(PREVIEW, input={"subscriptionId": subscription, "planId": plan_id, **more})
    return found["planChangePreview"]


async def apply(hub: Hub, token: str, key: str, *confirm: str) -> Any:
    found = await hub.ask(APPLY, input={"quoteToken": token, "idempotencyKey": key, "confirm": list(confirm)})
    return found["subscriptionChangePlan"]


async def test_an_upgrade_in_mid_year_charges_what_its_preview_showed(client: httpx.AsyncClient) -> None:
    hub = Hub.of(client, "annual-midterm")
    before = await look(hub, "annual-midterm")
    assert before["subscription"]["plan"]["code"] == "marketing-starter"

    shown = await preview(hub, "annual-midterm", "marketing-professional")
    assert shown["direction"] == "UPGRADE"
    assert shown["isImmediate"] is True
    assert shown["decision"]["verdict"] == "ALLOW"
    # credit 990.00 and charge 7,340.00 for 15,771,600 of 31,536,000 seconds: 495.113… and 3,670.838…
    assert shown["delta"]["credit"] == {"amount": "-495.11"}
    assert shown["delta"]["charge"] == {"amount": "3670.84"}
    assert shown["delta"]["net"] == {"amount": "3175.73", "currencyCode": "EUR"}
    assert shown["nextInvoice"]["total"] == {"amount": "7340.00"}
    gained = {each["feature"]["code"] for each in shown["entitlementChanges"] if each["isGained"]}
    assert "automation" in gained

    done = await apply(hub, shown["quote"]["token"], "upgrade-1")
    assert done["userErrors"] == []
    assert done["subscription"] == {"plan": {"code": "marketing-professional"}}
    assert done["planChange"]["status"] == "APPLIED"
    assert done["planChange"]["effectiveAt"] == shown["quote"]["pricedAt"]
    assert done["invoice"]["total"] == {"amount": "3175.73"}
    assert [(line["kind"], line["amount"]) for line in done["invoice"]["lines"]] == [
        (line["kind"], line["amount"]) for line in shown["delta"]["lines"]
    ]
    assert all(line["explanation"]["sentence"] for line in done["invoice"]["lines"])

    after = await look(hub, "annual-midterm")
    assert after["subscription"]["currentPeriod"] == before["subscription"]["currentPeriod"]
    assert after["invoices"]["totalCount"] == before["invoices"]["totalCount"] + 1
    limits = {each["featureCode"]: each["value"] for each in after["entitlements"]}
    assert limits["email-sends"] == {"limit": "60000"}
    numbers = [int(each["sequence"]) for each in after["events"]["nodes"]]
    assert numbers == [numbers[0] - at for at in range(4)]

    again = await client.post(
        "/graphql",
        json={
            "query": APPLY,
            "variables": {
                "input": {"quoteToken": shown["quote"]["token"], "idempotencyKey": "upgrade-1", "confirm": []}
            },
        },
        headers={"authorization": f"Bearer {hub.token}"},
    )
    assert again.json()["extensions"]["idempotentReplay"] is True
    assert again.json()["data"]["subscriptionChangePlan"] == done

    other_key = await apply(hub, shown["quote"]["token"], "upgrade-2")
    assert other_key["subscription"] is None
    assert [error["code"] for error in other_key["userErrors"]] == ["STALE_QUOTE"]
    assert {"name": "differs", "value": "lines"} in other_key["userErrors"][0]["figures"]


async def test_a_downgrade_waits_is_confirmed_and_can_be_taken_back(client: httpx.AsyncClient) -> None:
    hub = Hub.of(client, "dinar")
    plan = (await look(hub, "dinar"))["subscription"]["plan"]["code"]
    lower = (
        plan.replace("enterprise", "professional") if "enterprise" in plan else plan.replace("professional", "starter")
    )
    assert lower != plan, "this persona is on a plan that has one below it"
    shown = await preview(hub, "dinar", lower)
    assert shown["direction"] == "DOWNGRADE"
    assert shown["isImmediate"] is False
    assert shown["delta"]["lines"] == []
    codes = {reason["code"]: reason["verdict"] for reason in shown["decision"]["reasons"]}
    assert codes.get("PC-13") == "ASK_CONFIRMATION"

    unconfirmed = await apply(hub, shown["quote"]["token"], "down")
    assert unconfirmed["planChange"] is None
    assert unconfirmed["userErrors"] == []
    assert unconfirmed["decision"]["verdict"] == "ASK_CONFIRMATION"

    # a refusal has used no key up
    done = await apply(hub, shown["quote"]["token"], "down", "PC-13")
    assert done["planChange"]["status"] == "SCHEDULED"
    assert done["invoice"] is None
    assert done["subscription"] == {"plan": {"code": plan}}

    cancelled = await hub.ask(CANCEL, input={"planChangeId": done["planChange"]["id"], "idempotencyKey": "undo"})
    assert cancelled["planChangeCancel"] == {"planChange": {"status": "CANCELLED"}, "userErrors": []}
    twice = await hub.ask(CANCEL, input={"planChangeId": done["planChange"]["id"], "idempotencyKey": "undo-again"})
    assert [error["code"] for error in twice["planChangeCancel"]["userErrors"]] == ["NOT_SCHEDULED"]


async def test_an_account_whose_changes_are_blocked_is_told_what_to_pay(client: httpx.AsyncClient) -> None:
    hub = Hub.of(client, "past-due", Role.BILLING_ADMIN)
    shown = await preview(hub, "past-due", "marketing-professional")
    assert shown["decision"]["verdict"] == "REFUSE"
    assert shown["quote"] is None
    blocked = next(reason for reason in shown["decision"]["reasons"] if reason["code"] == "PC-18")
    assert blocked["remedy"] == {"action": "PAY_INVOICE"}


async def test_a_viewer_looks_and_changes_nothing(client: httpx.AsyncClient) -> None:
    viewer, owner = Hub.of(client, "smb-monthly", Role.VIEWER), Hub.of(client, "smb-monthly")
    shown = await preview(viewer, "smb-monthly", "marketing-professional")
    assert "PC-02" in {reason["code"] for reason in shown["decision"]["reasons"]}
    token = (await preview(owner, "smb-monthly", "marketing-professional"))["quote"]["token"]
    tried = await apply(viewer, token, "viewer")
    assert tried["planChange"] is None
    assert tried["userErrors"] == []
    assert "PC-02" in {reason["code"] for reason in tried["decision"]["reasons"]}


async def test_a_stranger_finds_neither_quote_nor_subscription(client: httpx.AsyncClient) -> None:
    owner, stranger = Hub.of(client, "yen"), Hub.of(client, "smb-monthly")
    subscription = (await look(owner, "yen"))["subscription"]["id"]
    assert await stranger.ask(PREVIEW, input={"subscriptionId": subscription}) == {"planChangePreview": None}
    shown = await owner.ask(
        PREVIEW, input={"subscriptionId": subscription, "quantities": [{"component": "seats", "quantity": 9}]}
    )
    quote = shown["planChangePreview"]["quote"]
    tried = await apply(stranger, quote["token"], "stranger")
    assert [error["code"] for error in tried["userErrors"]] == ["NOT_FOUND"]


@pytest.mark.parametrize(
    ("says", "change", "field"),
    [
        (
            "negative seats",
            {"quantities": [{"component": "seats", "quantity": -1}]},
            ["input", "quantities", "seats"],
        ),
        (
            "too many seats",
            {"quantities": [{"component": "seats", "quantity": 9999}]},
            ["input", "quantities", "seats"],
        ),
        (
            "no such component",
            {"quantities": [{"component": "chairs", "quantity": 1}]},
            ["input", "quantities", "chairs"],
        ),
        ("an id that is none", {"planId": "plan_nonsense"}, ["input", "planId"]),
        ("an id of another type", {"planId": "acct_" + "0" * 32}, ["input", "planId"]),
    ],
)
async def test_bad_input_names_the_field(
    client: httpx.AsyncClient, says: str, change: dict[str, Any], field: list[str]
) -> None:
    hub = Hub.of(client, "smb-monthly")
    subscription = (await look(hub, "smb-monthly"))["subscription"]["id"]
    response = await hub.send(PREVIEW, input={"subscriptionId": subscription, **change})
    error = response.json()["errors"][0]
    assert response.status_code == 200, says
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("BAD_USER_INPUT", field), says


async def test_a_key_that_is_none_is_named_from_the_argument_on(client: httpx.AsyncClient) -> None:
    tried = await apply(Hub.of(client, "yen"), "quot_" + "0" * 32, "not visible")
    assert [(error["code"], error["path"]) for error in tried["userErrors"]] == [
        ("INVALID_INPUT", ["input", "idempotencyKey"])
    ]
