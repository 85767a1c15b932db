"""A share of a period is exact, recomputes, and no more is credited than was debited."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.errors import CurrencyMismatch, InvalidAmount, OutsidePeriod
from domain.money import Money, round_half_away
from domain.periods import Period, time_zone
from domain.proration import Prorated, charge_for, credit_for, factor
from tests.domain.strategies import LAW, charges, currencies, cuts_of, instants_in, periods, zones

APRIL = Period(datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC))  # 30 days = 2,592,000 s
HOUR = timedelta(hours=1)


def april(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 4, day, hour, tzinfo=UTC)


def usd(amount: str) -> Money:
    return Money.parse(amount, "USD")


def credit_at(debited: Money, service: Period, at: datetime, credited: Money | None = None) -> Prorated:
    """The credit when all the rest of a line's service goes unused."""
    return credit_for(debited, Period(at, service.end), service, credited)


def test_the_worked_example_of_the_product() -> None:
    # Pro at 100.00 a month, 30-day period, upgraded to 300.00 after exactly 15 days
    at = april(16)
    assert factor(APRIL, at) == Fraction(1, 2)
    credit, charge = credit_at(usd("100.00"), APRIL, at), charge_for(usd("300.00"), APRIL, at)
    assert credit.amount == usd("-50.00")
    assert charge.amount == usd("150.00")
    assert credit.amount + charge.amount == usd("100.00")
    assert credit.sentence == "Credit for the unused 15 of 30 days of 100.00 USD: -50.00 USD."
    assert charge.sentence == "Charge for the remaining 15 of 30 days of 300.00 USD: 150.00 USD."
    assert (charge.basis_minor, str(charge.part_s), str(charge.whole_s)) == (30_000, "1296000", "2592000")


@pytest.mark.parametrize(
    ("says", "debited", "at", "credited", "expected"),
    [
        ("at the start all of it", "100.00", april(1), "0.00", "-100.00"),
        # 29 of 30 days of 100.00 = 96.666…
        ("a third of a cent is rounded", "100.00", april(2), "0.00", "-96.67"),
        # one hour of 720: 719/720 × 1.00 = 0.99861…
        ("an hour counts as an hour", "1.00", april(1, 1), "0.00", "-1.00"),
        ("half a cent goes away from zero", "0.01", april(16), "0.00", "-0.01"),
        ("a line of nothing gives nothing", "0.00", april(16), "0.00", "0.00"),
        ("a line that gave a little back still has this left", "100.00", april(16), "50.00", "-50.00"),
        ("a line that gave more back has only the rest left", "100.00", april(16), "80.00", "-20.00"),
        ("a line that gave all back has nothing left", "100.00", april(16), "100.00", "0.00"),
    ],
)
def test_a_credit_is_what_was_debited_for_the_rest_of_its_own_service(
    says: str, debited: str, at: datetime, credited: str, expected: str
) -> None:
    assert credit_at(usd(debited), APRIL, at, usd(credited)).amount == usd(expected), says


@pytest.mark.parametrize(
    ("says", "new", "at", "expected"),
    [
        ("at the start all of it", Money(30_000, "USD"), april(1), "300.00"),
        ("at the end nothing", Money(30_000, "USD"), APRIL.end, "0.00"),
        ("yen have no halves", Money(12_345, "JPY"), april(16), "6173"),  # 6172.5
        ("dinars have mills", Money(10_001, "KWD"), april(16), "5.001"),  # 5000.5
        ("a free plan costs nothing", Money(0, "USD"), april(16), "0.00"),
    ],
)
def test_a_charge_is_the_new_amount_for_the_rest_of_the_period(
    says: str, new: Money, at: datetime, expected: str
) -> None:
    assert charge_for(new, APRIL, at).amount.amount() == expected, says


def test_a_month_with_a_change_of_the_clocks_is_shared_by_real_seconds() -> None:
    # March in Paris, 743 hours long; after 371 hours and a half exactly half is left
    march = Period(datetime(2026, 2, 28, 23, tzinfo=UTC), datetime(2026, 3, 31, 22, tzinfo=UTC))
    at = march.start + timedelta(hours=371, minutes=30)
    assert factor(march, at) == Fraction(1, 2)
    assert charge_for(usd("74.30"), march, march.end - HOUR).amount == usd("0.10")
    assert (
        charge_for(usd("74.30"), march, march.end - HOUR).sentence
        == "Charge for the remaining 3600 of 2674800 seconds of 74.30 USD: 0.10 USD."
    )


def test_a_part_of_a_second_is_a_part_of_a_second() -> None:
    at = APRIL.end - timedelta(microseconds=1_500_000)
    assert charge_for(usd("1.00"), APRIL, at).part_s == Fraction(3, 2)
    assert "the remaining 1.5 of 2592000 seconds" in charge_for(usd("1.00"), APRIL, at).sentence


def test_a_capped_credit_says_so() -> None:
    credit = credit_at(usd("100.00"), APRIL, april(16), usd("80.00"))
    assert credit.sentence == (
        "Credit for the unused 15 of 30 days of 100.00 USD: -20.00 USD, all that the line has left."
    )
    assert "left" not in credit_at(usd("100.00"), APRIL, april(1)).sentence


def test_second_upgrade_is_credited_over_its_own_service_and_not_from_the_last_increment() -> None:
    # 100.00 → 300.00 after 10 days: −66.67, +200.00 for 20 days. → 500.00 after 20: the line of 200.00 covered 20 days,
    # 10 remain: −100.00; +166.67. Crediting the increment of 133.33, or 200.00 over 30 days, would be wrong.
    assert credit_at(usd("100.00"), APRIL, april(11)).amount == usd("-66.67")
    second_line = charge_for(usd("300.00"), APRIL, april(11)).amount
    assert second_line == usd("200.00")
    assert credit_at(second_line, Period(april(11), APRIL.end), april(21)).amount == usd("-100.00")
    assert charge_for(usd("500.00"), APRIL, april(21)).amount == usd("166.67")


@pytest.mark.parametrize(
    ("says", "at"),
    [
        ("before it starts", APRIL.start - timedelta(microseconds=1)),
        ("after it ends", APRIL.end + timedelta(microseconds=1)),
        ("a year late", APRIL.end + timedelta(days=365)),
    ],
)
def test_an_instant_outside_has_no_factor(says: str, at: datetime) -> None:
    for attempt in (
        lambda: factor(APRIL, at),
        lambda: charge_for(usd("1.00"), APRIL, at),
    ):
        with pytest.raises(OutsidePeriod):
            attempt()


def test_a_piece_of_a_line_is_credited_when_the_rest_was_given_back_before() -> None:
    # the line of 100.00 gave back the 15 days from 16 April; the five before that are another sixth: 16.666…
    credit = credit_for(usd("100.00"), Period(april(11), april(16)), APRIL, usd("50.00"))
    assert credit.sentence == "Credit for the unused 5 of 30 days of 100.00 USD: -16.67 USD."


def test_what_lies_outside_a_lines_own_service_is_not_credited() -> None:
    with pytest.raises(OutsidePeriod):
        credit_for(usd("1.00"), Period(april(1), APRIL.end + HOUR), APRIL)
    with pytest.raises(OutsidePeriod):
        credit_for(usd("1.00"), Period(april(1) - HOUR, april(2)), APRIL)


def test_a_credit_of_what_is_no_charge_is_refused() -> None:
    with pytest.raises(InvalidAmount):
        credit_at(usd("-1.00"), APRIL, april(16))
    with pytest.raises(InvalidAmount):
        credit_at(usd("1.00"), APRIL, april(16), usd("1.01"))
    with pytest.raises(InvalidAmount):
        credit_at(usd("1.00"), APRIL, april(16), usd("-0.01"))
    with pytest.raises(CurrencyMismatch):
        credit_at(usd("1.00"), APRIL, april(16), Money(1, "EUR"))


@LAW
@given(data=st.data(), amount=charges, currency=currencies, period=periods())
def test_l8_the_explanation_of_a_share_recomputes_to_its_amount(
    data: st.DataObject, amount: int, currency: str, period: Period
) -> None:
    at, money = data.draw(instants_in(period)), Money(amount, currency)
    credited = Money(data.draw(st.integers(0, amount)), currency)
    shares = [charge_for(money, period, at)]
    if at < period.end:
        shares.append(credit_at(money, period, at, credited))
    for share in shares:
        # only what a line stores counts: its basis, the two spans, and what was left of it
        exact = share.basis_minor * share.part_s / share.whole_s
        left = -abs(exact) if share.left_minor is None else share.left_minor
        assert share.amount.minor == round_half_away(max(exact, left))
        assert share.is_capped == (exact < left)
        assert share.amount.spoken() in share.sentence


@LAW
@given(period=periods())
def test_l10_the_factor_is_one_at_the_start_and_nothing_at_the_end(period: Period) -> None:
    assert factor(period, period.start) == 1
    assert factor(period, period.end) == 0


@LAW
@given(data=st.data(), period=periods())
def test_l10_the_factor_is_a_share_that_only_falls(data: st.DataObject, period: Period) -> None:
    earlier, later = sorted((data.draw(instants_in(period)), data.draw(instants_in(period))))
    assert 0 <= factor(period, later) <= factor(period, earlier) <= 1
    assert (factor(period, later) < factor(period, earlier)) == (earlier < later)


@LAW
@given(data=st.data(), period=periods())
def test_l10_factors_are_additive_over_adjacent_spans(data: st.DataObject, period: Period) -> None:
    ends = [period.start, *data.draw(cuts_of(period)), period.end]
    spans = list(pairwise(ends))
    shares = [factor(period, start) - factor(period, end) for start, end in spans]
    assert sum(shares) == 1
    for (start, end), share in zip(spans, shares, strict=True):
        if start < end:
            assert Period(start, end).seconds / period.seconds == share


@LAW
@given(data=st.data(), period=periods(), amount=charges, currency=currencies)
def test_l10_shares_of_adjacent_spans_sum_to_the_whole(
    data: st.DataObject, period: Period, amount: int, currency: str
) -> None:
    at, money = data.draw(instants_in(period)), Money(amount, currency)
    assume(period.start < at < period.end)
    parts = [credit_for(money, part, period) for part in (Period(period.start, at), Period(at, period.end))]
    # each is rounded by itself, at most half a unit off
    assert abs(sum(part.amount.minor for part in parts) + amount) <= 1
    assert credit_for(money, period, period).amount == -money


class Course:
    """A subscription through changes within one period, billed by nothing but these functions.

    Remembers the line in force: what it debited and over which service.
    """

    def __init__(self, period: Period, price: int) -> None:
        self.period = period
        self.billed = self.line = Money(price, "USD")
        self.service: Period | None = period
        self.lines = 1

    def change(self, price: int, at: datetime) -> Money:
        """Change to `price` at `at`; returns the delta."""
        credit = Money.zero("USD")
        if self.service is not None and at < self.service.end:
            credit = credit_at(self.line, self.service, at).amount
        self.line = charge_for(Money(price, "USD"), self.period, at).amount
        self.service = Period(at, self.period.end) if at < self.period.end else None
        self.billed += credit + self.line
        self.lines += 2
        return credit + self.line


@LAW
@given(data=st.data(), period=periods(), first=charges)
def test_l11_the_total_billed_is_the_price_over_time_within_a_unit_a_line(
    data: st.DataObject, period: Period, first: int
) -> None:
    course, price, since, integral = Course(period, first), first, period.start, Fraction(0)
    for at in data.draw(cuts_of(period)):
        integral += price * (factor(period, since) - factor(period, at))
        price, since = data.draw(charges), at
        course.change(price, at)
    integral += price * factor(period, since)
    assert abs(course.billed.minor - integral) <= course.lines


@LAW
@given(data=st.data(), period=periods(), prices=st.tuples(charges, charges, charges))
def test_l11_two_changes_at_one_instant_net_as_one(
    data: st.DataObject, period: Period, prices: tuple[int, int, int]
) -> None:
    first, between, last = prices
    at = data.draw(instants_in(period))
    twice, once = Course(period, first), Course(period, first)
    assert twice.change(between, at) + twice.change(last, at) == once.change(last, at)


@LAW
@given(data=st.data(), period=periods(), low=charges, high=charges)
def test_l12_an_upgrade_and_its_exact_reversal_at_one_instant_net_nothing(
    data: st.DataObject, period: Period, low: int, high: int
) -> None:
    course, at = Course(period, low), data.draw(instants_in(period))
    assert (course.change(high, at) + course.change(low, at)).is_zero


@LAW
@given(data=st.data(), period=periods(), debited=charges)
def test_l13_all_credits_of_a_line_together_never_exceed_what_it_debited(
    data: st.DataObject, period: Period, debited: int
) -> None:
    line, given_back = Money(debited, "USD"), Money.zero("USD")
    for at in data.draw(cuts_of(period)):
        if at == period.end:
            continue
        credit = credit_at(line, period, at, given_back).amount
        assert credit <= Money.zero("USD")
        given_back -= credit
    assert given_back <= line


def test_credits_are_not_farmed_by_upgrading_and_downgrading() -> None:
    # up and down every day of the month between 100.00 and 300.00: never below the 100.00 that the cheap plan costs
    course = Course(APRIL, 10_000)
    for day in range(2, 31):
        course.change(30_000 if day % 2 == 0 else 10_000, april(day))
    # 15 days at 300.00 and 15 at 100.00, each 30th rounded apart: 15 × 10.00 + 15 × 3.33…
    assert abs(course.billed.minor - 20_000) <= course.lines
    assert course.billed >= usd("100.00")


@LAW
@given(data=st.data(), period=periods(), amount=charges, zone=zones)
def test_l18_a_share_is_the_same_whatever_zone_the_instant_is_written_in(
    data: st.DataObject, period: Period, amount: int, zone: str
) -> None:
    at, money = data.draw(instants_in(period)), Money(amount, "USD")
    elsewhere = at.astimezone(time_zone(zone))
    assert charge_for(money, period, elsewhere) == charge_for(money, period, at)
