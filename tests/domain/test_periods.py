"""Boundaries are where the calendar says, whatever clocks do, and periods tile the timeline."""

import time
import zoneinfo
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import domain.periods
from domain.errors import InvalidInput, InvalidPeriod, UnknownZone
from domain.periods import (
    BillingAnchor,
    BillingInterval,
    DayFinder,
    Period,
    boundary,
    boundary_on,
    local_day,
    next_period,
    period_at,
    rezoned,
    start_of_day,
    time_zone,
)
from tests.domain.strategies import LAW, anchors, days, instants, instants_in, intervals, zones

MONTH, QUARTER, YEAR = BillingInterval
A_MICROSECOND = timedelta(microseconds=1)


def utc(text: str) -> datetime:
    """An instant as the tables below write it: "2026-03-29 01:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# --- periods as values


def test_a_period_is_half_open() -> None:
    april, may = Period(utc("2026-04-01"), utc("2026-05-01")), Period(utc("2026-05-01"), utc("2026-06-01"))
    assert april.contains(april.start)
    assert april.contains(april.end - A_MICROSECOND)
    assert not april.contains(april.end)
    assert may.contains(april.end)
    assert not april.overlaps(may)
    assert april.overlaps(Period(april.end - A_MICROSECOND, may.end))
    assert april.covers(april)
    assert not april.covers(Period(april.start, april.end + A_MICROSECOND))
    assert april.seconds == 30 * 86_400
    assert Period(april.start, april.start + A_MICROSECOND).seconds == Fraction(1, 1_000_000)


@pytest.mark.parametrize(
    ("says", "start", "end"),
    [
        ("empty", utc("2026-04-01"), utc("2026-04-01")),
        ("reversed", utc("2026-04-02"), utc("2026-04-01")),
        ("no zone", datetime(2026, 4, 1), datetime(2026, 5, 1)),
        ("half a zone", utc("2026-04-01"), datetime(2026, 5, 1)),
        ("a local zone", datetime(2026, 4, 1, tzinfo=time_zone("Europe/Paris")), utc("2026-05-01")),
        (
            "a zone that is UTC in winter only",
            datetime(2026, 1, 1, tzinfo=ZoneInfo("Europe/London")),
            utc("2026-05-01"),
        ),
        ("an offset", utc("2026-04-01"), datetime(2026, 5, 1, tzinfo=timezone(timedelta(hours=1)))),
    ],
)
def test_a_period_that_is_none_is_refused(says: str, start: datetime, end: datetime) -> None:
    with pytest.raises(InvalidPeriod):
        Period(start, end)


# --- anchor days


@pytest.mark.parametrize(
    ("says", "on", "interval", "boundaries"),
    [
        ("the 31st is clamped, and comes back", "2026-01-31", MONTH, "01-31 02-28 03-31 04-30 05-31 06-30"),
        ("the 30th only in February", "2026-01-30", MONTH, "01-30 02-28 03-30 04-30"),
        ("the 29th in a leap year needs no clamp", "2024-01-29", MONTH, "01-29 02-29 03-29"),
        ("the 29th in another year does", "2026-01-29", MONTH, "01-29 02-28 03-29"),
        ("anchored on 28 February it stays the 28th", "2026-02-28", MONTH, "02-28 03-28 04-28"),
        ("over the end of a year", "2025-11-30", MONTH, "11-30 12-30 01-30 02-28 03-30"),
        ("a quarter counts three months", "2025-11-30", QUARTER, "11-30 02-28 05-30 08-30 11-30"),
        ("a quarter from the 31st", "2026-03-31", QUARTER, "03-31 06-30 09-30 12-31 03-31"),
        ("a year from 29 February waits for the next one", "2024-02-29", YEAR, "02-29 02-28 02-28 02-28 02-29"),
        ("no leap day in 2100", "2096-02-29", YEAR, "02-29 02-28 02-28 02-28 02-28 02-28 02-28 02-28 02-29"),
        ("a year from 28 February stays there", "2023-02-28", YEAR, "02-28 02-28 02-28"),
    ],
)
def test_anchor_31_does_not_drift(says: str, on: str, interval: BillingInterval, boundaries: str) -> None:
    anchor = BillingAnchor(date.fromisoformat(on), "UTC")
    expected = boundaries.split()
    got = [boundary_on(anchor, interval, index).strftime("%m-%d") for index in range(len(expected))]
    assert got == expected, says
    assert [boundary(anchor, interval, index).strftime("%m-%d") for index in range(len(expected))] == expected, says


def test_boundaries_before_the_anchor_are_counted_down() -> None:
    anchor = BillingAnchor(date(2026, 3, 31), "UTC")
    assert [boundary_on(anchor, MONTH, index) for index in (-1, -2, -3)] == [
        date(2026, 2, 28),
        date(2026, 1, 31),
        date(2025, 12, 31),
    ]
    assert period_at(anchor, MONTH, utc("2026-03-30 12:00")) == Period(utc("2026-02-28"), utc("2026-03-31"))


def test_a_boundary_beyond_the_calendar_is_refused() -> None:
    anchor = BillingAnchor(date(2026, 1, 31), "UTC")
    for index in (12 * 8000, -12 * 2026):
        with pytest.raises(InvalidPeriod):
            boundary(anchor, MONTH, index)
    with pytest.raises(InvalidPeriod):  # 00:00 of day one, nine hours ahead of UTC, was in no year
        start_of_day(date(1, 1, 1), "Asia/Tokyo")


# --- days and clocks


@pytest.mark.parametrize(
    ("says", "on", "zone", "starts"),
    [
        ("behind UTC", "2026-01-01", "America/New_York", "2026-01-01 05:00"),
        ("ahead of UTC: the day before", "2026-01-01", "Asia/Tokyo", "2025-12-31 15:00"),
        ("summer time", "2026-07-01", "Europe/Paris", "2026-06-30 22:00"),
        (
            "a change at two in the morning moves no midnight of its day",
            "2026-03-29",
            "Europe/Paris",
            "2026-03-28 23:00",
        ),
        ("but the next", "2026-03-30", "Europe/Paris", "2026-03-29 22:00"),
        # 00:00 does not exist: clocks go to 01:00, so the day begins at 01:00 local
        ("no midnight in São Paulo", "2018-11-04", "America/Sao_Paulo", "2018-11-04 03:00"),
        ("no midnight in Beirut", "2022-03-27", "Asia/Beirut", "2022-03-26 22:00"),
        ("no midnight in Cairo", "2023-04-28", "Africa/Cairo", "2023-04-27 22:00"),
        # 23:30 to 00:30: the day begins in the middle of the gap, at 00:30 local
        ("a gap around midnight", "1919-03-31", "America/Toronto", "1919-03-31 04:30"),
        # the whole day is missing; it begins where the 31st does
        ("no 30 December in Apia", "2011-12-30", "Pacific/Apia", "2011-12-30 10:00"),
        ("the day after the missing one", "2011-12-31", "Pacific/Apia", "2011-12-30 10:00"),
        ("no 1 January on Kiritimati", "1995-01-01", "Pacific/Kiritimati", "1994-12-31 10:00"),
        # at 01:00 back to 00:00
        ("midnight twice in Havana: the first", "2022-11-06", "America/Havana", "2022-11-06 04:00"),
        # at 00:01 back to 23:01 of the day before
        ("a minute of the day, then the day before again", "2009-11-01", "America/St_Johns", "2009-11-01 02:30"),
        ("back to 23:00 before midnight: midnight comes once", "2018-02-18", "America/Sao_Paulo", "2018-02-18 03:00"),
    ],
)
def test_a_day_begins_at_its_first_existing_instant(says: str, on: str, zone: str, starts: str) -> None:
    assert start_of_day(date.fromisoformat(on), zone) == utc(starts), says
    assert start_of_day(date.fromisoformat(on), zone).tzinfo is UTC


def test_no_double_invoice_near_midnight_in_a_zone_ahead_of_utc() -> None:
    # in Auckland (UTC+13) 1 February begins at 11:00 UTC on 31 January: a job running at noon UTC is in February,
    # the one an hour and a bit before in January, and no instant is in both
    anchor = BillingAnchor(date(2026, 1, 1), "Pacific/Auckland")
    january = period_at(anchor, MONTH, utc("2026-01-31 10:59:59.999999"))
    february = period_at(anchor, MONTH, utc("2026-01-31 11:00"))
    assert january == Period(utc("2025-12-31 11:00"), utc("2026-01-31 11:00"))
    assert february == Period(utc("2026-01-31 11:00"), utc("2026-02-28 11:00"))
    assert february == period_at(anchor, MONTH, utc("2026-02-01 00:30")) == next_period(anchor, MONTH, january)


def test_a_month_with_a_change_of_the_clocks_has_its_real_seconds() -> None:
    paris = BillingAnchor(date(2026, 1, 1), "Europe/Paris")
    assert period_at(paris, MONTH, utc("2026-03-15")).seconds == 31 * 86_400 - 3_600
    assert period_at(paris, MONTH, utc("2026-10-15")).seconds == 31 * 86_400 + 3_600
    assert period_at(paris, YEAR, utc("2026-10-15")).seconds == 365 * 86_400


def test_an_hour_that_falls_back_over_a_boundary_stays_in_the_new_period() -> None:
    # St. John's, 1 November 2009: a minute into the day clocks went back to 23:01 of 31 October, for 59 minutes
    anchor = BillingAnchor(date(2009, 10, 1), "America/St_Johns")
    again_october = utc("2009-11-01 03:00")
    assert local_day(again_october, anchor.zone) == date(2009, 10, 31)
    november = period_at(anchor, MONTH, again_october)
    assert november == Period(utc("2009-11-01 02:30"), utc("2009-12-01 03:30"))
    assert november == period_at(anchor, MONTH, november.start) == period_at(anchor, MONTH, utc("2009-11-15"))


def test_a_month_anchored_on_a_missing_day_begins_where_the_next_day_does() -> None:
    anchor = BillingAnchor(date(2011, 10, 30), "Pacific/Apia")
    november = period_at(anchor, MONTH, utc("2011-12-01"))
    december = period_at(anchor, MONTH, utc("2011-12-30 10:00"))
    assert november.end == december.start == utc("2011-12-30 10:00")
    assert december == next_period(anchor, MONTH, november)
    assert local_day(december.start, "Pacific/Apia") == date(2011, 12, 31)
    assert local_day(december.start - A_MICROSECOND, "Pacific/Apia") == date(2011, 12, 29)


@pytest.mark.parametrize(
    ("says", "zone"),
    [
        ("nothing", ""),
        ("no such place", "Europe/Atlantis"),
        ("another spelling", "europe/paris"),
        ("a folder", "Europe"),
        ("a path", "/etc/passwd"),
        ("a way out", "../../etc/passwd"),
        ("a space after", "Europe/Paris "),
        ("a null character", "UTC\0"),
        ("an offset", "+02:00"),
        ("a megabyte", "x" * 1_000_000),
    ],
)
def test_an_unknown_zone_is_bad_input(says: str, zone: str) -> None:
    for attempt in (
        lambda: BillingAnchor(date(2026, 1, 1), zone),
        lambda: start_of_day(date(2026, 1, 1), zone),
        lambda: local_day(utc("2026-01-01"), zone),
    ):
        with pytest.raises(InvalidInput) as refused:
            attempt()
        assert isinstance(refused.value, UnknownZone), says
        assert len(refused.value.message) < 200


def test_an_instant_without_a_zone_has_no_day_and_no_period() -> None:
    with pytest.raises(InvalidInput):
        local_day(datetime(2026, 1, 1), "UTC")
    with pytest.raises(InvalidInput):
        period_at(BillingAnchor(date(2026, 1, 1), "UTC"), MONTH, datetime(2026, 1, 1))


def first_instant_of(on: date, zone: str) -> datetime:
    """The start of a day found the slow way: the first minute on which the wall clock shows `on` or later.

    Knows nothing of gaps and folds. Whole minutes do: offsets have been whole minutes in every zone since 1972.
    """
    wall = datetime(on.year, on.month, on.day)
    minute = wall.replace(tzinfo=UTC) - timedelta(hours=15)
    while minute.astimezone(time_zone(zone)).replace(tzinfo=None) < wall:
        minute += timedelta(minutes=1)
    return minute


@LAW
@given(on=days, zone=zones)
def test_l16_a_day_begins_where_a_clock_on_the_wall_first_shows_it(on: date, zone: str) -> None:
    assert start_of_day(on, zone) == first_instant_of(on, zone)


@LAW
@given(anchor=anchors, interval=intervals, index=st.integers(-120, 400))
def test_l16_the_anchor_never_drifts(anchor: BillingAnchor, interval: BillingInterval, index: int) -> None:
    # counted month by month and clamped at the very end, by someone who has never seen boundary_on
    year, month = anchor.on.year, anchor.on.month
    step = 1 if index > 0 else -1
    for _ in range(abs(index) * interval.months):
        month += step
        if month in (0, 13):
            year, month = year + step, 12 if month == 0 else 1
    last_day = monthrange(year, month)[1]
    assert boundary_on(anchor, interval, index) == date(year, month, min(anchor.on.day, last_day))


@LAW
@given(anchor=anchors, interval=intervals, instant=instants)
def test_l16_each_instant_is_in_exactly_one_period(
    anchor: BillingAnchor, interval: BillingInterval, instant: datetime
) -> None:
    months = (instant.year - anchor.on.year) * 12 + instant.month - anchor.on.month
    near = range(months // interval.months - 2, months // interval.months + 4)
    all_around = [Period(*ends) for ends in pairwise(boundary(anchor, interval, index) for index in near)]
    assert [period for period in all_around if period.contains(instant)] == [period_at(anchor, interval, instant)]


@LAW
@given(anchor=anchors, interval=intervals, index=st.integers(-60, 400))
def test_l16_a_boundary_starts_its_period_and_the_instant_before_ends_one(
    anchor: BillingAnchor, interval: BillingInterval, index: int
) -> None:
    start, end = boundary(anchor, interval, index), boundary(anchor, interval, index + 1)
    assert period_at(anchor, interval, start) == Period(start, end)
    assert period_at(anchor, interval, end - A_MICROSECOND) == Period(start, end)
    assert next_period(anchor, interval, Period(start, end)).start == end


def following(anchor: BillingAnchor, interval: BillingInterval, period: Period) -> Iterator[Period]:
    """`period` and those after it, as renewals would come to them."""
    while True:
        yield period
        period = next_period(anchor, interval, period)


def take(periods: Iterator[Period], count: int) -> list[Period]:
    return [period for period, _ in zip(periods, range(count), strict=False)]


@LAW
@given(anchor=anchors, interval=intervals, index=st.integers(-60, 400))
def test_l16_renewals_keep_to_the_anchor(anchor: BillingAnchor, interval: BillingInterval, index: int) -> None:
    # three years of renewals, each from the period before: a short month shortens none of those after it
    first = Period(boundary(anchor, interval, index), boundary(anchor, interval, index + 1))
    for offset, period in enumerate(take(following(anchor, interval, first), 36 // interval.months + 1)):
        assert period.start == boundary(anchor, interval, index + offset)
        assert period.end == boundary(anchor, interval, index + offset + 1)


@LAW
@given(data=st.data(), anchor=anchors, interval=intervals, instant=instants)
def test_l17_periods_tile_the_timeline_across_changes_of_the_clocks(
    data: st.DataObject, anchor: BillingAnchor, interval: BillingInterval, instant: datetime
) -> None:
    # fourteen months hold both changes of a year
    life = take(following(anchor, interval, period_at(anchor, interval, instant)), 14)
    assert all(before.end == after.start for before, after in pairwise(life))
    event = data.draw(instants_in(Period(life[0].start, life[-1].end - A_MICROSECOND)))
    assert [period.contains(event) for period in life].count(True) == 1
    for period in life:
        nominal_s = interval.months * 30 * 86_400  # a year is five or six days more, a February two less
        assert abs(period.seconds - nominal_s) <= 7 * 86_400, "no sliver, no double month"


@LAW
@given(data=st.data(), anchor=anchors, interval=intervals, instant=instants, zone=zones)
def test_l17_periods_tile_the_timeline_across_a_change_of_zone(
    data: st.DataObject, anchor: BillingAnchor, interval: BillingInterval, instant: datetime, zone: str
) -> None:
    running = period_at(anchor, interval, instant)
    # most moves fall in the middle; in the last day the new zone's boundary may already have passed
    in_the_last_day = st.integers(0, 26).map(lambda hours: running.end - timedelta(hours=hours) - A_MICROSECOND)
    moves_at = data.draw(st.one_of(in_the_last_day, st.just(instant)))
    moved = rezoned(running, anchor, interval, zone, moves_at)
    assert moved.start == running.start
    assert moved.contains(moves_at)
    elsewhere = BillingAnchor(anchor.on, zone)
    life = take(following(elsewhere, interval, moved), 6)
    assert all(before.end == after.start for before, after in pairwise(life))
    event = data.draw(instants_in(Period(life[0].start, life[-1].end - A_MICROSECOND)))
    assert [period.contains(event) for period in life].count(True) == 1
    assert all(period.seconds >= (interval.months * 28 - 2) * 86_400 for period in life), "no sliver"
    assert all(after == period_at(elsewhere, interval, after.start) for after in life[2:]), "the new zone's own grid"


def test_a_zone_change_moves_only_the_boundary_not_yet_reached() -> None:
    # from Tokyo (1 March is 28 February 15:00 UTC) to New York (1 March 05:00 UTC), in mid February
    tokyo = BillingAnchor(date(2026, 1, 1), "Asia/Tokyo")
    february = period_at(tokyo, MONTH, utc("2026-02-14"))
    assert february == Period(utc("2026-01-31 15:00"), utc("2026-02-28 15:00"))
    moved = rezoned(february, tokyo, MONTH, "America/New_York", utc("2026-02-14"))
    assert moved == Period(utc("2026-01-31 15:00"), utc("2026-03-01 05:00"))
    # back again at 28 February 20:00 UTC: in Tokyo the boundary passed five hours ago, so this end stays
    new_york = BillingAnchor(date(2026, 1, 1), "America/New_York")
    assert rezoned(moved, new_york, MONTH, "Asia/Tokyo", utc("2026-02-28 20:00")) == moved
    assert next_period(tokyo, MONTH, moved) == Period(utc("2026-03-01 05:00"), utc("2026-03-31 15:00"))


def test_after_a_stub_the_next_period_runs_to_the_boundary() -> None:
    first_of_month = BillingAnchor(date(2026, 1, 1), "UTC")
    stub = Period(utc("2026-01-01"), utc("2026-01-20"))
    assert next_period(first_of_month, MONTH, stub) == Period(utc("2026-01-20"), utc("2026-02-01"))


@pytest.mark.parametrize("machine_zone", ["UTC", "Asia/Tokyo", "America/St_Johns"])
def test_l18_same_inputs_same_periods_whatever_the_machines_zone(
    machine_zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", machine_zone)
    time.tzset()
    try:
        domain.periods._start_of_day.cache_clear()
        anchor = BillingAnchor(date(2017, 8, 4), "America/Sao_Paulo")
        assert period_at(anchor, QUARTER, utc("2018-11-04 02:59:59")) == Period(
            utc("2018-08-04 03:00"), utc("2018-11-04 03:00")
        )
        assert period_at(anchor, QUARTER, utc("2018-11-04 03:00")) == Period(
            utc("2018-11-04 03:00"), utc("2019-02-04 02:00")
        )
        assert local_day(utc("2018-11-04 02:59:59"), anchor.zone) == date(2018, 11, 3)
    finally:
        monkeypatch.undo()
        time.tzset()
        domain.periods._start_of_day.cache_clear()


@pytest.fixture
def a_machine_that_lies(tmp_path: Path) -> Iterator[None]:
    """A machine whose tables say that Paris keeps Tokyo's time, as one with outdated tables might in a smaller way."""
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe/Paris").write_bytes(files("tzdata.zoneinfo").joinpath("Asia", "Tokyo").read_bytes())
    zoneinfo.reset_tzpath([str(tmp_path)])
    forget_zones()
    yield
    zoneinfo.reset_tzpath()
    forget_zones()


def forget_zones() -> None:
    ZoneInfo.clear_cache()
    domain.periods._load_zone.cache_clear()
    domain.periods._start_of_day.cache_clear()


@pytest.mark.usefixtures("a_machine_that_lies")
def test_l18_zones_come_from_the_locked_tables_and_not_from_the_machine() -> None:
    assert ZoneInfo("Europe/Paris").utcoffset(datetime(2026, 7, 1)) == timedelta(hours=9), "the lie is in place"
    assert start_of_day(date(2026, 7, 1), "Europe/Paris") == utc("2026-06-30 22:00")


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York", "Pacific/Apia", "Africa/Cairo"])
def test_a_finder_of_days_says_what_each_instant_says_by_itself(zone: str) -> None:
    chance, finder = Random(zone), DayFinder(zone)
    at = datetime(2011, 12, 20, tzinfo=UTC)
    for _ in range(3_000):
        at += timedelta(minutes=chance.choice([-50, -1, 0, 1, 7, 400, 1441]))
        assert finder.day_of(at) == local_day(at, zone)
