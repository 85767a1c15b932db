"""When a subscription is moved to another version of its plan, and what that makes of it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.catalog import PlanVersion
from domain.errors import InvalidTransition
from domain.ids import MigrationId
from domain.migration import (
    SubscriptionMigration,
    is_due,
    is_movable,
    kept_quantities,
    migrated,
    moves_at,
    regular_amount,
)  # fmt: skip
from domain.subscription import CommitmentTerm, SubscriptionStatus
from tests.make import APRIL, PRO, SCALE, YEAR, NumberedIds, a_commitment, a_subscription, a_version, an_id, april, usd

NEW = a_version("pro", 2, 12_000, 3_000, number=2)


def at(year: int, month: int, day: int = 1) -> datetime:
    """A midnight in UTC."""
    return datetime(year, month, day, tzinfo=UTC)


MOVES = [
    # says, commitment, notice ends, moved at
    ("the first boundary after notice", None, at(2026, 5, 10), at(2026, 6)),
    ("a boundary on the day itself", None, at(2026, 5), at(2026, 5)),
    ("no notice: with the running period", None, april(16), APRIL.end),
    ("a commitment is waited out", a_commitment(12), at(2026, 5, 10), at(2027, 4)),
    ("one that ends on that day", a_commitment(1), at(2026, 5), at(2026, 5)),
    ("one that renews meanwhile", a_commitment(12), at(2027, 4, 2), at(2028, 4)),
    ("one that a pause made longer", replace(a_commitment(12), end_at=at(2027, 4, 16)), april(20), at(2027, 5)),
]  # fmt: skip


@pytest.mark.parametrize(("says", "term", "notice_ends_at", "expected"), MOVES)
def test_a_subscription_is_moved(
    says: str, term: CommitmentTerm | None, notice_ends_at: datetime, expected: datetime
) -> None:
    assert moves_at(a_subscription(commitment=term, at=april(16)), notice_ends_at) == expected, says


def a_move(effective_at: datetime) -> SubscriptionMigration:
    """A waiting move."""
    subscription = a_subscription()
    return SubscriptionMigration(
        an_id("move"), MigrationId(an_id("migration")), subscription.account_id, subscription.id,
        PRO.id, NEW.id, effective_at, april(1),
    )  # fmt: skip


def test_a_move_is_due_at_its_boundary_and_waits_for_a_commitment_that_became_longer() -> None:
    subscription, move = a_subscription(), a_move(APRIL.end)
    assert not is_due(move, subscription, APRIL.start)
    assert is_due(move, subscription, APRIL.end)
    assert is_due(move, subscription, at(2026, 6))
    longer = replace(subscription, commitment=replace(a_commitment(1), end_at=at(2026, 5, 3)))
    assert not is_due(move, longer, APRIL.end)
    assert is_due(move, longer, at(2026, 6))
    assert not is_due(move, replace(subscription, status=SubscriptionStatus.PAUSED), APRIL.end)


def test_only_earlier_versions_of_the_plan_that_go_on_and_are_sold_so_are_moved() -> None:
    subscription = a_subscription()
    assert is_movable(subscription, NEW, "USD")
    assert not is_movable(subscription, PRO, "USD")
    assert not is_movable(replace(subscription, version=NEW), PRO, "USD")
    assert not is_movable(subscription, replace(SCALE, number=2), "USD")
    assert not is_movable(subscription, NEW, "JPY")
    assert not is_movable(replace(subscription, cancel_at=APRIL.end), NEW, "USD")
    monthly = replace(NEW, prices=tuple(price for price in NEW.prices if price.interval is not YEAR))
    assert not is_movable(a_subscription(interval=YEAR), monthly, "USD")


def with_bounds(minimum: int, maximum: int | None) -> PlanVersion:
    """The new version with other bounds of seats."""
    return a_version("pro", 2, 12_000, 3_000, number=2, seat_bounds=(minimum, maximum))


@pytest.mark.parametrize(
    ("says", "version", "seats"),
    [("as they are", NEW, 5), ("at most", with_bounds(1, 3), 3), ("at least", with_bounds(10, None), 10)],
)
def test_quantities_are_kept_as_far_as_the_version_allows(says: str, version: PlanVersion, seats: int) -> None:
    assert kept_quantities(a_subscription(seats=5), version) == {"base": 1, "seats": seats}, says


def test_moved_every_item_is_a_new_one_at_the_new_prices() -> None:
    before = a_subscription(seats=5, since=date(2026, 4, 1))
    move = migrated(before, NEW, "USD", APRIL.end, NumberedIds())
    after = move.subscription
    assert (move.at, move.closed) == (APRIL.end, before.items)
    assert after.items == move.opened
    assert [(item.component, item.quantity, item.valid_from) for item in after.items] == [
        ("base", 1, APRIL.end), ("seats", 5, APRIL.end),
    ]  # fmt: skip
    assert [item.price_id for item in after.items] == [price.id for price in NEW.prices if price.interval is not YEAR]
    assert (after.version, after.version_since, after.status) == (NEW, APRIL.end, SubscriptionStatus.ACTIVE)
    # 100.00 + 5 × 25.00 before, 120.00 + 5 × 30.00 after
    assert regular_amount(before, PRO, before.quantities, "USD") == usd("225.00")
    assert regular_amount(after, NEW, after.quantities, "USD") == usd("270.00")


def test_a_paused_subscription_is_not_moved() -> None:
    with pytest.raises(InvalidTransition):
        migrated(a_subscription(status=SubscriptionStatus.PAUSED), NEW, "USD", APRIL.end, NumberedIds())
