"""Law L1 over random sequences of what people do with an invoice, on a real Postgres: nothing lost or counted twice."""

import asyncio
from random import Random
from typing import Any

import pytest

from db.engine import Database
from domain.commands import CreditDestination
from domain.errors import InvalidInput
from tests.make import PRO
from tests.operations.money import B, Till, assert_balanced
from tests.stored import Customer, a_world

SEEDS = range(8)
DEEDS = ("transfer", "card", "credit", "credit to refund", "refund", "void", "write off", "poll")


@pytest.fixture(scope="module")
async def till(database: Database) -> Till:
    """A counter in a world of this module's own."""
    return Till(await a_world(database))


async def a_deed(till: Till, who: Customer, invoice: Any, chance: Random) -> None:
    """Whatever somebody does next; a refusal is as good as a deed, as long as nothing breaks."""
    amount = f"{chance.randrange(1, 140)}.{chance.randrange(100):02}"
    match chance.choice(DEEDS):
        case "transfer":
            await till.transfer(who, invoice, amount)
        case "card":
            await till.pay(who, invoice)
        case "credit":
            await till.credit(who, invoice, amount)
        case "credit to refund":
            await till.credit(who, invoice, amount, to=CreditDestination.REFUND)
        case "refund":
            for payment in await till.world.of(who, "payments", where="status = 'SUCCEEDED'"):
                await till.refund(who, payment.id, chance.choice([amount, None]))
                break
        case "void":
            await till.void(who, invoice)
        case "write off":
            await till.write_off(who, invoice)
        case _:
            for payment in await till.world.of(who, "payments", where="poll_at IS NOT NULL"):
                await till.poll(who, payment.id)
            for refund in await till.world.of(who, "refunds", where="poll_at IS NOT NULL"):
                await till.poll_refund(who, refund.id)


@pytest.mark.parametrize("seed", SEEDS)
async def test_l1_holds_after_every_deed(till: Till, seed: int) -> None:
    chance = Random(seed)
    who = await till.world.customer()
    await till.world.subscribe(who, PRO)
    (invoice,) = await till.world.of(who, "invoices")
    await till.card(who, chance.choice(list(B)))
    for _ in range(12):
        try:
            await a_deed(till, who, invoice.id, chance)
        except InvalidInput:
            continue
        await assert_balanced(till.world, who)
    await assert_conserved(till, who)


async def test_l1_holds_when_everything_happens_at_once(till: Till) -> None:
    who = await till.world.customer()
    await till.world.subscribe(who, PRO)
    (invoice,) = await till.world.of(who, "invoices")
    await till.card(who)
    chances = [Random(100 + n) for n in range(12)]
    outcomes = await asyncio.gather(
        *(a_deed(till, who, invoice.id, chance) for chance in chances for _ in range(2)), return_exceptions=True
    )
    assert {type(each) for each in outcomes if isinstance(each, BaseException)} <= {InvalidInput}
    for payment in await till.world.of(who, "payments", where="poll_at IS NOT NULL"):
        await till.poll(who, payment.id)
    await assert_balanced(till.world, who)
    await assert_conserved(till, who)


async def assert_conserved(till: Till, who: Customer) -> None:
    """What the provider took stands as payments by card, what it gave back as refunds; not a cent beside."""
    books = await till.books(who)
    for kind, table, where in (
        ("CHARGE", "payments", "kind = 'METHOD' AND status = 'SUCCEEDED'"),
        ("REFUND", "refunds", "status = 'SUCCEEDED' AND reference IS NOT NULL"),
    ):
        moved = sum(entry.amount_minor for entry in books if entry.kind == kind and entry.outcome == "SUCCEEDED")
        known = sum(row.amount_minor for row in await till.world.of(who, table, where=where))
        waiting = await till.world.of(who, table, where="poll_at IS NOT NULL")
        assert moved == known or waiting
