"""Upgrades that are paid first, through the public API: what a customer due on receipt sees at every turn.

A month of June has 30 days; a day costs 1.00, 2.00 or 4.00. On 11 June 20 days are left: -20.00 + 40.00 is 20.00.
"""

from typing import Any

import httpx
import pytest

from db.engine import Database
from domain.actor import StaffRole
from tests.stories.auditing import audited
from tests.stories.hub import Hub
from tests.stories.offering import base, offer
from tests.stories.telling import PREVIEW, Customer, told

SEES = """planChange { id status expiresAt appliedAt invoice { status } }
  invoice { id status amountDue { amount } dueOn } payment { id status failureCode } actionReference
  decision { verdict reasons { code remedy { action target } } }
  subscription { planVersion { plan { code } } pendingChange { status } }"""
ON_TWO = {"plan": {"code": "two-a-day"}}
SIGNED_UP = """
    2026-06-01 SIGN_UP PAID 30.00 (paid 30.00)
      CHARGE One a day: 30.00, 2026-06-01 to 2026-07-01"""
DELTA = """
      PRORATION_CREDIT Unused: One a day: -20.00, 2026-06-11 to 2026-07-01
      PRORATION_CHARGE Two a day: 40.00, 2026-06-11 to 2026-07-01"""


@pytest.fixture(scope="module", autouse=True)
async def plans(client: httpx.AsyncClient) -> None:
    """Three plans of one product."""
    for rank, (code, month) in enumerate((("one-a-day", "30.00"), ("two-a-day", "60.00"), ("four-a-day", "120.00"))):
        await offer(client, code, 60 + rank, base(month))


async def a_customer(client: httpx.AsyncClient, name: str, **more: Any) -> Customer:
    """Somebody who has paid for June and stands on the 11th."""
    customer = await Customer.opened(client, name, "2026-06-01T08:00:00Z", **more)
    await customer.card("4000 0000 0000 0341")  # the first charge succeeds, later ones are declined
    await customer.start("one-a-day")
    await customer.advance("2026-06-11T00:00:00Z")
    return customer


async def upgraded(customer: Customer, plan: str = "two-a-day") -> Any:
    """Preview and apply; the payload."""
    given = {"subscriptionId": customer.subscriptions["one-a-day"], "planId": await customer.plan(plan)}
    shown = (await customer.owner.ask(PREVIEW, input=given))["planChangePreview"]
    return await customer.do(customer.owner, "subscriptionChangePlan", SEES, quoteToken=shown["quote"]["token"])


async def plan_now(customer: Customer) -> str:
    """The plan the subscription is on."""
    account = await customer.look("subscriptions(first: 1) { nodes { planVersion { plan { code } } } }")
    return str(account["subscriptions"]["nodes"][0]["planVersion"]["plan"]["code"])


async def test_a_card_that_pays_makes_the_change(client: httpx.AsyncClient, demo_copy: Database) -> None:
    customer = await a_customer(client, "paid-at-once")
    await customer.card()
    done = await upgraded(customer)
    assert (done["planChange"]["status"], done["payment"]["status"], done["invoice"]["status"]) == (
        "APPLIED", "SUCCEEDED", "PAID",
    )  # fmt: skip
    assert done["subscription"] == {"planVersion": ON_TWO, "pendingChange": None}
    assert "AWAITING_PAYMENT" not in [each["code"] for each in done["decision"]["reasons"]]
    assert await customer.documents() == told(f"""{SIGNED_UP}
    2026-06-11 PLAN_CHANGE PAID 20.00 (paid 20.00){DELTA}""")
    assert await audited(demo_copy, customer) == []


async def test_a_card_that_asks_is_confirmed(client: httpx.AsyncClient, demo_copy: Database) -> None:
    customer = await a_customer(client, "confirmed")
    await customer.card("4000 0000 0000 3154")
    waits = await upgraded(customer)
    assert (waits["planChange"]["status"], waits["payment"]["status"]) == ("AWAITING_PAYMENT", "REQUIRES_ACTION")
    assert waits["actionReference"] is not None
    assert await plan_now(customer) == "one-a-day"
    assert await audited(demo_copy, customer) == []
    done = await customer.do(customer.owner, "paymentConfirm", "payment { status }", paymentId=waits["payment"]["id"])
    assert done["payment"]["status"] == "SUCCEEDED"
    assert await plan_now(customer) == "two-a-day"
    assert await audited(demo_copy, customer) == []


async def test_declined_and_then_paid_by_another_card(client: httpx.AsyncClient, demo_copy: Database) -> None:
    customer = await a_customer(client, "another-card")
    waits = await upgraded(customer)
    assert waits["planChange"]["status"] == "AWAITING_PAYMENT"
    assert waits["planChange"]["expiresAt"] == "2026-06-12T00:00:00.000000Z"
    assert (waits["payment"]["status"], waits["payment"]["failureCode"]) == ("FAILED", "insufficient_funds")
    assert waits["invoice"]["amountDue"] == {"amount": "20.00"}
    # what is next is said as any reason is
    (reason,) = [each for each in waits["decision"]["reasons"] if each["code"] == "AWAITING_PAYMENT"]
    assert reason["remedy"] == {"action": "PAY_INVOICE", "target": waits["invoice"]["id"]}
    assert waits["subscription"] == {
        "planVersion": {"plan": {"code": "one-a-day"}}, "pendingChange": {"status": "AWAITING_PAYMENT"},
    }  # fmt: skip
    await customer.advance("2026-06-11T20:00:00Z")
    await customer.card()
    await customer.do(customer.owner, "invoicePay", "payment { status }", invoiceId=waits["invoice"]["id"])
    assert await plan_now(customer) == "two-a-day"
    # the price and the instant of the quote, twenty hours later
    assert await customer.documents() == told(f"""{SIGNED_UP}
    2026-06-11 PLAN_CHANGE PAID 20.00 (paid 20.00){DELTA}""")
    assert await audited(demo_copy, customer) == []


async def test_never_paid_nothing_has_happened(client: httpx.AsyncClient, demo_copy: Database) -> None:
    customer = await a_customer(client, "never-paid")
    waits = await upgraded(customer)
    await customer.advance("2026-06-11T23:59:59Z")
    assert await audited(demo_copy, customer) == []
    await customer.advance("2026-06-12T00:00:00Z")
    assert await plan_now(customer) == "one-a-day"
    lapsed = await customer.attempt(customer.owner, "invoicePay", invoiceId=waits["invoice"]["id"])
    assert [each["code"] for each in lapsed["userErrors"]] == ["NOT_PAYABLE"]
    assert await audited(demo_copy, customer) == []
    # nobody is reminded, and nothing stands against the next attempt
    account = await customer.look("standing planChanges(first: 2) { nodes { status appliedAt } }")
    assert account["standing"] == "GOOD"
    assert account["planChanges"]["nodes"] == [{"status": "EXPIRED", "appliedAt": None}]
    await customer.card()
    await customer.advance("2026-07-01T00:00:00Z")
    assert await customer.documents() == told(f"""{SIGNED_UP}
    2026-06-11 PLAN_CHANGE VOID 20.00{DELTA}
    2026-07-01 RENEWAL PAID 30.00 (paid 30.00)
      CHARGE One a day: 30.00, 2026-07-01 to 2026-08-01""")
    assert await audited(demo_copy, customer) == []


async def test_taken_back_and_asked_for_again(client: httpx.AsyncClient, demo_copy: Database) -> None:
    """Nothing is credited twice: four a day for the 20 days left is 80.00, less the same 20.00."""
    customer = await a_customer(client, "taken-back")
    waits = await upgraded(customer)
    undone = await customer.do(
        customer.owner, "planChangeCancel", "planChange { status invoice { status } }",
        planChangeId=waits["planChange"]["id"],
    )  # fmt: skip
    assert undone["planChange"] == {"status": "CANCELLED", "invoice": {"status": "VOID"}}
    await customer.card()
    done = await upgraded(customer, "four-a-day")
    assert done["planChange"]["status"] == "APPLIED"
    assert await customer.documents() == told(f"""{SIGNED_UP}
    2026-06-11 PLAN_CHANGE VOID 20.00{DELTA}
    2026-06-11 PLAN_CHANGE PAID 60.00 (paid 60.00)
      PRORATION_CREDIT Unused: One a day: -20.00, 2026-06-11 to 2026-07-01
      PRORATION_CHARGE Four a day: 80.00, 2026-06-11 to 2026-07-01""")
    assert await audited(demo_copy, customer) == []


async def changes_of(customer: Customer) -> list[tuple[str, str, str]]:
    """Its plan changes: (to which plan, where it stands, its day), newest first."""
    asked = "planChanges(first: 9) { nodes { status effectiveAt toVersion { plan { code } } } }"
    nodes = (await customer.look(asked))["planChanges"]["nodes"]
    return [(each["toVersion"]["plan"]["code"], each["status"], each["effectiveAt"][:10]) for each in nodes]


async def test_what_an_unpaid_change_took_the_place_of_is_had_again(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """On two a day, down to one from July on; four instead, which nobody pays, twice over. July is one a day."""
    customer = await Customer.opened(client, "had-again", "2026-06-01T08:00:00Z")
    await customer.card("4000 0000 0000 0341")
    subscription = await customer.start("two-a-day")
    await customer.advance("2026-06-11T00:00:00Z")
    await customer.change(subscription, "one-a-day")
    more = {"subscriptionId": subscription, "planId": await customer.plan("four-a-day"), "replacePending": True}
    for _ in range(2):
        quote = (await customer.owner.ask(PREVIEW, input=more))["planChangePreview"]["quote"]
        waits = await customer.do(customer.owner, "subscriptionChangePlan", SEES, quoteToken=quote["token"])
        assert waits["planChange"]["status"] == "AWAITING_PAYMENT"
    down = ("one-a-day", "CANCELLED", "2026-07-01")
    given_up = ("four-a-day", "CANCELLED", "2026-06-11")
    assert await changes_of(customer) == [("four-a-day", "AWAITING_PAYMENT", "2026-06-11"), given_up, down]
    await customer.advance("2026-06-12T01:00:00Z")
    assert await changes_of(customer) == [
        ("four-a-day", "EXPIRED", "2026-06-11"), given_up, ("one-a-day", "SCHEDULED", "2026-07-01"),
    ]  # fmt: skip
    await customer.advance("2026-07-01T12:00:00Z")
    assert (await changes_of(customer))[-1] == ("one-a-day", "APPLIED", "2026-07-01")
    assert await plan_now(customer) == "one-a-day"
    assert await audited(demo_copy, customer) == []


async def test_an_approval_whose_change_was_never_paid_for_can_be_used_again(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    customer = await a_customer(client, "granted-and-unpaid")
    given: dict[str, Any] = {"accountId": customer.id, "discountPercent": "30", "reason": "A deal"}
    await customer.do(customer.finance, "accountTermsSet", "terms { discountPercent }", **given)
    wanted = {"subscriptionId": customer.subscriptions["one-a-day"], "planId": await customer.plan("two-a-day")}
    of = "approval { id status }"
    asked = await customer.do(customer.owner, "approvalRequest", of, change=wanted, reason="We grow")
    finance = Hub.of_person(client, StaffRole.FINANCE, "Fiona")
    answer: dict[str, Any] = {"approvalId": asked["approval"]["id"], "answer": "Agreed."}
    granted = await customer.do(finance, "approvalApprove", f"{of} planChange {{ status }}", **answer)
    assert (granted["approval"]["status"], granted["planChange"]["status"]) == ("USED", "AWAITING_PAYMENT")
    await customer.advance("2026-06-12T01:00:00Z")
    shown = (await customer.owner.ask(PREVIEW, input=wanted))["planChangePreview"]
    assert shown["decision"]["verdict"] == "ALLOW"
    await customer.card()
    done = await upgraded(customer)
    assert (done["planChange"]["status"], done["subscription"]["planVersion"]) == ("APPLIED", ON_TWO)
    assert await audited(demo_copy, customer) == []


async def test_what_was_never_paid_for_is_no_change_of_the_day(client: httpx.AsyncClient) -> None:
    customer = await a_customer(client, "tries-on")
    for _ in range(4):
        waits = await upgraded(customer)
        assert waits["planChange"]["status"] == "AWAITING_PAYMENT"
        await customer.do(customer.owner, "planChangeCancel", planChangeId=waits["planChange"]["id"])
    changes = (await customer.look("planChanges(first: 9) { nodes { kind status } }"))["planChanges"]["nodes"]
    assert changes == [{"kind": "SWITCH", "status": "CANCELLED"}] * 4


async def test_whoever_ends_the_subscription_need_not_pay_for_the_change(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    customer = await a_customer(client, "ends-instead")
    waits = await upgraded(customer)
    await customer.do(
        customer.owner, "subscriptionCancel", "subscription { status }",
        subscriptionId=customer.subscriptions["one-a-day"],
    )  # fmt: skip
    account = await customer.look("planChanges(first: 3) { nodes { id status invoice { status } } }")
    (change,) = [each for each in account["planChanges"]["nodes"] if each["id"] == waits["planChange"]["id"]]
    assert (change["status"], change["invoice"]) == ("CANCELLED", {"status": "VOID"})
    assert await audited(demo_copy, customer) == []


async def test_on_terms_it_is_done_at_once(client: httpx.AsyncClient, demo_copy: Database) -> None:
    customer = await a_customer(client, "on-terms", netDays=30)
    done = await upgraded(customer)
    assert (done["planChange"]["status"], done["planChange"]["expiresAt"], done["payment"]) == ("APPLIED", None, None)
    assert (done["invoice"]["status"], done["invoice"]["dueOn"]) == ("OPEN", "2026-07-11")
    assert await plan_now(customer) == "two-a-day"
    assert await audited(demo_copy, customer) == []


async def test_a_trial_goes_on_until_its_end_is_paid(client: httpx.AsyncClient, demo_copy: Database) -> None:
    customer = await Customer.opened(client, "trial-paid-first", "2026-06-01T08:00:00Z")
    await customer.card("4000 0000 0000 9995")
    await customer.start("one-a-day", trialDays=20)
    waits = await upgraded(customer)
    assert waits["planChange"]["status"] == "AWAITING_PAYMENT"
    account = await customer.look("subscriptions(first: 1) { nodes { status } }")
    assert account["subscriptions"]["nodes"] == [{"status": "TRIALING"}]
    assert await audited(demo_copy, customer) == []
    await customer.card()
    await customer.do(customer.owner, "invoicePay", "payment { status }", invoiceId=waits["invoice"]["id"])
    account = await customer.look("subscriptions(first: 1) { nodes { status planVersion { plan { code } } } }")
    assert account["subscriptions"]["nodes"] == [{"status": "ACTIVE", "planVersion": ON_TWO}]
    assert await audited(demo_copy, customer) == []


async def test_a_period_that_a_coupon_covers_for_a_change_that_waits_has_not_begun(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """Half off two periods, from the one that the end of a trial begins: 60.00 less 30.00. Unpaid, none is used up."""
    customer = await Customer.opened(client, "coupon-waits", "2026-06-01T08:00:00Z")
    await customer.card("4000 0000 0000 9995")
    subscription = await customer.start("one-a-day", trialDays=20)
    await customer.do(customer.finance, "couponCreate", code="WAITSHALF", name="Half", percent="50", periods=2)
    await customer.do(customer.owner, "couponRedeem", subscriptionId=subscription, code="WAITSHALF")
    await customer.advance("2026-06-11T12:00:00Z")
    waits = await upgraded(customer)
    assert (waits["planChange"]["status"], waits["invoice"]["amountDue"]) == ("AWAITING_PAYMENT", {"amount": "30.00"})
    assert await audited(demo_copy, customer) == []
    await customer.advance("2026-06-12T12:00:00Z")
    assert await audited(demo_copy, customer) == []
    await customer.card()
    await customer.advance("2026-09-01T00:00:00Z")
    invoices, _, _ = await customer.raw_documents()
    assert [each["total"]["amount"] for each in invoices] == ["30.00", "15.00", "15.00", "30.00"]
    assert await audited(demo_copy, customer) == []
