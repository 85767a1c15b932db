"""Shares, hours, weeks and windows of what became of changes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from domain.errors import InvalidInput
from domain.outcomes import Window, hours_of, percent_of, week_of, window_of


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        (0, 7, "0.00"),
        (1, 3, "33.33"),
        (2, 3, "66.67"),
        (1, 8, "12.50"),
        (1, 800, "0.13"),  # 0.125, half away from zero
        (7, 7, "100.00"),
    ],
)
def test_a_share_is_rounded_once_to_two_decimals(part: int, whole: int, percent: str) -> None:
    assert str(percent_of(part, whole)) == percent


def test_nothing_has_no_share() -> None:
    assert percent_of(0, 0) is None


@pytest.mark.parametrize(("part", "whole"), [(2, 1), (-1, 3), (1, 0)])
def test_what_is_no_part_is_told(part: int, whole: int) -> None:
    with pytest.raises(InvalidInput):
        percent_of(part, whole)


@pytest.mark.parametrize(
    ("time", "hours"),
    [
        (timedelta(0), "0.00"),
        (timedelta(minutes=50), "0.83"),
        (timedelta(days=2, minutes=15), "48.25"),
        (timedelta(seconds=18), "0.01"),  # 0.005
        (timedelta(seconds=18) - timedelta(microseconds=1), "0.00"),
    ],
)
def test_a_time_is_told_in_hours(time: timedelta, hours: str) -> None:
    assert str(hours_of(time)) == hours


def test_no_time_is_no_hours() -> None:
    assert hours_of(None) is None


@pytest.mark.parametrize(
    ("instant", "monday"),
    [
        ("2026-04-05T23:59:59.999999", "2026-03-30"),  # a Sunday
        ("2026-04-06T00:00:00", "2026-04-06"),
        ("2026-04-08T12:00:00", "2026-04-06"),
        ("2026-01-01T00:00:00", "2025-12-29"),
        ("1999-12-31T10:00:00", "1999-12-27"),
    ],
)
def test_a_week_begins_on_monday_in_utc(instant: str, monday: str) -> None:
    assert week_of(at(instant)) == at(monday)


def test_twelve_weeks_are_looked_at_unless_told_otherwise() -> None:
    """Wednesday 8 April is in the week of the 6th; the eleven before it begin on 19 January."""
    now = at("2026-04-08T10:00:00")
    assert window_of(None, None, now) == Window(at("2026-01-19"), now)


def test_a_window_that_ends_on_a_monday_ends_with_the_week_before() -> None:
    """The week before 6 April begins on 30 March; eleven weeks before that is 12 January."""
    assert window_of(None, at("2026-04-06"), at("2026-07-01")) == Window(at("2026-01-12"), at("2026-04-06"))


def test_a_window_is_not_empty_and_at_most_53_weeks() -> None:
    since, now = at("2025-01-01"), at("2026-07-01")
    assert window_of(since, since + timedelta(weeks=53), now).since == since
    for until in (since, since - timedelta(days=1), since + timedelta(weeks=53, microseconds=1)):
        with pytest.raises(InvalidInput) as refused:
            window_of(since, until, now)
        assert refused.value.path == ("since",)


def test_a_share_is_a_decimal() -> None:
    assert isinstance(percent_of(1, 3), Decimal)
