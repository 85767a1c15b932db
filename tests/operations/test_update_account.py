"""Changing an account's own data: what documents say from then on, and what a new zone moves."""

import asyncio
import json
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.errors import Forbidden, InvalidInput, NotFound
from domain.tax import TaxExemption
from operations.accounts.update_account import AccountUpdated
from operations.asking import KeyReused, NotNow
from tests.make import APRIL, PRO, SCALE, STARTER, april
from tests.operations.lives import FINANCE, SUPPORT, Lives
from tests.operations.test_late_usage import HOUR
from tests.operations.test_lives_over_boundaries import JUNE, MAY, metered
from tests.stored import World, changed


async def the_account(world: World, account_id: object) -> object:
    (row,) = await world.rows("SELECT * FROM accounts WHERE id = :id", id=account_id)
    return row


async def test_documents_issued_from_then_on_say_it(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    subscription = await world.subscribe(who, PRO)
    outcome = await lives.update(
        who,
        april(10),
        name="Acme Ltd",
        address="1 New Street",
        country="IE",
        tax_id="IE1234567T",
        email="ap@acme.example",
    )
    assert outcome == AccountUpdated(who.id, is_replay=False)
    await world.change(who, subscription, SCALE)
    before, after = await world.of(who, "invoices", "drafted_at")
    assert (before.customer_name, before.customer_address, before.customer_country) == (who.account.name, None, "US")
    said = (after.customer_name, after.customer_address, after.customer_tax_id, after.customer_country)
    assert said == ("Acme Ltd", "1 New Street", "IE1234567T", "IE")


async def test_an_empty_text_takes_away_what_may_be_missing(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    await lives.update(who, april(2), address="1 New Street", region="Leinster", tax_id="IE1", email="ap@acme.example")
    await lives.update(who, april(3), address="", region=" ", tax_id="", email="")
    row = await the_account(world, who.id)
    assert (row.address, row.region, row.tax_id, row.email) == (None, None, None, None)  # type: ignore[attr-defined]


async def test_events_and_the_trail_name_personal_fields_and_keep_no_values(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    await lives.update(who, april(2), name="Jane Doe", email="jane@acme.example", country="DE")
    (event,) = await world.of(who, "outbox_events", where="type = 'account.updated'")
    (entry,) = await world.of(who, "audit_entries", where="action = 'account.update'")
    assert '"changed":["country","email","name"]' in event.data
    assert '"country":"DE"' in event.data
    for text in (event.data, entry.before, entry.after):
        assert "Jane" not in text
        assert "jane" not in text
        assert who.account.name not in text
    assert '"country":"US"' in entry.before


async def test_a_zone_moves_only_boundaries_not_yet_reached(world: World) -> None:
    lives, who = Lives(world), await world.customer(zone="America/New_York")
    subscription = await world.subscribe(who, PRO, at=april(1, 12), months=12)
    await world.change(who, subscription, STARTER, april(10))  # waits for the end of the commitment
    await lives.update(who, april(16, 12), zone="Asia/Tokyo")
    row = await lives.subscription(who)
    # 1 April began in New York and stays begun there; 1 May begins in Tokyo, 13 hours earlier
    assert (row.current_period_start, row.current_period_end) == (april(1, 4), april(30, 15))
    assert (row.anchor_on, row.due_at) == (date(2026, 4, 1), april(30, 15))
    (term,) = await world.of(who, "commitment_terms")
    assert (term.start_at, term.end_at) == (april(1, 4), datetime(2027, 3, 31, 15, tzinfo=UTC))
    (change,) = await world.of(who, "plan_changes")
    assert (change.status, change.effective_at) == ("SCHEDULED", datetime(2027, 3, 31, 15, tzinfo=UTC))
    (emails,) = await world.of(who, "entitlements", where="feature_code = 'emails' AND valid_until IS NULL")
    assert (emails.window_start, emails.window_end) == (date(2026, 4, 1), date(2026, 5, 1))
    (event,) = await world.of(who, "outbox_events", where="type = 'subscription.rezoned'")
    assert '"periodEnd":"2026-04-30T15:00:00+00:00"' in event.data


async def test_a_zone_moves_what_waits_for_a_local_day(world: World) -> None:
    lives, trial, ending = Lives(world), await world.customer(), await world.customer()
    await lives.started(trial, trial_days=14)
    await lives.update(trial, april(5), zone="Europe/Berlin")
    row = await lives.subscription(trial)
    # 15 April 00:00 in Berlin is 22:00 UTC the day before, and so is the notice three days earlier
    assert (row.trial_end_at, row.due_at, row.notice_at) == (april(14, 22), april(14, 22), april(11, 22))
    subscription = await world.subscribe(ending, PRO)
    await lives.cancel(ending, subscription, april(4))
    await lives.update(ending, april(5), zone="Europe/Berlin")
    row = await lives.subscription(ending)
    assert (row.current_period_end, row.cancel_at) == (april(30, 22), april(30, 22))
    assert await lives.entitled(ending, april(30, 22)) == {}


@pytest.mark.parametrize(
    ("zone", "new", "ends"),
    [
        ("Europe/Berlin", "America/New_York", datetime(2026, 5, 1, 4, tzinfo=UTC)),
        ("America/New_York", "Asia/Tokyo", april(30, 15)),
    ],
)  # fmt: skip
async def test_l17_a_zone_that_moves_leaves_every_day_and_every_use_on_exactly_one_line(
    world: World, zone: str, new: str, ends: datetime
) -> None:
    lives, who = Lives(world), await world.customer(zone=zone)
    await world.subscribe(who, await metered(world), at=april(1, 12))
    await lives.update(who, april(16, 12), zone=new)
    # on both sides of the boundary as it was, and as it came to be
    for at in (april(30, 14), april(30, 16), april(30, 21), april(30, 23), MAY, MAY + 3 * HOUR, MAY + 5 * HOUR):
        await world.use(who, "emails", 1, at)
    await world.run_until(who, JUNE + 48 * HOUR)
    told = await world.of(who, "outbox_events", "occurred_at", where="type = 'subscription.renewed'")
    starts = [json.loads(each.data)["periodStart"] for each in told]
    assert starts[0] == ends.isoformat()
    assert [json.loads(each.data)["periodEnd"] for each in told[:-1]] == starts[1:]
    rows = await world.rows(
        "SELECT kind, sentence, quantity, service_start, service_end, part_s, whole_s FROM invoice_lines"
        " WHERE account_id = :id ORDER BY service_start, kind",
        id=who.id,
    )
    # a whole period costs its whole price, however many hours the new zone made it
    fees = [row for row in rows if row.kind == "CHARGE"]
    assert [(row.sentence.split(":")[0], row.part_s == row.whole_s) for row in fees[:2]] == [
        ("1 Apr 2026 to 30 Apr 2026", True), ("1 May 2026 to 31 May 2026", True),
    ]  # fmt: skip
    used = [row for row in rows if row.kind == "USAGE"]
    assert [row.service_end for row in used[:-1]] == [row.service_start for row in used[1:]]
    assert sum(row.quantity for row in used) == 7


async def test_a_zone_waits_for_what_is_due(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    await world.subscribe(who, PRO)
    before = await world.billing_state()
    late = await lives.update(who, APRIL.end, zone="Asia/Tokyo")
    assert isinstance(late, NotNow)
    assert late.code == "BEING_BILLED"
    assert changed(before, await world.billing_state()) == set()


async def test_bad_input_names_its_field_and_who_may_not_writes_nothing(world: World) -> None:
    lives, who, stranger = Lives(world), await world.customer(), await world.customer()
    before = await world.billing_state()
    cases: list[tuple[str, dict[str, Any]]] = [
        ("name", {"name": " "}),
        ("email", {"email": "nobody"}),
        ("country", {"country": "Ireland"}),
        ("timeZone", {"zone": "Mars/Base"}),
        ("address", {"address": "x" * 501}),
        ("taxId", {"tax_id": "x" * 501}),
    ]
    for field, named in cases:
        with pytest.raises(InvalidInput) as caught:
            await lives.update(who, april(2), **named)
        assert caught.value.path == (field,)
    for actor, error in ((who.viewer, Forbidden), (SUPPORT, Forbidden), (stranger.owner, NotFound)):
        with pytest.raises(error):
            await lives.update(who, april(2), actor=actor, name="X")
    with pytest.raises(Forbidden):  # nobody exempts itself
        await lives.update(who, april(2), exemption=TaxExemption.EXEMPT)
    assert changed(before, await world.billing_state()) == set()
    await lives.update(who, april(2), exemption=TaxExemption.EXEMPT, actor=FINANCE)
    row = await the_account(world, who.id)
    assert row.tax_exemption == "EXEMPT"  # type: ignore[attr-defined]


async def test_l23_equal_parallel_updates_have_one_effect(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    outcomes = await asyncio.gather(*(lives.update(who, april(2), key="once", name="New") for _ in range(8)))
    assert Counter(each.is_replay for each in outcomes if isinstance(each, AccountUpdated)) == {False: 1, True: 7}
    assert len(await world.of(who, "outbox_events", where="type = 'account.updated'")) == 1
    assert isinstance(await lives.update(who, april(2), key="once", name="Newer"), KeyReused)
    # what changes nothing says nothing
    await lives.update(who, april(3), name="New")
    assert len(await world.of(who, "outbox_events", where="type = 'account.updated'")) == 1
