"""What was agreed with one account beyond the catalog, told through the public API and checked by the audit.

Pipeline Starter is 10.00 a month and 15.00 a seat, Professional 90.00 and 75.00 with three seats at least.
"""

from typing import Any

import httpx

from db.engine import Database
from domain.actor import Role, StaffRole
from tests.stories.auditing import audited
from tests.stories.hub import Hub
from tests.stories.offering import base, offer
from tests.stories.telling import Customer, told

TERMS = """noticeDays noDowngradeUntil pricesLockedAt pricesLockedUntil discountPercent
  spendCap { amount } reason allowedPlans { plan { code } } createdAt endedAt"""


async def agree(customer: Customer, **given: Any) -> Any:
    """Agree on terms with a customer, by finance; the terms."""
    asked = {"accountId": customer.id, "reason": "A deal", **given}
    done = await customer.do(customer.finance, "accountTermsSet", f"terms {{ {TERMS} }}", **asked)
    return done["terms"]


async def test_a_customer_reads_what_binds_it_and_staff_what_bound_it_before(client: httpx.AsyncClient) -> None:
    customer = await Customer.opened(client, "terms-read", "2026-06-01T08:00:00Z")
    assert (await customer.look(f"terms {{ {TERMS} }}"))["terms"] is None
    pro = await customer.plan("sales-professional")
    first = await agree(customer, noticeDays=30, allowedPlanIds=[pro])
    assert (first["noticeDays"], first["allowedPlans"]) == (30, [{"plan": {"code": "sales-professional"}}])
    await customer.advance("2026-06-10T08:00:00Z")
    second = await agree(
        customer,
        noDowngradeUntil="2026-12-01T00:00:00Z",
        pricesLockedAt="2026-06-01T00:00:00Z",
        pricesLockedUntil="2027-06-01T00:00:00Z",
        discountPercent="12.5",
        spendCap=customer.money("500.00"),
    )
    mine = await customer.look(f"terms {{ {TERMS} }} termsHistory(first: 9) {{ nodes {{ createdAt }} }}")
    assert mine["terms"] == second | {"reason": None}
    assert mine["termsHistory"] is None
    assert (second["discountPercent"], second["spendCap"]) == ("12.5", {"amount": "500.00"})
    assert second["noDowngradeUntil"] == "2026-12-01T00:00:00.000000Z"
    query = (
        "query($id: ID!) { account(by: { id: $id }) { termsHistory(first: 9) { nodes { reason createdAt endedAt } } } }"
    )
    support = Hub.of_staff(client, StaffRole.SUPPORT)
    seen = (await support.ask(query, id=customer.id))["account"]["termsHistory"]["nodes"]
    assert seen == [
        {"reason": "A deal", "createdAt": "2026-06-10T08:00:00.000000Z", "endedAt": None},
        {"reason": "A deal", "createdAt": "2026-06-01T08:00:00.000000Z", "endedAt": "2026-06-10T08:00:00.000000Z"},
    ]


async def test_only_finance_agrees_and_bad_terms_name_their_field(client: httpx.AsyncClient) -> None:
    """The sign-up has charged 25.00 before tax: no cap below that."""
    customer = await Customer.opened(client, "terms-bad", "2026-06-01T08:00:00Z")
    await customer.start("sales-starter")
    for hub in (customer.owner, Hub.of(client, "smb-monthly", Role.VIEWER), Hub.of_staff(client, StaffRole.SUPPORT)):
        done = await customer.attempt(hub, "accountTermsSet", accountId=customer.id, reason="Mine")
        assert [error["path"] for error in done["userErrors"]] == [["input", "accountId"]]
    asked: list[tuple[str, dict[str, Any]]] = [
        ("noticeDays", {"noticeDays": -1}),
        ("pricesLockedUntil", {"pricesLockedAt": "2026-05-02T00:00:00Z", "pricesLockedUntil": "2026-05-01T00:00:00Z"}),
        ("discountPercent", {"discountPercent": "100.5"}),
        ("spendCap", {"spendCap": customer.money("24.99")}),
        ("spendCap", {"spendCap": customer.money("100.00", "EUR")}),
        ("allowedPlanIds", {"allowedPlanIds": [customer.id.replace("acct_", "plan_")]}),
    ]
    for field, given in asked:
        done = await customer.attempt(
            customer.finance, "accountTermsSet", accountId=customer.id, reason="Wrong", **given
        )
        assert [error["path"][1] for error in done["userErrors"]] == [field], given
    assert (await customer.look("terms { id }"))["terms"] is None
    assert (await agree(customer, spendCap=customer.money("25.00")))["spendCap"] == {"amount": "25.00"}


async def test_an_agreed_discount_is_taken_off_from_the_next_billed_line_on(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """10 % from 11 June on. On 16 June a second seat: half of 15.00 back, half of 30.00 anew less 1.50. From 21 June
    another agreement gives 20 %: June goes on at 10 %, also for the third seat on 26 June, of which 5 of 30 days are
    left: back 1/3 of 15.00 less 1.50, which is 4.50; anew 1/6 of 45.00 less 0.75. July is at 20 %.
    """
    customer = await Customer.opened(client, "agreed-discount", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-starter")
    await customer.advance("2026-06-11T00:00:00Z")
    await agree(customer, discountPercent="10")
    await customer.advance("2026-06-16T00:00:00Z")
    await customer.change(subscription, quantities=[{"component": "seats", "quantity": 2}])
    await customer.advance("2026-06-21T00:00:00Z")
    await agree(customer, discountPercent="20")
    await customer.advance("2026-06-26T00:00:00Z")
    await customer.change(subscription, quantities=[{"component": "seats", "quantity": 3}])
    await customer.advance("2026-07-02T00:00:00Z")
    await agree(customer, noticeDays=30)
    await customer.advance("2026-08-02T00:00:00Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP PAID 25.00 (paid 25.00)
          CHARGE Pipeline Starter: 10.00, 2026-06-01 to 2026-07-01
          CHARGE Pipeline Starter: Seats × 1: 15.00, 2026-06-01 to 2026-07-01
        2026-06-16 PLAN_CHANGE PAID 6.00 (paid 6.00)
          PRORATION_CREDIT Unused: Pipeline Starter: Seats × 1: -7.50, 2026-06-16 to 2026-07-01
          PRORATION_CHARGE Pipeline Starter: Seats × 2: 15.00, 2026-06-16 to 2026-07-01
          DISCOUNT Agreed discount: Pipeline Starter: Seats × 2: -1.50, 2026-06-16 to 2026-07-01
        2026-06-26 PLAN_CHANGE PAID 2.25 (paid 2.25)
          PRORATION_CREDIT Unused: Pipeline Starter: Seats × 2: -4.50, 2026-06-26 to 2026-07-01
          PRORATION_CHARGE Pipeline Starter: Seats × 3: 7.50, 2026-06-26 to 2026-07-01
          DISCOUNT Agreed discount: Pipeline Starter: Seats × 3: -0.75, 2026-06-26 to 2026-07-01
        2026-07-01 RENEWAL PAID 44.00 (paid 44.00)
          CHARGE Pipeline Starter: 10.00, 2026-07-01 to 2026-08-01
          DISCOUNT Agreed discount: Pipeline Starter: -2.00, 2026-07-01 to 2026-08-01
          CHARGE Pipeline Starter: Seats × 3: 45.00, 2026-07-01 to 2026-08-01
          DISCOUNT Agreed discount: Pipeline Starter: Seats × 3: -9.00, 2026-07-01 to 2026-08-01
        2026-08-01 RENEWAL PAID 55.00 (paid 55.00)
          CHARGE Pipeline Starter: 10.00, 2026-08-01 to 2026-09-01
          CHARGE Pipeline Starter: Seats × 3: 45.00, 2026-08-01 to 2026-09-01""")
    assert await audited(demo_copy, customer) == []


async def test_a_subscription_begins_with_the_discount_of_the_agreement_and_only_on_the_plans_it_names(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """10 % off 10.00 and 15.00 from the first line on; June issued again says the same, and the audit agrees."""
    customer = await Customer.opened(client, "agreed-first", "2026-06-01T08:00:00Z")
    await agree(customer, discountPercent="10", allowedPlanIds=[await customer.plan("sales-starter")])
    pro = await customer.plan("sales-professional")
    done = await customer.attempt(
        customer.owner, "subscriptionStart", accountId=customer.id, planId=pro, interval="MONTH", quantities=[]
    )
    assert [(error["path"], error["message"]) for error in done["userErrors"]] == [
        (["input", "planId"], "Pipeline Professional is not among the plans of your agreement.")
    ]
    await customer.start("sales-starter")
    found = await customer.look("invoices(first: 1) { nodes { id } }")
    void = {"invoiceId": found["invoices"]["nodes"][0]["id"], "reason": "A mistake", "reissue": True}
    await customer.do(customer.finance, "invoiceVoid", **void)
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP VOID 22.50
          CHARGE Pipeline Starter: 10.00, 2026-06-01 to 2026-07-01
          DISCOUNT Agreed discount: Pipeline Starter: -1.00, 2026-06-01 to 2026-07-01
          CHARGE Pipeline Starter: Seats × 1: 15.00, 2026-06-01 to 2026-07-01
          DISCOUNT Agreed discount: Pipeline Starter: Seats × 1: -1.50, 2026-06-01 to 2026-07-01
        2026-06-01 SIGN_UP OPEN 22.50 (due 22.50)
          CHARGE Pipeline Starter: 10.00, 2026-06-01 to 2026-07-01
          DISCOUNT Agreed discount: Pipeline Starter: -1.00, 2026-06-01 to 2026-07-01
          CHARGE Pipeline Starter: Seats × 1: 15.00, 2026-06-01 to 2026-07-01
          DISCOUNT Agreed discount: Pipeline Starter: Seats × 1: -1.50, 2026-06-01 to 2026-07-01""")
    assert await audited(demo_copy, customer) == []


async def test_what_was_billed_before_an_agreement_stays_undiscounted_when_it_is_issued_again(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """The clock stands still: the sign-up, the agreement and the re-issue are all of one instant."""
    customer = await Customer.opened(client, "agreed-later", "2026-06-01T08:00:00Z")
    await customer.start("sales-starter")
    await agree(customer, discountPercent="10")
    found = await customer.look("invoices(first: 1) { nodes { id } }")
    void = {"invoiceId": found["invoices"]["nodes"][0]["id"], "reason": "A mistake", "reissue": True}
    await customer.do(customer.finance, "invoiceVoid", **void)
    invoices, _, _ = await customer.raw_documents()
    assert [each["total"]["amount"] for each in invoices] == ["25.00", "25.00"]
    assert await audited(demo_copy, customer) == []


async def preview(customer: Customer, subscription: str, **given: Any) -> Any:
    """The decision on a change: verdict, day, and the sentence of each reason by its code."""
    query = """query($input: PlanChangeInput!) { planChangePreview(input: $input) {
        decision { verdict effectiveAt reasons { code sentence remedy { action sentence } } } quote { token } } }"""
    shown = (await customer.owner.ask(query, input={"subscriptionId": subscription, **given}))["planChangePreview"]
    return shown["decision"] | {"reasons": {each["code"]: each for each in shown["decision"]["reasons"]}}


async def test_less_waits_for_notice_and_is_taken_at_that_boundary_and_not_before(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """30 days' notice on 10 June end on 10 July: the first boundary after is 1 August. July is billed as it was, 10.00
    and two seats at 15.00; August is 10.00 and one seat. In Berlin from 15 June on, the boundary is two hours earlier.
    """
    customer = await Customer.opened(client, "under-notice", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-starter", seats=2)
    await agree(customer, noticeDays=30)
    await customer.advance("2026-06-10T08:00:00Z")
    fewer = [{"component": "seats", "quantity": 1}]
    decision = await preview(customer, subscription, quantities=fewer)
    assert (decision["verdict"], decision["effectiveAt"]) == ("ALLOW", "2026-08-01T00:00:00.000000Z")
    assert decision["reasons"]["PC-20"]["sentence"] == "With 30 days' notice this takes effect on 2026-08-01."
    await customer.change(subscription, quantities=fewer)
    await customer.advance("2026-06-15T08:00:00Z")
    await customer.do(customer.owner, "accountUpdate", accountId=customer.id, timeZone="Europe/Berlin")
    waiting = "planChanges(first: 1) { nodes { status effectiveAt } }"
    assert (await customer.look(waiting))["planChanges"]["nodes"] == [
        {"status": "SCHEDULED", "effectiveAt": "2026-07-31T22:00:00.000000Z"}
    ]
    await customer.advance("2026-07-02T08:00:00Z")
    assert (await customer.look(waiting))["planChanges"]["nodes"][0]["status"] == "SCHEDULED"
    await customer.advance("2026-08-02T08:00:00Z")
    assert (await customer.look(waiting))["planChanges"]["nodes"] == [
        {"status": "APPLIED", "effectiveAt": "2026-07-31T22:00:00.000000Z"}
    ]
    invoices, _, _ = await customer.raw_documents()
    assert [each["total"]["amount"] for each in invoices] == ["40.00", "40.00", "25.00"]
    assert await audited(demo_copy, customer) == []


async def test_an_end_waits_for_notice_also_where_it_is_asked_for_at_once(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """30 days' notice on 10 June end on 10 July: July is billed in full, and nothing after 1 August, in Berlin's days.
    What was to come on 1 July is made, as it comes before the end. Then nothing can be changed any more.
    """
    customer = await Customer.opened(client, "ends-under-notice", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-starter", seats=2)
    await customer.change(subscription, quantities=[{"component": "seats", "quantity": 1}])
    await agree(customer, noticeDays=30)
    await customer.advance("2026-06-10T08:00:00Z")
    asked = "endsAt reason decision { verdict reasons { code sentence } }"
    ended = await customer.do(
        customer.owner, "subscriptionCancel", asked, subscriptionId=subscription, isImmediate=True
    )
    assert (ended["endsAt"], ended["reason"]) == ("2026-08-01T00:00:00.000000Z", "END_OF_NOTICE")
    said = {each["code"]: each["sentence"] for each in ended["decision"]["reasons"]}
    assert said["PC-26"] == "With 30 days' notice this ends on 2026-08-01."
    assert "PC-38" not in said
    await customer.advance("2026-06-15T08:00:00Z")
    await customer.do(customer.owner, "accountUpdate", accountId=customer.id, timeZone="Europe/Berlin")
    await customer.advance("2026-09-02T08:00:00Z")
    (own,) = (await customer.look("subscriptions(first: 5) { nodes { status cancelAt endedAt } }"))["subscriptions"][
        "nodes"
    ]
    over_at = "2026-07-31T22:00:00.000000Z"
    assert own == {"status": "CANCELLED", "cancelAt": over_at, "endedAt": over_at}
    invoices, _, _ = await customer.raw_documents()
    assert [each["total"]["amount"] for each in invoices] == ["40.00", "25.00"]
    assert await audited(demo_copy, customer) == []


async def test_what_has_ended_is_told_so_and_a_quote_of_before_is_stale(client: httpx.AsyncClient) -> None:
    customer = await Customer.opened(client, "over", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-starter", seats=2)
    more = {"quantities": [{"component": "seats", "quantity": 3}]}
    asked = "query($of: ID!, $candidates: [PlanChangeCandidateInput!]!) { planChangePreviews(subscriptionId: $of, "
    asked += "candidates: $candidates) { decision { verdict reasons { code remedy { action } } } quote { token } "
    asked += "nextInvoice { lines { description } } delta { lines { description } } entitlementChanges { isLost } } }"

    async def previews(*candidates: Any) -> Any:
        return (await customer.owner.ask(asked, of=subscription, candidates=list(candidates)))["planChangePreviews"]

    (before,) = await previews(more)
    await customer.do(customer.owner, "subscriptionCancel", subscriptionId=subscription, isImmediate=True)
    for wanted, code in ((more, "PC-01"), ({"kind": "PAUSE"}, "PC-25"), ({"kind": "RESUME"}, "PC-25"), ({}, "PC-01")):
        (shown,) = await previews(wanted)
        reasons = {each["code"]: each["remedy"] for each in shown["decision"]["reasons"]}
        assert (shown["decision"]["verdict"], reasons[code]["action"]) == ("REFUSE", "REACTIVATE")
        assert shown["quote"] is None
        assert shown["nextInvoice"]["lines"] == shown["delta"]["lines"] == shown["entitlementChanges"] == []
    apply = "mutation($input: SubscriptionChangePlanInput!) { subscriptionChangePlan(input: $input) { "
    apply += "planChange { id } userErrors { code figures { name value } } } }"
    given = {"quoteToken": before["quote"]["token"], "idempotencyKey": customer.key()}
    late = (await customer.owner.ask(apply, input=given))["subscriptionChangePlan"]
    (stale,) = late["userErrors"]
    assert (late["planChange"], stale["code"]) == (None, "STALE_QUOTE")
    assert {"name": "verdictNow", "value": "REFUSE"} in stale["figures"]


async def test_locked_prices_are_those_of_their_instant_and_no_migration_moves_them_before_the_end(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """Two plans of 10.00 and 30.00 become 15.00 and 45.00 after the lock began. A change to the higher one costs half
    of June at the old prices, 15.00 less 5.00; its new price comes on 1 October, the first boundary after the lock.
    """
    low, high = "locked-low", "locked-high"
    await offer(client, low, 120, base("10.00"))
    await offer(client, high, 121, base("30.00"))
    customer = await Customer.opened(client, "price-lock", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start(low)
    published = (
        await customer.owner.ask(
            "query($code: String!) { plan(by: { code: $code }) { currentVersion { publishedAt } } }", code=high
        )
    )["plan"]["currentVersion"]["publishedAt"]
    assert published
    await customer.advance("2027-06-01T00:00:00Z")
    await agree(customer, pricesLockedAt=published, pricesLockedUntil="2027-09-15T00:00:00Z")
    price = {"component": "base", "currency": "USD", "interval": "MONTH", "model": "FLAT"}
    for code, amount in ((low, "15.00"), (high, "45.00")):
        await customer.do(
            customer.finance, "planVersionPublish", planId=await customer.plan(code),
            components=[base("0").component()], prices=[{**price, "tiers": [{"flatAmount": amount}]}],
        )  # fmt: skip
    await customer.advance("2027-06-16T00:00:00Z")
    shown = await customer.change(subscription, high)
    assert shown["delta"]["net"]["amount"] == "10.00"
    await customer.do(
        customer.finance, "planVersionMigrate", planId=await customer.plan(high), noticeDays=0, reason="Dearer."
    )
    await customer.advance("2027-10-02T00:00:00Z")
    invoices, _, _ = await customer.raw_documents()
    assert [each["total"]["amount"] for each in invoices[-5:]] == ["10.00", "30.00", "30.00", "30.00", "45.00"]
    assert await audited(demo_copy, customer) == []


async def test_a_clause_a_cap_and_a_list_of_plans_say_what_would_help(client: httpx.AsyncClient) -> None:
    """On 16 June Starter with a seat is 25.00; Professional with three is 315.00, so half of June costs 145.00 more."""
    customer = await Customer.opened(client, "bound", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-starter", seats=1)
    starter, pro = await customer.plan("sales-starter"), await customer.plan("sales-professional")
    await customer.advance("2026-06-16T00:00:00Z")
    await agree(customer, spendCap=customer.money("169.99"))
    decision = await preview(customer, subscription, planId=pro)
    assert decision["verdict"] == "ASK_APPROVAL"
    assert decision["reasons"]["PC-23"]["sentence"] == (
        "With 145.00 USD for this a billing period comes to 170.00 USD, above 169.99 USD."
    )
    await agree(customer, spendCap=customer.money("170.00"))
    assert (await preview(customer, subscription, planId=pro))["verdict"] == "ALLOW"
    await agree(customer, allowedPlanIds=[starter])
    decision = await preview(customer, subscription, planId=pro)
    assert decision["verdict"] == "REFUSE"
    assert decision["reasons"]["PC-21"]["remedy"] == {
        "action": "CHOOSE_ANOTHER_PLAN", "sentence": "Choose one of these: Pipeline Starter.",
    }  # fmt: skip
    await customer.change(subscription, quantities=[{"component": "seats", "quantity": 2}])
    await agree(customer, noDowngradeUntil="2026-09-01T00:00:00Z")
    decision = await preview(customer, subscription, quantities=[{"component": "seats", "quantity": 1}])
    assert decision["verdict"] == "REFUSE"
    assert decision["reasons"]["PC-19"]["remedy"]["action"] == "WAIT_UNTIL"


async def test_a_plan_sold_in_some_countries_is_chosen_only_there(client: httpx.AsyncClient) -> None:
    customer = await Customer.opened(client, "in-france", "2026-06-01T08:00:00Z", country="FR")
    await customer.card()
    found = (await customer.finance.ask("{ products { id code } }"))["products"]
    product = next(each["id"] for each in found if each["code"] == "sales")
    plan = {"productId": product, "code": "home-only", "name": "Home only", "rank": 131}
    for countries, path in (([], ["input", "countries"]), (["DE", "fr"], ["input", "countries", "1"])):
        done = await customer.attempt(customer.finance, "planCreate", **plan, countries=countries)
        assert [error["path"] for error in done["userErrors"]] == [path]
    made = await customer.do(customer.finance, "planCreate", "plan { id }", **plan, countries=["DE", "AT"])
    price = {"component": "base", "currency": "USD", "interval": "MONTH", "model": "FLAT"}
    await customer.do(
        customer.finance, "planVersionPublish", planId=made["plan"]["id"],
        components=[base("0").component()], prices=[{**price, "tiers": [{"flatAmount": "5.00"}]}],
    )  # fmt: skip
    here = {"accountId": customer.id, "planId": made["plan"]["id"], "interval": "MONTH", "quantities": []}
    done = await customer.attempt(customer.owner, "subscriptionStart", keyed=True, **here)
    assert [error["message"] for error in done["userErrors"]] == ["Home only is not sold in FR."]
    subscription = await customer.start("sales-starter", seats=1)
    decision = await preview(customer, subscription, planId=made["plan"]["id"])
    assert decision["verdict"] == "REFUSE"
    assert decision["reasons"]["PC-24"]["sentence"] == "Home only is not sold in FR."
    german = await Customer.opened(client, "in-germany", "2026-06-01T08:00:00Z", country="DE")
    await german.start("home-only")
