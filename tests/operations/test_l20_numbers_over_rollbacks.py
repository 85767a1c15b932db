"""Law L20 where it is hardest: who dies with a number in hand gives it back, also while others wait for the next."""

import asyncio

from operations.subscriptions.sign_up import SignUp, sign_up
from tests.make import MONTH, PRO, april
from tests.operations.money import Crashed, dying_unit
from tests.stored import SYSTEM, Customer, World


async def signs_up(world: World, who: Customer, *, dies: bool) -> None:
    """A first invoice; whoever dies does so with its number taken, just before the commit."""
    command = SignUp(who.id, PRO.plan.id, MONTH)
    if not dies:
        await world.subscribe(who, PRO)
        return
    try:
        async with dying_unit(world, april(1), SYSTEM) as unit:
            await sign_up(unit, command, april(1))
    except Crashed:
        return
    raise AssertionError("it was to die")


async def test_l20_numbers_are_gapless_over_writers_that_die_with_one(world: World) -> None:
    everybody = [await world.customer(is_sandbox=number % 3 == 0) for number in range(18)]
    await asyncio.gather(*(signs_up(world, who, dies=number % 2 == 0) for number, who in enumerate(everybody)))
    await assert_gapless(world, invoices=9)
    # and they try again
    await asyncio.gather(*(signs_up(world, who, dies=False) for who in everybody[::2]))
    await assert_gapless(world, invoices=18)


async def assert_gapless(world: World, invoices: int) -> None:
    """Each series gives 1, 2, 3 … as far as it says it has, each to an invoice that is there and bears it."""
    given = await world.rows(
        "SELECT s.series, s.last_number, array_agg(d.number ORDER BY d.number) AS numbers, "
        "count(i.id) FILTER (WHERE i.number LIKE '%-' || d.series || '-' || lpad(d.number::text, 6, '0')) AS borne "
        "FROM number_series s LEFT JOIN document_numbers d USING (legal_entity_id, series) "
        "LEFT JOIN invoices i ON i.account_id = d.account_id AND i.id = d.document_id GROUP BY 1, 2"
    )
    assert sum(each.last_number for each in given) == invoices
    for each in given:
        assert each.numbers == list(range(1, each.last_number + 1)), each.series
        assert each.borne == each.last_number
