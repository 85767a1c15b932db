"""Opening an account, signing up, paying: what each writes, and what it refuses."""

import json
from datetime import UTC, date, datetime

import pytest

from domain.dunning import Standing
from domain.errors import InvalidInput, InvalidTransition, NotFound
from domain.ids import InvoiceId
from domain.periods import BillingInterval
from operations.accounts.write_account import NewAccount, write_account
from tests.make import FREE, MONTH, PRO, SCALE, YEAR, april
from tests.stored import World, changed


async def test_an_external_id_belongs_to_one_account(world: World) -> None:
    first, second = await world.customer(), await world.customer()
    before = await world.billing_state()
    with pytest.raises(InvalidInput) as caught:
        async with world.unit(april(1)) as unit:
            await write_account(unit, NewAccount(second.account, first.account.name, ()), april(1))
    assert caught.value.path == ("externalId",)
    assert changed(before, await world.billing_state()) == set()


async def test_the_day_of_signing_up_counts_whole(world: World) -> None:
    who = await world.customer(zone="America/New_York")
    await world.subscribe(who, PRO, seats=2, at=april(2, 3))  # 23:00 of the 1st in New York
    (row,) = await world.of(who, "subscriptions")
    assert (row.anchor_on, row.current_period_start) == (date(2026, 4, 1), april(1, 4))
    (invoice,) = await world.of(who, "invoices")
    assert (invoice.total_minor, invoice.issued_on, invoice.reason) == (15_000, date(2026, 4, 1), "SIGN_UP")
    assert invoice.number.startswith("ACME-INV-")


async def test_a_free_plan_has_no_first_invoice(world: World) -> None:
    who = await world.customer()
    await world.subscribe(who, FREE)
    assert await world.of(who, "invoices") == []
    assert len(await world.of(who, "entitlements")) == 2


async def test_a_sandbox_has_numbers_of_its_own(world: World) -> None:
    who = await world.customer(is_sandbox=True)
    await world.subscribe(who, PRO)
    (invoice,) = await world.of(who, "invoices")
    assert invoice.number.startswith("ACME-TEST-")


async def test_a_plan_not_sold_so_is_bad_input(world: World) -> None:
    who = await world.customer()
    for interval in set(BillingInterval) - {MONTH, YEAR}:
        with pytest.raises(InvalidInput) as caught:
            await world.subscribe(who, PRO, interval=interval)
        assert caught.value.path == ("planId",)
    yen = await world.customer(currency="JPY")
    with pytest.raises(InvalidInput):
        await world.subscribe(yen, PRO)


async def test_a_second_live_subscription_of_a_hub_is_refused_whole(world: World) -> None:
    who = await world.customer()
    await world.subscribe(who, PRO)
    before = await world.billing_state()
    with pytest.raises(InvalidInput) as caught:
        await world.subscribe(who, SCALE, at=april(5))
    assert caught.value.path == ("planId",)
    assert changed(before, await world.billing_state()) == set()


async def test_paying_is_recorded_beside_the_document(world: World) -> None:
    who = await world.customer()
    await world.subscribe(who, PRO)
    (before,) = await world.of(who, "invoices")
    lines = await world.of(who, "invoice_lines")
    await world.pay(who, before.id, april(15))
    (after,) = await world.of(who, "invoices")
    assert (after.status, after.paid_minor, after.paid_at) == ("PAID", 12_500, april(15))
    # L19: nothing of the document itself has moved
    beside = {"status", "paid_minor", "paid_at", "next_step_at"}
    assert {k: v for k, v in after._mapping.items() if k not in beside} == {
        k: v for k, v in before._mapping.items() if k not in beside
    }
    assert await world.of(who, "invoice_lines") == lines
    (event,) = await world.of(who, "outbox_events", where="type = 'invoice.paid'")
    said = json.loads(event.data)
    assert (said["status"], said["paidMinor"], said["dueMinor"], said["currency"]) == ("PAID", 12500, 0, "USD")
    (payment,) = await world.of(who, "payments")
    assert (payment.kind, payment.status, payment.amount_minor) == ("MANUAL", "SUCCEEDED", 12500)


async def test_an_invoice_is_paid_once(world: World) -> None:
    who = await world.customer()
    await world.subscribe(who, PRO)
    (invoice,) = await world.of(who, "invoices")
    await world.pay(who, invoice.id)
    with pytest.raises(InvalidTransition, match="PAID has no PAID"):
        await world.pay(who, invoice.id)


async def test_another_accounts_invoice_cannot_be_paid(world: World) -> None:
    who, other = await world.customer(), await world.customer()
    await world.subscribe(who, PRO)
    (invoice,) = await world.of(who, "invoices")
    with pytest.raises(NotFound):
        await world.pay(other, invoice.id)
    with pytest.raises(NotFound):
        await world.pay(who, InvoiceId(world.ids.new()))


async def test_l36_changes_are_blocked_by_arrears_and_paying_restores(world: World) -> None:
    who = await world.customer(net_days=0)
    subscription = await world.subscribe(who, PRO)  # due on the 1st
    standings = []
    for day in (1, 2, 14, 15, 30):
        shown = await world.preview(who, subscription, SCALE, april(day, 12))
        standings.append((shown.prepared.facts.standing, shown.quote is not None))
    assert standings == [
        (Standing.GOOD, True),
        (Standing.OVERDUE, True),
        (Standing.OVERDUE, True),
        (Standing.CHANGES_BLOCKED, False),
        (Standing.CHANGES_BLOCKED, False),
    ]
    (invoice,) = await world.of(who, "invoices")
    (reason,) = [each for each in shown.prepared.decision.reasons if each.code == "PC-18"]
    assert reason.sentence.startswith("125.00 USD has been overdue since 2026-04-01.")
    assert reason.remedy is not None
    assert reason.remedy.target == f"inv_{invoice.id.hex}"
    await world.pay(who, invoice.id, april(30))
    assert (await world.preview(who, subscription, SCALE, datetime(2026, 4, 30, 13, tzinfo=UTC))).quote is not None


async def test_too_many_changes_in_a_day_also_count_what_happened_since_a_quote(world: World) -> None:
    # quotes made beforehand are no way around the bound
    who, ladder = await world.customer(), await world.ladder()
    first = await world.subscribe(who, PRO)
    second = await world.subscribe(who, ladder["pro"])
    waiting = await world.preview(who, second, ladder["scale"])
    assert waiting.quote is not None
    for seats in (2, 3, 4):
        await world.change(who, first, seats=seats, at=april(16, 0, seats))
    outcome = await world.apply(who, waiting.quote.id, april(16, 0, 20))
    assert "verdict" in getattr(outcome, "differs", ())
