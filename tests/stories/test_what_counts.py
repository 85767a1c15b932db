"""What counts as the same request, and what as a change: who says more of what stays asks for nothing else, and who
pauses has not gone up.
"""

from typing import Any

import httpx

from db.engine import Database
from domain.actor import StaffRole
from tests.stories.auditing import audited
from tests.stories.hub import Hub
from tests.stories.telling import APPLY, Customer

PREVIEW = """query($input: PlanChangeInput!) { planChangePreview(input: $input) {
  decision { verdict reasons { code verdict } } quote { token } } }"""


def seats(count: int) -> list[dict[str, Any]]:
    return [{"component": "seats", "quantity": count}]


async def shown(who: Customer, subscription: str, **asked: Any) -> Any:
    return (await who.owner.ask(PREVIEW, input={"subscriptionId": subscription, **asked}))["planChangePreview"]


async def taken(who: Customer, subscription: str, **asked: Any) -> Any:
    quote = (await shown(who, subscription, **asked))["quote"]
    given = {"quoteToken": quote["token"], "idempotencyKey": who.key()}
    done = (await who.owner.ask(APPLY, input=given))["subscriptionChangePlan"]
    assert done["planChange"] is not None, done
    return done["planChange"]


async def test_a_grant_is_of_the_same_request_whether_or_not_it_names_the_plan_that_stays(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    who = await Customer.opened(client, "more-of-the-same", "2026-06-01T08:00:00Z", segment="ENTERPRISE")
    await who.card()
    subscription = await who.start("sales-professional", seats=5, commitmentMonths=12)
    plan = await who.plan("sales-professional")
    support = Hub.of_person(client, StaffRole.SUPPORT, "Sue")
    asked = {"subscriptionId": subscription, "quantities": seats(8)}
    proposed = await who.do(
        support, "approvalRequest", "approval { id change { plan { code } } }", change=asked, reason="Three more"
    )
    assert proposed["approval"]["change"] == {"plan": {"code": "sales-professional"}}
    finance = Hub.of_person(client, StaffRole.FINANCE, "Fiona")
    await who.do(
        finance, "approvalApprove", "approval { status }", approvalId=proposed["approval"]["id"], answer="Agreed."
    )
    for same in ({}, {"planId": plan}, {"interval": "MONTH"}, {"planId": plan, "interval": "MONTH"}):
        seen = await shown(who, subscription, quantities=seats(8), **same)
        assert (seen["decision"]["verdict"], seen["quote"] is not None) == ("ALLOW", True), same
    other = await shown(who, subscription, quantities=seats(9), planId=plan)
    assert other["decision"]["verdict"] == "ASK_APPROVAL"
    assert (await taken(who, subscription, quantities=seats(8), planId=plan))["status"] == "APPLIED"
    assert await audited(demo_copy, who) == []


async def test_who_pauses_and_goes_on_has_neither_gone_up_nor_changed_plan(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """An edition asks before going down within 30 days of going up; a fourth change of a day is refused."""
    who = await Customer.opened(client, "a-short-rest", "2026-06-01T08:00:00Z", netDays=30)
    subscription = await who.start("sales-professional", seats=5)
    finance = Hub.of_staff(client, StaffRole.FINANCE)
    await who.do(finance, "policyOverrideSet", accountId=who.id, version="2026-12.1", reason="Tries the newer edition")
    for at, kind in (("09", "PAUSE"), ("10", "RESUME"), ("11", "PAUSE"), ("12", "RESUME")):
        await who.advance(f"2026-06-01T{at}:00:00Z")
        assert (await taken(who, subscription, kind=kind))["status"] == "APPLIED"
    down = await shown(who, subscription, quantities=seats(4))
    assert [each["code"] for each in down["decision"]["reasons"]] == ["T-05"]
    # a change of terms is one, and its way up is remembered
    await taken(who, subscription, quantities=seats(6))
    down = await shown(who, subscription, quantities=seats(4))
    assert [each["code"] for each in down["decision"]["reasons"]] == ["T-05", "PC-40"]
    for count in (7, 8):
        await taken(who, subscription, quantities=seats(count))
    fourth = await shown(who, subscription, quantities=seats(9))
    assert [each["code"] for each in fourth["decision"]["reasons"]] == ["T-07", "PC-12"]
    assert await audited(demo_copy, who) == []
