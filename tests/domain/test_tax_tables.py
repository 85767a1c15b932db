"""The tax tables grow at their end: a past rate is never rewritten."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.ids import TaxRateId
from domain.tax import TaxRate
from domain.tax_tables import closed_by, first_untouched_day
from tests.domain.strategies import LAW

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def a_rate(valid_from: date, percent: str = "19", until: date | None = None, number: int = 1) -> TaxRate:
    return TaxRate(TaxRateId(UUID(int=number)), "DE", None, "USt", Decimal(percent), valid_from, until)


def test_the_first_rate_of_a_place_closes_nothing_and_may_have_begun_long_ago() -> None:
    assert closed_by(a_rate(date(2007, 1, 1)), [], NOW) is None


def test_a_rate_that_runs_ends_on_the_day_the_new_one_begins() -> None:
    old, running = a_rate(date(2007, 1, 1), until=date(2020, 7, 1)), a_rate(date(2020, 7, 1), "16", number=2)
    closed = closed_by(a_rate(date(2027, 1, 1), "21", number=3), [running, old], NOW)
    assert closed is not None
    assert (closed.id, closed.percent, closed.valid_from, closed.valid_until) == (
        running.id, Decimal(16), date(2020, 7, 1), date(2027, 1, 1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("says", "now", "first"),
    [
        ("in the morning only Kiritimati is about to change its day", NOW, date(2026, 11, 23)),
        ("from 10:00 UTC on tomorrow has begun there", datetime(2026, 11, 22, 10, tzinfo=UTC), date(2026, 11, 24)),
        ("at the last instant of a day", datetime(2026, 11, 22, 23, 59, tzinfo=UTC), date(2026, 11, 24)),
    ],
)
def test_the_first_day_that_has_begun_nowhere(says: str, now: datetime, first: date) -> None:
    assert first_untouched_day(now) == first, says
    assert closed_by(a_rate(first, number=2), [a_rate(date(2020, 1, 1))], now) is not None, says
    with pytest.raises(InvalidInput):
        closed_by(a_rate(date.fromordinal(first.toordinal() - 1), number=2), [a_rate(date(2020, 1, 1))], now)


@pytest.mark.parametrize(
    ("says", "valid_from"),
    [
        ("the very day of the newest", date(2027, 1, 1)),
        ("before the newest, though still to come", date(2026, 12, 24)),
        ("in the past", date(2020, 1, 1)),
    ],
)
def test_a_rate_begins_after_the_newest(says: str, valid_from: date) -> None:
    newest = a_rate(date(2027, 1, 1))
    with pytest.raises(InvalidInput) as refused:
        closed_by(a_rate(valid_from, number=2), [newest], NOW)
    assert refused.value.path == ("validFrom",), says


def test_a_gap_after_a_rate_that_ended_is_left_as_it_was() -> None:
    ended = a_rate(date(2007, 1, 1), until=date(2020, 7, 1))
    assert closed_by(a_rate(date(2022, 1, 1), number=2), [ended], NOW) is None


@LAW
@given(st.lists(st.dates(date(2026, 11, 23), date(2030, 1, 1)), min_size=1, max_size=8))
def test_at_most_one_rate_of_a_place_is_valid_on_a_day_whatever_is_set(days: list[date]) -> None:
    table: dict[TaxRateId, TaxRate] = {}
    for number, day in enumerate(days, start=1):
        new = a_rate(day, number=number)
        try:
            closed = closed_by(new, list(table.values()), NOW)
        except InvalidInput:
            continue
        table[new.id] = new
        if closed is not None:
            table[closed.id] = closed
    for day in days:
        assert sum(rate.is_valid_on(day) for rate in table.values()) <= 1
    assert sum(rate.valid_until is None for rate in table.values()) == 1
