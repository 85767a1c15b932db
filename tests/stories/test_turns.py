"""What a hub shows before a subscription ends, rests or goes on, and changes side by side, over the public API."""

import httpx

from db.engine import Database
from tests.stories.auditing import audited
from tests.stories.telling import Customer

SIDE_BY_SIDE = """query($of: ID!, $candidates: [PlanChangeCandidateInput!]!) {
    planChangePreviews(subscriptionId: $of, candidates: $candidates) {
        kind isImmediate decision { verdict reasons { code } } delta { net { amount } }
        parts { axis direction } nextInvoice { total { amount } lines { description } }
        quote { token facts { planVersion { number } standing period { start end }
            prices { component quantity price { id } } usage { used } pendingChange { id } } } } }"""
APPLY = """mutation($input: SubscriptionChangePlanInput!) { subscriptionChangePlan(input: $input) {
    subscription { status cancelAt } planChange { status } decision { verdict }
    userErrors { code message figures { name value } } } }"""


async def test_an_end_a_pause_and_an_upgrade_side_by_side(client: httpx.AsyncClient) -> None:
    customer = await Customer.opened(client, "side-by-side", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-starter", seats=3)  # 10.00 and three seats of 15.00, 30 days
    await customer.advance("2026-06-16T00:00:00Z")
    candidates = [
        {"kind": "CANCEL"},
        {"kind": "PAUSE"},
        {"quantities": [{"component": "seats", "quantity": 5}]},
        {"kind": "PAUSE", "planId": await customer.plan("sales-starter")},
        {"planId": "plan_00000000000000000000000000000000"},
        {"kind": "RESUME"},
    ]
    answer = (await customer.owner.send(SIDE_BY_SIDE, of=subscription, candidates=candidates)).json()
    end, rest, more, odd, unknown, resume = answer["data"]["planChangePreviews"]
    assert (end["kind"], end["isImmediate"], end["nextInvoice"]["lines"]) == ("CANCEL", False, [])
    assert rest["delta"]["net"]["amount"] == "-27.50"  # half of 55.00
    assert more["delta"]["net"]["amount"] == "15.00"  # half of two more seats
    assert (odd, unknown) == (None, None)
    (error,) = answer["errors"]
    assert error["path"] == ["planChangePreviews", 3]
    assert (resume["decision"]["verdict"], resume["quote"]) == ("REFUSE", None)
    assert "PC-35" in [each["code"] for each in resume["decision"]["reasons"]]
    known = more["quote"]["facts"]
    assert (known["standing"], known["pendingChange"]) == ("GOOD", None)
    assert [(each["component"], each["quantity"]) for each in known["prices"]] == [("base", "1"), ("seats", "5")]
    # one of them is taken, and the others are stale from then on
    taken = {"quoteToken": rest["quote"]["token"], "idempotencyKey": customer.key()}
    done = (await customer.owner.ask(APPLY, input=taken))["subscriptionChangePlan"]
    assert (done["subscription"]["status"], done["planChange"]["status"]) == ("PAUSED", "APPLIED")
    taken = {"quoteToken": end["quote"]["token"], "idempotencyKey": customer.key()}
    late = (await customer.owner.ask(APPLY, input=taken))["subscriptionChangePlan"]
    (stale,) = late["userErrors"]
    assert stale["code"] == "STALE_QUOTE"
    assert {"name": "differs", "value": "effectiveAt"} in stale["figures"]
    assert {each["name"] for each in stale["figures"]} >= {"effectiveAtPromised", "effectiveAtNow"}


async def test_a_no_to_one_step_is_the_decision_and_no_error(client: httpx.AsyncClient) -> None:
    customer = await Customer.opened(client, "one-step", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-starter", commitmentMonths=12)
    asked = "subscription { id } decision { verdict reasons { code remedy { action } } }"
    no = await customer.do(customer.owner, "subscriptionCancel", asked, subscriptionId=subscription, isImmediate=True)
    assert (no["subscription"], no["decision"]["verdict"]) == (None, "REFUSE")
    assert [each["code"] for each in no["decision"]["reasons"][1:]] == ["PC-30"]
    yes = await customer.do(customer.owner, "subscriptionCancel", asked, subscriptionId=subscription)
    assert (yes["decision"]["verdict"], yes["decision"]["reasons"][0]["code"]) == ("ALLOW", "T-10")


async def test_how_many_and_what_is_asked_is_read_strictly(client: httpx.AsyncClient) -> None:
    customer = await Customer.opened(client, "too-many", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-starter")
    for count in (0, 21):
        answer = (
            await customer.owner.send(SIDE_BY_SIDE, of=subscription, candidates=[{"kind": "CANCEL"}] * count)
        ).json()
        assert answer["data"]["planChangePreviews"] is None
        assert "20" in answer["errors"][0]["message"]


async def test_what_came_due_in_a_pause_is_said_to_come_at_the_next_boundary(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """One seat less from July, paused over July: it goes on in August with two seats, and with one from September."""
    customer = await Customer.opened(client, "due-in-a-pause", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-starter", seats=2)
    await customer.change(subscription, quantities=[{"component": "seats", "quantity": 1}])
    await customer.advance("2026-06-16T00:00:00Z")
    await customer.do(customer.owner, "subscriptionPause", subscriptionId=subscription)
    await customer.advance("2026-08-16T12:00:00Z")
    await customer.do(customer.owner, "subscriptionResume", subscriptionId=subscription)
    waiting = "subscriptions(first: 1) { nodes { pendingChange { status effectiveAt } } }"
    (seen,) = (await customer.look(waiting))["subscriptions"]["nodes"]
    assert seen["pendingChange"] == {"status": "SCHEDULED", "effectiveAt": "2026-09-01T00:00:00.000000Z"}
    query = """query($input: PlanChangeInput!) { planChangePreview(input: $input) {
        decision { reasons { code sentence } } } }"""
    three = {"subscriptionId": subscription, "quantities": [{"component": "seats", "quantity": 3}]}
    said = (await customer.owner.ask(query, input=three))["planChangePreview"]["decision"]["reasons"]
    assert {"code": "PC-11", "sentence": "A change to Pipeline Starter is scheduled for 2026-09-01."} in said
    await customer.advance("2026-09-02T00:00:00Z")
    invoices, _, _ = await customer.raw_documents()
    assert [each["total"]["amount"] for each in invoices] == ["40.00", "20.00", "25.00"]
    assert await audited(demo_copy, customer) == []


async def test_a_trial_that_ends_and_what_is_changed_at_that_very_instant(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """A clock that stands. The day of the end counts whole, for the first of them: 10.00 and 15.00 a seat from 11 June.

    Two seats take the place of one at noon, then all rests and goes on: 29.5 of 30 days are 14.75, 29.50 and 39.33.
    """
    customer = await Customer.opened(client, "all-at-noon", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-starter", trialDays=20)
    await customer.advance("2026-06-11T12:00:00Z")
    await customer.change(subscription, kind="END_TRIAL")
    await customer.change(subscription, quantities=[{"component": "seats", "quantity": 2}])
    assert await audited(demo_copy, customer) == []
    await customer.change(subscription, kind="PAUSE")
    await customer.change(subscription, kind="RESUME")
    assert await audited(demo_copy, customer) == []
    await customer.advance("2026-07-12T00:00:00Z")
    invoices, _, _ = await customer.raw_documents()
    assert [each["total"]["amount"] for each in invoices] == ["25.00", "14.75", "39.33", "40.00"]
    assert await audited(demo_copy, customer) == []
