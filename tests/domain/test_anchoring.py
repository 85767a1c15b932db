"""What periods are counted from, and how long a first commitment is."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.anchoring import anchor_date, first_term
from domain.errors import InvalidInput
from domain.ids import CommitmentId
from domain.invoicing.span import first_period
from domain.periods import BillingAnchor, BillingInterval, boundary_on
from domain.subscription import CommitmentTerm
from tests.make import MONTH, QUARTER, YEAR, an_id

DAYS = [
    # says, started, interval, day, first boundaries from the start on
    ("today is the day", date(2026, 4, 1), MONTH, 1, [date(2026, 4, 1), date(2026, 5, 1)]),
    ("later this month", date(2026, 4, 1), MONTH, 15, [date(2026, 4, 15), date(2026, 5, 15)]),
    ("next month", date(2026, 4, 16), MONTH, 1, [date(2026, 5, 1), date(2026, 6, 1)]),
    ("over the new year", date(2026, 12, 5), MONTH, 1, [date(2027, 1, 1), date(2027, 2, 1)]),
    ("the last of every month", date(2026, 4, 10), MONTH, 31, [date(2026, 4, 30), date(2026, 5, 31)]),
    ("the last of February", date(2026, 2, 1), MONTH, 30, [date(2026, 2, 28), date(2026, 3, 30)]),
    ("by the quarter", date(2026, 4, 10), QUARTER, 31, [date(2026, 4, 30), date(2026, 7, 31), date(2026, 10, 31)]),
    ("by the year", date(2026, 4, 10), YEAR, 31, [date(2026, 4, 30), date(2027, 4, 30)]),
    ("by the year in February", date(2026, 2, 1), YEAR, 31, [date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29)]),
]


@pytest.mark.parametrize(("says", "start", "interval", "day", "boundaries"), DAYS)
def test_a_day_of_the_month(
    says: str, start: date, interval: BillingInterval, day: int, boundaries: list[date]
) -> None:
    anchor = BillingAnchor(anchor_date(start, interval, day), "UTC")
    days = [boundary_on(anchor, interval, index) for index in range(-2, 15)]
    assert [each for each in days if each >= start][: len(boundaries)] == boundaries, says


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.sampled_from(BillingInterval), st.integers(1, 31))
def test_l16_an_anchor_day_is_kept_in_every_month_that_has_it(on: date, interval: BillingInterval, day: int) -> None:
    anchor = BillingAnchor(anchor_date(on, interval, day), "UTC")
    first = first_period(on, "UTC", interval, anchor.on).period
    # the stub is never longer than a month, and later boundaries are on the day, or the last of a shorter month
    assert (first.end.date() - on).days <= 31 or interval is not MONTH
    for index in range(20):
        boundary = boundary_on(anchor, interval, index)
        assert boundary.day == day or boundary.day in (28, 29, 30)


@pytest.mark.parametrize("day", [0, 32, -1])
def test_a_month_has_no_such_day(day: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        anchor_date(date(2026, 4, 1), MONTH, day)
    assert caught.value.path == ("anchorDay",)


def a_first_term(on: date, anchor_on: date, *, is_trial: bool = False) -> CommitmentTerm:
    """Twelve months of a monthly subscription that starts on a day, counted from an anchor."""
    first = first_period(on, "UTC", MONTH, anchor_on)
    asked = CommitmentTerm(CommitmentId(an_id("term")), first.period.start, first.period.end, 12, 30)
    return first_term(asked, first.anchor, MONTH, first.period, is_trial=is_trial)


def test_a_stub_comes_on_top_of_the_months_of_a_commitment() -> None:
    at = datetime(2026, 4, 16, tzinfo=UTC)
    stub = a_first_term(date(2026, 4, 16), date(2026, 5, 1))
    assert (stub.start_at, stub.end_at) == (at, datetime(2027, 5, 1, tzinfo=UTC))
    whole = a_first_term(date(2026, 4, 16), date(2026, 4, 16))
    assert (whole.start_at, whole.end_at) == (at, datetime(2027, 4, 16, tzinfo=UTC))


def test_after_a_trial_a_commitment_begins_with_what_is_paid() -> None:
    # a trial of the very length of a month ends on the anchor: that is where the months begin
    term = a_first_term(date(2026, 4, 1), date(2026, 5, 1), is_trial=True)
    assert (term.start_at, term.end_at) == (datetime(2026, 5, 1, tzinfo=UTC), datetime(2027, 5, 1, tzinfo=UTC))
