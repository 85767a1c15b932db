"""Editions of the policy in operation: which one decides, what the shadow leaves behind, and asking again later."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from cli.simulate import simulated, told
from db.engine import Ran
from db.facts_text import facts_of, versions_of
from db.queries import catalog
from db.save.policy import forget_facts_before
from domain.actor import StaffRole, staff
from domain.catalog import Segment
from domain.commands.policy import EndPolicyOverride, SetPolicyOverride, SetPolicyRollout
from domain.plan_change import editions
from domain.plan_change.decide import decide
from domain.plan_change.editions import BASE, CANDIDATES
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.policy import Refuse, Rule
from domain.rollout import RolloutStage
from operations.asking import NotAllowed
from operations.asking_catalog import CatalogDeed
from operations.changes.change_plan import Accepted, StaleQuote
from operations.policy import editions_for
from operations.policy.end_policy_override import end_policy_override
from operations.policy.set_policy_override import set_policy_override
from operations.policy.set_policy_rollout import set_policy_rollout
from tests.make import APRIL, PRO, SCALE, STARTER, april
from tests.stored import Customer, World, changed

FINANCE = staff(StaffRole.FINANCE)
(NEXT,) = CANDIDATES


@pytest.fixture(autouse=True)
async def _nothing_is_rolled_out(world: World) -> None:
    """Rollouts are the catalog's, and what was asked last is everybody's: each test begins with none."""
    async with world.unit(april(1)) as unit:
        await unit.session.execute(text("DELETE FROM policy_rollouts"))
        await unit.session.execute(text("DELETE FROM decision_facts"))


async def roll_out(world: World, stage: RolloutStage, share: int | None = None, segment: Segment = Segment.SMB) -> None:
    async with world.unit(april(2), FINANCE) as unit:
        key = unit.ids.new().hex
        command = SetPolicyRollout(NEXT.id, segment, stage, share, "To see what it does", key)
        assert isinstance(await set_policy_rollout(unit, command), CatalogDeed)


async def moved_up(world: World) -> tuple[Customer, Any]:
    """A customer who went from Starter to Pro this morning: on the way down again, the editions disagree."""
    who = await world.customer()
    subscription = await world.subscribe(who, STARTER)
    assert isinstance(await world.change(who, subscription, PRO), Accepted)
    return who, subscription


async def facts_kept(world: World, who: Customer) -> list[Any]:
    """What the account's decisions looked at, in their order."""
    return await world.of(who, "decision_facts", "created_at, decision_id")


async def left_by_previews(world: World, who: Customer) -> dict[str, int]:
    decided, quoted = await world.of(who, "policy_decisions"), await world.of(who, "quotes")
    return {"decisions": len(decided), "quotes": len(quoted), "facts": len(await facts_kept(world, who))}


def codes(shown: Any) -> list[str]:
    return [reason.code for reason in shown.prepared.decision.reasons]


async def test_l34_the_shadow_writes_only_its_own_tables_and_changes_no_answer(world: World) -> None:
    who, subscription = await moved_up(world)
    alone = await world.preview(who, subscription, STARTER)
    before = await world.billing_state()
    rows = await left_by_previews(world, who)
    await roll_out(world, RolloutStage.SHADOW)
    shown = await world.preview(who, subscription, STARTER)
    assert changed(before, await world.billing_state()) <= {"policy_rollouts", "catalog_entries"}
    # one decision, one quote, one row of facts, as without it; and the one row that is the shadow's own
    assert await left_by_previews(world, who) == {name: count + 1 for name, count in rows.items()}
    (evaluated,) = await world.of(who, "shadow_evaluations")
    assert (evaluated.live_version, evaluated.candidate_version, evaluated.segment) == (BASE.id, NEXT.id, "SMB")
    assert (evaluated.differs, evaluated.difference["onlyCandidate"]) == (True, ["PC-40"])
    assert shown.prepared.decision == alone.prepared.decision
    assert [each.outcome for each in shown.shadows] == ["differed"]


async def test_l34_an_edition_that_fails_in_the_shadow_hurts_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(facts: PlanChangeFacts) -> bool:
        """A question with a mistake in it."""
        raise ZeroDivisionError

    broken = replace(NEXT, rules=(*NEXT.rules, Rule("PC-99", "Broken.", (faulty,), Refuse("No."))))
    monkeypatch.setattr(editions_for, "BY_ID", {**editions.BY_ID, NEXT.id: broken})
    who, subscription = await moved_up(world)
    alone = await world.preview(who, subscription, SCALE)
    await roll_out(world, RolloutStage.SHADOW)
    shown = await world.preview(who, subscription, SCALE)
    assert shown.quote is not None
    assert shown.prepared.decision == alone.prepared.decision
    assert [each.outcome for each in shown.shadows] == ["failed"]
    assert await world.of(who, "shadow_evaluations") == []
    assert isinstance(await world.apply(who, shown.quote.id), Accepted)


async def test_the_shadow_is_one_statement_more(world: World) -> None:
    who, subscription = await moved_up(world)
    ran: list[str] = []

    async def statements() -> int:
        ran.clear()
        await world.preview(who, subscription, SCALE)
        return len(ran)

    def note(statement: Ran) -> None:
        ran.append(statement.name)

    world.database.observers.append(note)
    try:
        alone = await statements()
        await roll_out(world, RolloutStage.SHADOW)
        beside = await statements()
    finally:
        world.database.observers.remove(note)
    assert beside == alone + 1


async def test_facts_that_cannot_be_kept_hurt_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(facts: PlanChangeFacts) -> Any:
        raise TypeError

    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    monkeypatch.setattr("operations.policy.record_decision.facts_json", fails)
    assert (await world.preview(who, subscription, SCALE)).quote is not None
    assert await facts_kept(world, who) == []


async def test_a_quote_of_one_edition_is_taken_under_another_where_both_promise_the_same(world: World) -> None:
    who, subscription = await moved_up(world)
    down = await world.preview(who, subscription, STARTER)
    assert down.quote is not None
    assert codes(down) == ["T-05", "PC-13"]  # reports go: asked about by both editions
    await roll_out(world, RolloutStage.EVERYONE)
    outcome = await world.apply(who, down.quote.id, confirm={"PC-13"})
    assert isinstance(outcome, NotAllowed)
    assert "PC-40" in [reason.code for reason in outcome.decision.reasons]
    assert isinstance(await world.apply(who, down.quote.id, confirm={"PC-13", "PC-40"}), Accepted)
    # the record names who decided: the preview the old edition, what was applied the new one
    (applied,) = await world.of(who, "policy_decisions", where="purpose = 'APPLY' AND verdict = 'ASK_CONFIRMATION'")
    assert applied.policy_version == NEXT.id


async def test_a_quote_is_stale_where_the_edition_of_the_day_gives_another_verdict(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO, seats=2)
    assert isinstance(await world.change(who, subscription, seats=4), Accepted)
    fewer = await world.preview(who, subscription, seats=3)
    assert fewer.quote is not None
    assert codes(fewer) == ["T-05"]
    await roll_out(world, RolloutStage.EVERYONE)
    stale = await world.apply(who, fewer.quote.id)
    assert isinstance(stale, StaleQuote)
    assert stale.differs == ("verdict",)


async def test_a_scheduled_change_is_decided_by_the_edition_of_its_day(world: World) -> None:
    who, subscription = await moved_up(world)
    await world.change(who, subscription, STARTER)
    await roll_out(world, RolloutStage.EVERYONE)
    await world.run_until(who, APRIL.end)
    (boundary,) = await world.of(who, "policy_decisions", where="purpose = 'BOUNDARY'")
    # its customer agreed under the old edition, and the new rule asks nobody on the day itself
    assert (boundary.policy_version, boundary.verdict) == (NEXT.id, "ASK_CONFIRMATION")
    assert "PC-40" not in [reason["code"] for reason in boundary.reasons]


async def test_an_override_decides_for_one_account_until_it_ends(world: World) -> None:
    who, subscription = await moved_up(world)
    async with world.unit(april(16), FINANCE) as unit:
        await set_policy_override(unit, SetPolicyOverride(who.id, NEXT.id, "They asked", unit.ids.new().hex))
    assert "PC-40" in codes(await world.preview(who, subscription, STARTER))
    # and back to the base, whatever is rolled out to everybody
    await roll_out(world, RolloutStage.EVERYONE)
    async with world.unit(april(16), FINANCE) as unit:
        await set_policy_override(unit, SetPolicyOverride(who.id, BASE.id, "They did not", unit.ids.new().hex))
    assert "PC-40" not in codes(await world.preview(who, subscription, STARTER))
    async with world.unit(april(16), FINANCE) as unit:
        await end_policy_override(unit, EndPolicyOverride(who.id, "Like all others", unit.ids.new().hex))
    assert "PC-40" in codes(await world.preview(who, subscription, STARTER))
    trail = [row.action for row in await world.of(who, "audit_entries", "recorded_at")]
    assert trail[-3:] == ["policy.override", "policy.override", "policy.override_end"]


async def test_a_step_counts_that_was_set_last_whatever_the_clocks_say(world: World) -> None:
    who, subscription = await moved_up(world)
    await roll_out(world, RolloutStage.EVERYONE)
    await roll_out(world, RolloutStage.OFF)  # by the same clock, which stands
    assert "PC-40" not in codes(await world.preview(who, subscription, STARTER))
    await roll_out(world, RolloutStage.EVERYONE, segment=Segment.ENTERPRISE)
    assert "PC-40" not in codes(await world.preview(who, subscription, STARTER))


async def test_what_was_kept_is_asked_again_and_answers_the_same(world: World) -> None:
    who, subscription = await moved_up(world)
    shown = await world.preview(who, subscription, STARTER)
    row = (await facts_kept(world, who))[-1]
    async with world.unit(april(16)) as unit:
        back = facts_of(row.facts, await catalog.versions(unit.session, versions_of(row.facts)))
    for edition in (BASE, NEXT):
        assert decide(back, edition) == decide(shown.prepared.facts, edition)


async def test_a_candidate_is_simulated_on_the_last_requests_and_writes_nothing(world: World) -> None:
    who, subscription = await moved_up(world)
    for target in (SCALE, STARTER, STARTER):
        await world.preview(who, subscription, target, april(17))
    before = await world.billing_state()
    rows = len(await facts_kept(world, who))
    tally = await simulated(world.database, NEXT, None, 3, None, 1)
    assert (tally.asked, tally.unreadable, sum(tally.kinds.values())) == (3, 0, 2)
    assert tally.more == {"PC-40": 2}
    first, otherwise, rule, line, more = told(tally, NEXT, None)
    assert first == f"3 requests asked of {NEXT.id}, beside what was answered."
    assert otherwise.startswith("2 answered otherwise: 2 ")
    assert rule.startswith("  +PC-40  2  Going down within 30 days")
    assert line.startswith(f"acct_{who.id.hex}  ")
    assert "SWITCH" in line
    assert "PC-40) " not in line.partition(" -> ")[0]
    assert more == "And 1 more."
    # the other way round: the base has none of it, and a segment without requests has no difference
    backwards = await simulated(world.database, BASE, NEXT, 3, None, 9)
    assert backwards.fewer == {"PC-40": 2}
    nobody = await simulated(world.database, NEXT, None, 3, Segment.ENTERPRISE, 9)
    assert list(told(nobody, NEXT, None))[-1] == "No difference."
    same = await simulated(world.database, NEXT, NEXT, 1_000, None, 9)
    assert not same.kinds
    assert before == await world.billing_state()
    assert len(await facts_kept(world, who)) == rows


async def test_facts_of_another_release_are_counted_and_passed_over(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    await world.preview(who, subscription, SCALE)
    async with world.unit(april(16)) as unit:
        broken = text("UPDATE decision_facts SET facts = '{\"now\": 1}' WHERE account_id = :id")
        await unit.session.execute(broken, {"id": who.id})
    tally = await simulated(world.database, NEXT, None, 1, None, 9)
    assert (tally.asked, tally.unreadable) == (1, 1)


async def test_facts_are_forgotten_after_their_time_and_decisions_stay(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    await world.preview(who, subscription, SCALE)
    async with world.unit(april(16)) as unit:
        assert await forget_facts_before(unit, april(16) - timedelta(days=90)) == 0
        await forget_facts_before(unit, april(17))
    assert await facts_kept(world, who) == []
    assert len(await world.of(who, "policy_decisions")) == 1
