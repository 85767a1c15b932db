"""Entitlements follow the facts: written with what they come from, and turning at their instants without a job."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from domain.entitlement import FeatureValue
from domain.errors import NotFound
from tests.make import APRIL, FREE, PRO, SCALE, STARTER, april
from tests.stored import Customer, World


async def value_at(world: World, who: Customer, feature: str, at: datetime) -> tuple[bool, int | None, str] | None:
    """(enabled, limit, source) of a feature as a reader of the table finds it at an instant."""
    rows = await world.rows(
        "SELECT is_enabled, limit_value, source FROM entitlements WHERE account_id = :id AND feature_code = :feature "
        "AND valid_from <= :at AND (valid_until IS NULL OR valid_until > :at)",
        id=who.id,
        feature=feature,
        at=at,
    )
    assert len(rows) <= 1
    return tuple(rows[0]) if rows else None


async def test_signing_up_entitles_from_the_days_first_instant(world: World) -> None:
    who = await world.customer()
    await world.subscribe(who, PRO, seats=4, at=april(1, 15))
    assert await value_at(world, who, "seats", april(1)) == (True, 4, "PLAN")
    assert await value_at(world, who, "reports", april(1)) == (True, None, "PLAN")
    assert await value_at(world, who, "sso", april(1)) is None


async def test_more_seats_widen_at_once_and_fewer_narrow_at_the_end(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO, seats=2)
    await world.change(who, subscription, seats=5)
    assert await value_at(world, who, "seats", april(16)) == (True, 5, "PLAN")
    await world.change(who, subscription, seats=1, at=april(17))
    assert await value_at(world, who, "seats", april(20)) == (True, 5, "PLAN")
    await world.run_until(who, APRIL.end)
    assert await value_at(world, who, "seats", APRIL.end) == (True, 1, "PLAN")


async def test_an_override_begins_and_ends_at_its_instants_without_a_job(world: World) -> None:
    who = await world.customer()
    await world.subscribe(who, PRO)
    await world.override(who, "contacts", FeatureValue(limit=7), starts_at=april(10), ends_at=april(20))
    seen = [await value_at(world, who, "contacts", april(day)) for day in (9, 10, 19, 20)]
    assert seen == [(True, 10_000, "PLAN"), (True, 7, "OVERRIDE"), (True, 7, "OVERRIDE"), (True, 10_000, "PLAN")]


async def test_a_preview_after_an_overrides_end_does_not_count_it_though_no_job_ran(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    await world.override(who, "contacts", FeatureValue(limit=50_000), ends_at=april(20))
    await world.use(who, "contacts", 900)
    for at, before in ((april(19), 50_000), (april(20), 10_000)):
        shown = await world.preview(who, subscription, STARTER, at)
        contacts = [each for each in shown.prepared.entitlements if each.feature.code == "contacts"]
        assert [change.before.limit for change in contacts] == ([] if before == 50_000 else [before])


async def test_a_change_keeps_an_override_that_is_still_live(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    await world.override(who, "contacts", FeatureValue(limit=7), ends_at=april(20))
    await world.change(who, subscription, SCALE)
    assert await value_at(world, who, "contacts", april(19)) == (True, 7, "OVERRIDE")
    assert await value_at(world, who, "contacts", april(20)) == (True, None, "PLAN")


async def test_a_reader_whose_present_is_a_moment_earlier_finds_what_was_true_then(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO, seats=2)
    for at, seats in ((april(16), 5), (april(17), 6)):
        before = seats - 1 if seats == 6 else 2
        await world.change(who, subscription, seats=seats, at=at)
        assert await value_at(world, who, "seats", at - timedelta(microseconds=1)) == (True, before, "PLAN")
        assert await value_at(world, who, "seats", at) == (True, seats, "PLAN")


async def test_a_value_that_stays_says_since_when_it_is_this(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO, seats=2)
    await world.change(who, subscription, seats=5, at=april(16))
    since = {row.feature_code: row.valid_from for row in await world.of(who, "entitlements") if row.valid_until is None}
    assert since["reports"] == april(1)
    assert since["seats"] == april(16)


async def test_a_feature_keeps_the_id_of_its_entitlement(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    before = {row.feature_code: row.id for row in await world.of(who, "entitlements")}
    await world.change(who, subscription, SCALE)
    await world.run_until(who, APRIL.end)
    after = {row.feature_code: row.id for row in await world.of(who, "entitlements")}
    assert {code: after[code] for code in before} == before


async def test_an_allowance_counts_from_the_new_period_after_a_renewal(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    await world.use(who, "emails", 30_000, april(10))
    shown = await world.preview(who, subscription, SCALE)
    (emails,) = [each for each in shown.prepared.entitlements if each.feature.code == "emails"]
    assert emails.used == 30_000
    await world.run_until(who, APRIL.end)
    shown = await world.preview(who, subscription, SCALE, datetime(2026, 5, 10, tzinfo=UTC))
    (emails,) = [each for each in shown.prepared.entitlements if each.feature.code == "emails"]
    assert not emails.used


async def test_what_is_stored_counts_whenever_it_was_measured(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    await world.use(who, "contacts", 5_000, april(10))
    await world.run_until(who, APRIL.end)
    shown = await world.preview(who, subscription, STARTER, datetime(2026, 5, 10, tzinfo=UTC))
    assert "PC-17" in [reason.code for reason in shown.prepared.decision.reasons]


async def test_two_hubs_add_up(world: World) -> None:
    who, ladder = await world.customer(), await world.ladder()
    await world.subscribe(who, PRO)
    await world.subscribe(who, ladder["free"])
    assert await value_at(world, who, "contacts", april(2)) == (True, 10_100, "PLAN")
    assert FREE.plan.id != ladder["free"].plan.id


async def test_an_override_for_nobody_or_of_nothing_is_not_found(world: World) -> None:
    who = await world.customer()
    for feature in ("no such feature", ""):
        with pytest.raises(NotFound):
            await world.override(who, feature, FeatureValue())


async def test_an_override_leaves_an_event_and_an_audit_entry_that_say_what_was_set(world: World) -> None:
    who = await world.customer()
    await world.subscribe(who, PRO)
    await world.override(who, "contacts", FeatureValue(limit=7), starts_at=april(10), ends_at=april(20))
    (event,) = await world.of(who, "outbox_events", where="type = 'entitlement.overridden'")
    (entry,) = await world.of(who, "audit_entries", where="action = 'entitlement.override'")
    assert json.loads(event.data) == json.loads(entry.after)
    assert json.loads(event.data) | {"priority": 0} == {
        "feature": "contacts",
        "isEnabled": True,
        "limit": 7,
        "setting": None,
        "priority": 0,
        "startsAt": april(10).isoformat(),
        "endsAt": april(20).isoformat(),
    }
    assert (entry.actor_kind, entry.staff_role) == ("STAFF", "SYSTEM")
