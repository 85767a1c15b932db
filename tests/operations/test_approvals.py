"""Requests for approval: who asks, who answers, and how much somebody may approve."""

from datetime import datetime
from typing import Any

import pytest

from domain.actor import Actor, StaffRole, staff
from domain.approval_limits import PersonalLimit
from domain.commands import SetApprovalLimit
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.ids import ApprovalId, UserId
from domain.plan_change.verdict import RemedyAction, Verdict
from operations.approvals.approve_approval import ApprovalGranted
from operations.approvals.place_approval_limit import place_approval_limit
from operations.approvals.request_approval import ApprovalRequested
from operations.approvals.set_approval_limit import LimitSet, set_approval_limit
from operations.approvals.withdraw_approval import ApprovalWithdrawn
from operations.asking import NotAllowed
from tests.make import PRO, SCALE, STARTER, an_id, april, usd
from tests.operations.approving import (
    FIONA,
    FRED,
    NOBODYS,
    SAM,
    SUE,
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
from tests.stored import Customer, World, changed

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
    async with world.unit(april(2), staff(StaffRole.SYSTEM)) as unit:
        await place_approval_limit(unit, PersonalLimit(boss.user_id, usd("50000.00"), None, UserId(an_id("Fiona"))))
    # the boss is away until the 18th, and somebody stands in
    deputy = staff(StaffRole.FINANCE, UserId(world.ids.new()))
    assert deputy.user_id is not None
    command = SetApprovalLimit(deputy.user_id, usd("20000.00"), world.ids.new().hex, april(18))
    async with world.unit(april(10), boss) as unit:
        assert isinstance(await set_approval_limit(unit, command), LimitSet)
    assert (await approve(world, approval, april(18), deputy)).code == "OVER_LIMIT", "it is over at its instant"
    assert isinstance(await approve(world, approval, april(17, 23, 59), deputy), ApprovalGranted)


@pytest.mark.parametrize(
    ("amount", "until", "by", "field"),
    [
        ("-0.01", None, UserId(an_id("Fiona")), "limit"),
        ("1.00", april(2), UserId(an_id("Fiona")), "until"),
        ("1.00", None, UserId(an_id("Fred")), "by"),
    ],
)
async def test_a_limit_that_makes_no_sense_is_not_placed(
    world: World, amount: str, until: datetime | None, by: UserId, field: str
) -> None:
    before = await world.billing_state()
    with pytest.raises(InvalidInput) as error:
        async with world.unit(april(2), staff(StaffRole.SYSTEM)) as unit:
            await place_approval_limit(unit, PersonalLimit(UserId(an_id("Fred")), usd(amount), until, by))
    assert error.value.path == (field,)
    assert changed(before, await world.billing_state()) == set()


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
