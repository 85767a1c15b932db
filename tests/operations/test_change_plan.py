"""Applying a quote: exactly what was promised, with all that belongs to it in one transaction, or why not."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.catalog import Segment
from domain.errors import NotFound
from domain.ids import QuoteId
from domain.invoice import InvoiceStatus, LineKind
from domain.plan_change.verdict import PlanChangeStatus, Verdict
from operations.asking import KeyReused, NotAllowed
from operations.changes.change_plan import Accepted, ExpiredQuote
from tests.make import (
    APRIL,
    CONTRACT,
    FREE,
    MID_APRIL,
    PRO,
    SCALE,
    STARTER,
    YEAR,
    a_version,
    april,
)
from tests.stored import World, changed

APPLIED, SCHEDULED = PlanChangeStatus.APPLIED, PlanChangeStatus.SCHEDULED


async def test_l22_what_is_charged_is_what_was_shown(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO, seats=2)
    shown = await world.preview(who, subscription, SCALE, seats=3)
    assert shown.quote is not None
    outcome = await world.apply(who, shown.quote.id, april(16, 0, 25))  # 25 minutes later: still priced at the quote's
    assert isinstance(outcome, Accepted)
    (invoice,) = await world.of(who, "invoices", where="reason = 'PLAN_CHANGE'")
    lines = await world.of(who, "invoice_lines", "position", f"invoice_id = '{invoice.id}'")
    promised = shown.prepared.delta.lines
    assert [(line.kind, line.amount_minor, line.service_start, line.sentence) for line in lines] == [
        (each.kind, each.stated.minor, MID_APRIL, each.explanation.sentence) for each in promised
    ]
    assert invoice.total_minor == shown.prepared.delta.net.minor == 13_500  # −75.00 + 210.00
    assert {line.cause for line in lines} == {outcome.change.id}
    assert {line.kind for line in lines} == {LineKind.PRORATION_CREDIT, LineKind.PRORATION_CHARGE}
    assert outcome.change.invoice_id == invoice.id
    assert (invoice.issued_on, invoice.due_on) == (date(2026, 4, 16), date(2026, 6, 15))


async def test_the_subscription_stands_on_the_new_plan_from_the_quotes_instant(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO, seats=2)
    await world.change(who, subscription, SCALE)
    (row,) = await world.of(who, "subscriptions")
    assert (row.plan_id, row.plan_version_id, row.current_period_end) == (SCALE.plan.id, SCALE.id, APRIL.end)
    items = await world.of(who, "subscription_items", "component, valid_from")
    assert [(item.component, item.quantity, item.valid_from, item.valid_until) for item in items] == [
        ("base", 1, april(1), MID_APRIL),
        ("base", 1, MID_APRIL, None),
        ("seats", 2, april(1), MID_APRIL),
        ("seats", 2, MID_APRIL, None),
    ]


async def test_entitlements_switch_at_apply(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    shown = await world.preview(who, subscription, SCALE)
    assert shown.quote is not None
    assert [row.feature_code for row in await world.of(who, "entitlements", "feature_code")] == [
        "contacts", "emails", "reports", "seats", "support",
    ]  # fmt: skip
    await world.apply(who, shown.quote.id, april(16, 0, 10))
    (sso,) = await world.of(who, "entitlements", where="feature_code = 'sso'")
    assert (sso.is_enabled, sso.valid_from) == (True, april(16, 0, 10))


async def test_events_and_audit_are_written_with_the_change(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    outcome = await world.change(who, subscription, SCALE)
    events = await world.of(who, "outbox_events", "sequence", "aggregate_type <> 'Account'")
    assert [(event.type, event.aggregate_sequence) for event in events] == [
        ("subscription.started", 1),
        ("invoice.finalised", 1),
        ("subscription.plan_changed", 2),
        ("invoice.finalised", 1),
        ("plan_change.applied", 1),
    ]
    assert {events[0].aggregate_id, events[2].aggregate_id} == {subscription}
    (entry,) = await world.of(who, "audit_entries", where="action = 'subscription.change_plan.applied'")
    assert (entry.actor_kind, entry.actor_id) == ("CUSTOMER", who.owner.user_id)
    assert '"plan":"pro"' in entry.before
    assert '"plan":"scale"' in entry.after
    (change,) = await world.of(who, "plan_changes")
    assert (change.id, change.status, change.direction) == (outcome.change.id, APPLIED, "UPGRADE")


async def test_a_downgrade_waits_for_period_end(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    outcome = await world.change(who, subscription, STARTER)
    assert outcome.change.status is SCHEDULED
    (change,) = await world.of(who, "plan_changes")
    assert (change.effective_at, change.applied_at, change.invoice_id) == (APRIL.end, None, None)
    (row,) = await world.of(who, "subscriptions")
    assert row.plan_id == PRO.plan.id
    assert len(await world.of(who, "invoices")) == 1


async def test_a_reason_that_asks_is_confirmed_by_its_code(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    shown = await world.preview(who, subscription, STARTER)
    assert shown.prepared.decision.verdict is Verdict.ASK_CONFIRMATION
    assert shown.quote is not None
    before = await world.billing_state()
    for confirmed in ((), ("PC-12",), ("T-05", "pc-13")):
        outcome = await world.apply(who, shown.quote.id, confirm=confirmed)
        assert isinstance(outcome, NotAllowed)
        assert outcome.decision.verdict is Verdict.ASK_CONFIRMATION
    assert changed(before, await world.billing_state()) == set()
    assert isinstance(await world.apply(who, shown.quote.id, confirm=["PC-13"]), Accepted)


async def test_a_quote_past_its_time_is_expired_and_nothing_is_stored(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    shown = await world.preview(who, subscription, SCALE)
    assert shown.quote is not None
    before = await world.billing_state()
    outcome = await world.apply(who, shown.quote.id, shown.quote.expires_at)
    assert outcome == ExpiredQuote(shown.quote.expires_at)
    assert changed(before, await world.billing_state()) == set()
    last = shown.quote.expires_at - timedelta(microseconds=1)
    assert isinstance(await world.apply(who, shown.quote.id, last), Accepted)


async def test_on_a_standing_clock_a_quote_does_not_expire(world: World) -> None:
    who = await world.customer(is_sandbox=True, clock_at=april(16))
    subscription = await world.subscribe(who, PRO)
    shown = await world.preview(who, subscription, SCALE)
    assert shown.quote is not None
    assert isinstance(await world.apply(who, shown.quote.id, datetime(2031, 1, 1, tzinfo=UTC)), Accepted)


async def test_a_change_that_costs_nothing_has_an_invoice_paid_as_it_is_issued(world: World) -> None:
    # "500 on a change when nothing is owed": a base for 100.00 swapped for another at 100.00
    first, twin = a_version("first_twin", 20, 10_000), a_version("second_twin", 21, 10_000)
    await world.publish(first, twin)
    who = await world.customer()
    subscription = await world.subscribe(who, first)
    await world.change(who, subscription, twin)
    (invoice,) = await world.of(who, "invoices", where="reason = 'PLAN_CHANGE'")
    assert (invoice.total_minor, invoice.status, invoice.paid_at) == (0, InvoiceStatus.PAID, april(16))
    events = [event.type for event in await world.of(who, "outbox_events", "sequence")]
    assert events[-3:] == ["invoice.finalised", "invoice.paid", "plan_change.applied"]


async def test_a_change_between_free_plans_has_no_invoice(world: World) -> None:
    plus = a_version("free_plus", 30, 0)
    await world.publish(plus)
    who = await world.customer()
    subscription = await world.subscribe(who, FREE)
    outcome = await world.change(who, subscription, plus)
    assert (outcome.change.status, outcome.change.invoice_id) == (APPLIED, None)
    assert await world.of(who, "invoices") == []


async def test_a_year_instead_of_a_month_begins_a_new_period_that_day(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    await world.change(who, subscription, interval=YEAR, at=april(16, 15))
    (row,) = await world.of(who, "subscriptions")
    assert (row.interval, row.anchor_on) == ("YEAR", date(2026, 4, 16))
    assert (row.current_period_start, row.current_period_end) == (MID_APRIL, datetime(2027, 4, 16, tzinfo=UTC))
    (invoice,) = await world.of(who, "invoices", where="reason = 'PLAN_CHANGE'")
    assert invoice.total_minor == 125_000 - 6_250  # a year of base and seat, less half of April's


async def test_an_enterprise_under_contract_asks_for_approval(world: World) -> None:
    who = await world.customer(segment=Segment.ENTERPRISE)
    subscription = await world.subscribe(who, PRO, months=12)
    shown = await world.preview(who, subscription, CONTRACT)
    assert (shown.prepared.decision.verdict, shown.quote) == (Verdict.ASK_APPROVAL, None)


async def test_a_viewer_cannot_apply_what_an_owner_previewed(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    shown = await world.preview(who, subscription, SCALE)
    assert shown.quote is not None
    outcome = await world.apply(who, shown.quote.id, actor=who.viewer)
    assert isinstance(outcome, NotAllowed)
    assert [reason.code for reason in outcome.decision.reasons if reason.verdict is Verdict.REFUSE] == ["PC-02"]
    assert await world.of(who, "plan_changes") == []


async def test_l38_a_strangers_quote_does_not_exist(world: World) -> None:
    mine, theirs = await world.customer(), await world.customer()
    shown = await world.preview(mine, await world.subscribe(mine), SCALE)
    assert shown.quote is not None
    with pytest.raises(NotFound):
        await world.apply(theirs, shown.quote.id)
    with pytest.raises(NotFound):
        await world.apply(mine, QuoteId(world.ids.new()))


# --- idempotency -------------------------------------------------------------------------------------------------


async def test_l23_the_same_key_and_input_again_has_no_second_effect(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    shown = await world.preview(who, subscription, SCALE)
    assert shown.quote is not None
    first = await world.apply(who, shown.quote.id, key="once")
    after = await world.billing_state()
    again = await world.apply(who, shown.quote.id, key="once")
    assert isinstance(first, Accepted)
    assert isinstance(again, Accepted)
    assert (first.is_replay, again.is_replay) == (False, True)
    assert again.change == first.change
    assert changed(after, await world.billing_state()) == set()


async def test_a_replay_answers_also_when_the_quote_is_long_past(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    shown = await world.preview(who, subscription, SCALE)
    assert shown.quote is not None
    await world.apply(who, shown.quote.id, key="once")
    again = await world.apply(who, shown.quote.id, datetime(2026, 8, 1, tzinfo=UTC), key="once")
    assert isinstance(again, Accepted)
    assert again.is_replay


async def test_a_key_used_with_another_input_is_an_error(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    first = await world.preview(who, subscription, SCALE)
    second = await world.preview(who, subscription, SCALE, seats=5)
    assert first.quote is not None
    assert second.quote is not None
    await world.apply(who, first.quote.id, key="once")
    after = await world.billing_state()
    assert await world.apply(who, second.quote.id, key="once") == KeyReused()
    assert await world.apply(who, first.quote.id, key="once", confirm=["PC-13"]) == KeyReused()
    assert changed(after, await world.billing_state()) == set()


async def test_two_accounts_may_use_one_key(world: World) -> None:
    for _ in range(2):
        who = await world.customer()
        shown = await world.preview(who, await world.subscribe(who, PRO), SCALE)
        assert shown.quote is not None
        outcome = await world.apply(who, shown.quote.id, key="the same word")
        assert isinstance(outcome, Accepted)
        assert not outcome.is_replay


async def test_l26_a_refusal_stores_nothing_so_the_same_key_may_try_again(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    shown = await world.preview(who, subscription, STARTER)
    assert shown.quote is not None
    assert isinstance(await world.apply(who, shown.quote.id, key="again"), NotAllowed)
    assert await world.of(who, "idempotency_keys", "key") == []
    # the same key with the confirmation added is another input, and still free to use
    assert isinstance(await world.apply(who, shown.quote.id, key="again", confirm=["PC-13"]), Accepted)


class Interrupted(Exception):
    """What takes the place of a power cut."""


@pytest.mark.parametrize("step", ["flush", "entitle", "remember"])
async def test_l26_a_failed_write_leaves_nothing_and_consumes_no_key(
    world: World, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    shown = await world.preview(who, subscription, SCALE)
    assert shown.quote is not None
    before = await world.billing_state()

    async def interrupted(*given: object, **named: object) -> None:
        raise Interrupted

    with monkeypatch.context() as patched:
        match step:
            case "flush":  # everything is written, the numbers and events are not
                patched.setattr("db.numbers.assign", interrupted)
            case "entitle":  # the subscription has moved and its invoice is there
                patched.setattr("operations.changes.accept_change.entitle", interrupted)
            case "remember":  # all but the key
                patched.setattr("db.idempotency.remember", interrupted)
        with pytest.raises(Interrupted):
            await world.apply(who, shown.quote.id, key="once")
    assert changed(before, await world.billing_state()) == set()
    outcome = await world.apply(who, shown.quote.id, key="once")
    assert isinstance(outcome, Accepted)
    assert not outcome.is_replay


# --- a second change while one waits -----------------------------------------------------------------------------


async def test_a_second_change_is_refused_while_one_waits_unless_it_takes_its_place(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    waiting = await world.change(who, subscription, STARTER, april(10))
    shown = await world.preview(who, subscription, FREE)
    assert shown.quote is None
    assert "PC-11" in [reason.code for reason in shown.prepared.decision.reasons]
    replacing = await world.change(who, subscription, FREE, replace_pending=True)
    changes = {row.id: row.status for row in await world.of(who, "plan_changes")}
    assert changes == {waiting.change.id: "CANCELLED", replacing.change.id: "SCHEDULED"}
    assert await world.of(who, "audit_entries", where="action = 'plan_change.replace'")


async def test_an_upgrade_at_once_takes_the_place_of_what_waited(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    await world.change(who, subscription, STARTER, april(10))
    await world.change(who, subscription, SCALE, replace_pending=True)
    assert sorted(row.status for row in await world.of(who, "plan_changes")) == ["APPLIED", "CANCELLED"]
    await world.run_until(who, APRIL.end)
    (row,) = await world.of(who, "subscriptions")
    assert row.plan_id == SCALE.plan.id


async def test_second_upgrade_in_one_month_is_credited_over_its_own_service(world: World) -> None:
    # Pro 125.00 → Scale 340.00 on the 11th: −83.33 + 226.67 (20 of 30 days). → Contract (for an enterprise) 1050.00 on
    # the 21st: Scale's lines lasted 20 days, 10 are left: −113.34 of 226.67 (113.335); + 350.00
    who = await world.customer(segment=Segment.ENTERPRISE)
    subscription = await world.subscribe(who, PRO)
    await world.change(who, subscription, SCALE, april(11))
    await world.change(who, subscription, CONTRACT, april(21))
    totals = [row.total_minor for row in await world.of(who, "invoices", "finalised_at")]
    assert totals == [12_500, 22_667 - 8_333, 35_000 - 11_334]


async def test_two_longer_intervals_on_one_day_are_credited_once(world: World) -> None:
    # month → year at nine, then up to Scale by the year at noon, then nothing of April is left to give back
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    await world.change(who, subscription, interval=YEAR, at=april(16, 9))
    await world.change(who, subscription, SCALE, april(16, 12))
    credited = await world.rows(
        "SELECT credited_line_id, service_start, service_end, amount_minor FROM invoice_lines "
        "WHERE account_id = :id AND kind = 'PRORATION_CREDIT' ORDER BY service_start, amount_minor",
        id=who.id,
    )
    spans: dict[object, list[tuple[datetime, datetime]]] = {}
    for row in credited:
        spans.setdefault(row.credited_line_id, []).append((row.service_start, row.service_end))
    assert all(len(each) == 1 for each in spans.values())
    assert sum(row.amount_minor for row in credited[:2]) == -6_250
