"""Requests for approval: who asks, who answers, what a grant is of, and how long it lasts."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Any

import pytest

from db.save.approvals import limit_set
from domain.actor import Actor, StaffRole, staff
from domain.approval_limits import PersonalLimit
from domain.catalog import PlanVersion, Segment
from domain.commands import AnswerApproval, ChangePlan, RequestApproval, SetApprovalLimit, WithdrawApproval
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.ids import ApprovalId, SubscriptionId, UserId
from domain.plan_change.verdict import PlanChangeStatus, RemedyAction, Verdict
from operations.approve_approval import ApprovalGranted, approve_approval
from operations.asking import KeyReused, NotAllowed, NotNow
from operations.change_plan import Accepted, StaleQuote
from operations.next_due import next_due
from operations.reject_approval import reject_approval
from operations.request_approval import ApprovalRequested, request_approval
from operations.set_approval_limit import LimitSet, set_approval_limit
from operations.withdraw_approval import ApprovalWithdrawn, withdraw_approval
from tests.make import CONTRACT, PRO, SCALE, STARTER, an_id, april, usd
from tests.stored import Customer, World, changed, dearer

FIONA = staff(StaffRole.FINANCE, UserId(an_id("Fiona")))
FRED = staff(StaffRole.FINANCE, UserId(an_id("Fred")))
SAM = staff(StaffRole.SUPPORT, UserId(an_id("Sam")))
SUE = staff(StaffRole.SUPPORT, UserId(an_id("Sue")))
NOBODYS = staff(StaffRole.FINANCE)
EXPIRES = timedelta(days=14)


async def contract(world: World, plan: PlanVersion = PRO, seats: int = 1) -> tuple[Customer, SubscriptionId]:
    """An enterprise customer, a year under contract since 1 April."""
    who = await world.customer(segment=Segment.ENTERPRISE)
    return who, await world.subscribe(who, plan, seats=seats, months=12)


async def ask(
    world: World,
    who: Customer,
    subscription: SubscriptionId,
    plan: PlanVersion | None = SCALE,
    at: datetime | None = None,
    *,
    actor: Actor | None = None,
    seats: int | None = None,
    replace_open: bool = False,
    key: str | None = None,
) -> Any:
    change = ChangePlan(
        subscription, plan.plan.id if plan else None, None, () if seats is None else (("seats", seats),)
    )
    command = RequestApproval(change, "We have agreed on it.", key or world.ids.new().hex, replace_open)
    async with world.unit(at or april(16), actor or who.owner) as unit:
        return await request_approval(unit, command)


async def asked(world: World, who: Customer, subscription: SubscriptionId, *args: Any, **more: Any) -> ApprovalId:
    outcome = await ask(world, who, subscription, *args, **more)
    assert isinstance(outcome, ApprovalRequested), outcome
    return outcome.approval_id


async def approve(
    world: World, approval: ApprovalId, at: datetime | None = None, actor: Actor = FIONA, key: str | None = None
) -> Any:
    async with world.unit(at or april(16), actor) as unit:
        return await approve_approval(unit, AnswerApproval(approval, "Fine.", key or world.ids.new().hex))


async def reject(world: World, approval: ApprovalId, at: datetime | None = None, actor: Actor = FIONA) -> Any:
    async with world.unit(at or april(16), actor) as unit:
        return await reject_approval(unit, AnswerApproval(approval, "Not before May.", world.ids.new().hex))


async def withdraw(world: World, approval: ApprovalId, actor: Actor, at: datetime | None = None) -> Any:
    async with world.unit(at or april(16), actor) as unit:
        return await withdraw_approval(unit, WithdrawApproval(approval, "We stay.", world.ids.new().hex))


async def status(world: World, who: Customer) -> list[str]:
    return [row.status for row in await world.of(who, "approvals", "created_at, id")]


async def plan_of(world: World, who: Customer) -> Any:
    (row,) = await world.of(who, "subscriptions")
    return row.plan_id


def codes(decision: Any) -> dict[str, Verdict]:
    return {reason.code: reason.verdict for reason in decision.reasons if reason.code.startswith("PC")}


# --- asking ------------------------------------------------------------------------------------------------------


async def test_what_the_policy_allows_with_approval_can_be_asked_for(world: World) -> None:
    who, subscription = await contract(world, seats=3)
    approval = await asked(world, who, subscription, seats=5)
    (row,) = await world.of(who, "approvals")
    assert (row.id, row.status, row.codes, row.asked_by_id) == (approval, "REQUESTED", ["PC-10"], who.owner.user_id)
    # Scale with five seats: 300.00 + 5 x 40.00; what it costs for half a month is less
    assert (row.amount_minor, row.currency) == (50_000, "USD")
    assert (row.created_at, row.expires_at) == (april(16), april(30))
    assert row.outcome["asked"] == {
        "kind": "SWITCH", "plan": f"plan_{SCALE.plan.id.hex}", "interval": "MONTH",
        "quantities": [["base", 1], ["seats", 5]], "turn": [],
    }  # fmt: skip
    (decision,) = await world.of(who, "policy_decisions")
    assert (decision.id, decision.purpose, decision.verdict) == (row.decision_id, "APPROVAL", "ASK_APPROVAL")
    assert await plan_of(world, who) == PRO.plan.id, "nothing is taken of it"
    (event,) = await world.of(who, "outbox_events", where="type = 'approval.requested'")
    assert event.aggregate_id == approval
    (entry,) = await world.of(who, "audit_entries", where="action = 'approval.request'")
    assert (entry.actor_id, entry.reason) == (who.owner.user_id, "We have agreed on it.")


async def test_a_remedy_says_where_to_ask(world: World) -> None:
    who, subscription = await contract(world)
    shown = await world.preview(who, subscription, SCALE)
    (reason,) = [each for each in shown.prepared.decision.reasons if each.code == "PC-10"]
    assert reason.remedy is not None
    assert (reason.remedy.action, reason.remedy.target) == (RemedyAction.REQUEST_APPROVAL, f"sub_{subscription.hex}")


async def test_what_is_refused_or_allowed_is_not_put_to_approval(world: World) -> None:
    who, subscription = await contract(world, seats=6)
    await world.use(who, "seats", 6)
    before = await world.billing_state()
    refused = await ask(world, who, subscription, seats=2)
    assert isinstance(refused, NotAllowed)
    assert set(codes(refused.decision).values()) == {Verdict.REFUSE, Verdict.ASK_APPROVAL}
    small = await world.customer()
    free = await world.subscribe(small, PRO)
    before = await world.billing_state()
    assert getattr(await ask(world, small, free), "code", None) == "NO_APPROVAL_NEEDED"
    assert changed(before, await world.billing_state()) == set()


async def test_one_request_is_open_at_a_time_unless_it_takes_the_others_place(world: World) -> None:
    who, subscription = await contract(world)
    first = await asked(world, who, subscription)
    second = await ask(world, who, subscription, seats=4)
    assert (second.code, second.remedy.target) == ("APPROVAL_OPEN", f"aprv_{first.hex}")
    await asked(world, who, subscription, seats=4, replace_open=True)
    assert await status(world, who) == ["WITHDRAWN", "REQUESTED"]


async def test_a_request_whose_time_is_over_is_in_nobodys_way(world: World) -> None:
    who, subscription = await contract(world)
    await asked(world, who, subscription, at=april(2))
    await asked(world, who, subscription, at=april(16))
    assert await status(world, who) == ["EXPIRED", "REQUESTED"]
    (event,) = await world.of(who, "outbox_events", where="type = 'approval.expired'")
    assert event.occurred_at == april(16)


async def test_bad_input_names_its_field(world: World) -> None:
    who, subscription = await contract(world)
    with pytest.raises(InvalidInput) as found:
        await ask(world, who, subscription, STARTER, seats=11)
    assert found.value.path[:1] == ("change",)


# --- who may -----------------------------------------------------------------------------------------------------


async def test_who_may_ask(world: World) -> None:
    who, subscription = await contract(world)
    stranger = await world.customer()
    table: list[tuple[str, Actor, type[Exception] | None]] = [
        ("a viewer looks", who.viewer, Forbidden),
        ("a stranger sees nothing", stranger.owner, NotFound),
        ("finance answers, it does not ask", FIONA, Forbidden),
        ("support that is nobody cannot be held to four eyes", staff(StaffRole.SUPPORT), Forbidden),
        ("support proposes", SAM, None),
        ("an owner asks", who.owner, None),
    ]
    for says, actor, error in table:
        if error is not None:
            with pytest.raises(error):
                await ask(world, who, subscription, actor=actor)
        else:
            outcome = await ask(world, who, subscription, actor=actor, replace_open=True)
            assert isinstance(outcome, ApprovalRequested), says


async def test_who_may_answer(world: World) -> None:
    who, subscription = await contract(world)
    approval = await asked(world, who, subscription)
    stranger = await world.customer()
    table: list[tuple[str, Actor, type[Exception] | str]] = [
        ("the customer asks, it does not answer", who.owner, Forbidden),
        ("a viewer looks", who.viewer, Forbidden),
        ("a stranger sees nothing", stranger.owner, NotFound),
        ("support proposes, it does not answer", SAM, Forbidden),
        ("a token of nobody answers for nobody", NOBODYS, "NEEDS_A_PERSON"),
        ("who asked never answers, in whatever role", staff(StaffRole.FINANCE, who.owner.user_id), "OWN_REQUEST"),
    ]
    before = await world.billing_state()
    for says, actor, no in table:
        for answers in (approve, reject):
            if isinstance(no, str):
                assert (await answers(world, approval, actor=actor)).code == no, says
            else:
                with pytest.raises(no):
                    await answers(world, approval, actor=actor)
    assert changed(before, await world.billing_state()) == set()
    assert isinstance(await approve(world, approval), ApprovalGranted)


async def test_who_may_withdraw(world: World) -> None:
    table: list[tuple[str, bool, bool, str, str]] = [
        # asked by support, granted, who withdraws, what comes of it
        ("the customer its own", False, False, "owner", "WITHDRAWN"),
        ("the customer what was granted", False, True, "owner", "WITHDRAWN"),
        ("the customer what is proposed for it", True, False, "owner", "WITHDRAWN"),
        ("support its own proposal", True, False, "sam", "WITHDRAWN"),
        ("no other support", True, False, "sue", "Forbidden"),
        ("support not what a customer asked", False, False, "sam", "Forbidden"),
        ("a viewer nothing", False, False, "viewer", "Forbidden"),
        ("finance what was granted", False, True, "fred", "WITHDRAWN"),
        ("finance not what waits: it rejects", False, False, "fred", "NOT_WITHDRAWABLE"),
        ("a stranger nothing", False, False, "stranger", "NotFound"),
    ]
    stranger = await world.customer()
    for says, is_proposed, is_granted, by, comes_of_it in table:
        who, subscription = await contract(world)
        people = {"owner": who.owner, "viewer": who.viewer, "stranger": stranger.owner}
        people |= {"sam": SAM, "sue": SUE, "fred": FRED}
        approval = await asked(world, who, subscription, actor=SAM if is_proposed else None)
        if is_granted:
            await approve(world, approval, april(17))
        if comes_of_it in ("Forbidden", "NotFound"):
            with pytest.raises(Forbidden if comes_of_it == "Forbidden" else NotFound):
                await withdraw(world, approval, people[by], april(18))
        else:
            outcome = await withdraw(world, approval, people[by], april(18))
            found = "WITHDRAWN" if isinstance(outcome, ApprovalWithdrawn) else outcome.code
            assert found == comes_of_it, says
        assert (await status(world, who) == ["WITHDRAWN"]) is (comes_of_it == "WITHDRAWN"), says


# --- how much ----------------------------------------------------------------------------------------------------


async def dear_request(world: World) -> tuple[Customer, ApprovalId]:
    """Scale with 300 seats: 300.00 + 300 x 40.00 = 12,300.00 a month; finance approves 10,000.00."""
    who, subscription = await contract(world)
    return who, await asked(world, who, subscription, seats=300)


async def test_above_ones_limit_is_for_somebody_with_a_larger_one(world: World) -> None:
    _, approval = await dear_request(world)
    before = await world.billing_state()
    no = await approve(world, approval)
    assert (no.code, no.remedy.action) == ("OVER_LIMIT", RemedyAction.ASK_LARGER_LIMIT)
    assert [(each.name, each.value) for each in no.figures] == [
        ("amount", "12300.00 USD"),
        ("limit", "10000.00 USD"),
    ]
    assert changed(before, await world.billing_state()) == set()
    boss = staff(StaffRole.FINANCE, UserId(world.ids.new()))
    assert boss.user_id is not None
    async with world.unit(april(2)) as unit:
        await limit_set(unit, PersonalLimit(boss.user_id, usd("50000.00"), None, boss.user_id), is_first=True)
    # the boss is away until the 18th, and somebody stands in
    deputy = staff(StaffRole.FINANCE, UserId(world.ids.new()))
    assert deputy.user_id is not None
    command = SetApprovalLimit(deputy.user_id, usd("20000.00"), world.ids.new().hex, april(18))
    async with world.unit(april(10), boss) as unit:
        assert isinstance(await set_approval_limit(unit, command), LimitSet)
    assert (await approve(world, approval, april(18), deputy)).code == "OVER_LIMIT", "it is over at its instant"
    assert isinstance(await approve(world, approval, april(17, 23, 59), deputy), ApprovalGranted)


async def test_nobody_sets_their_own_limit_nor_one_above_it(world: World) -> None:
    async def set_by(actor: Actor, whose: Actor, amount: str, **more: Any) -> Any:
        assert whose.user_id is not None
        command = SetApprovalLimit(whose.user_id, usd(amount), world.ids.new().hex, **more)
        async with world.unit(april(10), actor) as unit:
            return await set_approval_limit(unit, command)

    newcomer = staff(StaffRole.FINANCE, UserId(world.ids.new()))
    before = await world.billing_state()
    assert (await set_by(FIONA, FIONA, "1.00")).code == "OWN_LIMIT"
    no = await set_by(FIONA, newcomer, "10000.01")
    assert (no.code, [each.value for each in no.figures]) == ("OVER_LIMIT", ["10000.01 USD", "10000.00 USD"])
    assert (await set_by(NOBODYS, newcomer, "1.00")).code == "NEEDS_A_PERSON"
    for actor in (SAM, (await world.customer()).owner):
        with pytest.raises(Forbidden):
            await set_by(actor, newcomer, "1.00")
    with pytest.raises(InvalidInput):
        await set_by(FIONA, newcomer, "-1.00")
    with pytest.raises(InvalidInput):
        await set_by(FIONA, newcomer, "1.00", until=april(10))
    assert "approval_limits" not in changed(before, await world.billing_state())
    # a newcomer begins with little, and who has little gives no more
    assert isinstance(await set_by(FIONA, newcomer, "100.00"), LimitSet)
    assert (await set_by(newcomer, FRED, "200.00")).code == "OVER_LIMIT"
    who, subscription = await contract(world)
    approval = await asked(world, who, subscription)
    assert (await approve(world, approval, actor=newcomer)).code == "OVER_LIMIT"


# --- what a grant is of ------------------------------------------------------------------------------------------


async def test_what_has_not_changed_is_done_with_the_grant(world: World) -> None:
    who, subscription = await contract(world)
    approval = await asked(world, who, subscription)
    granted = await approve(world, approval)
    assert granted.change_id is not None
    (change,) = await world.of(who, "plan_changes")
    assert (change.id, change.status, change.approval_id) == (granted.change_id, "APPLIED", approval)
    assert await plan_of(world, who) == SCALE.plan.id
    assert await status(world, who) == ["USED"]
    (decision,) = [row for row in await world.of(who, "policy_decisions") if row.id == change.decision_id]
    (reason,) = [each for each in decision.reasons if each["code"] == "PC-10"]
    assert (reason["verdict"], reason["grantedBy"]) == ("ALLOW", f"aprv_{approval.hex}")
    assert [event.type for event in await world.of(who, "outbox_events", "sequence", "type like 'approval.%'")] == [
        "approval.requested",
        "approval.approved",
        "approval.used",
    ]


async def test_once_time_has_passed_the_customer_confirms_a_new_quote(world: World) -> None:
    who, subscription = await contract(world)
    approval = await asked(world, who, subscription)
    assert (await approve(world, approval, april(21))).change_id is None
    assert (await status(world, who), await plan_of(world, who)) == (["APPROVED"], PRO.plan.id)
    shown = await world.preview(who, subscription, SCALE, april(22))
    assert shown.quote is not None
    (reason,) = [each for each in shown.prepared.decision.reasons if each.code == "PC-10"]
    assert (reason.verdict, reason.granted_by, reason.remedy) == (Verdict.ALLOW, f"aprv_{approval.hex}", None)
    assert isinstance(await world.apply(who, shown.quote.id, april(22)), Accepted)
    assert (await status(world, who), await plan_of(world, who)) == (["USED"], SCALE.plan.id)
    (change,) = await world.of(who, "plan_changes")
    assert change.approval_id == approval
    # it is used up: the same change of another day is asked for again
    assert (await world.preview(who, subscription, PRO, april(23))).quote is None


async def test_an_approval_is_of_one_request(world: World) -> None:
    who, subscription = await contract(world, seats=3)
    await approve(world, await asked(world, who, subscription, seats=5), april(17))
    for says, plan, seats in (("more", SCALE, 6), ("fewer", SCALE, 4), ("as now", SCALE, None), ("another", PRO, 5)):
        assert (await world.preview(who, subscription, plan, april(18), seats=seats)).quote is None, says
    yearly = await world.preview(who, subscription, SCALE, april(18), seats=5)
    assert yearly.quote is not None


async def test_a_request_that_leaves_the_seats_is_of_the_seats_there_were(world: World) -> None:
    who, subscription = await contract(world, seats=3)
    await approve(world, await asked(world, who, subscription), april(17))
    assert (await world.preview(who, subscription, SCALE, april(18), seats=3)).quote is not None, "the same, said"
    assert (await world.preview(who, subscription, SCALE, april(18), seats=4)).quote is None


async def test_what_is_refused_today_comes_back_and_the_request_stays(world: World) -> None:
    who, subscription = await contract(world, seats=6)
    approval = await asked(world, who, subscription, seats=4)
    await world.use(who, "seats", 6, april(17))
    before = await world.billing_state()
    no = await approve(world, approval, april(18))
    assert isinstance(no, NotAllowed)
    assert codes(no.decision)["PC-10"] is Verdict.ALLOW, "granted, and of no help"
    assert no.decision.verdict is Verdict.REFUSE
    assert changed(before, await world.billing_state()) == set()
    assert await status(world, who) == ["REQUESTED"]


async def test_a_proposal_of_support_is_never_taken_for_the_customer(world: World) -> None:
    who, subscription = await contract(world)
    approval = await asked(world, who, subscription, actor=SAM)
    (entry,) = await world.of(who, "audit_entries", where="action = 'approval.propose'")
    assert entry.actor_id == SAM.user_id
    assert (await approve(world, approval)).change_id is None
    assert (await status(world, who), await plan_of(world, who)) == (["APPROVED"], PRO.plan.id)
    shown = await world.preview(who, subscription, SCALE, april(16))
    assert shown.quote is not None
    assert isinstance(await world.apply(who, shown.quote.id, april(16)), Accepted)
    assert await status(world, who) == ["USED"]


async def test_who_may_not_change_plans_any_more_is_not_taken_at_their_word(world: World) -> None:
    who, subscription = await contract(world)
    approval = await asked(world, who, subscription)
    await world.rows(
        "UPDATE memberships SET role = 'VIEWER' WHERE account_id = :id AND user_id = :who RETURNING id",
        id=who.id,
        who=who.owner.user_id,
    )
    assert (await approve(world, approval)).change_id is None


async def test_a_plan_that_only_comes_with_a_contract(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    approval = await asked(world, who, subscription, CONTRACT)
    assert (await approve(world, approval)).change_id is not None
    assert await plan_of(world, who) == CONTRACT.plan.id


async def test_a_dearer_price_is_the_customers_to_confirm(world: World) -> None:
    ladder = await world.ladder()
    who, subscription = await contract(world, ladder["pro"])
    approval = await asked(world, who, subscription, ladder["scale"])
    await world.publish(dearer(ladder["scale"]), at=april(16))
    assert (await approve(world, approval)).change_id is None
    assert (await status(world, who), await plan_of(world, who)) == (["APPROVED"], ladder["pro"].plan.id)
    shown = await world.preview(who, subscription, ladder["scale"], april(16))
    # (7 x 340.00 - 125.00) x 15 / 30 days
    assert shown.prepared.delta.net == usd("1127.50")


# --- a scheduled change ------------------------------------------------------------------------------------------


async def test_a_granted_downgrade_waits_for_the_end_of_the_contract_and_is_taken(world: World) -> None:
    who, subscription = await contract(world)
    approval = await asked(world, who, subscription, STARTER)
    shown = await world.preview(who, subscription, STARTER)
    assert codes(shown.prepared.decision)["PC-10"] is Verdict.ASK_APPROVAL
    granted = await approve(world, approval)
    if granted.change_id is None:
        # it takes features away: that is the customer's to confirm
        await world.change(who, subscription, STARTER)
    (change,) = await world.of(who, "plan_changes")
    assert (change.status, change.approval_id) == (PlanChangeStatus.SCHEDULED, approval)
    assert await status(world, who) == ["USED"]
    await world.run_until(who, change.effective_at, pays=True)
    (change,) = await world.of(who, "plan_changes")
    assert (change.status, await plan_of(world, who)) == (PlanChangeStatus.APPLIED, STARTER.plan.id)


# --- how long ----------------------------------------------------------------------------------------------------


async def test_a_request_expires_at_its_instant_whether_or_not_a_job_has_run(world: World) -> None:
    who, subscription = await contract(world)
    approval = await asked(world, who, subscription, at=april(2))
    for answers in (approve, reject):
        no = await answers(world, approval, april(16))
        assert (no.code, no.status) == ("NOT_REQUESTED", "EXPIRED")
    assert (await withdraw(world, approval, who.owner, april(16))).code == "NOT_WITHDRAWABLE"
    assert isinstance(await approve(world, approval, april(15, 23, 59)), ApprovalGranted)


async def test_a_grant_lasts_fourteen_days_and_no_longer(world: World) -> None:
    who, subscription = await contract(world)
    await approve(world, await asked(world, who, subscription, at=april(2)), april(9))
    assert (await world.preview(who, subscription, SCALE, april(22, 23, 59))).quote is not None
    assert (await world.preview(who, subscription, SCALE, april(23))).quote is None, "no job has run"
    assert await status(world, who) == ["APPROVED"]
    await world.run_until(who, april(23))
    assert await status(world, who) == ["EXPIRED"]
    (event,) = await world.of(who, "outbox_events", where="type = 'approval.expired'")
    assert event.occurred_at == april(23)


async def test_a_quote_does_not_outlive_the_grant_it_rests_on(world: World) -> None:
    who, subscription = await contract(world)
    approval = await asked(world, who, subscription)
    await approve(world, approval, april(17))
    shown = await world.preview(who, subscription, SCALE, april(18))
    assert shown.quote is not None
    await withdraw(world, approval, FRED, april(18))
    outcome = await world.apply(who, shown.quote.id, april(18))
    assert isinstance(outcome, StaleQuote)
    assert "verdict" in outcome.differs
    assert await plan_of(world, who) == PRO.plan.id


# --- at once -----------------------------------------------------------------------------------------------------


async def one_of(*deeds: Awaitable[Any]) -> list[Any]:
    return list(await asyncio.gather(*deeds))


@pytest.mark.parametrize("round_", range(4))
async def test_of_a_grant_and_a_rejection_one_wins(world: World, round_: int) -> None:
    who, subscription = await contract(world)
    approval = await asked(world, who, subscription)
    deeds = [approve(world, approval), reject(world, approval, actor=FRED)]
    outcomes = await one_of(*(deeds if round_ % 2 else reversed(deeds)))
    assert sorted(isinstance(each, NotNow) for each in outcomes) == [False, True]
    is_granted = any(isinstance(each, ApprovalGranted) for each in outcomes)
    assert await status(world, who) == ["USED" if is_granted else "REJECTED"]
    assert len(await world.of(who, "plan_changes")) == int(is_granted)


@pytest.mark.parametrize("round_", range(4))
async def test_of_a_grant_and_a_withdrawal_what_is_taken_stays_taken(world: World, round_: int) -> None:
    who, subscription = await contract(world)
    approval = await asked(world, who, subscription)
    deeds = [approve(world, approval), withdraw(world, approval, who.owner)]
    outcomes = await one_of(*(deeds if round_ % 2 else reversed(deeds)))
    assert sorted(isinstance(each, NotNow) for each in outcomes) == [False, True]
    is_granted = any(isinstance(each, ApprovalGranted) for each in outcomes)
    assert await status(world, who) == ["USED" if is_granted else "WITHDRAWN"]


@pytest.mark.parametrize("round_", range(4))
async def test_of_a_grant_in_time_and_a_late_job_one_wins(world: World, round_: int) -> None:
    who, subscription = await contract(world)
    approval = await asked(world, who, subscription, at=april(2))

    async def run_due() -> None:
        async with world.unit(april(16)) as unit:
            await next_due(unit, [who.id], april(16))

    deeds: list[Awaitable[Any]] = [approve(world, approval, april(15)), run_due()]
    outcomes = await one_of(*(deeds if round_ % 2 else reversed(deeds)))
    is_granted = any(isinstance(each, ApprovalGranted) for each in outcomes)
    assert await status(world, who) == ["APPROVED" if is_granted else "EXPIRED"]
    assert any(isinstance(each, NotNow) for each in outcomes) is not is_granted


async def test_l23_equal_parallel_requests_and_grants_have_one_effect(world: World) -> None:
    who, subscription = await contract(world)
    outcomes = await one_of(*(ask(world, who, subscription, key="once") for _ in range(6)))
    assert sorted(each.is_replay for each in outcomes) == [False] + [True] * 5
    (approval,) = {each.approval_id for each in outcomes}
    outcomes = await one_of(*(approve(world, approval, key="grant once") for _ in range(6)))
    assert sorted(each.is_replay for each in outcomes) == [False] + [True] * 5
    assert len({each.change_id for each in outcomes}) == 1
    assert len(await world.of(who, "plan_changes")) == 1
    assert isinstance(await ask(world, who, subscription, seats=9, key="once"), KeyReused)
