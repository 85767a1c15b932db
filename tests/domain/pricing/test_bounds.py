"""A period comes to at least its minimum and at most its maximum, over all its invoices, by time in force."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidAmount, InvalidInput
from domain.money import Money
from domain.pricing.bounds import Bound, BoundKind, prorated_bound, settle
from domain.pricing.rated import exact_sum
from tests.domain.strategies import LAW, currencies

TRUE_UP, MAXIMUM = BoundKind
HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


@pytest.mark.parametrize(
    ("says", "charged", "bound", "kind", "amount", "sentence"),
    [
        (
            "below the minimum",
            8_000,
            Bound(10_000, None),
            TRUE_UP,
            2_000,
            "The period's minimum of 100.00 EUR, less 80.00 EUR charged = 20.00 EUR.",
        ),
        ("at the minimum", 10_000, Bound(10_000, None), None, 0, "100.00 EUR is within the period's bounds."),
        ("between", 15_000, Bound(10_000, 20_000), None, 0, "150.00 EUR is within the period's bounds."),
        ("at the maximum", 20_000, Bound(10_000, 20_000), None, 0, "200.00 EUR is within the period's bounds."),
        (
            "above the maximum",
            62_000,
            Bound(None, 50_000),
            MAXIMUM,
            -12_000,
            "The period's maximum of 500.00 EUR, less 620.00 EUR charged = -120.00 EUR.",
        ),
        ("nothing charged", 0, Bound(10_000, None), TRUE_UP, 10_000, None),
        # credits were more than charges: the minimum is kept all the same
        ("less than nothing", -500, Bound(10_000, None), TRUE_UP, 10_500, None),
        ("less than nothing, without a minimum", -500, Bound(None, 100), None, 0, None),
        ("no bounds", 62_000, Bound(), None, 0, None),
        ("a minimum that is the maximum, from below", 99, Bound(100, 100), TRUE_UP, 1, None),
        ("a minimum that is the maximum, from above", 101, Bound(100, 100), MAXIMUM, -1, None),
        ("never more than nothing", 101, Bound(None, 0), MAXIMUM, -101, None),
    ],
)
def test_a_period_is_brought_to_its_bounds(
    says: str, charged: int, bound: Bound, kind: BoundKind | None, amount: int, sentence: str | None
) -> None:
    charge = settle(Money(charged, "EUR"), bound)
    assert (charge.kind, charge.amount) == (kind, Money(amount, "EUR")), says
    assert sentence is None or charge.sentence == sentence, says


@pytest.mark.parametrize(
    ("says", "parts", "bound"),
    [
        ("one for the whole period", [(Bound(100, 200), Fraction(1))], Bound(100, 200)),
        ("half of each", [(Bound(100, 200), HALF), (Bound(300, 400), HALF)], Bound(200, 300)),
        # 100/3 + 100/3 = 66.67: rounded once, where 33 + 33 is 66
        ("thirds are rounded once", [(Bound(100), THIRD), (Bound(100), THIRD), (Bound(None), THIRD)], Bound(67)),
        # 0.5 each way
        ("a half goes up", [(Bound(1, 1), HALF)], Bound(1, 1)),
        ("a part without a minimum asks for nothing", [(Bound(100), HALF), (Bound(None), HALF)], Bound(50)),
        ("a part without a maximum lifts it", [(Bound(None, 100), HALF), (Bound(None, None), HALF)], Bound()),
        ("but not one of no time", [(Bound(None, 100), Fraction(1)), (Bound(), Fraction(0))], Bound(None, 100)),
        ("a pause leaves its time out", [(Bound(100, 200), HALF)], Bound(50, 100)),
        ("nothing in force", [], Bound()),
    ],
)
def test_bounds_count_by_their_time_in_force(says: str, parts: list[tuple[Bound, Fraction]], bound: Bound) -> None:
    assert prorated_bound(parts) == bound, says


@pytest.mark.parametrize(
    ("says", "minimum", "maximum", "field"),
    [
        ("a negative minimum", -1, None, "minimum_minor"),
        ("a negative maximum", None, -1, "maximum_minor"),
        ("a minimum above the maximum", 2, 1, "minimum_minor"),
        ("a fraction", Fraction(1, 2), None, "minimum_minor"),
        ("a float", None, 1.0, "maximum_minor"),
        ("larger than a ledger", 10**18, None, "minimum_minor"),
    ],
)
def test_a_bound_that_is_none_is_refused_by_its_name(says: str, minimum: Any, maximum: Any, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Bound(minimum, maximum)
    assert refused.value.path == (field,), says


@pytest.mark.parametrize("shares", [[Fraction(-1, 2)], [HALF, Fraction(2, 3)]])
def test_shares_of_more_than_the_period_are_refused(shares: list[Fraction]) -> None:
    with pytest.raises(InvalidAmount):
        prorated_bound([(Bound(100), share) for share in shares])


@st.composite
def bounds(draw: st.DrawFn) -> Bound:
    low, high = sorted(draw(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6))))
    return Bound(draw(st.sampled_from([None, low])), draw(st.sampled_from([None, high])))


@st.composite
def bounds_in_force(draw: st.DrawFn) -> list[tuple[Bound, Fraction]]:
    """Bounds one after the other, each for its part of the period, the last drawn part being a pause."""
    weights = draw(st.lists(st.integers(0, 1000), min_size=2, max_size=5).filter(any))
    return [(draw(bounds()), Fraction(weight, sum(weights))) for weight in weights[:-1]]


invoices = st.lists(st.lists(st.integers(-(10**5), 10**6), max_size=6), max_size=5)


@LAW
@given(parts=bounds_in_force(), invoices=invoices, currency=currencies)
def test_l5_bounds_hold_over_all_invoices_of_a_period(
    parts: list[tuple[Bound, Fraction]], invoices: list[list[int]], currency: str
) -> None:
    charged = Money(sum(sum(lines) for lines in invoices), currency)
    charge = settle(charged, prorated_bound(parts))
    total = (charged + charge.amount).minor
    # by hand: each side summed by time in force, and the total within half a unit of it
    exact_minimum = sum((bound.minimum_minor or 0) * share for bound, share in parts)
    assert total >= exact_minimum - Fraction(1, 2) or all(bound.minimum_minor is None for bound, _ in parts)
    in_force = [(bound, share) for bound, share in parts if share]
    if in_force and all(bound.maximum_minor is not None for bound, _ in in_force):
        exact_maximum = sum((bound.maximum_minor or 0) * share for bound, share in in_force)
        assert total <= exact_maximum + Fraction(1, 2)
    assert settle(charged + charge.amount, prorated_bound(parts)).kind is None, "settled is settled"
    if charge.kind is None:
        assert charge.amount.is_zero


@LAW
@given(parts=bounds_in_force(), charged=st.integers(-(10**6), 10**7))
def test_l5_no_more_is_trued_up_than_the_bound_asks_for(parts: list[tuple[Bound, Fraction]], charged: int) -> None:
    bound = prorated_bound(parts)
    charge = settle(Money(charged, "EUR"), bound)
    match charge.kind:
        case BoundKind.TRUE_UP:
            assert charged + charge.amount.minor == bound.minimum_minor
            assert charge.amount.minor > 0
        case BoundKind.MAXIMUM:
            assert charged + charge.amount.minor == bound.maximum_minor
            assert charge.amount.minor < 0
        case None:
            assert bound.minimum_minor is None or charged >= bound.minimum_minor
            assert bound.maximum_minor is None or charged <= bound.maximum_minor


@LAW
@given(bound=bounds(), charged=st.integers(-(10**6), 10**7), currency=currencies)
def test_l8_a_true_up_recomputes_from_its_terms(bound: Bound, charged: int, currency: str) -> None:
    charge = settle(Money(charged, currency), bound)
    assert exact_sum(charge.terms) == charge.amount.minor


@LAW
@given(bound=bounds(), weights=st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(any))
def test_l5_a_bound_cut_in_pieces_is_the_same_bound(bound: Bound, weights: list[int]) -> None:
    # rounded once: with each piece rounded by itself six thirds of a unit would be two or none
    assert prorated_bound([(bound, Fraction(weight, sum(weights))) for weight in weights]) == bound
