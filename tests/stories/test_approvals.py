"""Changes that need approval, through the public API: what the customer, support and finance see at every turn.

A month of June has 30 days; a day costs 1.00, 2.00 or, from a later edition, 3.00.
"""

from typing import Any

import httpx
import pytest

from db.engine import Database
from domain.actor import StaffRole
from tests.stories.auditing import audited
from tests.stories.hub import Hub
from tests.stories.offering import base, offer
from tests.stories.telling import APPLY, Customer

PREVIEW = """query($input: PlanChangeInput!) { planChangePreview(input: $input) {
  decision { verdict reasons { code verdict grantedBy remedy { action target } } }
  delta { net { amount } } quote { token } } }"""
OPEN = "subscriptions(first: 1) { nodes { openApproval { id status } pendingChange { effectiveAt } plan { code } } }"
NODE = """query($id: ID!) { node(id: $id) { ... on Approval {
  status reason amount { amount } askedByKind requestedAt expiresAt answeredAt answer waitedHours
  askedBy { id } answeredBy { id } planChange { status approval { id } }
  change { kind plan { code } interval quantities { component quantity } }
  decision { verdict reasons { code sentence } } } } }"""
QUEUE = """query { approvals(first: 100, filter: { status: [REQUESTED], segment: ENTERPRISE }) {
  nodes { id waitedHours amount { amount } account { id } } } }"""


@pytest.fixture(scope="module", autouse=True)
async def plans(client: httpx.AsyncClient) -> None:
    """Two plans of one product."""
    for rank, (code, month) in enumerate((("small-deal", "30.00"), ("large-deal", "60.00"))):
        await offer(client, code, 70 + rank, base(month))


async def a_contract(client: httpx.AsyncClient, name: str, plan: str) -> tuple[Customer, str]:
    """An enterprise with a card, under contract for a year from 1 June; and its subscription."""
    who = await Customer.opened(client, name, "2026-06-01T08:00:00Z", segment="ENTERPRISE")
    await who.card()
    subscription = await who.start(plan, commitmentMonths=12)
    await who.advance("2026-06-11T00:00:00Z")
    return who, subscription


def finance(who: Customer) -> Hub:
    return Hub.of_person(who.client, StaffRole.FINANCE, "Fiona")


async def request(who: Customer, subscription: str, plan: str, hub: Hub | None = None) -> str:
    change = {"subscriptionId": subscription, "planId": await who.plan(plan)}
    done = await who.do(hub or who.owner, "approvalRequest", "approval { id }", change=change, reason="A new deal")
    return str(done["approval"]["id"])


async def shown(who: Customer, subscription: str, plan: str) -> Any:
    given = {"subscriptionId": subscription, "planId": await who.plan(plan)}
    return (await who.owner.ask(PREVIEW, input=given))["planChangePreview"]


def asking(preview: Any) -> Any:
    (reason,) = [each for each in preview["decision"]["reasons"] if each["code"] == "PC-10"]
    return reason


async def test_an_approval_granted_after_the_price_changed(client: httpx.AsyncClient, demo_copy: Database) -> None:
    who, subscription = await a_contract(client, "dearer-deal", "small-deal")
    # -20.00 + 40.00 for the 20 days left, 60.00 a month from then on; nobody may take it as it is
    before = await shown(who, subscription, "large-deal")
    assert (before["delta"]["net"]["amount"], before["quote"]) == ("20.00", None)
    assert asking(before)["remedy"] == {"action": "REQUEST_APPROVAL", "target": subscription}
    approval = await request(who, subscription, "large-deal")
    (seen,) = (await who.look(OPEN))["subscriptions"]["nodes"]
    assert seen["openApproval"] == {"id": approval, "status": "REQUESTED"}
    await offer(client, "large-deal", 71, base("90.00"), edition=2)
    await who.advance("2026-06-16T00:00:00Z")
    (queued,) = [each for each in (await finance(who).ask(QUEUE))["approvals"]["nodes"] if each["id"] == approval]
    assert queued == {
        "id": approval, "waitedHours": 120, "amount": {"amount": "60.00"}, "account": {"id": who.id},
    }  # fmt: skip
    done = await who.do(
        finance(who), "approvalApprove", "approval { status } planChange { id } decision { verdict }",
        approvalId=approval, answer="As agreed in May.",
    )  # fmt: skip
    assert (done["approval"]["status"], done["planChange"], done["decision"]) == ("APPROVED", None, None)
    # the same request at today's price: -15.00 + 45.00 for the 15 days left
    after = await shown(who, subscription, "large-deal")
    assert asking(after) == {"code": "PC-10", "verdict": "ALLOW", "grantedBy": approval, "remedy": None}
    assert after["delta"]["net"]["amount"] == "30.00"
    taken = {"quoteToken": after["quote"]["token"], "idempotencyKey": who.key()}
    change = (await who.owner.ask(APPLY, input=taken))["subscriptionChangePlan"]["planChange"]
    assert change["status"] == "APPLIED"
    assert (await who.owner.ask(NODE, id=approval))["node"] == {
        "status": "USED",
        "reason": "A new deal",
        "amount": {"amount": "60.00"},
        "askedByKind": "CUSTOMER",
        "requestedAt": "2026-06-11T00:00:00.000000Z",
        "expiresAt": "2026-06-30T00:00:00.000000Z",
        "answeredAt": "2026-06-16T00:00:00.000000Z",
        "answer": "As agreed in May.",
        "waitedHours": 120,
        "askedBy": None,
        "answeredBy": None,
        "planChange": {"status": "APPLIED", "approval": {"id": approval}},
        "change": {
            "kind": "SWITCH", "plan": {"code": "large-deal"}, "interval": "MONTH",
            "quantities": [{"component": "base", "quantity": "1"}],
        },
        "decision": {
            "verdict": "ASK_APPROVAL",
            "reasons": [
                {"code": "T-07", "sentence": "An upgrade or a sideways move takes effect at once."},
                {
                    "code": "PC-10",
                    "sentence": "Your contract runs until 2027-06-01; your contract manager approves changes.",
                },
            ],
        },
    }  # fmt: skip
    await who.advance("2026-07-01T00:00:00Z")
    totals = [each["total"]["amount"] for each in (await who.raw_documents())[0]]
    assert totals == ["30.00", "30.00", "90.00"], "June, the delta at the new price, July"
    assert await audited(demo_copy, who) == []


async def test_a_downgrade_that_was_approved_is_taken_when_the_contract_ends(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    who, subscription = await a_contract(client, "smaller-deal", "large-deal")
    approval = await request(who, subscription, "small-deal")
    done = await who.do(
        finance(who), "approvalApprove", "approval { status } planChange { status effectiveAt }",
        approvalId=approval, answer="Agreed.",
    )  # fmt: skip
    # nothing has changed since it was asked: the grant schedules it
    assert done["approval"]["status"] == "USED"
    assert done["planChange"] == {"status": "SCHEDULED", "effectiveAt": "2027-06-01T00:00:00.000000Z"}
    (seen,) = (await who.look(OPEN))["subscriptions"]["nodes"]
    assert (seen["openApproval"], seen["plan"]) == (None, {"code": "large-deal"})
    await who.advance("2027-06-01T00:00:00Z")
    found = await who.look("planChanges(first: 1) { nodes { status } } subscription { plan { code } }")
    assert found == {
        "planChanges": {"nodes": [{"status": "APPLIED"}]},
        "subscription": {"plan": {"code": "small-deal"}},
    }
    assert await audited(demo_copy, who) == []


async def test_what_support_proposes_the_customer_takes(client: httpx.AsyncClient, demo_copy: Database) -> None:
    who, subscription = await a_contract(client, "proposed-deal", "small-deal")
    sam = Hub.of_person(client, StaffRole.SUPPORT, "Sam")
    approval = await request(who, subscription, "large-deal", sam)
    done = await who.do(finance(who), "approvalApprove", "planChange { id }", approvalId=approval, answer="Good idea.")
    assert done["planChange"] is None, "nobody but the customer takes it"
    await who.change(subscription, "large-deal")
    found = await who.look("approvals(first: 9) { nodes { status askedByKind askedBy { id } } }")
    assert found["approvals"]["nodes"] == [{"status": "USED", "askedByKind": "STAFF", "askedBy": None}]
    assert await audited(demo_copy, who) == []


async def test_a_request_is_over_at_its_instant(client: httpx.AsyncClient, demo_copy: Database) -> None:
    who, subscription = await a_contract(client, "late-deal", "small-deal")
    approval = await request(who, subscription, "large-deal")
    await who.advance("2026-06-25T00:00:00Z")
    no = await who.attempt(finance(who), "approvalApprove", approvalId=approval, answer="Yes.")
    assert [each["code"] for each in no["userErrors"]] == ["NOT_REQUESTED"]
    assert (await who.owner.ask(NODE, id=approval))["node"]["status"] == "EXPIRED"
    events = await who.look('events(first: 1, filter: { type: ["approval.expired"] }) { nodes { occurredAt } }')
    assert events["events"]["nodes"] == [{"occurredAt": "2026-06-25T00:00:00.000000Z"}]
    assert await audited(demo_copy, who) == []


async def test_an_upgrade_that_is_granted_is_paid_by_the_card_it_would_have_been_paid_by(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    who, subscription = await a_contract(client, "granted-and-paid", "small-deal")
    approval = await request(who, subscription, "large-deal")
    done = await who.do(
        finance(who),
        "approvalApprove",
        "approval { status } planChange { status invoice { status total { amount } } }",
        approvalId=approval,
        answer="Agreed.",
    )
    assert done["approval"]["status"] == "USED"
    assert done["planChange"]["status"] == "APPLIED"
    assert done["planChange"]["invoice"]["status"] == "PAID"
    (seen,) = (await who.look(OPEN))["subscriptions"]["nodes"]
    assert seen["plan"]["code"] == "large-deal"
    assert await audited(demo_copy, who) == []
