"""Renewal: the next period's bill at its very instant, a change that waited for it, contracts that run on."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from domain.catalog import Segment
from domain.entitlement import FeatureValue
from tests.make import APRIL, FREE, MONTH, PRO, SCALE, STARTER, YEAR, april
from tests.stored import World, changed


def first_of(month: int, year: int = 2026) -> datetime:
    return datetime(year, month, 1, tzinfo=UTC)


async def test_a_month_is_billed_at_its_first_instant(world: World) -> None:
    who = await world.customer()
    await world.subscribe(who, PRO, seats=2)
    assert await world.run_until(who, APRIL.end - timedelta(microseconds=1)) == []
    assert await world.run_until(who, APRIL.end) == [APRIL.end]
    renewal = (await world.of(who, "invoices", "finalised_at"))[-1]
    assert (renewal.reason, renewal.total_minor, renewal.issued_on) == ("RENEWAL", 15_000, date(2026, 5, 1))
    lines = await world.of(who, "invoice_lines", "position", f"invoice_id = '{renewal.id}'")
    assert {(line.service_start, line.service_end) for line in lines} == {(APRIL.end, first_of(6))}
    (entry,) = await world.of(who, "audit_entries", where="action = 'subscription.renew'")
    assert f'"periodStart":"{april(1).isoformat()}"' in entry.before


async def test_everything_due_in_between_happens_in_order(world: World) -> None:
    who = await world.customer()
    await world.subscribe(who, PRO)
    assert await world.run_until(who, first_of(8)) == [first_of(month) for month in (5, 6, 7, 8)]
    assert len(await world.of(who, "invoices")) == 5


async def test_l25_running_again_adds_nothing(world: World) -> None:
    who = await world.customer()
    await world.subscribe(who, PRO)
    await world.run_until(who, first_of(6))
    before = await world.billing_state()
    assert await world.run_until(who, first_of(6)) == []
    assert changed(before, await world.billing_state()) == set()


async def test_anchor_31_does_not_drift(world: World) -> None:
    who = await world.customer(zone="Europe/Paris")
    at = datetime(2026, 1, 31, 9, tzinfo=UTC)
    await world.subscribe(who, PRO, at=at)
    await world.run_until(who, datetime(2026, 7, 1, tzinfo=UTC))
    issued = [row.issued_on for row in await world.of(who, "invoices", "issued_on")]
    assert issued == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31),
                      date(2026, 6, 30)]  # fmt: skip


async def test_anchor_31_survives_a_change_scheduled_for_a_short_month(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO, at=datetime(2026, 1, 31, 9, tzinfo=UTC))
    await world.change(who, subscription, STARTER, datetime(2026, 2, 10, tzinfo=UTC))
    await world.run_until(who, datetime(2026, 4, 1, tzinfo=UTC))
    (row,) = await world.of(who, "subscriptions")
    assert (row.plan_id, row.anchor_on) == (STARTER.plan.id, date(2026, 1, 31))
    assert row.current_period_start == datetime(2026, 3, 31, tzinfo=UTC)


async def test_near_midnight_in_a_zone_ahead_a_period_is_billed_once(world: World) -> None:
    # "double invoices near midnight in UTC+X zones": Kiritimati's 1 May begins at 10:00 UTC of 30 April
    who = await world.customer(zone="Pacific/Kiritimati")
    await world.subscribe(who, PRO, at=april(1))
    boundary = datetime(2026, 4, 30, 10, tzinfo=UTC)
    for minutes in (-1, 0, 1, 14 * 60, 24 * 60):
        await world.run_until(who, boundary + timedelta(minutes=minutes))
    renewals = await world.of(who, "invoices", where="reason = 'RENEWAL'")
    assert [(row.finalised_at, row.issued_on) for row in renewals] == [(boundary, date(2026, 5, 1))]


# --- a change on its day -----------------------------------------------------------------------------------------


async def test_a_scheduled_change_is_taken_at_renewal(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO, seats=2)
    accepted = await world.change(who, subscription, STARTER)
    await world.run_until(who, APRIL.end)
    (change,) = await world.of(who, "plan_changes")
    assert (change.status, change.applied_at) == ("APPLIED", APRIL.end)
    renewal = (await world.of(who, "invoices", "finalised_at"))[-1]
    assert renewal.total_minor == 2_000 + 2 * 900
    reports = await world.of(who, "entitlements", where="feature_code = 'reports' AND valid_until IS NULL")
    assert reports == []
    (event,) = await world.of(who, "outbox_events", where="type = 'plan_change.applied'")
    assert (event.aggregate_id, event.occurred_at) == (accepted.change.id, APRIL.end)
    items = await world.of(who, "subscription_items", where="valid_until IS NULL")
    assert {item.plan_version_id for item in items} == {STARTER.id}


async def test_the_next_invoice_is_the_one_that_was_shown(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO, seats=3)
    shown = await world.preview(who, subscription, STARTER, seats=2)
    assert shown.quote is not None
    await world.apply(who, shown.quote.id, confirm=["PC-13"])
    await world.run_until(who, APRIL.end)
    renewal = (await world.of(who, "invoices", "finalised_at"))[-1]
    lines = await world.of(who, "invoice_lines", "position", f"invoice_id = '{renewal.id}'")
    promised = shown.prepared.next_invoice
    assert (renewal.total_minor, renewal.finalised_at) == (promised.total.minor, promised.at)
    assert [(line.amount_minor, line.sentence) for line in lines] == [
        (each.stated.minor, each.explanation.sentence) for each in promised.lines
    ]


async def test_a_scheduled_change_is_refused_when_it_no_longer_fits(world: World) -> None:
    # "a scheduled change applied without re-checking entitlements"
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    await world.change(who, subscription, STARTER)
    await world.use(who, "contacts", 5_000, april(20))
    await world.run_until(who, APRIL.end)
    (change,) = await world.of(who, "plan_changes")
    assert (change.status, change.applied_at) == ("REFUSED", None)
    (row,) = await world.of(who, "subscriptions")
    assert (row.plan_id, row.current_period_start) == (PRO.plan.id, APRIL.end)
    assert (await world.of(who, "invoices", "finalised_at"))[-1].total_minor == 12_500  # renewed as it was
    # why is data: the change points to the decision of the day
    (decision,) = await world.of(who, "policy_decisions", where=f"id = '{change.decision_id}'")
    assert "PC-17" in [reason["code"] for reason in decision.reasons]
    (event,) = await world.of(who, "outbox_events", where="type = 'plan_change.refused'")
    assert "PC-17" in event.data


async def test_a_scheduled_change_whose_plan_was_withdrawn_is_refused(world: World) -> None:
    who, ladder = await world.customer(), await world.ladder()
    subscription = await world.subscribe(who, ladder["pro"])
    await world.change(who, subscription, ladder["starter"])
    await world.withdraw(ladder["starter"], april(20))
    await world.run_until(who, APRIL.end)
    (change,) = await world.of(who, "plan_changes")
    assert change.status == "REFUSED"


async def test_a_scheduled_change_that_needs_an_approval_by_now_is_not_taken(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    await world.change(who, subscription, STARTER)
    async with world.unit(april(20)) as unit:
        # the plan is for enterprises from now on
        await unit.session.execute(
            text("UPDATE plans SET segment = 'ENTERPRISE' WHERE id = :id"), {"id": STARTER.plan.id}
        )
    await world.run_until(who, APRIL.end)
    async with world.unit(april(20)) as unit:
        await unit.session.execute(text("UPDATE plans SET segment = NULL WHERE id = :id"), {"id": STARTER.plan.id})
    (change,) = await world.of(who, "plan_changes")
    assert change.status == "REFUSED"


async def test_a_scheduled_change_that_would_lose_what_nobody_agreed_to_is_not_taken(world: World) -> None:
    # an override gave reports, so there was nothing to confirm; it ended before the day came
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    await world.override(who, "reports", FeatureValue(), ends_at=april(25))
    shown = await world.preview(who, subscription, STARTER)
    assert shown.quote is not None
    assert "PC-13" not in [reason.code for reason in shown.prepared.decision.reasons]
    await world.apply(who, shown.quote.id)
    await world.run_until(who, APRIL.end)
    (change,) = await world.of(who, "plan_changes")
    assert change.status == "REFUSED"


async def test_what_was_confirmed_when_it_was_accepted_is_confirmed_on_its_day(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    await world.change(who, subscription, STARTER, confirm=["PC-13"])
    await world.run_until(who, APRIL.end)
    (change,) = await world.of(who, "plan_changes")
    assert change.status == "APPLIED"


async def test_the_newest_price_counts_for_nobody_who_has_a_promise(world: World) -> None:
    from tests.stored import dearer

    who, ladder = await world.customer(), await world.ladder()
    subscription = await world.subscribe(who, ladder["pro"])
    await world.change(who, subscription, ladder["starter"])
    await world.publish(dearer(ladder["starter"]), at=april(20))
    await world.run_until(who, APRIL.end)
    assert (await world.of(who, "invoices", "finalised_at"))[-1].total_minor == 2_900


async def test_fewer_seats_keep_the_base_item(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO, seats=3)
    await world.change(who, subscription, seats=1)
    await world.run_until(who, APRIL.end)
    items = await world.of(who, "subscription_items", "component, valid_from")
    assert [(item.component, item.quantity, item.valid_until) for item in items] == [
        ("base", 1, None),
        ("seats", 3, APRIL.end),
        ("seats", 1, None),
    ]


async def test_a_year_to_a_month_changes_when_the_year_is_over(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO, interval=YEAR)
    await world.change(who, subscription, interval=MONTH)
    await world.run_until(who, first_of(6, 2027), pays=True)
    issued = [(row.issued_on, row.total_minor) for row in await world.of(who, "invoices", "issued_on")]
    assert issued == [
        (date(2026, 4, 1), 125_000),
        (date(2027, 4, 1), 12_500),
        (date(2027, 5, 1), 12_500),
        (date(2027, 6, 1), 12_500),
    ]


async def test_down_to_free_and_up_again(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    await world.change(who, subscription, FREE)
    await world.run_until(who, first_of(6))
    assert len(await world.of(who, "invoices")) == 1  # a free month has nothing to bill
    await world.change(who, subscription, STARTER, first_of(6) + timedelta(days=9, hours=5))
    await world.run_until(who, first_of(8))
    issued = [row.issued_on for row in await world.of(who, "invoices", "issued_on")]
    assert issued == [date(2026, 4, 1), date(2026, 6, 10), date(2026, 7, 10)]


# --- contracts ---------------------------------------------------------------------------------------------------


async def test_inside_a_contract_less_waits_for_its_end_and_then_comes(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO, months=3)
    accepted = await world.change(who, subscription, STARTER)
    assert accepted.change.decision.effective_at == first_of(7)
    await world.run_until(who, first_of(7), pays=True)
    totals = [row.total_minor for row in await world.of(who, "invoices", "issued_on")]
    assert totals == [12_500, 12_500, 12_500, 2_900]
    terms = await world.of(who, "commitment_terms", "start_at")
    assert [(term.start_at, term.end_at) for term in terms] == [(april(1), first_of(7)), (first_of(7), first_of(10))]


async def test_a_contract_renews_for_its_own_length(world: World) -> None:
    who = await world.customer(segment=Segment.ENTERPRISE)
    await world.subscribe(who, SCALE, months=12, at=datetime(2026, 1, 31, 9, tzinfo=UTC))
    await world.run_until(who, datetime(2028, 2, 1, tzinfo=UTC))
    terms = await world.of(who, "commitment_terms", "start_at")
    assert [term.end_at.date() for term in terms] == [date(2027, 1, 31), date(2028, 1, 31), date(2029, 1, 31)]


async def test_a_contract_after_a_new_period_renews_at_that_periods_end(world: World) -> None:
    # a year's contract from 1 April; on the 16th the customer pays by the year from then on
    who = await world.customer()
    subscription = await world.subscribe(who, PRO, months=12)
    await world.change(who, subscription, interval=YEAR)
    accepted = await world.change(who, subscription, STARTER, april(20))
    boundary = datetime(2027, 4, 16, tzinfo=UTC)
    assert accepted.change.decision.effective_at == boundary
    await world.run_until(who, boundary, pays=True)
    (row,) = await world.of(who, "subscriptions")
    assert row.plan_id == STARTER.plan.id
    terms = await world.of(who, "commitment_terms", "start_at")
    assert [(term.start_at, term.end_at) for term in terms] == [
        (april(1), first_of(4, 2027)),
        (boundary, datetime(2028, 4, 16, tzinfo=UTC)),
    ]


class Interrupted(Exception):
    """What takes the place of a power cut."""


@pytest.mark.parametrize(
    "step", ["db.save.subscriptions.subscription_state", "db.numbers.assign", "db.save.invoices.new_invoice"]
)
async def test_l25_a_crash_in_the_middle_of_a_renewal_leaves_it_to_be_done(
    world: World, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    await world.change(who, subscription, STARTER)
    before = await world.billing_state()

    async def interrupted(*given: object, **named: object) -> None:
        raise Interrupted

    with monkeypatch.context() as patched:
        patched.setattr(step, interrupted)
        with pytest.raises(Interrupted):
            await world.run_until(who, APRIL.end)
    assert changed(before, await world.billing_state()) == set()
    assert await world.run_until(who, APRIL.end) == [APRIL.end]
    (row,) = await world.of(who, "subscriptions")
    assert row.plan_id == STARTER.plan.id
