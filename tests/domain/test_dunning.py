"""Standing follows from the oldest day something was due, by a table, and from nothing else."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dunning import DUNNING, DunningStep, Standing, days_overdue, standing
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
    first_day = {step.standing: step.from_days_overdue for step in DUNNING}
    assert set(first_day) == set(Standing) - {Standing.GOOD}
    assert first_day[Standing.OVERDUE] < first_day[Standing.CHANGES_BLOCKED] < first_day[Standing.SUSPENDED]


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
