"""Documents finance asks for: a charge on an invoice of its own, and a voided invoice issued again."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from db.engine import Database
from db.queries.accounts import account as account_for
from db.save import catalog
from domain.commands import AddCharge
from domain.ids import TaxRateId
from domain.tax import TaxRate
from operations.invoices.add_charge import ChargeAdded, add_charge
from operations.invoices.void_invoice import Voided
from tests.make import PRO, SCALE, an_id, april, usd
from tests.operations.money import FINANCE, Till, assert_balanced
from tests.stored import Customer, a_world


@pytest.fixture(scope="module")
async def till(database: Database) -> Till:
    """A counter in a world of this module's own, where nothing is taxed until 4 April and 10 % from then on."""
    world = await a_world(database)
    async with world.unit(april(1)) as unit:
        rate = TaxRate(TaxRateId(an_id("rate")), "US", None, "Sales tax", Decimal(10), date(2026, 4, 4))
        await catalog.new_tax_rate(unit, rate)
    return Till(world)


async def charge(till: Till, who: Customer, amount: str, key: str = "") -> Any:
    """A charge at once, on 8 April."""
    command = AddCharge(who.id, usd(amount), "Onboarding", key or till.world.ids.new().hex, is_immediate=True)
    async with till.world.unit(april(8), FINANCE) as unit:
        return await add_charge(unit, command)


async def test_a_charge_at_once_has_an_invoice_of_its_own_with_the_tax_of_the_day(till: Till) -> None:
    who = await till.world.customer(net_days=0)
    added = await charge(till, who, "80.00", key="once")
    assert isinstance(added, ChargeAdded)
    (invoice,) = await till.world.of(who, "invoices")
    # 80.00 and 10 %
    assert (invoice.id, invoice.reason, invoice.total_minor, invoice.tax_minor) == (
        added.invoice_id, "ONE_OFF", 8_800, 800,
    )  # fmt: skip
    assert (invoice.status, invoice.next_step_at) == ("OPEN", april(8))
    (line,) = await till.world.of(who, "invoice_lines")
    assert (line.kind, line.cause, line.description, line.amount_minor) == (
        "ONE_OFF", added.charge_id, "Onboarding", 8_000,
    )  # fmt: skip
    (row,) = await till.world.of(who, "charges")
    assert row.invoice_id == added.invoice_id
    again = await charge(till, who, "80.00", key="once")
    assert (again.invoice_id, again.is_replay) == (added.invoice_id, True)
    await assert_balanced(till.world, who)


async def test_the_credit_balance_pays_a_charge_first(till: Till) -> None:
    who = await till.world.customer()
    await till.world.subscribe(who, PRO)
    (first,) = await till.world.of(who, "invoices")
    await till.transfer(who, first.id, "125.00")
    await till.credited(who, first.id, "30.00", at=april(7))
    await charge(till, who, "80.00")
    (invoice,) = await till.world.of(who, "invoices", where="reason = 'ONE_OFF'")
    assert (invoice.applied_minor, invoice.status) == (3_000, "OPEN")
    assert await till.balance(who) == 0
    # void it: the credit is back, and spent on the next
    await till.void(who, invoice.id)
    assert await till.balance(who) == 3_000
    await charge(till, who, "20.00")
    (second,) = await till.world.of(who, "invoices", where="reason = 'ONE_OFF' AND status = 'PAID'")
    assert second.applied_minor == 2_200
    assert await till.balance(who) == 800
    await assert_balanced(till.world, who)


async def test_a_voided_invoice_is_issued_again_with_the_tax_of_today(till: Till) -> None:
    who = await till.world.customer()
    await till.world.subscribe(who, PRO)
    (wrong,) = await till.world.of(who, "invoices")
    outcome = await till.void(who, wrong.id, reissue=True, key="anew")
    assert isinstance(outcome, Voided)
    assert outcome.replaced_by is not None
    first, second = await till.world.of(who, "invoices", "finalised_at, id")
    # 125.00 without tax on 1 April; with 10 % on 5 April
    assert (first.status, first.total_minor) == ("VOID", 12_500)
    assert (second.id, second.replaces_invoice_id, second.total_minor, second.tax_minor) == (
        outcome.replaced_by, first.id, 13_750, 1_250,
    )  # fmt: skip
    assert (second.status, second.period_start, second.period_end) == ("OPEN", first.period_start, first.period_end)
    assert second.number > first.number
    old = await till.world.of(who, "invoice_lines", "position", where=f"invoice_id = '{first.id}'")
    new = await till.world.of(who, "invoice_lines", "position", where=f"invoice_id = '{second.id}'")
    assert [line.amount_minor for line in new] == [line.amount_minor for line in old] == [10_000, 2_500]
    assert {line.cause for line in new} == {first.id}
    again = await till.void(who, wrong.id, reissue=True, key="anew")
    assert (again.replaced_by, again.is_replay) == (second.id, True)
    assert len(await till.world.of(who, "invoices")) == 2
    await assert_balanced(till.world, who)


async def test_a_delta_issued_again_credits_its_lines_once(till: Till) -> None:
    who = await till.world.customer()
    subscription = await till.world.subscribe(who, PRO)
    await till.world.change(who, subscription, SCALE)
    (delta,) = await till.world.of(who, "invoices", where="reason = 'PLAN_CHANGE'")
    await till.void(who, delta.id, reissue=True)
    (again,) = await till.world.of(who, "invoices", where="replaces_invoice_id IS NOT NULL")
    assert (again.reason, again.subtotal_minor) == ("PLAN_CHANGE", delta.subtotal_minor)
    (first,) = await till.world.of(who, "invoices", where="reason = 'SIGN_UP'")
    # half of April went unused: 62.50 of the first invoice's 125.00 are left, as before
    owed = await till.owed(who, first.id)
    assert owed.due_minor == 12_500
    await till.credited(who, first.id)
    assert sum(line.amount_minor for line in await till.world.of(who, "credit_note_lines")) == 6_250
    await assert_balanced(till.world, who)


async def test_the_new_account_facts_are_on_the_new_document(till: Till) -> None:
    who = await till.world.customer()
    await till.world.subscribe(who, PRO)
    (wrong,) = await till.world.of(who, "invoices")
    await till.world.rows("UPDATE accounts SET name = 'Right Name' WHERE id = :id RETURNING id", id=who.id)
    async with till.world.unit(april(5)) as unit:
        assert await account_for(unit.session, unit.scope, who.id, for_change=False)
    await till.void(who, wrong.id, reissue=True)
    names = [row.customer_name for row in await till.world.of(who, "invoices", "finalised_at, id")]
    assert names == [who.account.name, "Right Name"]
