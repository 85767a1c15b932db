"""What became of changes that were asked for, read by staff from the graph, each figure counted by hand.

1 April 2026 is a Wednesday: its week begins on 30 March, the next on Monday 6 April. Customers are on terms unless a
story says otherwise, so that what they accept is in effect at once.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest

from db.engine import Database
from domain.actor import Actor, StaffRole, customer, staff
from domain.catalog import PlanVersion, Segment
from domain.commands import (
    AdjustLine,
    AnswerApproval,
    ApplyQuote,
    CancelSubscription,
    ChangePlan,
    RequestApproval,
    WithdrawApproval,
)
from domain.ids import ApprovalId, LineId, SubscriptionId, UserId, public_id
from domain.money import Money
from operations.approvals.approve_approval import ApprovalGranted, approve_approval
from operations.approvals.reject_approval import reject_approval
from operations.approvals.request_approval import ApprovalRequested, request_approval
from operations.approvals.withdraw_approval import ApprovalWithdrawn, withdraw_approval
from operations.changes.change_and_pay import change_and_pay
from operations.changes.change_plan import Accepted
from operations.changes.expire_change import expire_change
from operations.invoices.adjust_line import LineAdjusted, adjust_line
from operations.subscriptions.cancel_subscription import Cancelled, cancel_subscription
from tests.make import PRO, SCALE, STARTER, an_id, april
from tests.operations.money import FINANCE, Till
from tests.queries.ask import STAFF, ask
from tests.stored import SYSTEM, Customer, World, a_world

FIONA = staff(StaffRole.FINANCE, UserId(an_id("Fiona")))
SAM = staff(StaffRole.SUPPORT, UserId(an_id("Sam")))
LATER = datetime.fromisoformat("2026-05-10T00:00:00+00:00")
OUTCOMES = """query($since: DateTime, $until: DateTime, $segment: Segment, $plan: ID, $version: String,
  $kind: ChangeKind, $by: [OutcomeGroup!], $sandbox: Boolean) {
  policyOutcomes(since: $since, until: $until, segment: $segment, planId: $plan, policyVersion: $version, kind: $kind,
    groupBy: $by, includeSandbox: $sandbox) {
    week segment plan { code } policyVersion kind
    requests {
      previews previewsTaken count taken conversionPercent refused refusals { rule requests }
      confirmationsAsked confirmationsGiven
    }
    changes {
      accepted applied selfService selfServicePercent refusedOnTheirDay
      askedToPay awaitingPayment paid notPaid reverted revertedPercent invoicesCorrected
    }
    approvals { requested granted rejected expired withdrawn open medianAnswerHours oldestOpenHours }
  } }"""


@pytest.fixture
async def world(fresh_database: Database) -> World:
    """The ladder of tests.make on sale, and nobody yet."""
    return await a_world(fresh_database)


async def rows(world: World, at: datetime = LATER, actor: Actor = STAFF, **asked: Any) -> Any:
    """The answer, its instants written as the wire does; the window begins in March."""
    variables = {"since": "2026-03-02T00:00:00Z"} | asked
    answer = await ask(world.database, OUTCOMES, actor, variables, now=at)
    assert not answer.errors, answer.errors
    return answer.data["policyOutcomes"]


async def figures(world: World, of: str, *names: str, at: datetime = LATER, **asked: Any) -> tuple[Any, ...]:
    """Some figures of all there is."""
    (row,) = await rows(world, at, **asked)
    return tuple(row[of][name] for name in names)


async def subscriber(world: World, plan: PlanVersion = PRO, **more: Any) -> tuple[Customer, SubscriptionId]:
    """A customer who signed up on 1 April."""
    seats = more.pop("seats", None)
    months = more.pop("months", 0)
    who = await world.customer(**more)
    return who, await world.subscribe(who, plan, seats=seats, months=months)


# --- requests ----------------------------------------------------------------------------------------------------


async def test_nothing_is_nothing(fresh_database: Database) -> None:
    world = World(fresh_database)
    (row,) = await rows(world)
    assert row["requests"] == {
        "previews": 0, "previewsTaken": 0, "count": 0, "taken": 0, "conversionPercent": None, "refused": 0,
        "refusals": [], "confirmationsAsked": 0, "confirmationsGiven": 0,
    }  # fmt: skip
    assert set(row["changes"].values()) == set(row["approvals"].values()) == {0, None}
    assert await rows(world, by=["WEEK", "PLAN"]) == []


async def test_a_request_is_one_change_on_one_day_however_often_it_is_looked_at(world: World) -> None:
    """Ann looks three times and takes the last. Ben looks on two days: two requests. 5 previews, 3 requests, 1 taken:
    33.33 %. What support looked at counts nowhere.
    """
    ann, ann_pays = await subscriber(world)
    await world.preview(ann, ann_pays, SCALE, april(8, 9))
    await world.preview(ann, ann_pays, SCALE, april(8, 10), replace_pending=True)
    await world.preview(ann, ann_pays, SCALE, april(8, 10), actor=SAM)
    await world.change(ann, ann_pays, SCALE, april(8, 23, 59))
    ben, ben_pays = await subscriber(world)
    await world.preview(ben, ben_pays, SCALE, april(8, 23, 59))
    await world.preview(ben, ben_pays, SCALE, april(9))
    names = ("previews", "previewsTaken", "count", "taken", "conversionPercent", "refused")
    assert await figures(world, "requests", *names) == (5, 1, 3, 1, "33.33", 0)


async def test_other_seats_are_another_request(world: World) -> None:
    who, pays = await subscriber(world, seats=2)
    await world.preview(who, pays, seats=3, at=april(8))
    await world.preview(who, pays, seats=4, at=april(8))
    assert await figures(world, "requests", "previews", "count", "taken") == (2, 2, 0)


async def test_refusals_are_told_by_rule(world: World) -> None:
    """Vera, a viewer, is refused by PC-02 twice, which is one request. Her seats do not fit Starter either: PC-02 and
    PC-16 refuse another. So 2 refused, PC-02 twice, PC-16 once.
    """
    who, pays = await subscriber(world, seats=6)
    await world.use(who, "seats", 6, april(7))
    for _ in range(2):
        await world.preview(who, pays, SCALE, april(8), actor=who.viewer)
    shown = await world.preview(who, pays, STARTER, april(8), seats=2, actor=who.viewer)
    no = sorted(each.code for each in shown.prepared.decision.reasons if each.verdict == "REFUSE")
    assert await figures(world, "requests", "count", "refused", "refusals") == (
        2, 2, [{"rule": "PC-02", "requests": 2}, {"rule": no[-1], "requests": 1}],
    )  # fmt: skip
    assert (len(no), no[0]) == (2, "PC-02")


async def test_confirmations_are_asked_and_given(world: World) -> None:
    """Down to Starter loses features, which PC-13 asks to confirm: one looks, one confirms."""
    for takes in (False, True):
        who, pays = await subscriber(world)
        if takes:
            await world.change(who, pays, STARTER, april(8))
        else:
            await world.preview(who, pays, STARTER, april(8))
    assert await figures(world, "requests", "confirmationsAsked", "confirmationsGiven") == (2, 1)


async def test_a_week_begins_on_monday_at_midnight_in_utc(world: World) -> None:
    who, pays = await subscriber(world)
    last = april(6) - timedelta(microseconds=1)
    for at in (last, april(6), april(12, 23, 59), april(13)):
        await world.preview(who, pays, SCALE, at)
    assert [(row["week"], row["requests"]["previews"]) for row in await rows(world, by=["WEEK"])] == [
        ("2026-03-30", 1), ("2026-04-06", 2), ("2026-04-13", 1),
    ]  # fmt: skip


async def test_the_window_is_half_open(world: World) -> None:
    who, pays = await subscriber(world)
    for at in (april(8), april(9), april(10)):
        await world.preview(who, pays, SCALE, at)
    since, until = "2026-04-09T00:00:00Z", "2026-04-10T00:00:00Z"
    assert await figures(world, "requests", "previews", since=since, until=until) == (1,)


async def test_rows_are_told_apart_by_market_and_plan_and_narrowed(world: World) -> None:
    """A small customer looks at Scale and Starter, an enterprise at Scale, which its contract wants approval for."""
    small, pays = await subscriber(world)
    large, contract = await subscriber(world, segment=Segment.ENTERPRISE, months=12)
    await world.preview(small, pays, SCALE, april(8))
    await world.preview(small, pays, STARTER, april(8))
    await world.preview(large, contract, SCALE, april(8))
    found = await rows(world, by=["SEGMENT", "PLAN"])
    assert sorted((row["segment"], row["plan"]["code"], row["requests"]["count"]) for row in found) == [
        ("ENTERPRISE", "scale", 1), ("SMB", "scale", 1), ("SMB", "starter", 1),
    ]  # fmt: skip
    scale = public_id("plan", SCALE.plan.id)
    assert await figures(world, "requests", "count", plan=scale) == (2,)
    assert await figures(world, "requests", "count", plan=scale, segment="SMB") == (1,)
    (by_edition,) = await rows(world, by=["POLICY_VERSION"])
    assert by_edition["requests"]["count"] == 3
    assert await figures(world, "requests", "count", version=by_edition["policyVersion"]) == (3,)
    assert await figures(world, "requests", "count", version="no such") == (0,)
    (by_kind,) = await rows(world, by=["CHANGE_KIND"])
    assert (by_kind["kind"], by_kind["requests"]["count"]) == ("SWITCH", 3)
    assert await figures(world, "requests", "count", kind="PAUSE") == (0,)


async def test_sandboxes_are_left_out_unless_asked_for(world: World) -> None:
    real, pays = await subscriber(world)
    await world.change(real, pays, SCALE, april(8))
    sandbox = await world.customer(is_sandbox=True)
    await world.change(sandbox, await world.subscribe(sandbox, PRO), SCALE, april(8))
    assert await figures(world, "requests", "taken") == (1,)
    assert await figures(world, "changes", "applied") == (1,)
    assert await figures(world, "requests", "taken", sandbox=True) == (2,)
    assert await figures(world, "changes", "applied", sandbox=True) == (2,)


# --- changes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("says", "back_at", "back", "reverted"),
    [
        ("six days later back to Pro", april(14), PRO, 1),
        ("a moment before seven days", april(15) - timedelta(seconds=1), PRO, 1),
        ("after exactly seven days", april(15), PRO, 0),
        ("on the eighth day", april(15, 12), PRO, 0),
        ("down to another plan than before", april(14), STARTER, 0),
    ],
)
async def test_a_change_is_reverted_by_the_way_back_within_seven_days(
    world: World, says: str, back_at: datetime, back: PlanVersion, reverted: int
) -> None:
    """Up to Scale on 8 April; the way down waits for 1 May, and is accepted all the same."""
    who, pays = await subscriber(world)
    await world.change(who, pays, SCALE, april(8))
    await world.change(who, pays, back, back_at)
    found = await figures(world, "changes", "accepted", "applied", "reverted", at=april(20))
    assert found == (2, 1, reverted), says


@pytest.mark.parametrize(("then", "reverted"), [(2, 1), (3, 0)])
async def test_seats_are_reverted_by_as_many_as_before(world: World, then: int, reverted: int) -> None:
    """Two seats become five; two days later two again, or three."""
    who, pays = await subscriber(world, seats=2)
    await world.change(who, pays, seats=5, at=april(8))
    await world.change(who, pays, seats=then, at=april(10))
    found = await figures(world, "changes", "accepted", "reverted", "revertedPercent", at=april(20))
    assert found == (2, reverted, "100" if reverted else "0")


async def test_only_the_next_change_reverts(world: World) -> None:
    """From Starter up to Pro, up to Scale, and back to Starter: that takes the second back to neither of the two."""
    who, pays = await subscriber(world, STARTER)
    await world.change(who, pays, PRO, april(8))
    await world.change(who, pays, SCALE, april(9))
    await world.change(who, pays, STARTER, april(10))
    assert await figures(world, "changes", "applied", "reverted", at=april(20)) == (2, 0)


async def test_an_end_within_seven_days_reverts(world: World) -> None:
    who, pays = await subscriber(world)
    await world.change(who, pays, SCALE, april(8))
    async with world.unit(april(10), who.owner) as unit:
        outcome = await cancel_subscription(unit, CancelSubscription(pays, world.ids.new().hex))
    assert isinstance(outcome, Cancelled), outcome
    assert await figures(world, "changes", "reverted", at=april(20), kind="SWITCH") == (1,)


async def test_a_change_refused_on_its_day_is_told(world: World) -> None:
    """Down to Starter is accepted for 1 May; by then 5,000 contacts are stored, and Starter holds a thousand."""
    who, pays = await subscriber(world)
    await world.change(who, pays, STARTER, april(8))
    assert await figures(world, "changes", "accepted", "applied", "refusedOnTheirDay") == (1, 0, 0)
    await world.use(who, "contacts", 5_000, april(20))
    await world.run_until(who, april(30) + timedelta(days=2), pays=True)
    assert await figures(world, "changes", "accepted", "applied", "refusedOnTheirDay") == (1, 0, 1)


async def test_who_accepted_is_told_also_once_its_day_has_decided_again(world: World) -> None:
    """A change that its customer accepted for 1 May is self-service, though the job of that day took it."""
    who, pays = await subscriber(world)
    await world.change(who, pays, STARTER, april(8))
    await world.run_until(who, april(30) + timedelta(days=2), pays=True)
    assert await figures(world, "changes", "applied", "selfService", "selfServicePercent") == (1, 1, "100")


async def test_changes_that_are_paid_first_are_told_apart(world: World) -> None:
    """Three customers due on receipt go up: one pays by card at once, one never does, one is still asked to."""
    till = Till(world)
    for name in ("pays", "lapses", "waits"):
        who, subscription = await subscriber(world, net_days=0)
        for invoice in await world.of(who, "invoices", where="status = 'OPEN'"):
            await world.pay(who, invoice.id, april(2))
        if name == "pays":
            await till.card(who)
        shown = await world.preview(who, subscription, SCALE, april(8))
        assert shown.quote is not None
        outcome = await change_and_pay(
            till.units(who.owner, april(8)), till.provider, ApplyQuote(shown.quote.id, world.ids.new().hex)
        )
        assert isinstance(outcome, Accepted)
        assert (outcome.change.status == "APPLIED") == (name == "pays")
        if name == "lapses":
            await expire_change(till.units(SYSTEM, april(9)), till.provider, who.id, outcome.change.id, april(9))
    names = ("accepted", "applied", "askedToPay", "paid", "notPaid", "awaitingPayment", "invoicesCorrected")
    assert await figures(world, "changes", *names) == (3, 1, 3, 1, 1, 1, 0)


@pytest.mark.parametrize(("how", "corrected"), [("credit", 1), ("void", 1), ("adjust", 1), ("end", 0)])
async def test_an_invoice_corrected_after_its_change_is_told(world: World, how: str, corrected: int) -> None:
    """What the engine gives back of it, at an end, is no correction."""
    till = Till(world)
    who, pays = await subscriber(world)
    outcome = await world.change(who, pays, SCALE, april(4))
    invoice = outcome.change.invoice_id
    assert invoice is not None
    if how == "credit":
        await till.credited(who, invoice, "10.00")
    elif how == "void":
        await till.void(who, invoice)
    elif how == "adjust":
        line = (await world.of(who, "invoice_lines", where=f"invoice_id = '{invoice}' AND amount_minor > 0"))[0]
        command = AdjustLine(LineId(line.id), Money(-500, "USD"), "too much", world.ids.new().hex)
        async with world.unit(april(10), FINANCE) as unit:
            assert isinstance(await adjust_line(unit, command), LineAdjusted)
    else:
        command_to_end = CancelSubscription(pays, world.ids.new().hex, is_immediate=True, credits_unused=True)
        async with world.unit(april(12), FINANCE) as unit:
            assert isinstance(await cancel_subscription(unit, command_to_end), Cancelled)
        assert await world.of(who, "credit_notes", where=f"invoice_id = '{invoice}'")
    found = await figures(world, "changes", "invoicesCorrected", until="2026-04-05T00:00:00Z")
    assert found == (corrected,)


# --- approvals ---------------------------------------------------------------------------------------------------


async def put_to_approval(world: World, at: datetime, actor: Actor | None = None) -> tuple[Customer, ApprovalId]:
    """An enterprise under contract asks for Scale, which needs approval."""
    who, pays = await subscriber(world, segment=Segment.ENTERPRISE, months=12)
    command = RequestApproval(ChangePlan(pays, SCALE.plan.id), "Agreed by phone.", world.ids.new().hex)
    async with world.unit(at, actor or who.owner) as unit:
        outcome = await request_approval(unit, command)
    assert isinstance(outcome, ApprovalRequested), outcome
    return who, outcome.approval_id


async def test_approvals_are_told_by_their_answer_and_their_age(world: World) -> None:
    """Granted after 3 h, rejected after 10 h and 5 h, withdrawn, expired on 22 April, and two open on 20 April, since
    17 and 18 April. The middle answer took 5 h; at 01:00 the oldest open has waited 73 h.
    """
    names = (
        "requested", "granted", "rejected", "expired", "withdrawn", "open", "medianAnswerHours", "oldestOpenHours",
    )  # fmt: skip

    def answer(approval: ApprovalId) -> AnswerApproval:
        return AnswerApproval(approval, "So be it.", world.ids.new().hex)

    _, granted = await put_to_approval(world, april(8, 9))
    async with world.unit(april(8, 12), FIONA) as unit:
        assert isinstance(await approve_approval(unit, answer(granted)), ApprovalGranted)
    for hours in (10, 5):
        _, rejected = await put_to_approval(world, april(8))
        async with world.unit(april(8, hours), FIONA) as unit:
            await reject_approval(unit, answer(rejected))
    who, withdrawn = await put_to_approval(world, april(8))
    async with world.unit(april(9), who.owner) as unit:
        command = WithdrawApproval(withdrawn, "We stay.", world.ids.new().hex)
        assert isinstance(await withdraw_approval(unit, command), ApprovalWithdrawn)
    await put_to_approval(world, april(6))
    for day in (17, 18):
        await put_to_approval(world, april(day), SAM)
    assert await figures(world, "approvals", *names, at=april(20, 1)) == (7, 1, 2, 1, 1, 2, "5", "73")
    # two weeks later nobody has answered those two either, and no job has run
    assert await figures(world, "approvals", *names, at=LATER) == (7, 1, 2, 3, 1, 0, "5", None)


async def test_a_change_by_approval_is_no_self_service_and_its_request_was_taken(world: World) -> None:
    """One customer changes alone, one by approval a day after asking for it: half of what is in effect is self-service.
    The request put to approval led to its change as the one previewed the next day did: 3 of 3 were taken. What staff
    put in for a customer is no request of a customer's.
    """
    alone, pays = await subscriber(world)
    await world.change(alone, pays, SCALE, april(8))
    who, approval = await put_to_approval(world, april(8))
    async with world.unit(april(8, 12), FIONA) as unit:
        outcome = await approve_approval(unit, AnswerApproval(approval, "Fine.", world.ids.new().hex))
    assert isinstance(outcome, ApprovalGranted)
    (of,) = await world.of(who, "subscriptions")
    await world.change(who, SubscriptionId(of.id), SCALE, april(9))
    await put_to_approval(world, april(10), SAM)
    assert await figures(world, "changes", "applied", "selfService", "selfServicePercent") == (2, 1, "50")
    assert await figures(world, "requests", "previews", "count", "taken") == (2, 3, 3)


# --- who asks, and what it costs ---------------------------------------------------------------------------------


async def test_nobody_but_staff_reads_outcomes(world: World) -> None:
    who, pays = await subscriber(world)
    await world.preview(who, pays, SCALE, april(8))
    for actor in (who.owner, customer(UserId(an_id("nobody")))):
        assert await rows(world, actor=actor) is None


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"since": "2026-05-11T00:00:00Z"}, ["since"]),
        ({"since": "2025-04-01T00:00:00Z"}, ["since"]),
        ({"plan": "acct_1"}, ["planId"]),
    ],
)
async def test_bad_input_names_its_argument(world: World, asked: dict[str, str], path: list[str]) -> None:
    answer = await ask(world.database, OUTCOMES, STAFF, asked, now=LATER)
    assert [list(error.original_error.path) for error in answer.errors] == [path]


async def test_the_statements_are_four_and_one_for_plans_whatever_there_is(world: World) -> None:
    by = ["WEEK", "SEGMENT", "PLAN", "POLICY_VERSION", "CHANGE_KIND"]
    counts = set()
    for day in (7, 14, 21):
        who, pays = await subscriber(world)
        await world.preview(who, pays, SCALE, april(day))
        await world.change(who, pays, seats=2, at=april(day))
        answer = await ask(world.database, OUTCOMES, STAFF, {"since": "2026-03-02T00:00:00Z", "by": by}, now=LATER)
        assert not answer.errors
        counts.add(answer.statements)
    assert len(counts) == 1, counts
