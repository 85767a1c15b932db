"""Bulk accounts are written whole, chunk by chunk, and satisfy every constraint and law that the engine's rows do."""

import pytest
from sqlalchemy import func, select

from cli.audit import audit_all
from db.engine import Database
from db.tables import (
    accounts,
    credit_notes,
    document_numbers,
    entitlements,
    invoices,
    memberships,
    number_series,
    subscription_items,
    subscriptions,
    usage_counters,
)
from demo import bulk
from demo.bulk_account import bulk_account
from demo.personas import DEMO_NOW, PERSONAS
from domain.audit.disagreement import Disagreement
from domain.dunning import Standing
from domain.invoice import InvoiceStatus, recompute
from domain.money import Money
from tests.demo.reading import account_called, invoices_of, standing_of, subscriptions_of

ACCOUNTS = 50


class Killed(Exception):
    """The process ends here."""


@pytest.fixture(scope="module")
async def crowd(demo_copy: Database) -> Database:
    """The demo company with fifty bulk accounts, made in chunks of twenty, cut off once and gone on with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk, "CHUNK_ACCOUNTS", 20)

        def kill_after_forty(done: int, total: int, doing: str) -> None:
            if done == 40:
                raise Killed

        with pytest.raises(Killed):
            await bulk.seed(demo_copy, ACCOUNTS, kill_after_forty)
        assert await bulk.seed(demo_copy, ACCOUNTS) == 10
    return demo_copy


async def test_a_crowd_that_is_large_enough_is_left_as_it_is(crowd: Database) -> None:
    assert await bulk.seed(crowd, 30) == 0
    assert await bulk.seed(crowd, ACCOUNTS) == 0


async def test_every_account_has_its_rows(crowd: Database) -> None:
    async with crowd.write() as session:
        for table, each in [
            (invoices, 24),
            (entitlements, 12),
            (usage_counters, 4 * 90),
            (subscriptions, 1),
            (subscription_items, 5),
            (memberships, 1),
        ]:
            counted = await session.execute(
                select(func.count())
                .select_from(accounts)
                .outerjoin(table, table.c.account_id == accounts.c.id)
                .where(accounts.c.external_id.startswith("bulk-"))
                .group_by(accounts.c.id)
            )
            assert list(counted.scalars()) == [each] * ACCOUNTS, table.name


@pytest.mark.parametrize("index", [0, 7, 19, 20, 41, 49])
async def test_what_is_stored_is_what_the_domain_made(crowd: Database, index: int) -> None:
    made = bulk_account(index)
    account = await account_called(crowd, made.external_id)
    assert account == made.account
    (subscription,) = await subscriptions_of(crowd, account)
    assert subscription.period == made.subscription.period
    assert subscription.quantities == made.subscription.quantities
    assert set(subscription.version.prices) == set(made.subscription.version.prices)
    assert set(subscription.version.features) == set(made.subscription.version.features)
    stored = await invoices_of(crowd, account)
    assert [each.lines for each in stored] == [each.lines for each in made.invoices]
    assert [each.total for each in stored] == [each.total for each in made.invoices]


async def test_law_8_and_law_1_hold_for_every_stored_invoice(crowd: Database) -> None:
    for index in range(ACCOUNTS):
        account = await account_called(crowd, f"bulk-{index + 1:07}")
        for invoice in await invoices_of(crowd, account):
            assert recompute(invoice.lines) == tuple(line.amount for line in invoice.lines)
            assert invoice.total == Money.total((line.amount for line in invoice.lines), account.currency)


async def test_law_20_numbers_go_on_where_the_company_ended(crowd: Database) -> None:
    register = document_numbers.c
    async with crowd.write() as session:
        for row in (await session.execute(select(number_series))).all():
            found = await session.scalars(
                select(register.number)
                .where(register.legal_entity_id == row.legal_entity_id, register.series == row.series)
                .order_by(register.number)
            )
            assert list(found) == list(range(1, row.last_number + 1))
        # the one draft there is
        assert await session.scalar(select(func.count()).where(invoices.c.number.is_(None))) == 1
        numbered = await session.scalar(select(func.count()).select_from(document_numbers))
        notes = await session.scalar(select(func.count()).select_from(credit_notes)) or 0
        assert numbered == 170 + notes + 24 * ACCOUNTS


async def test_the_audit_finds_no_fault_with_the_crowd(crowd: Database) -> None:
    said: list[Disagreement] = []
    audited = await audit_all(crowd, said.append, lambda done, total, doing: None)
    assert said == []
    assert audited.accounts == ACCOUNTS + len(PERSONAS)
    assert audited.invoices > 24 * ACCOUNTS


async def test_some_accounts_owe_and_few_are_in_trouble(crowd: Database) -> None:
    standings: dict[Standing, int] = {}
    owing = 0
    for index in range(ACCOUNTS):
        account = await account_called(crowd, f"bulk-{index + 1:07}")
        stored = await invoices_of(crowd, account)
        owing += any(each.status is InvoiceStatus.OPEN for each in stored)
        found = standing_of(account, stored, DEMO_NOW)
        standings[found] = standings.get(found, 0) + 1
    assert 0 < owing < ACCOUNTS
    assert standings[Standing.GOOD] > ACCOUNTS // 2


async def test_a_second_maker_at_the_same_time_is_refused(crowd: Database) -> None:
    chunk = bulk._work_out(10, 12)
    with pytest.raises(bulk.TwoAtOnce, match="account 11 was made meanwhile"):
        await bulk._write(crowd, 10, chunk)
