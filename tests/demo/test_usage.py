"""Usage patterns: levels, amounts and single events, spread over days the same way however the days are cut."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from demo.personas import BY_SLUG
from demo.usage import Grows, Happens, Sends, Steps, UsagePattern, events, points
from domain.periods import local_day
from domain.usage import UsageEvent

ACCOUNT = BY_SLUG["yen"].account_id
MONDAY = date(2025, 3, 10)
NEXT_SUNDAY = date(2025, 3, 16)


def value_of(event: UsageEvent) -> Decimal:
    (measure,) = event.measures
    return measure.value


def week(pattern: UsagePattern, first: date = MONDAY, last: date = NEXT_SUNDAY) -> list[UsageEvent]:
    return list(events(ACCOUNT, "usage/yen", "Asia/Tokyo", pattern, first, last))


def test_seats_are_sent_when_they_change_and_on_mondays() -> None:
    sent = week(Steps("seats", points(("2025-03-01", 2), ("2025-03-13", 5))))
    assert [(local_day(each.occurred_at, "Asia/Tokyo").day, int(value_of(each))) for each in sent] == [(10, 2), (13, 5)]


def test_a_level_moves_towards_its_next_point_and_stays_on_the_last() -> None:
    grows = Grows("contacts", points(("2025-03-11", 1_000), ("2025-03-13", 3_000)))
    values = [value_of(each) for each in week(grows)]
    assert len(values) == 6  # nothing before the first point
    assert values[0] == 1_000
    assert 1_990 <= values[1] <= 2_010  # half way, give or take half a percent
    assert values[2:] == [3_000] * 4


def test_amounts_are_sent_on_working_days() -> None:
    sent = week(Sends("email-sends", 300))
    assert [local_day(each.occurred_at, "Asia/Tokyo").weekday() for each in sent] == [0, 1, 2, 3, 4]
    assert all(200 <= value_of(each) <= 400 for each in sent)


def test_calls_are_single_events_in_working_hours() -> None:
    sent = week(Happens("api-calls", 4))
    assert {value_of(each) for each in sent} == {Decimal(1)}
    assert 5 <= len(sent) <= 20
    # 08:00 to 18:00 in Tokyo is 23:00 to 09:00 in UTC
    assert all(each.occurred_at.hour in {23, *range(10)} for each in sent)


_EVERY_DAY = (
    Sends("email-sends", 90),
    Happens("api-calls", 3),
    Grows("contacts", points(("2025-03-01", 5_000), ("2025-04-01", 9_000))),
)


@pytest.mark.parametrize("pattern", _EVERY_DAY, ids=lambda pattern: pattern.meter)
def test_cutting_the_days_apart_changes_nothing(pattern: UsagePattern) -> None:
    middle = MONDAY + timedelta(days=3)
    apart = week(pattern, MONDAY, middle - timedelta(days=1)) + week(pattern, middle, NEXT_SUNDAY)
    assert apart == week(pattern)
    assert len({each.id for each in apart}) == len(apart)


def test_events_fall_on_the_local_day_they_are_named_after() -> None:
    # a night sending in Tokyo happens on the evening before in UTC
    (sent,) = week(Grows("contacts", points(("2025-03-10", 7))), MONDAY, MONDAY)
    assert sent.id == "contacts-20250310-1"
    assert datetime(2025, 3, 9, 16, tzinfo=UTC) <= sent.occurred_at <= datetime(2025, 3, 9, 17, tzinfo=UTC)
