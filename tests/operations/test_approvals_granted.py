"""What a grant is of, what comes of it, how long it lasts, and who wins of several at once."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from domain.plan_change.verdict import PlanChangeStatus, Verdict
from operations.approvals.approve_approval import ApprovalGranted
from operations.asking import KeyReused, NotAllowed, NotNow
from operations.changes.change_plan import Accepted, StaleQuote
from operations.clock.next_due import next_due
from tests.make import CONTRACT, PRO, SCALE, STARTER, april, usd
from tests.operations.approving import (
    FRED,
    SAM,
    approve,
    ask,
    asked,
    codes,
    contract,
    plan_of,
    reject,
    status,
    withdraw,
)
from tests.stored import World, changed, dearer

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
