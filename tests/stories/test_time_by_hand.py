"""A sandbox account's time, through the public API: what is upcoming is what is billed when its clock gets there."""

from typing import Any

import httpx
import pytest

from db.engine import Database
from domain.actor import StaffRole
from tests.stories.hub import Hub, counted
from tests.stories.sandbox import Sandbox

ADVANCE = """mutation($input: TestClockAdvanceInput!) { testClockAdvance(input: $input) {
  account { currentTime } clockAt isComplete happened { sequence type subjectId occurredAt }
  userErrors { code message path }
} }"""
UPCOMING = """query($id: ID!) { upcomingInvoice(subscriptionId: $id) {
  issuesAt issuedOn finaliseAt subtotal { amount } discountTotal { amount } tax { amount } total { amount }
  lines { kind description quantity amount { amount } tax { amount } }
} }"""
FINALISE = """mutation($input: InvoiceFinaliseInput!) { invoiceFinalise(input: $input) {
  invoice { number status finalisedAt finaliseAt } userErrors { code path figures { name value } }
} }"""
CHARGE = """mutation($input: ChargeAddInput!) { chargeAdd(input: $input) { charge { id } userErrors { code } } }"""
CANCEL = """mutation($input: SubscriptionCancelInput!) { subscriptionCancel(input: $input) {
  endsAt reason userErrors { code }
} }"""
RECORD = """mutation($input: UsageRecordInput!) { usageRecord(input: $input) {
  results { status rejection } userErrors { code message path }
} }"""


async def advance(sandbox: Sandbox, to: str) -> Any:
    return (await sandbox.owner.ask(ADVANCE, input={"accountId": sandbox.account_id, "to": to}))["testClockAdvance"]


async def upcoming(sandbox: Sandbox, subscription: str) -> Any:
    return (await sandbox.owner.ask(UPCOMING, id=subscription))["upcomingInvoice"]


def shown(lines: list[Any]) -> list[tuple[Any, ...]]:
    return [(line["kind"], line["description"], line["quantity"], line["amount"]["amount"]) for line in lines]


async def test_the_upcoming_invoice_is_the_one_that_comes(client: httpx.AsyncClient) -> None:
    sandbox = await Sandbox.open(client, at="2026-01-31T12:00:00Z")
    subscription = await sandbox.start("sales-starter", seats=3)
    charge = {
        "accountId": sandbox.account_id,
        "amount": {"amount": "250.00", "currencyCode": "USD"},
        "description": "Training",
        "idempotencyKey": "training",
    }
    assert (await sandbox.finance.ask(CHARGE, input=charge))["chargeAdd"]["userErrors"] == []
    promised = await upcoming(sandbox, subscription)
    # an anchor on the 31st: the next boundary is the last day of February
    assert promised["issuesAt"] == "2026-02-28T00:00:00.000000Z"
    assert ("ONE_OFF", "Training", "1", "250.00") in shown(promised["lines"])
    before = await sandbox.books()
    assert await upcoming(sandbox, subscription) == promised
    assert await sandbox.books() == before, "looking changes nothing"

    payload = await advance(sandbox, "2026-03-01T00:00:00Z")
    assert payload["userErrors"] == []
    assert (payload["clockAt"], payload["isComplete"]) == ("2026-03-01T00:00:00.000000Z", True)
    assert payload["account"]["currentTime"] == payload["clockAt"]
    happened = [each["type"] for each in payload["happened"]]
    assert "subscription.renewed" in happened
    assert [each["occurredAt"] for each in payload["happened"]] == sorted(
        each["occurredAt"] for each in payload["happened"]
    )
    invoice = await sandbox.invoice(1)
    assert invoice["total"] == promised["total"]
    assert shown(invoice["lines"]) == shown(promised["lines"])


async def test_time_only_moves_forward_and_only_on_a_clock(client: httpx.AsyncClient, demo_copy: Database) -> None:
    sandbox = await Sandbox.open(client, at="2026-05-01T00:00:00Z")
    before = await counted(demo_copy)
    payload = await advance(sandbox, "2026-04-30T23:59:59Z")
    (error,) = payload["userErrors"]
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["input", "to"])
    assert payload["account"] is payload["happened"] is payload["clockAt"] is None
    assert await counted(demo_copy) == before
    # where it stands already there may be something due at this very instant, but not here
    payload = await advance(sandbox, "2026-05-01T00:00:00Z")
    assert (payload["userErrors"], payload["happened"]) == ([], [])
    assert await counted(demo_copy) == before
    assert (await advance(sandbox, "2026-05-02T00:00:00Z"))["happened"] == []


async def test_nothing_is_upcoming_of_what_ends(client: httpx.AsyncClient) -> None:
    sandbox = await Sandbox.open(client, at="2026-05-01T00:00:00Z")
    subscription = await sandbox.start("sales-starter")
    payload = await sandbox.owner.ask(CANCEL, input={"subscriptionId": subscription, "idempotencyKey": "end"})
    assert payload["subscriptionCancel"]["userErrors"] == []
    assert payload["subscriptionCancel"]["reason"] == "END_OF_PERIOD"
    assert await upcoming(sandbox, subscription) is None
    stranger = Hub.of(client, "yen")
    assert (await stranger.ask(UPCOMING, id=subscription))["upcomingInvoice"] is None


@pytest.fixture
def meters(client: httpx.AsyncClient) -> Hub:
    return Hub.of_staff(client, StaffRole.SYSTEM)


async def test_use_waits_as_a_draft_and_is_made_final_once(
    client: httpx.AsyncClient, meters: Hub, demo_copy: Database
) -> None:
    sandbox = await Sandbox.open(client, at="2026-05-01T00:00:00Z")
    subscription = await sandbox.start("connect-starter", quantities=[])
    await advance(sandbox, "2026-05-10T00:00:00Z")
    event = {
        "accountId": sandbox.account_id,
        "source": "story",
        "id": "1",
        "meter": "api-calls",
        "occurredAt": "2026-05-09T12:00:00Z",
        "value": "250000",
    }
    recorded = (await meters.ask(RECORD, input={"events": [event]}))["usageRecord"]
    assert recorded == {"results": [{"status": "ACCEPTED", "rejection": None}], "userErrors": []}
    promised = await upcoming(sandbox, subscription)
    assert promised["finaliseAt"] is not None
    assert "USAGE" in [line["kind"] for line in promised["lines"]]

    await advance(sandbox, "2026-06-01T00:00:01Z")
    draft = await sandbox.invoice(1)
    assert (draft["status"], draft["number"], draft["total"]) == ("DRAFT", None, promised["total"])
    assert shown(draft["lines"]) == shown(promised["lines"])
    given = {"invoiceId": draft["id"], "idempotencyKey": "final"}
    payload = (await sandbox.finance.ask(FINALISE, input=given))["invoiceFinalise"]
    assert payload["userErrors"] == []
    assert payload["invoice"]["status"] == "OPEN"
    assert payload["invoice"]["number"]
    assert payload["invoice"]["finaliseAt"] is None
    before = await counted(demo_copy)
    again = (await sandbox.finance.ask(FINALISE, input={**given, "idempotencyKey": "twice"}))["invoiceFinalise"]
    assert again["invoice"] is None
    (error,) = again["userErrors"]
    assert (error["code"], error["path"]) == ("NOT_DRAFT", ["input", "invoiceId"])
    assert error["figures"] == [{"name": "status", "value": "OPEN"}]
    assert await counted(demo_copy) == before
