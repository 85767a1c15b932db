"""Law L30 over random lives: never wider than what is paid for, unless somebody set it by hand, and then exactly that.

The life is that of test_l30_never_before_payment.py, with values set by hand for a while, pauses and ends in between.
"""

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from db.engine import Database
from domain.entitlement import FeatureValue
from domain.errors import InvalidInput
from domain.ids import SubscriptionId
from tests.make import april
from tests.operations.lives import FINANCE, Lives
from tests.operations.money import B, Till
from tests.operations.test_l30_never_before_payment import DEEDS, NO_LIMIT, a_customer, paid_for, upgrade
from tests.stored import Customer, a_world


@pytest.fixture(scope="module")
async def till(database: Database) -> Till:
    """A counter in a world of this module's own."""
    return Till(await a_world(database))


async def by_hand(till: Till, who: Customer, subscription: SubscriptionId, at: datetime, chance: Random) -> None:
    """Support sets a value, from now or later on, for hours or for good."""
    begins = at + timedelta(hours=chance.choice([0, 0, 6]))
    ends = None if chance.random() < 0.2 else begins + timedelta(hours=chance.choice([1, 12, 30]))
    value = FeatureValue(limit=chance.choice([None, 0, 500, 50_000]))
    await till.world.override(who, "contacts", value, at, starts_at=begins, ends_at=ends)


async def turns(till: Till, who: Customer, subscription: SubscriptionId, at: datetime, chance: Random) -> None:
    """A pause, a resume, an end at once, or a cancellation."""
    lives = Lives(till.world)
    match chance.choice(["pause", "resume", "resume", "cancel", "undo", "end"]):
        case "pause":
            await lives.pause(who, subscription, at)
        case "resume":
            await lives.resume(who, subscription, at)
        case "undo":
            await lives.undo(who, subscription, at)
        case "cancel":
            await lives.cancel(who, subscription, at)
        case _ if chance.random() < 0.3:
            await lives.cancel(who, subscription, at, is_immediate=True, actor=FINANCE)


async def in_force(till: Till, who: Customer, at: datetime) -> int | None:
    """How many contacts the hottest read finds then: NO_LIMIT for any number, None for a feature that is not there."""
    found = await till.world.rows(
        "SELECT e.is_enabled, e.limit_value FROM entitlements e JOIN features f ON f.id = e.feature_id "
        "WHERE e.account_id = :id AND f.code = 'contacts' AND e.valid_from <= :at "
        "AND (e.valid_until IS NULL OR e.valid_until > :at)",
        id=who.id, at=at,
    )  # fmt: skip
    assert len(found) <= 1
    return _limit(found[0]) if found else None


def _limit(row: Any) -> int | None:
    if not row.is_enabled:
        return None
    return NO_LIMIT if row.limit_value is None else int(row.limit_value)


async def set_by_hand(till: Till, who: Customer, at: datetime) -> list[Any]:
    """What is set by hand then, what counts last."""
    return await till.world.of(
        who, "entitlement_overrides", "priority, created_at, id",
        f"starts_at <= '{at.isoformat()}' AND (ends_at IS NULL OR ends_at > '{at.isoformat()}')",
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
async def test_l30_l32_over_plans_payments_and_values_set_by_hand(till: Till, seed: int) -> None:
    chance = Random(3_000 + seed)
    who, subscription = await a_customer(till)
    await till.card(who, chance.choice(list(B)))
    at = april(10)
    for deed in [upgrade, *chance.choices([*DEEDS, by_hand, by_hand, by_hand, turns], k=12)]:
        at += timedelta(minutes=chance.choice([1, 60, 13 * 60]))
        try:
            await deed(till, who, subscription, at, chance)
        except InvalidInput:
            continue
        # what is laid out holds also hours ahead, if no job runs
        for ahead in (at, at + timedelta(hours=7), at + timedelta(hours=20)):
            width, hands = await in_force(till, who, ahead), await set_by_hand(till, who, ahead)
            assert width is None or width >= 0
            if hands:
                assert width == _limit(hands[-1])
            else:
                assert (width or 0) <= await paid_for(till, who)
