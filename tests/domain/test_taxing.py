"""Tax is computed once a rate, split over its lines losing no unit, and given back to the unit."""

from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidAmount
from domain.ids import TaxRateId
from domain.money import round_half_away
from domain.tax import AppliedTax, TaxTreatment
from domain.taxing import Taxable, credited_tax, tax_lines
from tests.domain.strategies import LAW, currencies


def vat(percent: str) -> AppliedTax:
    number = int(Fraction(percent) * 10**4)
    return AppliedTax(TaxTreatment.STANDARD, TaxRateId(UUID(int=number)), "VAT", Fraction(percent), "")


def untaxed(treatment: TaxTreatment) -> AppliedTax:
    return AppliedTax(treatment, None, treatment.value, Fraction(0), f"{treatment}: no tax.")


GERMAN, REDUCED, NEW_YORK = vat("19"), vat("7"), vat("8.875")
REVERSE = untaxed(TaxTreatment.REVERSE_CHARGE)


def net(minor: int, applied: AppliedTax = GERMAN) -> Taxable:
    return Taxable(minor, False, applied)


def gross(minor: int, applied: AppliedTax = GERMAN) -> Taxable:
    return Taxable(minor, True, applied)


@pytest.mark.parametrize(
    ("says", "lines", "taxes", "splits"),
    [
        # taxes are pairs of base and tax, in cents
        ("one line", [net(10_000)], [(10_000, 1_900)], (1_900,)),
        ("one that includes it", [gross(11_900)], [(10_000, 1_900)], (1_900,)),
        # 100.00 × 19/119 = 15.966…
        ("rounded", [gross(10_000)], [(8_403, 1_597)], (1_597,)),
        # 8.875 % of 99.99 is 8.8741…
        ("an American rate", [net(9_999, NEW_YORK)], [(9_999, 887)], (887,)),
        # 19 % of 1.50 is 0.285: a half goes away from zero
        ("a half", [net(150)], [(150, 29)], (29,)),
        ("a half of a credit", [net(-150)], [(-150, -29)], (-29,)),
        # 9.50 + 5.70 + 0.00
        ("a line of zero gets zero", [net(5_000), net(0), net(3_000)], [(8_000, 1_520)], (950, 0, 570)),
        # 19 % of 0.33 − 0.33: 6.27 and −6.27 cents
        ("a line and its discount of all", [net(33), net(-33)], [(0, 0)], (6, -6)),
        (
            "a rate each",
            [net(10_000), net(10_000, REDUCED), net(50)],
            [(10_050, 1_910), (10_000, 700)],
            (1_900, 700, 10),
        ),
        # 19 % of 100.00, and what 119.00 includes
        (
            "prices with and without tax apart",
            [net(10_000), gross(11_900)],
            [(10_000, 1_900), (10_000, 1_900)],
            (1_900, 1_900),
        ),
        ("reverse charge", [net(10_000, REVERSE), net(-50, REVERSE)], [(9_950, 0)], (0, 0)),
        ("at rate 0 a price's net is its gross", [gross(10_000, REVERSE)], [(10_000, 0)], (0,)),
        ("no line", [], [], ()),
    ],
)
def test_tax_is_computed_once_a_rate_and_split(
    says: str, lines: list[Taxable], taxes: list[tuple[int, int]], splits: tuple[int, ...]
) -> None:
    taxed = tax_lines(lines, "EUR")
    assert [(each.base.minor, each.tax.minor) for each in taxed.taxes] == taxes, says
    assert taxed.splits == splits, says


def test_vat_is_not_off_by_one_because_rounded_parts_were_summed() -> None:
    # three lines of 0.33: each 0.0627, rounded apart 3 × 0.06 = 0.18; of the whole 0.99 it is 0.1881
    taxed = tax_lines([net(33), net(33), net(33)], "EUR")
    assert taxed.taxes[0].tax.minor == 19
    assert taxed.splits == (7, 6, 6)
    assert sum(round_half_away(Fraction(33 * 19, 100)) for _ in range(3)) == 18
    # and the other way: 0.0912 each is 0.09, but three of them are 0.2736
    included = tax_lines([gross(57), gross(57), gross(57)], "EUR")
    # 57 × 19/119 = 9.1008…, three times 27.30…
    assert (included.taxes[0].tax.minor, included.splits) == (27, (9, 9, 9))
    # a charge, its discount and a credit in one: 19 % of 0.99 − 0.33 + 0.10 = 0.76 is 0.1444
    mixed = tax_lines([net(99), net(-33), net(10)], "EUR")
    assert mixed.taxes[0].tax.minor == 14
    # 18.81, −6.27, 1.90: two units above their floors 18, −7, 1 go to the furthest above, both of them charges
    assert mixed.splits == (19, -7, 2)


@pytest.mark.parametrize(
    ("says", "line", "sentence"),
    [
        ("exact", net(10_000), "VAT: 19 % of 100.00 EUR = 19.00 EUR."),
        ("rounded", net(99), "VAT: 19 % of 0.99 EUR = 0.1881 EUR, rounded to 0.19 EUR."),
        ("finer percents", net(10_000, NEW_YORK), "VAT: 8.875 % of 100.00 EUR = 8.875 EUR, rounded to 8.88 EUR."),
        ("included", gross(11_900), "VAT: 19 % is in the price, 119.00 EUR × 19/119 = 19.00 EUR."),
        ("included, rounded", gross(10_000), "VAT: 19 % is in the price, 100.00 EUR × 19/119, rounded to 15.97 EUR."),
        (
            "a finer one included",
            gross(10_000, NEW_YORK),
            "VAT: 8.875 % is in the price, 100.00 EUR × 8.875/108.875, rounded to 8.15 EUR.",
        ),
        ("none", net(10_000, REVERSE), "REVERSE_CHARGE: no tax."),
    ],
)
def test_a_total_says_its_numbers(says: str, line: Taxable, sentence: str) -> None:
    (total,) = tax_lines([line], "EUR").taxes
    assert total.sentence == sentence, says


@pytest.mark.parametrize(
    ("says", "line", "tax", "steps", "given_back"),
    [
        ("at once", 33, 7, [33], [7]),
        # 7 × 11/33 = 2.33, 7 × 22/33 = 4.67, 7: each time less what came before
        ("in three steps", 33, 7, [11, 11, 11], [2, 3, 2]),
        ("the tax of a split that rounded down", 33, 6, [11, 11, 11], [2, 2, 2]),
        ("cent by cent", 5, 1, [1, 1, 1, 1, 1], [0, 0, 1, 0, 0]),
        ("nothing, and then all", 33, 7, [0, 33], [0, 7]),
        ("a discount line", -33, -7, [-11, -11, -11], [-2, -3, -2]),
        ("without tax", 33, 0, [11, 22], [0, 0]),
        # 0.01 including 100 %: net 0, tax 0.01
        ("tax alone", 0, 1, [0, 0], [1, 0]),
    ],
)
def test_crediting_a_line_in_steps_gives_back_its_tax(
    says: str, line: int, tax: int, steps: list[int], given_back: list[int]
) -> None:
    before, tax_before = 0, 0
    for credit, expected in zip(steps, given_back, strict=True):
        part = credited_tax(line, tax, before, tax_before, credit)
        assert part == expected, says
        before, tax_before = before + credit, tax_before + part


@pytest.mark.parametrize(
    ("says", "line", "before", "credit"),
    [
        ("more than the line", 100, 0, 101),
        ("more than it has left", 100, 60, 41),
        ("a credit of the other sign", 100, 0, -1),
        ("more than was credited before", 100, -1, 1),
        ("more than a discount line", -100, 0, -101),
        ("a discount line, the other way", -100, 0, 1),
    ],
)
def test_no_more_tax_comes_back_than_of_what_is_left(says: str, line: int, before: int, credit: int) -> None:
    with pytest.raises(InvalidAmount):
        credited_tax(line, line // 5, before, 0, credit)


applied = st.sampled_from([GERMAN, REDUCED, NEW_YORK, vat("0"), vat("100"), REVERSE, untaxed(TaxTreatment.EXEMPT)])
taxables = st.builds(Taxable, st.integers(-(10**7), 10**7), st.booleans(), applied)
taxable_lists = st.lists(taxables, max_size=30)


def exact_tax(line: Taxable) -> Fraction:
    """By hand: of a price that includes it, what is left after taking the net out."""
    rate = line.applied.percent / 100
    return (
        line.stated_minor - Fraction(line.stated_minor) / (1 + rate) if line.is_inclusive else line.stated_minor * rate
    )


@LAW
@given(lines=taxable_lists, currency=currencies)
def test_l1_tax_of_lines_and_of_totals_is_the_same(lines: list[Taxable], currency: str) -> None:
    taxed = tax_lines(lines, currency)
    assert sum(taxed.splits) == sum(total.tax.minor for total in taxed.taxes)
    # base + tax is what is paid: the stated amounts, and the tax on top of those without it
    on_top = sum(part for line, part in zip(lines, taxed.splits, strict=True) if not line.is_inclusive)
    paid = sum(line.stated_minor for line in lines) + on_top
    assert sum(total.base.minor + total.tax.minor for total in taxed.taxes) == paid


@LAW
@given(lines=taxable_lists, currency=currencies)
def test_l2_tax_is_whole_minor_units(lines: list[Taxable], currency: str) -> None:
    taxed = tax_lines(lines, currency)
    assert all(type(part) is int for part in taxed.splits)
    for total in taxed.taxes:
        assert type(total.tax.minor) is int
        assert type(total.exact_minor) is Fraction
        assert {total.tax.currency, total.base.currency, total.stated.currency} == {currency}


@LAW
@given(lines=taxable_lists)
def test_l3_the_tax_of_credits_mirrors_that_of_charges(lines: list[Taxable]) -> None:
    mirror = [Taxable(-line.stated_minor, line.is_inclusive, line.applied) for line in lines]
    taxed, mirrored = tax_lines(lines, "EUR"), tax_lines(mirror, "EUR")
    assert mirrored.splits == tuple(-part for part in taxed.splits)
    assert [total.tax for total in mirrored.taxes] == [-total.tax for total in taxed.taxes]
    assert [total.base for total in mirrored.taxes] == [-total.base for total in taxed.taxes]


@LAW
@given(lines=taxable_lists)
def test_l4_tax_split_over_lines_loses_nothing(lines: list[Taxable]) -> None:
    taxed = tax_lines(lines, "EUR")
    for total in taxed.taxes:
        own = [
            (line, part)
            for line, part in zip(lines, taxed.splits, strict=True)
            if (line.applied, line.is_inclusive) == (total.applied, total.is_inclusive)
        ]
        assert sum(part for _, part in own) == total.tax.minor
        assert total.tax.minor == round_half_away(sum((exact_tax(line) for line, _ in own), Fraction(0)))
        for line, part in own:
            assert abs(part - exact_tax(line)) < 1, "less than a unit from its own tax, so a line of zero gets zero"
            assert part * line.stated_minor >= 0
            assert abs(part) <= abs(line.stated_minor), "net of an inclusive line keeps its sign"


@LAW
@given(lines=taxable_lists, currency=currencies)
def test_l8_a_tax_recomputes_from_its_own_numbers(lines: list[Taxable], currency: str) -> None:
    for total in tax_lines(lines, currency).taxes:
        rate = total.applied.percent / 100
        exact = total.stated.minor * rate / (1 + rate) if total.is_inclusive else total.base.minor * rate
        assert (round_half_away(exact), exact) == (total.tax.minor, total.exact_minor)
        assert total.base.minor == total.stated.minor - (total.tax.minor if total.is_inclusive else 0)
        assert total.applied.treatment is not TaxTreatment.STANDARD or total.tax.spoken() in total.sentence


@LAW
@given(
    line=st.integers(0, 10**9),
    percent=st.fractions(0, 1, max_denominator=10**4),
    off_by=st.sampled_from([0, 1]),
    weights=st.lists(st.integers(0, 100), min_size=1, max_size=8),
    is_discount=st.booleans(),
)
def test_l14_crediting_a_line_in_any_steps_gives_back_exactly_its_tax(
    line: int, percent: Fraction, off_by: int, weights: list[int], is_discount: bool
) -> None:
    sign = -1 if is_discount else 1
    tax = sign * (int(line * percent) + off_by)  # a split may have rounded it either way
    line *= sign
    whole = sum(weights)
    cuts = [line * sum(weights[: index + 1]) // whole if whole else line for index in range(len(weights))]
    cuts[-1] = line
    before, tax_before = 0, 0
    for cut in cuts:
        part = credited_tax(line, tax, before, tax_before, cut - before)
        assert part * sign >= 0, "no step takes tax back"
        before, tax_before = cut, tax_before + part
        assert abs(tax_before) <= abs(tax), "never more than the line's tax on the way"
        if line:
            assert abs(tax_before - Fraction(tax * before, line)) <= Fraction(1, 2)
    assert tax_before == tax


@LAW
@given(
    line=st.integers(1, 10**6),
    tax=st.integers(0, 10**5),
    before=st.integers(0, 10**6),
    drift=st.sampled_from([-1, 0, 1]),
)
def test_l14_a_unit_off_by_a_split_is_made_good_by_the_last_credit(
    line: int, tax: int, before: int, drift: int
) -> None:
    before = min(before, line)
    tax_before = round_half_away(Fraction(tax * before, line)) + drift
    some = credited_tax(line, tax, before, tax_before, (line - before) // 2)
    assert some >= 0 or before == line
    last = credited_tax(
        line, tax, before + (line - before) // 2, tax_before + some, line - before - (line - before) // 2
    )
    assert tax_before + some + last == tax
