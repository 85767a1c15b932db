"""Law L24 as callers meet it: mixed requests at once through the whole gateway, and nobody is answered with a fault.

Every request of a screen beside every other, on a few subscriptions: what is expected to go wrong among them is data,
and afterwards the books are sound. The same below the wire, with more kinds of work: test_parallel_changes.py.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx

from db.engine import Database
from tests.stories.auditing import audited
from tests.stories.telling import APPLY, Customer

REQUESTS, CUSTOMERS = 60, 6
AT_ONCE = 16
"""Under way at a time: three for each connection that writes, so that nobody waits long on a slow machine."""
BEGAN, NOW, MONTH_ENDS = "2026-06-01T08:00:00Z", "2026-06-16T00:00:00Z", "2026-07-01T00:00:01Z"
PLANS = ("sales-starter", "sales-professional")
CARDS = ("4242 4242 4242 4242", "4000 0000 0000 0341", "4000 0000 0000 3154")
SHOWN = "decision { verdict reasons { code verdict } } quote { token }"
PREVIEW = f"query($input: PlanChangeInput!) {{ planChangePreview(input: $input) {{ {SHOWN} }} }}"
COMPARE = f"""query($id: ID!, $candidates: [PlanChangeCandidateInput!]!) {{
  planChangePreviews(subscriptionId: $id, candidates: $candidates) {{ {SHOWN} }} }}"""
SCREEN = """query($id: ID!) { account(by: { id: $id }) { creditBalance { amount }
  subscriptions(first: 5) { nodes { id status endedAt plan { code } pendingChange { id } } }
  invoices(first: 20) { nodes { id status total { amount } amountDue { amount } } }
  approvals(first: 20) { nodes { id status } } } }"""
SAID_NO = frozenset({"BAD_USER_INPUT", "NOT_FOUND", "FORBIDDEN"})
"""Errors that are an answer; any other is a fault of ours."""


@dataclass(frozen=True)
class Asking:
    """Somebody with one thing to ask, beside everybody else."""

    who: Customer
    subscription: str
    plans: dict[str, str]
    number: int
    chance: Random

    async def send(self, document: str, **variables: Any) -> Any:
        """The data of an answer, None where the answer is no. Whatever is no answer is raised."""
        response = await self.who.owner.send(document, **variables)
        answer = response.json()
        codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
        if response.status_code >= 500 or codes - SAID_NO:
            raise AssertionError(f"{response.status_code}: {answer.get('errors')}")
        return answer.get("data") if not codes else None

    async def do(self, mutation: str, **given: Any) -> None:
        """A mutation by name, under a key of its own."""
        name = mutation[0].upper() + mutation[1:]
        document = f"mutation($input: {name}Input!) {{ {mutation}(input: $input) {{ userErrors {{ code }} }} }}"
        await self.send(document, input={**given, "idempotencyKey": f"wire-{self.number}"})

    def terms(self) -> dict[str, Any]:
        """Another plan, interval or number of seats; some or all of them."""
        seats = [{"component": "seats", "quantity": self.chance.randrange(3, 11)}]
        asked: dict[str, Any] = {"quantities": seats, "replacePending": self.chance.random() < 0.5}
        if self.chance.random() < 0.6:
            asked["planId"] = self.plans[self.chance.choice(PLANS)]
        if self.chance.random() < 0.3:
            asked["interval"] = self.chance.choice(["MONTH", "YEAR"])
        return asked

    async def take(self, **asked: Any) -> None:
        """Preview a change and take its quote: others come in between."""
        data = await self.send(PREVIEW, input={"subscriptionId": self.subscription, **asked})
        shown = data and data["planChangePreview"]
        if shown and shown["quote"]:
            codes = [each["code"] for each in shown["decision"]["reasons"] if each["verdict"] == "ASK_CONFIRMATION"]
            given = {"quoteToken": shown["quote"]["token"], "idempotencyKey": f"wire-{self.number}", "confirm": codes}
            await self.send(APPLY, input=given)

    async def looks(self) -> None:
        """The screen, and a comparison."""
        await self.send(SCREEN, id=self.who.id)
        candidates = [self.terms() for _ in range(4)]
        for each in candidates:
            del each["replacePending"]
        await self.send(COMPARE, id=self.subscription, candidates=candidates)

    async def switches(self) -> None:
        """Other terms."""
        await self.take(**self.terms())

    async def plans_ahead(self) -> None:
        """A ramp: refused, or put to approval."""
        step = {"afterPeriods": 1, "quantities": [{"component": "seats", "quantity": 9}]}
        change = {"subscriptionId": self.subscription, **self.terms(), "phases": [step]}
        await self.do("approvalRequest", change=change, reason="We grow")

    async def takes_a_turn(self) -> None:
        """An end, a pause, a resume, the end of a trial: by a quote."""
        await self.take(kind=self.chance.choice(["CANCEL", "PAUSE", "RESUME", "RESUME", "END_TRIAL"]))

    async def in_one_step(self) -> None:
        """The same without one."""
        verbs = ("subscriptionCancel", "subscriptionUndoCancel", "subscriptionPause", "subscriptionResume")
        await self.do(self.chance.choice(verbs), subscriptionId=self.subscription)

    async def takes_back(self) -> None:
        """The change that waits, or the request that is open."""
        data = (await self.send(SCREEN, id=self.who.id))["account"]
        for each in data["subscriptions"]["nodes"]:
            if each["pendingChange"]:
                return await self.do("planChangeCancel", planChangeId=each["pendingChange"]["id"])
        for each in data["approvals"]["nodes"]:
            return await self.do("approvalWithdraw", approvalId=each["id"], reason="No")
        return None

    async def pays(self) -> None:
        """What is open, by the card there is."""
        data = (await self.send(SCREEN, id=self.who.id))["account"]
        for each in data["invoices"]["nodes"]:
            if each["status"] == "OPEN":
                return await self.do("invoicePay", invoiceId=each["id"])
        return None

    async def moves_the_clock(self) -> None:
        """The month ends: everything due happens."""
        document = """mutation($input: TestClockAdvanceInput!) { testClockAdvance(input: $input) {
          isComplete userErrors { code } } }"""
        await self.send(document, input={"accountId": self.who.id, "to": MONTH_ENDS})


Request = Callable[[Asking], Awaitable[None]]
OF_A_DAY: tuple[Request, ...] = (
    *[Asking.switches] * 4, *[Asking.looks] * 2, *[Asking.takes_a_turn] * 2, *[Asking.in_one_step] * 2, Asking.pays,
    Asking.plans_ahead, Asking.takes_back, Asking.moves_the_clock,
)  # fmt: skip


async def test_l24_mixed_requests_at_once_are_all_answered(client: httpx.AsyncClient, demo_copy: Database) -> None:
    chance = Random(24)
    everybody: list[tuple[Customer, str]] = []
    for number in range(CUSTOMERS):
        who = await Customer.opened(client, f"wire-{number}", BEGAN)
        await who.card(CARDS[number % len(CARDS)] if number % 2 else CARDS[0])
        everybody.append((who, await who.start(PLANS[number % 2], seats=4, trialDays=30 if number % 4 == 3 else 0)))
        await who.advance(NOW)
    plans = {code: await everybody[0][0].plan(code) for code in PLANS}
    asking = [Asking(*chance.choice(everybody), plans, number, Random(number)) for number in range(REQUESTS)]
    room = asyncio.Semaphore(AT_ONCE)

    async def ask(request: Request, each: Asking) -> None:
        async with room:
            await request(each)

    outcomes = await asyncio.gather(*(ask(chance.choice(OF_A_DAY), each) for each in asking), return_exceptions=True)
    assert [str(each) for each in outcomes if each is not None] == []
    issued = 0
    for who, _ in everybody:
        found = (await who.owner.ask(SCREEN, id=who.id))["account"]
        live = [each for each in found["subscriptions"]["nodes"] if each["endedAt"] is None]
        assert len(live) <= 1
        assert len([each for each in found["approvals"]["nodes"] if each["status"] in ("REQUESTED", "APPROVED")]) <= 1
        assert all(float(each["amountDue"]["amount"]) >= 0 for each in found["invoices"]["nodes"])
        assert await audited(demo_copy, who) == []
        issued += len(found["invoices"]["nodes"])
    # whoever came first, the requests have come to something: more was billed than the sign-ups
    assert issued > CUSTOMERS
