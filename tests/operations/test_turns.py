"""The end of a trial, an end, a pause and a resume, previewed and taken as any other change of a subscription."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from domain.actor import Actor
from domain.commands import Cancel, ChangePlan, EndTrial, Pause, Resume, Turn
from domain.errors import InvalidInput
from domain.ids import PlanId, SubscriptionId
from domain.invoicing.bill import Bill
from domain.plan_change.verdict import ChangeKind, PlanChangeStatus
from operations.asking import NotAllowed
from operations.changes.change_plan import Accepted, StaleQuote
from operations.changes.preview_plan_changes import preview_plan_changes
from operations.changes.quote_change import PlanChangePreview
from tests.make import APRIL, FREE, MID_APRIL, PRO, SCALE, STARTER, YEAR, april, usd
from tests.operations.lives import FINANCE, Lives
from tests.stored import Customer, World, changed

A_MINUTE_LATER = MID_APRIL + timedelta(minutes=1)


async def in_force(world: World, who: Customer) -> SubscriptionId:
    """100.00 and a seat for 25.00, April paid."""
    return await world.subscribe(who, PRO, seats=1)


async def in_trial(world: World, who: Customer) -> SubscriptionId:
    """30 days that cost nothing."""
    return await Lives(world).started(who, trial_days=30)


async def at_rest(world: World, who: Customer) -> SubscriptionId:
    """Paused on 11 April, when a third of April had passed."""
    subscription = await in_force(world, who)
    await Lives(world).pause(who, subscription, april(11))
    return subscription


async def in_use(world: World, who: Customer) -> SubscriptionId:
    """In force, and about to change when April is over."""
    subscription = await in_force(world, who)
    await world.change(who, subscription, STARTER, april(5))
    return subscription


@dataclass(frozen=True)
class Case:
    says: str
    of: Callable[[World, Customer], Awaitable[SubscriptionId]]
    turn: Turn
    delta: str
    """Of half an April, before tax."""
    status: str
    ends_at: datetime | None = None
    actor: Actor | None = None


CASES = [
    # a period of its own from the 16th on, in full: 100.00 + 25.00
    Case("a trial paid from now on", in_trial, EndTrial(), "125.00", "ACTIVE"),
    Case("an end with the period", in_force, Cancel(reason="Moved."), "0.00", "ACTIVE", APRIL.end),
    Case("a trial left", in_trial, Cancel(), "0.00", "TRIALING", APRIL.end),
    Case("an end at once", in_force, Cancel(is_immediate=True), "0.00", "CANCELLED", MID_APRIL),
    Case("an end at once, half of April given back", in_force, Cancel(is_immediate=True, credits_unused=True),
         "-62.50", "CANCELLED", MID_APRIL, FINANCE),
    Case("the end of what is paused", at_rest, Cancel(), "0.00", "CANCELLED", MID_APRIL),
    Case("a pause", in_force, Pause(), "-62.50", "PAUSED"),
    Case("a pause beside a change that waits", in_use, Pause(april(20)), "-62.50", "PAUSED"),
    Case("an end beside a change that waits", in_use, Cancel(), "0.00", "ACTIVE", APRIL.end),
    Case("a resume", at_rest, Resume(), "62.50", "ACTIVE"),
]  # fmt: skip


def lines_of(bill: Bill) -> list[tuple[str, int]]:
    """Each line's words and stated amount in minor units, in order of its words."""
    return sorted((line.description, line.stated.minor) for line in bill.lines)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
async def test_l22_a_turn_previewed_changes_nothing_and_is_taken_as_it_was_shown(world: World, case: Case) -> None:
    who = await world.customer()
    subscription = await case.of(world, who)
    before = await world.billing_state()
    had = await Lives(world).entitled(who, MID_APRIL)
    shown = await world.preview(who, subscription, turn=case.turn, actor=case.actor)
    assert changed(before, await world.billing_state()) == set()
    assert shown.prepared.delta.net == usd(case.delta)
    assert shown.quote is not None
    known = {row.id for table in ("invoice_lines", "credit_note_lines") for row in await world.of(who, table)}
    outcome = await world.apply(who, shown.quote.id, A_MINUTE_LATER, actor=case.actor)
    assert isinstance(outcome, Accepted)
    assert outcome.change.status is PlanChangeStatus.APPLIED
    charged = [row for row in await world.of(who, "invoice_lines") if row.id not in known]
    given = [row for row in await world.of(who, "credit_note_lines") if row.id not in known]
    written = [(row.description, row.amount_minor) for row in charged] + [
        (row.description, -row.amount_minor) for row in given
    ]
    assert sorted(written) == lines_of(shown.prepared.delta.bill)
    row = await Lives(world).subscription(who)
    assert (row.status, row.cancel_at) == (case.status, case.ends_at)
    (change,) = await world.of(who, "plan_changes", where=f"kind = '{case.turn.kind}' AND quote_id IS NOT NULL")
    assert (change.effective_at, change.decision_id) == (shown.prepared.decision.effective_at, change.decision_id)
    (decided,) = await world.of(who, "policy_decisions", where=f"id = '{change.decision_id}'")
    assert (decided.purpose, decided.change_kind) == ("APPLY", case.turn.kind)
    # what is granted is what was shown, from the moment it was taken (an end ahead is laid out)
    at = max(A_MINUTE_LATER, case.ends_at or A_MINUTE_LATER)
    granted = await Lives(world).entitled(who, at)
    assert {each.feature.code for each in shown.prepared.entitlements if each.is_lost} == had.keys() - granted.keys()
    assert {each.feature.code for each in shown.prepared.entitlements if each.is_gained} == granted.keys() - had.keys()


async def test_an_end_that_is_ahead_bills_only_what_is_used_until_then(world: World) -> None:
    who = await world.customer()
    subscription = await in_force(world, who)
    shown = (await world.preview(who, subscription, turn=Cancel())).prepared
    assert shown.next_invoice.lines == ()
    assert shown.next_invoice.at == APRIL.end
    # a year's contract goes on being billed: eleven more times
    other = await world.customer()
    bound = await world.subscribe(other, PRO, months=12)
    shown = (await world.preview(other, bound, turn=Cancel())).prepared
    assert [line.stated for line in shown.next_invoice.lines] == [usd("100.00"), usd("25.00")]


async def test_nothing_follows_an_end_at_once_or_a_pause_and_a_resume_is_followed_by_the_regular_one(
    world: World,
) -> None:
    who = await world.customer()
    subscription = await in_force(world, who)
    for turn in (Cancel(is_immediate=True), Pause()):
        assert (await world.preview(who, subscription, turn=turn)).prepared.next_invoice.lines == ()
    await Lives(world).pause(who, subscription, april(11))
    shown = (await world.preview(who, subscription, turn=Resume())).prepared
    assert (shown.next_invoice.at, lines_of(shown.next_invoice)) == (
        APRIL.end, [("Pro", 10_000), ("Pro: Seats × 1", 2_500)],
    )  # fmt: skip
    assert {each.feature.code for each in shown.entitlements if each.is_gained} >= {"contacts", "seats"}


async def test_what_a_turn_was_promised_on_has_changed_and_the_answer_says_it_in_figures(world: World) -> None:
    who = await world.customer()
    subscription = await in_force(world, who)
    shown = await world.preview(who, subscription, turn=Pause())
    assert shown.quote is not None
    # three seats more for half of April are 37.50, and would be given back with the rest: 62.50 + 37.50
    await world.change(who, subscription, seats=4)
    outcome = await world.apply(who, shown.quote.id, A_MINUTE_LATER)
    assert isinstance(outcome, StaleQuote)
    said = {each.part: (each.promised, each.now) for each in outcome.differences}
    assert said["lines"] == ("-62.50 USD", "-100.00 USD")
    assert outcome.differs[0] == "subscription"


async def test_a_turn_taken_in_between_makes_the_quote_stale(world: World) -> None:
    who = await world.customer()
    subscription = await in_force(world, who)
    shown = await world.preview(who, subscription, turn=Cancel())
    assert shown.quote is not None
    await Lives(world).cancel(who, subscription, MID_APRIL)
    outcome = await world.apply(who, shown.quote.id, A_MINUTE_LATER)
    assert isinstance(outcome, StaleQuote)
    assert "verdict" in outcome.differs


async def test_finance_takes_a_turn_in_the_customers_stead_and_no_quote_of_another_plan(world: World) -> None:
    who = await world.customer()
    subscription = await in_force(world, who)
    shown = await world.preview(who, subscription, turn=Pause())
    other = await world.preview(who, subscription, SCALE)
    assert shown.quote is not None
    assert other.quote is not None
    assert isinstance(await world.apply(who, other.quote.id, A_MINUTE_LATER, actor=FINANCE), NotAllowed)
    assert isinstance(await world.apply(who, shown.quote.id, A_MINUTE_LATER, actor=who.viewer), NotAllowed)
    assert isinstance(await world.apply(who, shown.quote.id, A_MINUTE_LATER, actor=FINANCE), Accepted)


async def test_a_trial_goes_over_into_another_plan_at_once(world: World) -> None:
    who = await world.customer()
    subscription = await in_trial(world, who)
    shown = await world.preview(who, subscription, SCALE, turn=EndTrial())
    assert shown.prepared.delta.net == usd("340.00")  # 300.00 and a seat for 40.00
    assert shown.prepared.facts.request.kind is ChangeKind.END_TRIAL


async def test_a_pause_does_not_end_before_it_began(world: World) -> None:
    who = await world.customer()
    subscription = await in_force(world, who)
    with pytest.raises(InvalidInput) as caught:
        await world.preview(who, subscription, turn=Pause(MID_APRIL))
    assert caught.value.path == ("pause", "resumesAt")


async def asked_for(world: World, who: Customer, requests: list[ChangePlan]) -> tuple[list[object], int]:
    """The answers to requests previewed together, and how many statements they were."""
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement)

    engine = world.database._engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        async with world.unit(MID_APRIL, who.owner) as unit:
            answers = await preview_plan_changes(unit, requests[0].subscription_id, requests)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return list(answers), len(seen)


async def test_a_dozen_candidates_are_as_many_statements_as_one(world: World) -> None:
    who = await world.customer()
    subscription = await in_force(world, who)
    plans = [FREE, STARTER, PRO, SCALE]
    requests = [ChangePlan(subscription, each.plan.id, interval) for each in plans for interval in (None, YEAR)]
    requests += [ChangePlan(subscription, SCALE.plan.id, quantities=(("seats", each),)) for each in (2, 3, 4, 5)]
    # the plan of one is loaded as those of four are
    one, alone = await asked_for(world, who, requests[-1:])
    answers, together = await asked_for(world, who, requests)
    assert len(answers) == 12
    assert together == alone
    # and each is what it would have been alone
    for request, answer in zip(requests, answers, strict=True):
        (single,), _ = await asked_for(world, who, [request])
        assert isinstance(answer, PlanChangePreview)
        assert isinstance(single, PlanChangePreview)
        assert single.prepared == answer.prepared
    tokens = [each.quote.id for each in answers if isinstance(each, PlanChangePreview) and each.quote is not None]
    assert len(set(tokens)) == len(tokens) > 6
    assert isinstance(one[0], PlanChangePreview)


async def test_ends_and_resumes_among_them_are_read_for_once(world: World) -> None:
    who = await world.customer()
    subscription = await in_force(world, who)
    now = ChangePlan(subscription, turn=Cancel(is_immediate=True))
    _, one = await asked_for(world, who, [now])
    _, many = await asked_for(world, who, [now, ChangePlan(subscription, turn=Pause()), now, now])
    assert many == one


async def test_a_candidate_that_cannot_be_read_or_is_not_there_spoils_no_other(world: World) -> None:
    who = await world.customer()
    subscription = await in_force(world, who)
    answers, _ = await asked_for(
        world,
        who,
        [
            ChangePlan(subscription, PlanId(world.ids.new())),
            ChangePlan(subscription, SCALE.plan.id, quantities=(("chairs", 2),)),
            ChangePlan(subscription, turn=Pause(april(1))),
            ChangePlan(subscription, SCALE.plan.id),
        ],
    )
    unknown, chairs, past, up = answers
    assert unknown is None
    assert isinstance(chairs, InvalidInput)
    assert isinstance(past, InvalidInput)
    assert past.path == ("pause", "resumesAt")
    assert isinstance(up, PlanChangePreview)
    assert up.quote is not None
