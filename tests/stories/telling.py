"""Dated stories through the public API: a customer on a clock of its own, and what the documents then say, in full.

A story asserts `documents()`: every line of every invoice and credit note, as a text to be read beside the plan's
prices. Nothing here looks into the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from textwrap import dedent
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from domain.actor import Role, StaffRole
from tests.stories.hub import Hub

OPEN = """mutation($input: SandboxAccountOpenInput!) { sandboxAccountOpen(input: $input) {
  account { id } userErrors { code message path } } }"""
START = """mutation($input: SubscriptionStartInput!) { subscriptionStart(input: $input) {
  subscription { id } userErrors { code message path } } }"""
ADVANCE = """mutation($input: TestClockAdvanceInput!) { testClockAdvance(input: $input) {
  isComplete userErrors { code message path } } }"""
PREVIEW = """query($input: PlanChangeInput!) { planChangePreview(input: $input) {
  decision { verdict effectiveAt reasons { code verdict } }
  delta { net { amount } lines { amount { amount } } }
  quote { token } } }"""
APPLY = """mutation($input: SubscriptionChangePlanInput!) { subscriptionChangePlan(input: $input) {
  planChange { id status effectiveAt } decision { verdict } userErrors { code message path } } }"""
DOCUMENTS = """query($id: ID!, $invoices: Cursor) { account(by: { id: $id }) {
  timeZone creditBalance { amount }
  invoices(first: 40, after: $invoices, orderBy: OLDEST_FIRST) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id number reason status issuedOn dueOn
      subtotal { amount } discountTotal { amount } tax { amount } total { amount }
      amountCredited { amount } creditApplied { amount } amountPaid { amount } amountReturned { amount }
      amountDue { amount }
      lines {
        kind description quantity amount { amount } tax { amount } servicePeriod { start end }
        explanation { sentence }
      }
      taxes { treatment percent base { amount } tax { amount } }
    }
  }
  creditNotes(first: 40) { nodes {
    number reason issuedOn invoice { number } subtotal { amount } tax { amount } total { amount }
    toInvoice { amount } toBalance { amount } toRefund { amount }
    lines { description amount { amount } tax { amount } }
  } }
} }"""


@dataclass(slots=True)
class Customer:
    """A customer of a story: who it is, what it started, and the keys it has used up."""

    client: httpx.AsyncClient
    owner: Hub
    id: str
    name: str
    zone: str
    subscriptions: dict[str, str] = field(default_factory=dict)
    keys: int = 0

    @classmethod
    async def opened(
        cls,
        client: httpx.AsyncClient,
        name: str,
        at: str,
        *,
        currency: str = "USD",
        zone: str = "UTC",
        country: str = "US",
        **more: Any,
    ) -> "Customer":
        """A sandbox account called `name`, its clock standing at `at`, owned by a person of the demo."""
        owner = Hub.of(client, "smb-monthly", Role.OWNER)
        given = {
            "externalId": name, "name": name, "currency": currency, "timeZone": zone, "country": country,
            "clockAt": at, **more,
        }  # fmt: skip
        done = (await owner.ask(OPEN, input=given))["sandboxAccountOpen"]
        assert done["userErrors"] == [], done
        return cls(client, owner, done["account"]["id"], name, zone)

    @property
    def finance(self) -> Hub:
        """The vendor's finance department."""
        return Hub.of_staff(self.client, StaffRole.FINANCE)

    @property
    def meters(self) -> Hub:
        """The vendor's metering service."""
        return Hub.of_staff(self.client, StaffRole.SYSTEM)

    def key(self) -> str:
        """An idempotency key not used yet."""
        self.keys += 1
        return f"{self.id[-8:]}-{self.keys}"

    async def do(self, hub: Hub, mutation: str, selection: str = "", *, keyed: bool = True, **given: Any) -> Any:
        """Send a mutation by name; its payload, without user errors."""
        payload = await self.attempt(hub, mutation, selection, keyed=keyed, **given)
        assert payload["userErrors"] == [], payload["userErrors"]
        return payload

    async def attempt(self, hub: Hub, mutation: str, selection: str = "", *, keyed: bool = True, **given: Any) -> Any:
        """Send a mutation by name; its payload, whatever it is."""
        name = mutation[0].upper() + mutation[1:]
        document = (
            f"mutation($input: {name}Input!) {{ {mutation}(input: $input) "
            f"{{ {selection} userErrors {{ code message path }} }} }}"
        )
        if keyed:
            given = {"idempotencyKey": self.key(), **given}
        return (await hub.ask(document, input=given))[mutation]

    async def plan(self, code: str) -> str:
        """A plan's id."""
        found = await self.owner.ask("query($code: String!) { plan(by: { code: $code }) { id } }", code=code)
        return str(found["plan"]["id"])

    async def start(self, plan: str, interval: str = "MONTH", seats: int | None = None, **more: Any) -> str:
        """Start a plan now; the subscription's id."""
        quantities = [] if seats is None else [{"component": "seats", "quantity": seats}]
        given = {
            "accountId": self.id, "planId": await self.plan(plan), "interval": interval, "idempotencyKey": self.key(),
            "quantities": quantities, **more,
        }  # fmt: skip
        done = (await self.owner.ask(START, input=given))["subscriptionStart"]
        assert done["userErrors"] == [], done
        self.subscriptions[plan] = done["subscription"]["id"]
        return str(done["subscription"]["id"])

    async def advance(self, to: str) -> None:
        """Move the clock; everything due in between happens."""
        is_complete = False
        while not is_complete:
            done = (await self.owner.ask(ADVANCE, input={"accountId": self.id, "to": to}))["testClockAdvance"]
            assert done["userErrors"] == [], done
            is_complete = done["isComplete"]

    async def change(self, subscription: str, plan: str | None = None, **more: Any) -> Any:
        """Preview a change and take its quote, agreeing to whatever it asks; the preview."""
        given: dict[str, Any] = {"subscriptionId": subscription, **more}
        if plan is not None:
            given["planId"] = await self.plan(plan)
        shown = (await self.owner.ask(PREVIEW, input=given))["planChangePreview"]
        codes = [each["code"] for each in shown["decision"]["reasons"] if each["verdict"] == "ASK_CONFIRMATION"]
        given = {"quoteToken": shown["quote"]["token"], "idempotencyKey": self.key(), "confirm": codes}
        done = (await self.owner.ask(APPLY, input=given))["subscriptionChangePlan"]
        assert done["userErrors"] == [], done
        assert done["planChange"] is not None, done
        return shown

    async def use(self, meter: str, *events: tuple[str, str, str]) -> list[str]:
        """Send usage events, each (id, instant, value); their statuses."""
        document = """mutation($input: UsageRecordInput!) { usageRecord(input: $input) {
            results { status rejection } userErrors { code message path } } }"""
        sent = [
            {"accountId": self.id, "source": "story", "id": id_, "meter": meter, "occurredAt": at, "value": value}
            for id_, at, value in events
        ]
        done = (await self.meters.ask(document, input={"events": sent}))["usageRecord"]
        assert done["userErrors"] == [], done
        return [each["status"] for each in done["results"]]

    async def card(self, number: str = "4242 4242 4242 4242") -> str:
        """Store one of the sandbox's test cards, to be charged from now on; its id."""
        done = await self.do(
            self.owner, "paymentMethodAdd", "paymentMethod { id }", accountId=self.id, cardNumber=number, isDefault=True
        )
        return str(done["paymentMethod"]["id"])

    async def look(self, selection: str) -> Any:
        """Fields of the account, as its owner reads them."""
        found = await self.owner.ask(f"query($id: ID!) {{ account(by: {{ id: $id }}) {{ {selection} }} }}", id=self.id)
        return found["account"]

    def money(self, amount: str, currency: str = "USD") -> dict[str, str]:
        """An amount as an input."""
        return {"amount": amount, "currencyCode": currency}

    async def raw_documents(self) -> tuple[list[Any], list[Any], str]:
        """All invoices and credit notes, oldest first, and the credit balance."""
        invoices: list[Any] = []
        cursor = None
        while True:
            account = (await self.owner.ask(DOCUMENTS, id=self.id, invoices=cursor))["account"]
            invoices += account["invoices"]["nodes"]
            cursor = account["invoices"]["pageInfo"]["endCursor"]
            if not account["invoices"]["pageInfo"]["hasNextPage"]:
                break
        notes = sorted(account["creditNotes"]["nodes"], key=lambda note: str(note["number"]))
        return invoices, notes, account["creditBalance"]["amount"]

    async def documents(self) -> str:
        """Every invoice and credit note as text, oldest first: amounts, days in the account's zone, each line."""
        invoices, notes, balance = await self.raw_documents()
        told = [_invoice(each, self.zone) for each in invoices] + [_note(each) for each in notes]
        if _value(balance):
            told.append(f"credit balance {balance}")
        return "\n".join(told)


def _value(amount: str) -> bool:
    return bool(amount.strip("-0."))


def _beside(document: Mapping[str, Any], words: Mapping[str, str]) -> str:
    said = [f"{word} {document[name]['amount']}" for name, word in words.items() if _value(document[name]["amount"])]
    return f" ({', '.join(said)})" if said else ""


def _invoice(invoice: Mapping[str, Any], zone: str) -> str:
    head = f"{invoice['issuedOn']} {invoice['reason']} {invoice['status']} {invoice['total']['amount']}"
    head += _beside(
        invoice,
        {
            "tax": "tax", "amountCredited": "credited", "creditApplied": "from balance", "amountPaid": "paid",
            "amountReturned": "returned", "amountDue": "due",
        },
    )  # fmt: skip
    taxes = [
        f"  {each['treatment']} {each['percent']} % of {each['base']['amount']}: {each['tax']['amount']}"
        for each in invoice["taxes"]
        if each["treatment"] != "NOT_TAXED"
    ]
    return "\n".join([head, *(_line(each, zone) for each in invoice["lines"]), *taxes])


def _line(line: Mapping[str, Any], zone: str) -> str:
    service = line["servicePeriod"]
    tax = f" + {line['tax']['amount']} tax" if _value(line["tax"]["amount"]) else ""
    days = f"{_day(service['start'], zone)} to {_day(service['end'], zone)}"
    return f"  {line['kind']} {line['description']}: {line['amount']['amount']}{tax}, {days}"


def _note(note: Mapping[str, Any]) -> str:
    head = f"{note['issuedOn']} CREDIT NOTE {note['reason']} {note['total']['amount']}"
    head += _beside(note, {"tax": "tax", "toInvoice": "to invoice", "toBalance": "to balance", "toRefund": "refund"})
    lines: Sequence[str] = [
        f"  {line['description']}: {line['amount']['amount']}"
        + (f" + {line['tax']['amount']} tax" if _value(line["tax"]["amount"]) else "")
        for line in note["lines"]
    ]
    return "\n".join([head, *lines])


def _day(instant: str, zone: str) -> str:
    """The local day, with the time of day where that is not midnight."""
    local = datetime.fromisoformat(instant).astimezone(ZoneInfo(zone))
    day = local.date().isoformat()
    return day if local.replace(tzinfo=None) == datetime(local.year, local.month, local.day) else f"{day} {local:%H:%M}"


def told(text: str) -> str:
    """What a story expects `documents` to be, written indented in the story."""
    return dedent(text).strip("\n").rstrip()


def in_seconds(instant: str, seconds: int) -> str:
    """An instant some seconds after another, as the wire writes it."""
    return (datetime.fromisoformat(instant) + timedelta(seconds=seconds)).isoformat()
