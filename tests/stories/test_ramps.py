"""What is agreed on for months ahead: seats that grow by a plan, decided, priced and accepted as one.

Each figure is worked out beside its story. Pipeline Starter is 10.00 a month and 15.00 a seat; a deal of these stories
is 300.00 a quarter and 30.00 a seat.
"""

import asyncio
from typing import Any

import httpx
import pytest

from db.engine import Database
from domain.actor import StaffRole
from tests.stories.auditing import audited
from tests.stories.hub import Hub
from tests.stories.offering import base, offer, seats
from tests.stories.telling import APPLY, Customer, told

PREVIEW = """query($input: PlanChangeInput!) { planChangePreview(input: $input) {
  isImmediate direction
  decision { verdict effectiveAt reasons { code verdict step remedy { action target } } }
  delta { net { amount } }
  nextInvoice { total { amount } }
  entitlementChanges { feature { code } }
  phases {
    step effectiveAt direction interval planVersion { plan { code } } quantities { component quantity }
    parts { rule } regularInvoice { total { amount } lines { description amount { amount } } }
    entitlementChanges { feature { code } before { ... on LimitValue { limit } } after { ... on LimitValue { limit } } }
  }
  quote { token } } }"""
AHEAD = """subscriptions(first: 5) { nodes {
  pendingChange { step status }
  phases { step status effectiveAt quantities { component quantity } ramp { step } laterSteps { step status } } } }"""
CHANGES = """subscriptions(first: 5) { nodes { planChanges(first: 20) { nodes {
  step status effectiveAt decision { verdict reasons { code sentence verdict } } laterSteps { step status } } } } }"""
UPCOMING = """query($id: ID!) { upcomingInvoice(subscriptionId: $id) {
  total { amount } lines { description amount { amount } } } }"""


@pytest.fixture(scope="module", autouse=True)
async def plans(client: httpx.AsyncClient) -> None:
    """A plan billed by the quarter, and two by the month."""
    for rank, (code, month) in enumerate((("ramp-small", "30.00"), ("ramp-large", "60.00"))):
        await offer(client, code, 91 + rank, base(month))
    await offer(client, "year-deal", 90, base("300.00"), seats("30.00"), interval="QUARTER")


def from_day(day: str, count: int) -> dict[str, Any]:
    """So many seats from a day on."""
    return {"on": day, "quantities": [{"component": "seats", "quantity": count}]}


async def an_enterprise(client: httpx.AsyncClient, name: str, at: str = "2026-06-01T08:00:00Z") -> Customer:
    """An enterprise with a card that is charged."""
    who = await Customer.opened(client, name, at, segment="ENTERPRISE")
    await who.card()
    return who


async def shown(who: Customer, subscription: str, **given: Any) -> Any:
    """What a preview says."""
    return (await who.owner.ask(PREVIEW, input={"subscriptionId": subscription, **given}))["planChangePreview"]


async def taken(who: Customer, preview: Any) -> Any:
    """The change that keeps the preview's quote."""
    codes = [each["code"] for each in preview["decision"]["reasons"] if each["verdict"] == "ASK_CONFIRMATION"]
    given = {"quoteToken": preview["quote"]["token"], "idempotencyKey": who.key(), "confirm": codes}
    done = (await who.owner.ask(APPLY, input=given))["subscriptionChangePlan"]
    assert done["userErrors"] == [], done
    return done["planChange"]


async def ahead(who: Customer) -> list[tuple[int, str, str, int]]:
    """What is to come: step, status, day, seats."""
    (subscription,) = (await who.look(AHEAD))["subscriptions"]["nodes"]
    return [
        (each["step"], each["status"], each["effectiveAt"][:10], int(_seats(each["quantities"])))
        for each in subscription["phases"]
    ]


def _seats(quantities: list[dict[str, str]]) -> str:
    return next(each["quantity"] for each in quantities if each["component"] == "seats")


async def changes(who: Customer) -> list[Any]:
    """Every accepted change with what became of it, by step."""
    (subscription,) = (await who.look(CHANGES))["subscriptions"]["nodes"]
    nodes: list[Any] = subscription["planChanges"]["nodes"]
    return sorted(nodes, key=lambda each: each["step"])


async def test_a_year_of_seats_is_approved_as_one_and_billed_step_by_step(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """10 seats until April, 25 from the second quarter, 50 from the fourth: 600.00, 1,050.00 twice, 1,800.00 twice."""
    who = await an_enterprise(client, "a-year-of-seats", "2026-01-01T08:00:00Z")
    subscription = await who.start("year-deal", "QUARTER", seats=10, commitmentMonths=12)
    asked: dict[str, Any] = {"phases": [from_day("2026-04-01", 25), from_day("2026-10-01", 50)]}
    before = await shown(who, subscription, **asked)
    assert (before["decision"]["verdict"], before["quote"]) == ("ASK_APPROVAL", None)
    assert [(each["code"], each["step"]) for each in before["decision"]["reasons"] if each["code"] == "PC-10"] == [
        ("PC-10", None)
    ]
    assert [
        (each["step"], each["effectiveAt"][:10], each["regularInvoice"]["total"]["amount"]) for each in before["phases"]
    ] == [(1, "2026-04-01", "1050.00"), (2, "2026-10-01", "1800.00")]
    assert before["nextInvoice"]["total"]["amount"] == "1050.00"
    done = await who.do(
        who.owner, "approvalRequest", "approval { id amount { amount } }",
        change={"subscriptionId": subscription, **asked}, reason="Our plan for the year",
    )  # fmt: skip
    assert done["approval"]["amount"]["amount"] == "1800.00"
    fiona = Hub.of_person(client, StaffRole.FINANCE, "Fiona")
    granted = await who.do(
        fiona, "approvalApprove", "planChange { step status laterSteps { step status } }",
        approvalId=done["approval"]["id"], answer="As agreed.",
    )  # fmt: skip
    assert granted["planChange"] == {
        "step": 1, "status": "SCHEDULED", "laterSteps": [{"step": 2, "status": "PLANNED"}],
    }  # fmt: skip
    assert await ahead(who) == [(1, "SCHEDULED", "2026-04-01", 25), (2, "PLANNED", "2026-10-01", 50)]
    assert await audited(demo_copy, who) == []
    # a dearer edition is no matter: the steps keep the prices that were agreed on
    await offer(client, "year-deal", 90, base("900.00"), seats("90.00"), interval="QUARTER", edition=2)
    await who.advance("2026-03-31T00:00:00Z")
    upcoming = (await who.owner.ask(UPCOMING, id=subscription))["upcomingInvoice"]
    assert [line["amount"]["amount"] for line in upcoming["lines"]] == ["300.00", "750.00"]
    await who.advance("2026-04-02T00:00:00Z")
    assert await ahead(who) == [(2, "SCHEDULED", "2026-10-01", 50)]
    await who.advance("2027-01-02T00:00:00Z")
    assert await ahead(who) == []
    assert [(each["step"], each["status"]) for each in await changes(who)] == [(1, "APPLIED"), (2, "APPLIED")]
    assert await who.documents() == told("""
        2026-01-01 SIGN_UP PAID 600.00 (paid 600.00)
          CHARGE Year deal: 300.00, 2026-01-01 to 2026-04-01
          CHARGE Year deal: Seats × 10: 300.00, 2026-01-01 to 2026-04-01
        2026-04-01 RENEWAL PAID 1050.00 (paid 1050.00)
          CHARGE Year deal: 300.00, 2026-04-01 to 2026-07-01
          CHARGE Year deal: Seats × 25: 750.00, 2026-04-01 to 2026-07-01
        2026-07-01 RENEWAL PAID 1050.00 (paid 1050.00)
          CHARGE Year deal: 300.00, 2026-07-01 to 2026-10-01
          CHARGE Year deal: Seats × 25: 750.00, 2026-07-01 to 2026-10-01
        2026-10-01 RENEWAL PAID 1800.00 (paid 1800.00)
          CHARGE Year deal: 300.00, 2026-10-01 to 2027-01-01
          CHARGE Year deal: Seats × 50: 1500.00, 2026-10-01 to 2027-01-01
        2027-01-01 RENEWAL PAID 1800.00 (paid 1800.00)
          CHARGE Year deal: 300.00, 2027-01-01 to 2027-04-01
          CHARGE Year deal: Seats × 50: 1500.00, 2027-01-01 to 2027-04-01""")
    assert await audited(demo_copy, who) == []


async def test_a_step_that_does_not_fit_on_its_day_ends_the_ramp_and_says_why(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """Ten seats, six from July, three from August, eight from September. In July five are in use: six they stay."""
    who = await an_enterprise(client, "no-longer-fits")
    subscription = await who.start("sales-starter", seats=10)
    await who.advance("2026-06-10T00:00:00Z")
    asked = [from_day("2026-07-01", 6), from_day("2026-08-01", 3), from_day("2026-09-01", 8)]
    first = await taken(who, await shown(who, subscription, phases=asked))
    assert first["status"] == "SCHEDULED"
    await who.advance("2026-07-20T00:00:00Z")
    assert await who.use("seats", ("used", "2026-07-19T00:00:00Z", "5")) == ["ACCEPTED"]
    assert await ahead(who) == [(2, "SCHEDULED", "2026-08-01", 3), (3, "PLANNED", "2026-09-01", 8)]
    await who.advance("2026-09-02T00:00:00Z")
    assert await ahead(who) == []
    told_of = await changes(who)
    assert [(each["step"], each["status"]) for each in told_of] == [
        (1, "APPLIED"), (2, "REFUSED"), (3, "CANCELLED"),
    ]  # fmt: skip
    assert told_of[1]["decision"]["verdict"] == "REFUSE"
    assert told_of[1]["decision"]["reasons"][1] == {
        "code": "PC-16",
        "sentence": "5 seats are in use and Pipeline Starter would have 3.",
        "verdict": "REFUSE",
    }
    assert await who.documents() == told("""
        2026-06-01 SIGN_UP PAID 160.00 (paid 160.00)
          CHARGE Pipeline Starter: 10.00, 2026-06-01 to 2026-07-01
          CHARGE Pipeline Starter: Seats × 10: 150.00, 2026-06-01 to 2026-07-01
        2026-07-01 RENEWAL PAID 100.00 (paid 100.00)
          CHARGE Pipeline Starter: 10.00, 2026-07-01 to 2026-08-01
          CHARGE Pipeline Starter: Seats × 6: 90.00, 2026-07-01 to 2026-08-01
        2026-08-01 RENEWAL PAID 100.00 (paid 100.00)
          CHARGE Pipeline Starter: 10.00, 2026-08-01 to 2026-09-01
          CHARGE Pipeline Starter: Seats × 6: 90.00, 2026-08-01 to 2026-09-01
        2026-09-01 RENEWAL PAID 100.00 (paid 100.00)
          CHARGE Pipeline Starter: 10.00, 2026-09-01 to 2026-10-01
          CHARGE Pipeline Starter: Seats × 6: 90.00, 2026-09-01 to 2026-10-01""")
    assert await audited(demo_copy, who) == []


async def test_what_replaces_a_pending_step_ends_the_rest_of_the_ramp(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """Two seats, three at once on 16 May, four from June, eight from July. On 16 June it is six instead, and stays so.

    16 May: 16 of 31 days: back 30.00 × 16/31 = 15.48, anew 45.00 × 16/31 = 23.23; 16 June: half of 60.00 and 90.00.
    """
    who = await an_enterprise(client, "ramp-replaced", "2026-05-01T08:00:00Z")
    subscription = await who.start("sales-starter", seats=2)
    await who.advance("2026-05-16T00:00:00Z")
    three = [{"component": "seats", "quantity": 3}]
    preview = await shown(
        who, subscription, quantities=three, phases=[from_day("2026-06-01", 4), from_day("2026-07-01", 8)]
    )
    assert [each["step"] for each in preview["phases"]] == [1, 2, 3]
    assert preview["nextInvoice"]["total"]["amount"] == "70.00"
    change = await taken(who, preview)
    await who.advance("2026-06-16T00:00:00Z")
    assert await ahead(who) == [(3, "SCHEDULED", "2026-07-01", 8)]
    six = [{"component": "seats", "quantity": 6}]
    refused = await shown(who, subscription, quantities=six)
    assert "PC-11" in [each["code"] for each in refused["decision"]["reasons"]]
    await taken(who, await shown(who, subscription, quantities=six, replacePending=True))
    assert await ahead(who) == []
    node = await who.owner.ask(
        "query($id: ID!) { node(id: $id) { ... on PlanChange { laterSteps { step status } } } }", id=change["id"]
    )
    assert node["node"]["laterSteps"] == [{"step": 2, "status": "APPLIED"}, {"step": 3, "status": "CANCELLED"}]
    await who.advance("2026-07-02T00:00:00Z")
    assert await who.documents() == told("""
        2026-05-01 SIGN_UP PAID 40.00 (paid 40.00)
          CHARGE Pipeline Starter: 10.00, 2026-05-01 to 2026-06-01
          CHARGE Pipeline Starter: Seats × 2: 30.00, 2026-05-01 to 2026-06-01
        2026-05-16 PLAN_CHANGE PAID 7.75 (paid 7.75)
          PRORATION_CREDIT Unused: Pipeline Starter: Seats × 2: -15.48, 2026-05-16 to 2026-06-01
          PRORATION_CHARGE Pipeline Starter: Seats × 3: 23.23, 2026-05-16 to 2026-06-01
        2026-06-01 RENEWAL PAID 70.00 (paid 70.00)
          CHARGE Pipeline Starter: 10.00, 2026-06-01 to 2026-07-01
          CHARGE Pipeline Starter: Seats × 4: 60.00, 2026-06-01 to 2026-07-01
        2026-06-16 PLAN_CHANGE PAID 15.00 (paid 15.00)
          PRORATION_CREDIT Unused: Pipeline Starter: Seats × 4: -30.00, 2026-06-16 to 2026-07-01
          PRORATION_CHARGE Pipeline Starter: Seats × 6: 45.00, 2026-06-16 to 2026-07-01
        2026-07-01 RENEWAL PAID 100.00 (paid 100.00)
          CHARGE Pipeline Starter: 10.00, 2026-07-01 to 2026-08-01
          CHARGE Pipeline Starter: Seats × 6: 90.00, 2026-07-01 to 2026-08-01""")
    assert await audited(demo_copy, who) == []


async def test_a_step_taken_back_an_end_and_a_lapse_end_the_ramp(client: httpx.AsyncClient) -> None:
    """Who takes the pending step back, leaves, or does not pay for the first step, has nothing to come."""
    back = await an_enterprise(client, "ramp-taken-back")
    subscription = await back.start("sales-starter", seats=2)
    asked = [from_day("2026-07-01", 4), from_day("2026-08-01", 6)]
    more = [from_day("2026-09-01", 8), from_day("2026-10-01", 9)]
    change = await taken(back, await shown(back, subscription, phases=[*asked, *more]))
    await back.do(back.owner, "planChangeCancel", planChangeId=change["id"])
    assert await ahead(back) == []
    assert [each["status"] for each in await changes(back)] == ["CANCELLED"] * 4
    # four steps are one change of the three that a day may have
    again = await shown(back, subscription, phases=asked)
    assert again["decision"]["verdict"] == "ALLOW"

    gone = await an_enterprise(client, "ramp-and-gone")
    subscription = await gone.start("sales-starter", seats=2)
    await taken(gone, await shown(gone, subscription, phases=asked))
    await gone.do(gone.owner, "subscriptionCancel", subscriptionId=subscription)
    await gone.advance("2026-07-02T00:00:00Z")
    assert [each["status"] for each in await changes(gone)][-2:] == ["CANCELLED", "CANCELLED"]

    unpaid = await Customer.opened(client, "ramp-unpaid", "2026-06-01T08:00:00Z", segment="ENTERPRISE")
    await unpaid.card()
    subscription = await unpaid.start("sales-starter", seats=2)
    await unpaid.card("4000 0000 0000 9995")
    await unpaid.advance("2026-06-10T00:00:00Z")
    three = [{"component": "seats", "quantity": 3}]
    change = await taken(unpaid, await shown(unpaid, subscription, quantities=three, phases=asked))
    assert change["status"] == "AWAITING_PAYMENT"
    assert [each[:2] for each in await ahead(unpaid)] == [
        (1, "AWAITING_PAYMENT"), (2, "PLANNED"), (3, "PLANNED"),
    ]  # fmt: skip
    await unpaid.advance("2026-06-12T00:00:00Z")
    assert [each["status"] for each in await changes(unpaid)] == ["EXPIRED", "CANCELLED", "CANCELLED"]


async def test_a_plan_agreed_on_for_later_keeps_the_price_it_was_agreed_at(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """30.00 a month, from August another plan at 60.00. Sold at 90.00 before the quote is taken, it stays 60.00."""
    who = await an_enterprise(client, "ramp-keeps-prices")
    subscription = await who.start("ramp-small")
    preview = await shown(who, subscription, phases=[{"on": "2026-08-01", "planId": await who.plan("ramp-large")}])
    assert preview["phases"][0]["regularInvoice"]["total"]["amount"] == "60.00"
    await offer(client, "ramp-large", 92, base("90.00"), edition=2)
    assert (await taken(who, preview))["status"] == "SCHEDULED"
    await who.advance("2026-09-02T00:00:00Z")
    assert await who.documents() == told("""
        2026-06-01 SIGN_UP PAID 30.00 (paid 30.00)
          CHARGE Ramp small: 30.00, 2026-06-01 to 2026-07-01
        2026-07-01 RENEWAL PAID 30.00 (paid 30.00)
          CHARGE Ramp small: 30.00, 2026-07-01 to 2026-08-01
        2026-08-01 RENEWAL PAID 60.00 (paid 60.00)
          CHARGE Ramp large: 60.00, 2026-08-01 to 2026-09-01
        2026-09-01 RENEWAL PAID 60.00 (paid 60.00)
          CHARGE Ramp large: 60.00, 2026-09-01 to 2026-10-01""")
    assert await audited(demo_copy, who) == []


async def test_a_new_zone_moves_every_step_with_its_boundary(client: httpx.AsyncClient) -> None:
    """Berlin is two hours ahead in summer: July and August begin at 22:00 UTC of the day before."""
    who = await an_enterprise(client, "ramp-moves-house")
    subscription = await who.start("sales-starter", seats=2)
    asked = [from_day("2026-07-01", 4), from_day("2026-08-01", 6)]
    await taken(who, await shown(who, subscription, phases=asked))
    await who.do(who.owner, "accountUpdate", accountId=who.id, timeZone="Europe/Berlin")
    (found,) = (await who.look(AHEAD))["subscriptions"]["nodes"]
    assert [each["effectiveAt"] for each in found["phases"]] == [
        "2026-06-30T22:00:00.000000Z", "2026-07-31T22:00:00.000000Z",
    ]  # fmt: skip
    await who.advance("2026-08-02T00:00:00Z")
    assert [each["status"] for each in await changes(who)] == ["APPLIED", "APPLIED"]


async def test_l22_a_preview_of_a_ramp_changes_nothing_and_its_quote_is_kept_or_stale(
    client: httpx.AsyncClient,
) -> None:
    who = await an_enterprise(client, "ramp-l22")
    subscription = await who.start("sales-starter", seats=6)
    asked = [from_day("2026-07-01", 4), from_day("2026-08-01", 2)]
    preview = await shown(who, subscription, phases=asked)
    assert await ahead(who) == []
    # notice agreed on meanwhile holds the steps that take less
    await who.do(who.finance, "accountTermsSet", accountId=who.id, reason="A deal", noticeDays=70)
    given = {"quoteToken": preview["quote"]["token"], "idempotencyKey": who.key()}
    done = (await who.owner.ask(APPLY, input=given))["subscriptionChangePlan"]
    assert [each["code"] for each in done["userErrors"]] == ["STALE_QUOTE"]
    assert "phases" in done["userErrors"][0]["message"]
    assert await ahead(who) == []
    again = await shown(who, subscription, phases=asked)
    assert [each["effectiveAt"][:10] for each in again["phases"]] == ["2026-09-01", "2026-10-01"]
    await taken(who, again)
    assert await ahead(who) == [(1, "SCHEDULED", "2026-09-01", 4), (2, "PLANNED", "2026-10-01", 2)]


async def test_l24_of_two_ramps_at_once_one_is_taken(client: httpx.AsyncClient) -> None:
    who = await an_enterprise(client, "ramp-l24")
    subscription = await who.start("sales-starter", seats=2)
    quotes = [
        (await shown(who, subscription, phases=[from_day("2026-07-01", 3 + each), from_day("2026-08-01", 9)]))["quote"]
        for each in range(4)
    ]
    answers = await asyncio.gather(
        *(who.owner.ask(APPLY, input={"quoteToken": quote["token"], "idempotencyKey": who.key()}) for quote in quotes)
    )
    accepted = [each for each in answers if each["subscriptionChangePlan"]["planChange"] is not None]
    assert len(accepted) == 1
    assert [each[1] for each in await ahead(who)] == ["SCHEDULED", "PLANNED"]


async def test_a_step_that_cannot_be_read_names_its_field(client: httpx.AsyncClient) -> None:
    who = await an_enterprise(client, "ramp-fields")
    subscription = await who.start("sales-starter", seats=2)
    asked: list[tuple[list[str], dict[str, Any]]] = [
        (["input", "phases", "0", "on"], {"phases": [from_day("2026-06-01", 3)]}),
        (["input", "phases", "0", "on"], {"phases": [{"quantities": []}]}),
        (["input", "phases", "1", "on"], {"phases": [from_day("2026-07-01", 3), from_day("2026-07-01", 4)]}),
        (["input", "phases", "0", "planId"], {"phases": [{"afterPeriods": 1, "planId": who.id}]}),
        (
            ["input", "phases", "0", "planId"],
            {"phases": [{"afterPeriods": 1, "planId": who.id.replace("acct_", "plan_")}]},
        ),
        (["input", "phases", "0", "quantities", "seats"], {"phases": [from_day("2026-07-01", 10_000)]}),
        (["input", "phases"], {"kind": "PAUSE", "phases": [from_day("2026-07-01", 3)]}),
    ]
    for path, given in asked:
        answer = (await who.owner.send(PREVIEW, input={"subscriptionId": subscription, **given})).json()
        assert answer["errors"][0]["extensions"]["field"] == path, (path, answer["errors"])
