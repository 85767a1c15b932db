"""Standing follows from the oldest day something was due, by a table, and from nothing else."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dunning import (
    DUNNING,
    DunningAction,
    DunningStep,
    Standing,
    days_overdue,
    from_day,
    next_step,
    next_step_at,
    standing,
    suspended_from,
)
from tests.domain.strategies import LAW

FROM_BEST_TO_WORST = list(Standing)


@pytest.mark.parametrize(
    ("says", "oldest_due_on", "today", "expected"),
    [
        ("nothing is unpaid", None, "2026-03-15", Standing.GOOD),
        ("not due yet", "2026-03-16", "2026-03-15", Standing.GOOD),
        ("the due date itself is in time", "2026-03-15", "2026-03-15", Standing.GOOD),
        ("a day late", "2026-03-14", "2026-03-15", Standing.OVERDUE),
        ("thirteen days late", "2026-03-02", "2026-03-15", Standing.OVERDUE),
        ("fourteen days late: changes are blocked", "2026-03-01", "2026-03-15", Standing.CHANGES_BLOCKED),
        # 14 February to 15 March 2026 is 29 days, February having 28
        ("twenty-nine days late", "2026-02-14", "2026-03-15", Standing.CHANGES_BLOCKED),
        ("thirty days late: access is reduced", "2026-02-13", "2026-03-15", Standing.SUSPENDED),
        ("a year late", "2025-03-15", "2026-03-15", Standing.SUSPENDED),
    ],
)
def test_standing_follows_from_the_days_overdue(
    says: str, oldest_due_on: str | None, today: str, expected: Standing
) -> None:
    due_on = date.fromisoformat(oldest_due_on) if oldest_due_on else None
    assert standing(due_on, date.fromisoformat(today)) is expected, says


def test_days_overdue_are_never_negative() -> None:
    today = date(2026, 3, 15)
    assert days_overdue(None, today) == days_overdue(today, today) == days_overdue(date(2026, 4, 1), today) == 0
    assert days_overdue(date(2026, 3, 1), today) == 14


def test_paying_restores_at_once() -> None:
    assert standing(date(2026, 1, 1), date(2026, 3, 15)) is Standing.SUSPENDED
    assert standing(None, date(2026, 3, 15)) is Standing.GOOD


def test_l36_changes_are_blocked_no_later_than_access() -> None:
    assert from_day(Standing.OVERDUE) == 1
    assert from_day(Standing.CHANGES_BLOCKED) == 14
    assert from_day(Standing.SUSPENDED) == 30
    assert from_day(Standing.CHANGES_BLOCKED) <= from_day(Standing.SUSPENDED)


def test_a_reminder_after_a_block_does_not_lift_it() -> None:
    # day 21 only reminds and retries; the block of day 14 stands
    assert standing(date(2026, 3, 1), date(2026, 3, 22)) is Standing.CHANGES_BLOCKED


def test_each_day_of_the_table_comes_once_and_day_zero_collects() -> None:
    days = [step.day for step in DUNNING]
    assert days == sorted(set(days))
    assert DUNNING[0] == DunningStep(0, (DunningAction.COLLECT,))
    assert next_step(()) == DUNNING[0]
    assert [step and step.day for step in (next_step(days[:n]) for n in range(1, len(days) + 1))] == [*days[1:], None]


@pytest.mark.parametrize(
    ("says", "taken", "due_on", "zone", "finalised_at", "expected"),
    [
        # issued and due on 1 March at 15:20: its day began before it was issued
        ("due on receipt is collected at once", (), "2026-03-01", "UTC", "2026-03-01T15:20", "2026-03-01T15:20"),
        ("on terms as its due day begins", (), "2026-03-31", "UTC", "2026-03-01T15:20", "2026-03-31T00:00"),
        # New York is five hours behind before 8 March 2026
        ("where the account is", (), "2026-03-07", "America/New_York", "2026-03-01T15:20", "2026-03-07T05:00"),
        ("reminded the day after", (0,), "2026-03-31", "UTC", "2026-03-01T15:20", "2026-04-01T00:00"),
        # and four hours behind from then on
        ("after a change of clocks", (0, 1), "2026-03-06", "America/New_York", "2026-03-01T15:20", "2026-03-09T04:00"),
        ("nothing after the last", (0, 1, 3, 7, 14, 21, 30), "2026-03-01", "UTC", "2026-03-01T15:20", None),
    ],
)
def test_the_next_step_has_its_instant(
    says: str, taken: tuple[int, ...], due_on: str, zone: str, finalised_at: str, expected: str | None
) -> None:
    final = datetime.fromisoformat(finalised_at).replace(tzinfo=UTC)
    instant = datetime.fromisoformat(expected).replace(tzinfo=UTC) if expected else None
    assert next_step_at(taken, date.fromisoformat(due_on), zone, final) == instant, says


def test_access_is_suspended_from_an_instant_not_from_a_job() -> None:
    # 1 March + 30 days is 31 March; Paris is two hours ahead by then
    assert suspended_from(date(2026, 3, 1), "Europe/Paris") == datetime(2026, 3, 30, 22, tzinfo=UTC)
    assert suspended_from(None, "UTC") is None


@LAW
@given(overdue=st.integers(-40, 400), later=st.integers(0, 40))
def test_l36_standing_only_worsens_while_nothing_is_paid(overdue: int, later: int) -> None:
    due_on = date(2026, 1, 1)
    before = standing(due_on, due_on + timedelta(days=overdue))
    after = standing(due_on, due_on + timedelta(days=overdue + later))
    assert FROM_BEST_TO_WORST.index(before) <= FROM_BEST_TO_WORST.index(after)


@LAW
@given(shuffled=st.permutations(DUNNING), overdue=st.integers(0, 60))
def test_l18_the_order_of_the_table_does_not_matter(shuffled: list[DunningStep], overdue: int) -> None:
    due_on = date(2026, 1, 1)
    today = due_on + timedelta(days=overdue)
    assert standing(due_on, today, shuffled) is standing(due_on, today)
