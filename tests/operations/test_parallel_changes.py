"""Two hundred requests at once on twenty subscriptions, of every kind that there is (law L24, and L20 with it).

Afterwards: one live subscription a product, one change that waits, one request for approval that is open, books that an
auditor finds no fault with, numbers without a gap; and nobody was answered with a fault of ours.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from cli.audit import audit_all, line_of
from db.engine import Database
from domain.actor import Actor, StaffRole, staff
from domain.catalog import PlanVersion, Segment
from domain.commands import (
    AnswerApproval,
    ApplyQuote,
    Cancel,
    CancelPlanChange,
    ChangePlan,
    ConfirmPayment,
    EndTrial,
    Pause,
    RecordPayment,
    RequestApproval,
    Resume,
    Turn,
    WithdrawApproval,
)
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.ids import ApprovalId, InvoiceId, PaymentId, PlanChangeId, QuoteId, SubscriptionId, UserId
from domain.money import Money
from operations.approvals.approve_approval import approve_approval
from operations.approvals.reject_approval import reject_approval
from operations.approvals.request_approval import request_approval
from operations.approvals.withdraw_approval import withdraw_approval
from operations.changes.cancel_plan_change import cancel_plan_change
from operations.changes.change_and_pay import change_and_pay
from operations.changes.preview_plan_changes import preview_plan_changes
from operations.changes.quote_change import PlanChangePreview
from operations.payments.confirm_payment import confirm_payment
from operations.payments.record_payment import record_payment
from tests.make import APRIL, FREE, MONTH, PRO, SCALE, STARTER, YEAR, a_version, an_id, april
from tests.operations.lives import FINANCE, Lives
from tests.operations.money import B, Till, assert_balanced
from tests.stored import Customer, World, a_world

REQUESTS = 200
CONNECTIONS = 16
"""And as many requests under way at a time: each has one, so nobody waits but for a lock."""
DESK = a_version("desk", 1, 3_000, 500, product="service")
LARGE_DESK = a_version("large_desk", 2, 6_000, 700, product="service")
PLANS = {"crm": (FREE, STARTER, PRO, SCALE), "service": (DESK, LARGE_DESK)}
FIONA = staff(StaffRole.FINANCE, UserId(an_id("Fiona")))
NO = (InvalidInput, NotFound, Forbidden)
"""What is said to who asks for what cannot be; whatever else is raised is a fault of ours."""


@dataclass(frozen=True)
class Theirs:
    """One subscription, as it was when everybody began to ask."""

    who: Customer
    id: SubscriptionId
    product: str


@pytest.fixture
async def till(fresh_database: Database) -> AsyncIterator[Till]:
    """A counter in a world of this module's own, with two products and many connections."""
    async with Database(fresh_database.address.dsn, write_connections=CONNECTIONS) as wide:
        world = await a_world(wide)
        await world.publish(DESK, LARGE_DESK)
        yield Till(world)


async def twenty(till: Till, chance: Random) -> list[Theirs]:
    """Twenty subscriptions of sixteen accounts: on terms and due on receipt, in trial, under contract; some cards."""
    found: list[Theirs] = []
    lives = Lives(till.world)
    for number in range(16):
        is_contract = number % 4 == 3
        segment = Segment.ENTERPRISE if is_contract else Segment.SMB
        who = await till.world.customer(net_days=chance.choice([0, 0, 60]), segment=segment)
        await till.card(who, chance.choice([B.SUCCEEDS, B.SUCCEEDS, *B]))
        first = await lives.started(
            who, chance.choice([STARTER, PRO]), months=12 if is_contract else 0, trial_days=30 if number % 8 == 4 else 0
        )
        found.append(Theirs(who, first, "crm"))
        if number % 4 == 1:
            found.append(Theirs(who, await lives.started(who, DESK, seats=2), "service"))
        for invoice in await till.world.of(who, "invoices", where="status = 'OPEN'"):
            await till.world.pay(who, invoice.id, april(2))
    assert len(found) == 20
    return found


@dataclass(frozen=True)
class Asking:
    """Somebody who asks for one thing, at an instant, beside everybody else."""

    till: Till
    of: Theirs
    at: datetime
    chance: Random

    @property
    def who(self) -> Customer:
        """Whose subscription it is."""
        return self.of.who

    def key(self) -> str:
        """A key not used yet."""
        return self.till.world.ids.new().hex

    def change(self) -> ChangePlan:
        """Another plan, interval or number of seats, where the plan has any."""
        plan: PlanVersion | None = self.chance.choice((None, *PLANS[self.of.product]))
        seats = () if plan is FREE else (("seats", self.chance.randrange(1, 9)),)
        interval = self.chance.choice([None, None, None, MONTH, YEAR])
        is_instead = self.chance.random() < 0.5
        plan_id = plan.plan.id if plan else None
        return ChangePlan(self.of.id, plan_id, interval, seats, is_instead)

    async def _quotes(self, *requests: ChangePlan, actor: Actor | None = None) -> list[QuoteId]:
        async with self.till.world.unit(self.at, actor or self.who.owner) as unit:
            answers = await preview_plan_changes(unit, self.of.id, requests)
        return [each.quote.id for each in answers if isinstance(each, PlanChangePreview) and each.quote is not None]

    async def _take(self, request: ChangePlan, actor: Actor | None = None) -> Any:
        """Preview, take the quote, pay for it: others come in between."""
        actor = actor or self.who.owner
        for quote in await self._quotes(request, actor=actor):
            command = ApplyQuote(quote, self.key(), frozenset({"PC-13", "PC-40"}))
            return await change_and_pay(self.till.units(actor, self.at), self.till.provider, command)
        return None

    async def looks(self) -> object:
        """A dozen candidates, compared."""
        return await self._quotes(*(self.change() for _ in range(self.chance.randrange(1, 12))))

    async def switches(self) -> object:
        """Other terms."""
        return await self._take(self.change())

    async def takes_a_turn(self) -> object:
        """An end, a pause, a resume, the end of a trial: by a quote."""
        ended_with_credit = Cancel(is_immediate=True, credits_unused=True)
        turns: list[Turn] = [Cancel(), Pause(), Resume(), EndTrial(), ended_with_credit]
        turn = self.chance.choice(turns)
        actor = FINANCE if turn == ended_with_credit else None
        return await self._take(ChangePlan(self.of.id, turn=turn), actor)

    async def lives(self) -> object:
        """The same in one step, and taking an end back."""
        lives = Lives(self.till.world)
        match self.chance.choice(["cancel", "undo", "undo", "pause", "resume", "resume", "end", "start"]):
            case "cancel":
                return await lives.cancel(self.who, self.of.id, self.at)
            case "undo":
                return await lives.undo(self.who, self.of.id, self.at)
            case "pause":
                return await lives.pause(self.who, self.of.id, self.at)
            case "resume":
                return await lives.resume(self.who, self.of.id, self.at)
            case "end":
                return await lives.cancel(self.who, self.of.id, self.at, is_immediate=True, actor=FINANCE)
            case _:
                return await lives.start(self.who, self.chance.choice(PLANS[self.of.product]), self.at)

    async def takes_back(self) -> object:
        """A change that waits, or one that does no longer."""
        for row in await self.till.world.of(self.who, "plan_changes", "created_at DESC"):
            command = CancelPlanChange(PlanChangeId(row.id), self.key())
            async with self.till.world.unit(self.at, self.who.owner) as unit:
                return await cancel_plan_change(unit, command)
        return None

    async def asks_for_approval(self) -> object:
        """A request to be granted."""
        command = RequestApproval(self.change(), "Please.", self.key(), self.chance.random() < 0.5)
        async with self.till.world.unit(self.at, self.who.owner) as unit:
            return await request_approval(unit, command)

    async def answers(self) -> object:
        """Somebody grants, turns down or withdraws what the account has asked for."""
        for row in await self.till.world.of(self.who, "approvals", "created_at DESC"):
            approval = ApprovalId(row.id)
            verb = self.chance.choice(["approve", "approve", "reject", "withdraw"])
            async with self.till.world.unit(self.at, self.who.owner if verb == "withdraw" else FIONA) as unit:
                if verb == "withdraw":
                    return await withdraw_approval(unit, WithdrawApproval(approval, "No.", self.key()))
                answers = approve_approval if verb == "approve" else reject_approval
                return await answers(unit, AnswerApproval(approval, "So be it.", self.key()))
        return None

    async def pays(self) -> object:
        """What is open, by some card; or by transfer; or does what the card asks for."""
        till, world = self.till, self.till.world
        match self.chance.choice(["card", "card", "transfer", "confirm"]):
            case "card":
                card = await till.card(self.who, self.chance.choice(list(B)), is_default=False, at=self.at)
                for row in await world.of(self.who, "invoices", where="status = 'OPEN'"):
                    return await till.pay(self.who, row.id, method=card, at=self.at)
            case "transfer":
                for row in await world.of(self.who, "invoices", where="status = 'OPEN'"):
                    amount = Money(max(1, row.total_minor // self.chance.choice([1, 3])), "USD")
                    async with world.unit(self.at, FINANCE) as unit:
                        return await record_payment(unit, RecordPayment(InvoiceId(row.id), amount, "bank", self.key()))
            case _:
                for row in await world.of(self.who, "payments", where="kind = 'METHOD'"):
                    command = ConfirmPayment(PaymentId(row.id), self.key())
                    return await confirm_payment(till.units(self.who.owner, self.at), till.provider, command)
        return None

    async def works(self) -> object:
        """What the worker does by now."""
        return await self.till.world.run_until(self.who, self.at)


Request = Callable[[Asking], Awaitable[object]]
REQUESTS_OF_A_DAY: tuple[Request, ...] = (
    *[Asking.switches] * 4, Asking.looks, Asking.takes_a_turn, Asking.lives, Asking.lives, Asking.takes_back,
    Asking.asks_for_approval, Asking.answers, Asking.pays, Asking.pays, Asking.works,
)  # fmt: skip


@pytest.mark.parametrize(
    ("seed", "at", "kinds"),
    [(1, april(16), REQUESTS_OF_A_DAY), (2, APRIL.end, (*REQUESTS_OF_A_DAY, *[Asking.works] * 6))],
    ids=["in mid-month", "as the month ends"],
)
async def test_l24_two_hundred_mixed_requests_at_once(
    till: Till, seed: int, at: datetime, kinds: Sequence[Request]
) -> None:
    chance = Random(seed)
    theirs = await twenty(till, chance)
    asking = [Asking(till, chance.choice(theirs), at, Random(1_000 * seed + number)) for number in range(REQUESTS)]
    room = asyncio.Semaphore(CONNECTIONS)

    async def ask(request: Request, each: Asking) -> object:
        async with room:
            return await request(each)

    outcomes = await asyncio.gather(*(ask(chance.choice(kinds), each) for each in asking), return_exceptions=True)
    faults = [each for each in outcomes if isinstance(each, BaseException) and not isinstance(each, NO)]
    assert faults == []
    everybody = {each.who.id: each.who for each in theirs}
    for who in everybody.values():
        await assert_one_at_a_time(till.world, who)
    # and once what was under way is known, what was not paid has lapsed
    for who in everybody.values():
        await till.world.run_until(who, at + timedelta(days=3))
        await assert_one_at_a_time(till.world, who)
        assert await till.world.of(who, "plan_changes", where="status = 'AWAITING_PAYMENT'") == []
        await assert_balanced(till.world, who)
        taken = sum(each.amount_minor for each in await till.books(who) if each.outcome == "SUCCEEDED")
        kept = await till.world.of(who, "payments", where="kind = 'METHOD' AND status = 'SUCCEEDED'")
        assert taken == sum(each.amount_minor for each in kept)
    await assert_sound(till.world.database)
    changes = await till.world.rows("SELECT count(*) AS n FROM plan_changes")
    assert changes[0].n >= 8, "the test would show nothing"


async def assert_one_at_a_time(world: World, who: Customer) -> None:
    """Never two plans of a product, never two versions or prices of one thing, never two changes that wait."""
    live = await world.of(who, "subscriptions", where="ended_at IS NULL")
    assert len({each.product_id for each in live}) == len(live)
    items = await world.of(who, "subscription_items", where="valid_until IS NULL")
    assert {each.subscription_id for each in items} <= {each.id for each in live}
    assert len({(each.subscription_id, each.component) for each in items}) == len(items)
    assert len({(each.subscription_id, each.plan_version_id) for each in items}) == len(
        {each.subscription_id for each in items}
    )
    waiting = await world.of(who, "plan_changes", where="status IN ('SCHEDULED', 'AWAITING_PAYMENT')")
    assert len({each.subscription_id for each in waiting}) == len(waiting)
    assert {each.subscription_id for each in waiting} <= {each.id for each in live}
    wanted = await world.of(who, "approvals", where="status IN ('REQUESTED', 'APPROVED')")
    assert len({each.subscription_id for each in wanted}) == len(wanted)


async def assert_sound(database: Database) -> None:
    """`billing audit` of every account and of the register of numbers finds nothing."""
    said: list[str] = []
    await audit_all(database, lambda each: said.append(line_of(each)), lambda done, total, doing: None)
    assert said == []
