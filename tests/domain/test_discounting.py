"""A discount is computed once, split over its lines, never counted twice, and never more than there is."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.discount import CouponTerms, Discount
from domain.discounting import Discountable, DiscountPart, discount_lines
from domain.errors import InvalidAmount
from domain.ids import DiscountId, SubscriptionId
from domain.money import Money, round_half_away, round_signed_parts
from domain.periods import Period
from domain.proration import charge_for, credit_for
from tests.domain.strategies import LAW, charges, percents

START = datetime(2026, 6, 1, tzinfo=UTC)
JUNE = Period(START, START + timedelta(days=30))
HALF = Fraction(1, 2)


def a_discount(number: int, *, redeemed_day: int = 0, **terms: object) -> Discount:
    made = CouponTerms(f"C{number}", f"Coupon {number}", **terms)  # type: ignore[arg-type]
    at = START + timedelta(days=redeemed_day)
    return Discount(DiscountId(UUID(int=number)), SubscriptionId(UUID(int=99)), made, at)


def percent(number: int, share: str, *, cap: int | None = None, component: str | None = None, day: int = 0) -> Discount:
    limit = None if cap is None else Money(cap, "EUR")
    return a_discount(number, redeemed_day=day, percent=Decimal(share), cap=limit, component=component)


def fixed(number: int, minor: int, *, component: str | None = None, day: int = 0) -> Discount:
    return a_discount(number, redeemed_day=day, amount=Money(minor, "EUR"), component=component)


def lines_of(*lines: tuple[int, str | None]) -> list[Discountable]:
    return [Discountable(minor, component) for minor, component in lines]


def brief(parts: tuple[DiscountPart, ...]) -> list[tuple[int, int, int]]:
    """(discount's number, line, minor units off)."""
    return [(part.discount_id.int, part.line_index, part.minor) for part in parts]


BASE_AND_SEATS = lines_of((10_000, "base"), (5_000, "seats"))


@pytest.mark.parametrize(
    ("says", "lines", "discounts", "off"),
    [
        ("10 % of each", BASE_AND_SEATS, [percent(1, "10")], [(1, 0, 1000), (1, 1, 500)]),
        ("of one component", BASE_AND_SEATS, [percent(1, "10", component="seats")], [(1, 1, 500)]),
        ("of a component that is not there", BASE_AND_SEATS, [percent(1, "10", component="contacts")], []),
        # 10.00 over 100.00 and 50.00: 6.67 and 3.33
        ("a fixed amount is split", BASE_AND_SEATS, [fixed(1, 1000)], [(1, 0, 667), (1, 1, 333)]),
        # half of 0.33 is 0.165 three times: 0.495 rounds to 0.50, once
        (
            "rounded once and split",
            lines_of((33, "a"), (33, "b"), (33, "c")),
            [percent(1, "50")],
            [(1, 0, 17), (1, 1, 17), (1, 2, 16)],
        ),
        # 10 % of 150.00 is 15.00, capped at 6.00: 4.00 and 2.00
        ("capped", BASE_AND_SEATS, [percent(1, "10", cap=600)], [(1, 0, 400), (1, 1, 200)]),
        ("a cap out of reach", BASE_AND_SEATS, [percent(1, "10", cap=1500)], [(1, 0, 1000), (1, 1, 500)]),
        ("more than there is", lines_of((500, "base")), [fixed(1, 1000)], [(1, 0, 500)]),
        ("all of it", BASE_AND_SEATS, [percent(1, "100")], [(1, 0, 10_000), (1, 1, 5_000)]),
        (
            "nothing left for a second",
            BASE_AND_SEATS,
            [percent(1, "100"), fixed(2, 100)],
            [(1, 0, 10_000), (1, 1, 5_000)],
        ),
        # 10 % of 100.00, then 10 % of 90.00
        (
            "each percent of what is left",
            lines_of((10_000, "base")),
            [percent(1, "10"), percent(2, "10")],
            [(1, 0, 1000), (2, 0, 900)],
        ),
        # 10 % of the price as listed, whoever came first, then the 10.00
        (
            "percents before amounts",
            lines_of((10_000, "base")),
            [fixed(1, 1000), percent(2, "10", day=5)],
            [(2, 0, 1000), (1, 0, 1000)],
        ),
        # 50.00 off the seats takes them whole, then 50.00 off everything finds the base
        (
            "one component before everything",
            lines_of((5_000, "base"), (5_000, "seats")),
            [fixed(1, 5_000), fixed(2, 5_000, component="seats", day=5)],
            [(2, 1, 5_000), (1, 0, 5_000)],
        ),
        (
            "the earlier first",
            lines_of((1_000, "base")),
            [fixed(1, 800, day=5), fixed(2, 800, day=4)],
            [(2, 0, 800), (1, 0, 200)],
        ),
        (
            "at one instant the smaller id",
            lines_of((1_000, "base")),
            [fixed(2, 800), fixed(1, 800)],
            [(1, 0, 800), (2, 0, 200)],
        ),
        # 120.00 held to 100.00: 10 % is 10.00, the maximum taking its 2.00 back
        (
            "a maximum takes its part back",
            lines_of((12_000, "base"), (-2_000, None)),
            [percent(1, "10")],
            [(1, 0, 1200), (1, 1, -200)],
        ),
        (
            "of all, to exactly nothing",
            lines_of((12_000, "base"), (-2_000, None)),
            [percent(1, "100")],
            [(1, 0, 12_000), (1, 1, -2_000)],
        ),
        (
            "a fixed amount too",
            lines_of((12_000, "base"), (-2_000, None)),
            [fixed(1, 1000)],
            [(1, 0, 1200), (1, 1, -200)],
        ),
        ("an amount off less than nothing", lines_of((-2_000, None)), [fixed(1, 1000)], []),
        # volume prices may turn: all of a line that gives back is nothing
        ("all of a line that gives back", lines_of((-250, "calls")), [percent(1, "100")], [(1, 0, -250)]),
        ("a line of nothing", lines_of((0, "base"), (100, "seats")), [fixed(1, 50)], [(1, 1, 50)]),
        # 1 % of 0.10 is a tenth of a cent
        ("too little to round to anything", lines_of((10, "base")), [percent(1, "1")], []),
        # 0.3 + 0.3 + 0.4 cents are one, on the last: the zeros stay, they are rounded with it
        (
            "a part of nothing stays among its split",
            lines_of((3, "a"), (3, "b"), (4, "c")),
            [percent(1, "10")],
            [(1, 0, 0), (1, 1, 0), (1, 2, 1)],
        ),
        ("no line", [], [fixed(1, 100)], []),
        ("no discount", BASE_AND_SEATS, [], []),
    ],
)
def test_discounts_take_off_in_a_total_order(
    says: str, lines: list[Discountable], discounts: list[Discount], off: list[tuple[int, int, int]]
) -> None:
    assert brief(discount_lines(lines, discounts, "EUR")) == off, says
    assert brief(discount_lines(lines, discounts[::-1], "EUR")) == off, says


@pytest.mark.parametrize(
    ("says", "discount", "held", "factor", "off"),
    [
        ("half of a fixed amount for half of the period", fixed(1, 1000), 0, HALF, 500),
        # lines that stay hold 2.00 over that half: 5.00 − 2.00
        ("less what stays", fixed(1, 1000), 200, HALF, 300),
        ("all held elsewhere", fixed(1, 1000), 500, HALF, 0),
        ("more held elsewhere", fixed(1, 1000), 600, HALF, 0),
        # 10.00 / 3 = 3.333…, less 0.5: 2.8333…, rounded once
        ("an odd part, rounded once", fixed(1, 1000), Fraction(50), Fraction(1, 3), 283),
        ("a percent knows no time: its lines are prorated already", percent(1, "10"), 500, HALF, 1000),
        # 10 % of 100.00 is 10.00, above half of 8.00 less 1.00
        ("a cap is for a whole period too", percent(1, "10", cap=800), 100, HALF, 300),
        ("no time, no amount", fixed(1, 1000), 0, Fraction(0), 0),
        ("nothing less than nothing is held", fixed(1, 1000), -200, HALF, 500),
    ],
)
def test_fixed_amounts_and_caps_are_per_billing_period(
    says: str, discount: Discount, held: int | Fraction, factor: Fraction, off: int
) -> None:
    parts = discount_lines(lines_of((10_000, "base")), [discount], "EUR", {discount.id: held}, factor)
    assert sum(part.minor for part in parts) == off, says


def test_a_fixed_discount_is_not_counted_twice_in_a_proration() -> None:
    ten = fixed(1, 1000)
    # June at 100.00 less 10.00; after 15 of 30 days the plan becomes 300.00
    middle = START + timedelta(days=15)
    regular = discount_lines(lines_of((10_000, "base")), [ten], "EUR")
    assert [part.minor for part in regular] == [1000]
    # the credit is half of what the line debited net of its discount: half of 90.00
    rest = Period(middle, JUNE.end)
    credit = credit_for(Money(10_000 - 1000, "EUR"), rest, JUNE).amount
    assert credit == Money(-4500, "EUR")
    # the charge is half of 300.00, less half of the 10.00: the other half was used before the change
    charge = charge_for(Money(30_000, "EUR"), JUNE, middle).amount
    parts = discount_lines([Discountable(charge.minor, "base")], [ten], "EUR", {}, HALF)
    assert [(charge.minor, part.minor) for part in parts] == [(15_000, 500)]
    # the whole period: 5.00 before and 5.00 after
    assert credit.minor + charge.minor - parts[0].minor == 10_000


def test_a_line_that_stays_keeps_its_part_of_a_fixed_discount() -> None:
    # 80.00 and 20.00 a month: 8.00 and 2.00 off
    ten = fixed(1, 1000)
    regular = discount_lines(lines_of((8_000, "base"), (2_000, "seats")), [ten], "EUR")
    assert [part.minor for part in regular] == [800, 200]
    # at half only the base changes, to 160.00: its charge is 80.00, the seats still hold 1.00 of that half's 5.00
    parts = discount_lines(lines_of((8_000, "base")), [ten], "EUR", {ten.id: 100}, HALF)
    assert [part.minor for part in parts] == [400]
    # nine days before the end it changes again: the seats hold 2.00 × 9/30 = 0.60 of 10.00 × 9/30 = 3.00
    again = discount_lines(lines_of((9_000, "base")), [ten], "EUR", {ten.id: 60}, Fraction(9, 30))
    assert [part.minor for part in again] == [240]
    # base 8.00 × 15/30 + 4.00 × 6/15 + 2.40 = 8.00, seats 2.00: the 10.00 of the coupon


def test_usage_at_the_close_gets_what_the_period_has_not_used() -> None:
    # the fee of 4.00 took 4.00 of the 10.00 as the period opened; 50.00 of usage gets the other 6.00 as it closes
    ten = fixed(1, 1000)
    assert brief(discount_lines(lines_of((5_000, "calls")), [ten], "EUR", {ten.id: 400})) == [(1, 0, 600)]


def test_a_part_says_its_numbers() -> None:
    parts = discount_lines(
        BASE_AND_SEATS, [percent(1, "10", cap=600), fixed(2, 1000)], "EUR", {}, HALF, "15 of 30 days"
    )
    capped = "EUR, at most 6.00 EUR a billing period, 15 of 30 days of it here"
    half = "10.00 EUR a billing period, 15 of 30 days of it here"
    assert [part.sentence for part in parts] == [
        # capped at half of 6.00
        f"Coupon 1 (C1): 10 % of 100.00 {capped}: 2.00 EUR off, one of 2 parts of 3.00 EUR rounded together.",
        f"Coupon 1 (C1): 10 % of 50.00 {capped}: 1.00 EUR off, one of 2 parts of 3.00 EUR rounded together.",
        # 98.00 and 49.00 are left: 5.00 is split 3.33 and 1.67
        f"Coupon 2 (C2): {half}: 3.33 EUR off, one of 2 parts of 5.00 EUR rounded together.",
        f"Coupon 2 (C2): {half}: 1.67 EUR off, one of 2 parts of 5.00 EUR rounded together.",
    ]
    alone = discount_lines(lines_of((10_000, "base")), [fixed(1, 1000)], "EUR", {DiscountId(UUID(int=1)): 200})
    assert [part.sentence for part in alone] == [
        "Coupon 1 (C1): 10.00 EUR a billing period, 2.00 EUR of it on lines before: 8.00 EUR off."
    ]


@pytest.mark.parametrize("factor", [Fraction(-1, 2), Fraction(3, 2)])
def test_a_factor_that_is_none_is_refused(factor: Fraction) -> None:
    with pytest.raises(InvalidAmount):
        discount_lines(BASE_AND_SEATS, [fixed(1, 1000)], "EUR", {}, factor)


components = st.sampled_from(["base", "seats", "calls"])
positive_lines = st.lists(st.builds(Discountable, charges, components), max_size=12)
# charges held to a maximum: the lines are negative in part, their sum is not
mixed_lines = st.lists(
    st.builds(Discountable, st.integers(-(10**6), 10**6), st.one_of(st.none(), components)), max_size=12
)
factors = st.fractions(0, 1, max_denominator=2_678_400)


@st.composite
def discount_lists(draw: st.DrawFn, *, in_full: bool = False) -> list[Discount]:
    made: list[Discount] = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        component = None if in_full else draw(st.one_of(st.none(), components))
        day, amount = draw(st.integers(0, 3)), draw(st.integers(1, 10**9))
        if in_full or draw(st.booleans()):
            share = draw(percents.filter(bool))
            cap = draw(st.sampled_from([None, amount])) if not in_full else None
            made.append(percent(number, str(share), cap=cap, component=component, day=day))
        else:
            made.append(fixed(number, amount, component=component, day=day))
    return made


@LAW
@given(lines=st.one_of(positive_lines, mixed_lines), discounts=discount_lists(), factor=factors)
def test_l4_discounts_are_at_most_each_line_and_sum_to_the_whole(
    lines: list[Discountable], discounts: list[Discount], factor: Fraction
) -> None:
    parts = discount_lines(lines, discounts, "EUR", {}, factor)
    left = [line.stated_minor for line in lines]
    for part in parts:
        assert type(part.minor) is int
        assert part.of_minor == left[part.line_index]
        assert part.minor * part.of_minor >= 0, "no line turns its sign"
        assert abs(part.minor) <= abs(part.of_minor)
        assert abs(part.minor - part.exact_minor) < 1
        left[part.line_index] -= part.minor
    for discount in discounts:
        own = [part for part in parts if part.discount_id == discount.id]
        assert sum(part.minor for part in own) == (own[0].whole_minor if own else 0), "the split loses nothing"


@LAW
@given(lines=mixed_lines, others=discount_lists(), factor=factors)
def test_l4_a_hundred_percent_leaves_exactly_nothing(
    lines: list[Discountable], others: list[Discount], factor: Fraction
) -> None:
    parts = discount_lines(lines, [percent(9, "100"), *others], "EUR", {}, factor)
    left = [line.stated_minor for line in lines]
    for part in parts:
        left[part.line_index] -= part.minor
    assert left == [0] * len(lines)


@LAW
@given(
    lines=positive_lines,
    minor=st.integers(1, 10**9),
    share=st.one_of(st.none(), percents.filter(bool)),
    held=st.integers(0, 10**9),
    factor=factors,
)
def test_l4_a_fixed_amount_and_a_cap_hold_per_billing_period(
    lines: list[Discountable], minor: int, share: Decimal | None, held: int, factor: Fraction
) -> None:
    discount = fixed(1, minor) if share is None else percent(1, str(share), cap=minor)
    parts = discount_lines(lines, [discount], "EUR", {discount.id: held}, factor)
    budget = max(Fraction(0), minor * factor - held)
    assert 0 <= sum(part.minor for part in parts) <= budget + HALF


@LAW
@given(minor=st.integers(1, 10_000), at_s=st.lists(st.integers(1, 30 * 86_400 - 1), max_size=6, unique=True))
def test_l4_a_fixed_discount_is_given_once_however_often_the_plan_changes(minor: int, at_s: list[int]) -> None:
    discount, monthly = fixed(1, minor), 10**9  # a price that always bears the coupon
    parts = discount_lines(lines_of((monthly, "base")), [discount], "EUR")
    in_force, service, given = parts[0].minor, JUNE, 0
    for seconds in sorted(at_s):
        rest = Period(START + timedelta(seconds=seconds), JUNE.end)
        returned = round_half_away(in_force * rest.seconds / service.seconds)
        given += in_force - returned
        # no line of the coupon stays over the rest, so nothing is held
        charge = round_half_away(monthly * rest.seconds / JUNE.seconds)
        parts = discount_lines(lines_of((charge, "base")), [discount], "EUR", {}, rest.seconds / JUNE.seconds)
        in_force, service = sum(part.minor for part in parts), rest
    assert abs(given + in_force - minor) <= len(at_s), "itself, within a unit for each change"


@LAW
@given(lines=mixed_lines, discounts=discount_lists(), factor=factors)
def test_l8_parts_recompute_from_their_exact_shares(
    lines: list[Discountable], discounts: list[Discount], factor: Fraction
) -> None:
    parts = discount_lines(lines, discounts, "EUR", {}, factor)
    for discount in discounts:
        own = [part for part in parts if part.discount_id == discount.id]
        shares = [part.exact_minor for part in own]
        assert all((share * 10**12).denominator == 1 for share in shares), "as finely as a line keeps its basis"
        # the lines themselves are negative: so they recompute as well
        assert round_signed_parts([-share for share in shares]) == tuple(-part.minor for part in own)
        assert round_half_away(sum(shares, Fraction(0))) == sum(part.minor for part in own)


@LAW
@given(lines=mixed_lines, discounts=discount_lists(in_full=True))
def test_l3_a_percent_of_the_mirror_is_the_mirror(lines: list[Discountable], discounts: list[Discount]) -> None:
    mirror = [Discountable(-line.stated_minor, line.component) for line in lines]
    off = [(part.line_index, part.minor) for part in discount_lines(lines, discounts, "EUR")]
    assert [(part.line_index, -part.minor) for part in discount_lines(mirror, discounts, "EUR")] == off


@LAW
@given(data=st.data(), lines=positive_lines, discounts=discount_lists(), factor=factors)
def test_l18_the_order_of_discounts_given_changes_nothing(
    data: st.DataObject, lines: list[Discountable], discounts: list[Discount], factor: Fraction
) -> None:
    shuffled = data.draw(st.permutations(discounts))
    assert discount_lines(lines, shuffled, "EUR", {}, factor) == discount_lines(lines, discounts, "EUR", {}, factor)
