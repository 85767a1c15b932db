"""Law L21 on a real Postgres: one line per key, whatever happens; and no statement gets a second one in."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.make import PRO, SCALE, april
from tests.operations.lives import Lives
from tests.operations.money import Till
from tests.operations.test_l15_service_of_a_life import a_deed
from tests.stored import Customer, World

SEEDS = range(4)
KEY = "account_id, subscription_id, item_id, service_start, kind, cause, discount_id"


async def assert_one_per_key(world: World, who: Customer) -> None:
    """No two lines of one key; and a line that is there cannot come in again, on whatever invoice."""
    twice = await world.rows(
        f"SELECT {KEY} FROM invoice_lines WHERE account_id = :id GROUP BY {KEY} HAVING count(*) > 1", id=who.id
    )
    assert twice == []
    for line in await world.of(who, "invoice_lines"):
        other = {"id": world.ids.new(), "position": 1_000, "line": line.id, "account": who.id}
        with pytest.raises(IntegrityError, match="invoice_lines_once_key"):
            async with world.database.write() as session:
                await session.execute(
                    text(
                        "INSERT INTO invoice_lines SELECT (jsonb_populate_record(l, jsonb_build_object("
                        "'id', CAST(:id AS uuid), 'position', CAST(:position AS int)))).* "
                        "FROM invoice_lines l WHERE id = :line AND account_id = :account"
                    ),
                    other,
                )


@pytest.mark.parametrize("seed", SEEDS)
async def test_l21_one_line_per_key_over_random_lives(world: World, seed: int) -> None:
    chance, lives, till, who = Random(seed), Lives(world), Till(world), await world.customer(net_days=365)
    subscription = await lives.started(who, PRO, seats=2)
    at = april(1)
    for _ in range(10):
        # several things at one instant: their lines have all but the cause in common
        at += timedelta(days=chance.randrange(0, 12))
        await world.run_until(who, at)
        for _ in range(2):
            if (await lives.subscription(who)).ended_at is None:
                await a_deed(lives, who, subscription, at, chance)
        unpaid = await world.of(who, "invoices", where="status = 'OPEN'")
        if unpaid and chance.random() < 0.5:
            await till.void(who, chance.choice(unpaid).id, reissue=True)
    await assert_one_per_key(world, who)


async def test_l21_a_line_is_written_again_only_for_another_cause(world: World) -> None:
    lives, till, who = Lives(world), Till(world), await world.customer()
    subscription = await lives.started(who, PRO, seats=2)
    await world.change(who, subscription, SCALE)
    await world.run_until(who, datetime(2026, 5, 2, tzinfo=UTC))
    (renewal,) = await world.of(who, "invoices", where="reason = 'RENEWAL'")
    void_id, causes = renewal.id, []
    for _ in range(3):
        voided = await till.void(who, void_id, reissue=True)
        lines = await world.of(who, "invoice_lines", where=f"invoice_id = '{voided.replaced_by}'")
        assert {line.cause for line in lines} == {void_id}
        causes.append(void_id)
        void_id = voided.replaced_by
    assert len(set(causes)) == 3
    await assert_one_per_key(world, who)
