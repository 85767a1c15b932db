"""What a new time zone moves of a subscription, and what it leaves."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from domain.account_update import rezoned_instant, rezoned_subscription
from domain.periods import Period, next_period
from domain.subscription import SubscriptionStatus
from tests.make import APRIL, MONTH, a_commitment, a_subscription, an_account, april

ZONES = ["UTC", "America/New_York", "Asia/Tokyo", "Europe/Berlin", "Pacific/Apia", "Asia/Kolkata"]


def test_a_start_of_a_day_is_that_day_elsewhere_and_an_instant_stays_one() -> None:
    midnight, noon = APRIL.end, april(30, 12)
    assert rezoned_instant(midnight, "UTC", "Asia/Tokyo", april(16)) == april(30, 15)
    assert rezoned_instant(noon, "UTC", "Asia/Tokyo", april(16)) == noon
    # already past over there, or already past here
    assert rezoned_instant(midnight, "UTC", "Asia/Tokyo", april(30, 15)) == midnight
    assert rezoned_instant(midnight, "UTC", "America/New_York", APRIL.end) == midnight


def test_all_that_is_tied_to_a_boundary_moves_with_it() -> None:
    before = replace(a_subscription(commitment=a_commitment(1)), cancel_at=APRIL.end, resumes_at=None, notice_at=None)
    after = rezoned_subscription(before, "Asia/Tokyo", april(16))
    assert after.anchor.zone == "Asia/Tokyo"
    assert after.period == Period(APRIL.start, april(30, 15))
    assert after.cancel_at == april(30, 15)
    assert after.commitment is not None
    assert (after.commitment.start_at, after.commitment.end_at) == (APRIL.start, april(30, 15))


def test_a_paused_subscription_keeps_the_period_it_was_paused_in() -> None:
    paused = replace(a_subscription(status=SubscriptionStatus.PAUSED), items=(), paused_at=april(16))
    over = rezoned_subscription(replace(paused, resumes_at=datetime(2026, 6, 7, tzinfo=UTC)), "Asia/Tokyo", APRIL.end)
    assert over.period == APRIL
    assert over.resumes_at == datetime(2026, 6, 7, tzinfo=UTC)


@given(
    st.sampled_from(ZONES),
    st.lists(st.tuples(st.sampled_from(ZONES), st.integers(1, 80 * 24)), min_size=1, max_size=6),
    st.dates(date(2024, 1, 1), date(2027, 12, 31)),
)
def test_l17_periods_tile_the_timeline_over_any_moves(zone: str, moves: list[tuple[str, int]], since: date) -> None:
    subscription = a_subscription(since=since, account=an_account(zone=zone))
    tiles = [subscription.period]
    now = subscription.period.start
    for to, hours in moves:
        now += timedelta(hours=hours)
        while tiles[-1].end <= now:
            tiles.append(next_period(subscription.anchor, MONTH, tiles[-1]))
        subscription = rezoned_subscription(replace(subscription, period=tiles[-1]), to, now)
        assert subscription.period.contains(now)
        tiles[-1] = subscription.period
    tiles.append(next_period(subscription.anchor, MONTH, tiles[-1]))
    assert all(one.end == following.start for one, following in pairwise(tiles))
    # no sliver of hours is a period of its own, and none is longer than a month and two shifts
    assert all(timedelta(days=25) < tile.end - tile.start < timedelta(days=34) for tile in tiles)
