"""Amounts keep their currency's digits, the one rounding is symmetric, and splits lose nothing."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.errors import CurrencyMismatch, InvalidAmount, InvalidSplit, MalformedAmount, UnknownCurrency
from domain.money import (
    EXPONENTS,
    MAX_MINOR,
    Money,
    allocate,
    exact_amount,
    exponent,
    fine_amount,
    round_half_away,
    round_parts,
    round_signed_parts,
)
from tests.domain.strategies import (
    LAW,
    charges,
    currencies,
    exact_minors,
    minors,
    moneys,
    parts_of_a_unit,
    weight_lists,
)


@pytest.mark.parametrize(
    ("says", "minor", "currency", "amount"),
    [
        ("dollars have two digits", 1000, "USD", "10.00"),
        ("yen have none", 1000, "JPY", "1000"),
        ("dinars have three", 1500, "KWD", "1.500"),
        ("less than one keeps its zero", -5, "USD", "-0.05"),
        ("one mill of a dinar", 1, "BHD", "0.001"),
        ("nothing has no sign", 0, "EUR", "0.00"),
        ("nothing in yen", 0, "JPY", "0"),
        ("a negative yen", -7, "JPY", "-7"),
        ("the largest amount of a ledger", MAX_MINOR, "USD", "9999999999999999.99"),
    ],
)
def test_amount_is_written_with_the_digits_of_its_currency(says: str, minor: int, currency: str, amount: str) -> None:
    assert Money(minor, currency).amount() == amount, says
    assert Money.parse(amount, currency) == Money(minor, currency), says


@pytest.mark.parametrize(
    ("says", "text", "currency"),
    [
        ("no digits: dollars or cents?", "10", "USD"),
        ("one digit", "10.0", "USD"),
        ("three digits", "10.000", "USD"),
        ("a point in yen", "1000.0", "JPY"),
        ("two digits in dinars", "1.50", "KWD"),
        ("not a number", "NaN", "USD"),
        ("signalling not a number", "sNaN", "USD"),
        ("infinity", "Infinity", "USD"),
        ("an exponent", "1e3", "JPY"),
        ("an exponent with digits", "1.00e3", "USD"),
        ("nothing", "", "USD"),
        ("only a sign", "-", "JPY"),
        ("only digits after the point", ".50", "USD"),
        ("a plus", "+1.00", "USD"),
        ("two signs", "--1.00", "USD"),
        ("minus nothing", "-0.00", "USD"),
        ("a leading zero", "010.00", "USD"),
        ("a space before", " 1.00", "USD"),
        ("a line end after", "1.00\n", "USD"),
        ("a comma", "1,00", "USD"),
        ("a thousands sign", "1,000.00", "USD"),
        ("an underscore, which int() would take", "1_0.00", "USD"),
        ("digits of another script, which int() would take", "١.٠٠", "USD"),
        ("nineteen digits", "10000000000000000.00", "USD"),
        ("nineteen digits of yen", "1000000000000000000", "JPY"),
        ("a megabyte of digits", "9" * 1_000_000, "JPY"),
    ],
)
def test_a_malformed_amount_is_refused(says: str, text: str, currency: str) -> None:
    with pytest.raises(MalformedAmount) as refused:
        Money.parse(text, currency)
    assert refused.value.code == "MALFORMED_AMOUNT", says
    assert refused.value.value == text
    assert len(refused.value.message) < 200, "a hostile text is quoted shortened"


@pytest.mark.parametrize("currency", ["XXX", "usd", "", "US", "USD ", "BTC"])
def test_an_unknown_currency_is_refused_and_never_guessed(currency: str) -> None:
    for attempt in (lambda: exponent(currency), lambda: Money(1, currency), lambda: Money.parse("1.00", currency)):
        with pytest.raises(UnknownCurrency) as refused:
            attempt()
        assert refused.value.value == currency


def test_all_three_exponents_of_iso_4217_are_in_the_table() -> None:
    assert {EXPONENTS[code] for code in ("USD", "EUR", "GBP")} == {2}
    assert {EXPONENTS[code] for code in ("JPY", "KRW", "ISK", "XOF")} == {0}
    assert {EXPONENTS[code] for code in ("KWD", "BHD", "JOD", "OMR", "TND")} == {3}
    assert all(len(code) == 3 and code.isupper() for code in EXPONENTS)


@pytest.mark.parametrize("minor", [1.0, True, Decimal(1), Fraction(1), "1", None])
def test_minor_units_are_whole_numbers_only(minor: Any) -> None:
    with pytest.raises(InvalidAmount):
        Money(minor, "USD")


def test_an_amount_beyond_a_ledger_column_is_refused_in_a_sum_too() -> None:
    with pytest.raises(InvalidAmount):
        Money(MAX_MINOR, "USD") + Money(1, "USD")
    with pytest.raises(InvalidAmount):
        Money(-MAX_MINOR - 1, "USD")


def test_amounts_of_one_currency_add_subtract_negate_and_compare() -> None:
    five, two = Money(500, "USD"), Money(200, "USD")
    assert five + two == Money(700, "USD")
    assert two - five == Money(-300, "USD")
    assert -five == Money(-500, "USD")
    assert two < five <= five
    assert five > two >= two
    assert Money.total([five, two, -five], "USD") == two
    assert Money.total([], "JPY") == Money.zero("JPY")
    assert Money.zero("USD").is_zero
    assert not five.is_zero
    assert five.spoken() == "5.00 USD"


def test_amounts_of_two_currencies_never_meet() -> None:
    dollar, euro = Money(100, "USD"), Money(100, "EUR")
    assert dollar != euro
    for attempt in (
        lambda: dollar + euro,
        lambda: dollar - euro,
        lambda: dollar < euro,
        lambda: dollar <= euro,
        lambda: dollar > euro,
        lambda: dollar >= euro,
        lambda: Money.total([dollar, euro], "USD"),
    ):
        with pytest.raises(CurrencyMismatch) as refused:
            attempt()
        assert refused.value.value == ("USD", "EUR")


@LAW
@given(minor=minors, currency=currencies)
# one of each exponent, with a zero after the point that is easily lost
@example(minor=5, currency="JPY")
@example(minor=-105, currency="USD")
@example(minor=1_005, currency="KWD")
def test_l2_an_amount_has_the_digits_of_its_currency_and_reads_back(minor: int, currency: str) -> None:
    text = Money(minor, currency).amount()
    _, point, decimals = text.partition(".")
    assert len(decimals) == exponent(currency)
    assert bool(point) == (exponent(currency) > 0)
    assert Money.parse(text, currency) == Money(minor, currency)
    # read by someone who knows nothing of us, it is the same number
    assert Decimal(text) * 10 ** exponent(currency) == minor


@LAW
@given(data=st.data(), currency=currencies)
def test_l2_arithmetic_stays_in_whole_minor_units(data: st.DataObject, currency: str) -> None:
    one, other = data.draw(moneys(currency)), data.draw(moneys(currency))
    for result in (one + other, one - other, -one, Money.total([one, other], currency)):
        assert type(result.minor) is int
        assert result.currency == currency
    assert (one + other) - other == one


@pytest.mark.parametrize("inexact", [0.5, 2.0, float("nan"), Decimal("0.5"), "1"])
def test_l2_no_float_is_ever_rounded(inexact: Any) -> None:
    with pytest.raises(InvalidAmount):
        round_half_away(inexact)


@pytest.mark.parametrize(
    ("says", "exact", "rounded"),
    [
        ("a half goes up", Fraction(1, 2), 1),
        ("and a negative half down", Fraction(-1, 2), -1),
        ("not to even", Fraction(5, 2), 3),
        ("nor to even below zero", Fraction(-5, 2), -3),
        ("just below a half stays", Fraction(499_999, 1_000_000), 0),
        ("just above a half goes", Fraction(500_001, 1_000_000), 1),
        ("a third", Fraction(1, 3), 0),
        ("two thirds of a credit", Fraction(-2, 3), -1),
        ("a whole number is itself", 7, 7),
        ("beyond what a float could tell apart", Fraction(2 * 10**17 + 1, 2), 10**17 + 1),
    ],
)
def test_a_half_is_rounded_away_from_zero(says: str, exact: Fraction | int, rounded: int) -> None:
    assert round_half_away(exact) == rounded, says


@LAW
@given(exact=exact_minors)
def test_l3_rounding_is_symmetric_and_to_the_nearest(exact: Fraction) -> None:
    assert round_half_away(-exact) == -round_half_away(exact)
    distance = abs(round_half_away(exact) - exact)
    assert distance <= Fraction(1, 2)
    if distance == Fraction(1, 2):
        assert abs(round_half_away(exact)) > abs(exact)


@LAW
@given(half=st.integers(-(10**9), 10**9))
def test_l3_halves_are_rounded_symmetrically(half: int) -> None:
    # drawn fractions seldom are halves, and halves are where roundings differ
    exact = Fraction(2 * half + 1, 2)
    assert round_half_away(-exact) == -round_half_away(exact)
    assert abs(round_half_away(exact)) == (abs(2 * half + 1) + 1) // 2


@pytest.mark.parametrize(
    ("says", "total", "weights", "parts"),
    [
        ("one part takes all", 100, [7], (100,)),
        ("equal parts, the earliest gets the unit left over", 100, [1, 1, 1], (34, 33, 33)),
        ("a negative total is the mirror image", -100, [1, 1, 1], (-34, -33, -33)),
        # shares 1.67, 3.33, 5: one unit left over, to the largest remainder
        ("the largest remainder gets the unit left over", 10, [1, 2, 3], (2, 3, 5)),
        ("a weight of nothing gets nothing", 5, [0, 1, 0, 1], (0, 3, 0, 2)),
        ("nothing splits into nothing", 0, [3, 4], (0, 0)),
        ("nothing over nothing", 0, [0, 0], (0, 0)),
        ("nothing over nobody", 0, [], ()),
        ("fractions weigh exactly", 10, [Fraction(1, 3), Fraction(2, 3)], (3, 7)),
        ("fewer units than parts", 2, [1, 1, 1, 1], (1, 1, 0, 0)),
    ],
)
def test_an_amount_is_split_by_largest_remainder(
    says: str, total: int, weights: list[int | Fraction], parts: tuple[int, ...]
) -> None:
    assert allocate(total, weights) == parts, says


@pytest.mark.parametrize(
    ("says", "total", "weights"),
    [
        ("over nobody", 1, []),
        ("over weights of nothing", 1, [0, 0]),
        ("over a negative weight", 1, [2, -1]),
        ("even nothing, over a negative weight", 0, [1, -1]),
    ],
)
def test_an_amount_that_cannot_be_split_is_refused(says: str, total: int, weights: list[int]) -> None:
    with pytest.raises(InvalidSplit):
        allocate(total, weights)


@LAW
@given(total=minors, weights=weight_lists)
def test_l4_a_split_loses_nothing(total: int, weights: list[int | Fraction]) -> None:
    parts = allocate(total, weights)
    assert sum(parts) == total
    assert len(parts) == len(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * Fraction(weight) / sum(weights)) < 1, "no part is a whole unit off its share"
        assert part * total >= 0, "no part has the other sign"


@LAW
@given(total=minors, weights=weight_lists, factor=st.integers(1, 1000))
def test_l4_a_split_is_symmetric_and_knows_only_proportions(
    total: int, weights: list[int | Fraction], factor: int
) -> None:
    parts = allocate(total, weights)
    assert allocate(-total, weights) == tuple(-part for part in parts)
    assert allocate(total, [weight * factor for weight in weights]) == parts


@LAW
@given(data=st.data(), lines=st.lists(charges, min_size=1, max_size=20).filter(lambda drawn: sum(drawn) > 0))
def test_l4_a_discount_split_over_lines_is_at_most_each_line(data: st.DataObject, lines: list[int]) -> None:
    discount = data.draw(st.integers(0, sum(lines)))
    for part, line in zip(allocate(discount, lines), lines, strict=True):
        assert 0 <= part <= line


@pytest.mark.parametrize(
    ("says", "exact", "parts"),
    [
        ("one part is rounded as ever", [Fraction(5, 2)], (3,)),
        ("two thirds and two thirds are one and a third, so one", [Fraction(2, 3), Fraction(2, 3)], (1, 0)),
        ("two halves are one", [Fraction(1, 2), Fraction(1, 2)], (1, 0)),
        ("credits are the mirror image", [Fraction(-2, 3), Fraction(-2, 3)], (-1, 0)),
        ("a whole part does not move", [Fraction(10), Fraction(1, 3), Fraction(1, 3)], (10, 1, 0)),
        ("nothing is nothing", [Fraction(0)], (0,)),
        ("no part, no amount", [], ()),
    ],
)
def test_parts_of_one_amount_are_rounded_together(says: str, exact: list[Fraction], parts: tuple[int, ...]) -> None:
    assert round_parts(exact) == parts, says


def test_parts_of_two_signs_are_not_one_amount() -> None:
    with pytest.raises(InvalidSplit):
        round_parts([Fraction(1, 2), Fraction(-1, 2)])


@LAW
@given(exact=st.lists(parts_of_a_unit, max_size=40), is_credit=st.booleans())
def test_l4_parts_rounded_together_sum_to_the_whole_rounded_once(exact: list[Fraction], is_credit: bool) -> None:
    signed = [-part for part in exact] if is_credit else exact
    parts = round_parts(signed)
    assert sum(parts) == round_half_away(sum(signed, Fraction(0)))
    for part, share in zip(parts, signed, strict=True):
        assert abs(part - share) < 1, "rounded up or down, so a whole share stays itself and a whole bound holds"
        assert part * share >= 0
    assert round_parts([-share for share in signed]) == tuple(-part for part in parts)


@pytest.mark.parametrize(
    ("says", "exact", "parts"),
    [
        # 19 % of 0.33 and of −0.33: 6.27 and −6.27 sum to nothing, and so do 6 and −6
        ("a charge and its mirror cancel", ["6.27", "-6.27"], (6, -6)),
        # 6.27 − 3.13 = 3.14
        ("a charge and a part of it back", ["6.27", "-3.13"], (6, -3)),
        # 6.27 + 6.27 − 0.20 = 12.34: floors 6, 6, −1 leave one unit, and −0.20 is the furthest above its floor
        ("two charges and a small credit", ["6.27", "6.27", "-0.20"], (6, 6, 0)),
        ("halves of both signs: the charge goes up, the credit down", ["0.5", "-0.5", "0.5", "-0.5"], (1, -1, 1, -1)),
        ("the mirror of that", ["-0.5", "0.5", "-0.5", "0.5"], (-1, 1, -1, 1)),
        ("a zero stays zero", ["0", "0.4", "-0.4", "0"], (0, 0, 0, 0)),
        ("a whole part does not move", ["5", "-0.4", "-0.4", "-0.4"], (5, 0, 0, -1)),
        ("one sign is rounded as ever", ["0.5", "0.5"], (1, 0)),
        ("the other sign too", ["-0.5", "-0.5"], (-1, 0)),
        ("no part, no amount", [], ()),
    ],
)
def test_parts_of_two_signs_are_rounded_together(says: str, exact: list[str], parts: tuple[int, ...]) -> None:
    assert round_signed_parts([Fraction(part) for part in exact]) == parts, says


signed_parts_of_a_unit = st.builds(Fraction, st.integers(-(10**6), 10**6), st.integers(1, 12))


@LAW
@given(exact=st.lists(signed_parts_of_a_unit, max_size=40))
def test_l4_parts_of_two_signs_sum_to_the_whole_rounded_once(exact: list[Fraction]) -> None:
    parts = round_signed_parts(exact)
    assert sum(parts) == round_half_away(sum(exact, Fraction(0)))
    for part, share in zip(parts, exact, strict=True):
        assert abs(part - share) < 1, "rounded up or down, so a whole share stays itself and a zero stays zero"
        assert part * share >= 0, "no part has the other sign"


@LAW
@given(exact=st.lists(signed_parts_of_a_unit, max_size=40))
def test_l3_parts_of_two_signs_are_rounded_symmetrically(exact: list[Fraction]) -> None:
    assert round_signed_parts([-part for part in exact]) == tuple(-part for part in round_signed_parts(exact))


@LAW
@given(exact=st.lists(parts_of_a_unit, max_size=40), is_credit=st.booleans())
def test_l4_parts_of_one_sign_are_rounded_alike_by_both(exact: list[Fraction], is_credit: bool) -> None:
    signed = [-part for part in exact] if is_credit else exact
    assert round_signed_parts(signed) == round_parts(signed)


def test_81_parts_of_one_amount_do_not_drift_two_cents() -> None:
    # 10.55 / 81 = 0.1302…: rounded one by one it is 81 × 0.13 = 10.53, two cents short
    one_by_one = [round_half_away(Fraction(1055, 81)) for _ in range(81)]
    assert sum(one_by_one) == 1053
    parts = allocate(1055, [1] * 81)
    assert sum(parts) == 1055
    assert parts == (14, 14) + (13,) * 79


def test_vat_of_parts_is_rounded_once_and_then_split() -> None:
    # three lines of 0.33 at 19 %: each 0.0627, rounded apart 3 × 0.06 = 0.18; of the whole 0.99 it is 0.1881 = 0.19
    rate, lines = Fraction(19, 100), [33, 33, 33]
    tax = round_half_away(sum(lines) * rate)
    assert tax == 19
    assert allocate(tax, lines) == (7, 6, 6)
    assert sum(round_half_away(line * rate) for line in lines) == 18


@pytest.mark.parametrize(
    ("says", "minor", "currency", "text"),
    [
        ("a quarter of a cent", Decimal("0.25"), "USD", "0.0025"),
        ("whole cents keep two digits", Decimal(1250), "USD", "12.50"),
        ("a millionth of a cent", Decimal("0.000001"), "USD", "0.00000001"),
        ("half a yen", Decimal("0.5"), "JPY", "0.5"),
        ("whole yen have no point", Decimal(80), "JPY", "80"),
        ("a tenth of a mill", Decimal("0.1"), "KWD", "0.0001"),
        ("an exact product", Fraction(33, 20), "USD", "0.0165"),
        ("a negative one", Decimal("-0.5"), "USD", "-0.005"),
    ],
)
def test_a_unit_amount_is_written_as_finely_as_it_is(
    says: str, minor: Decimal | Fraction, currency: str, text: str
) -> None:
    assert fine_amount(minor, currency) == text, says


def test_a_unit_amount_finer_than_we_keep_is_not_written_shortened() -> None:
    with pytest.raises(InvalidAmount):
        fine_amount(Fraction(1, 3), "USD")


@pytest.mark.parametrize(
    ("says", "minor", "currency", "text"),
    [
        ("as an amount is written", 1250, "USD", "12.50"),
        ("twelve decimals of a cent", Fraction(1, 10**12), "USD", "0.00000000000001"),
        ("an eighth of a cent", Fraction(1, 8), "USD", "0.00125"),
        ("a negative half a yen", Fraction(-1, 2), "JPY", "-0.5"),
        ("whole yen", Decimal("80.000"), "JPY", "80"),
        ("a tenth of a mill", Decimal("0.1"), "KWD", "0.0001"),
    ],
)
def test_an_exact_amount_is_written_with_every_digit(
    says: str, minor: Decimal | Fraction | int, currency: str, text: str
) -> None:
    assert exact_amount(minor, currency) == text, says


def test_an_amount_without_a_last_digit_is_not_written_shortened() -> None:
    with pytest.raises(InvalidAmount):
        exact_amount(Fraction(1, 3), "USD")
