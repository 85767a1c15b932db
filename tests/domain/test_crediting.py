"""Credit notes over lines: whole, by lines, by amount; never more than a line has left, tax to the unit."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.credit import CreditNoteLine
from domain.crediting import (
    Creditable,
    CreditableLine,
    CreditShare,
    credit_lines,
    share_amount,
    share_lines,
    share_whole,
)
from domain.errors import InvalidInput
from domain.ids import InvoiceId, LineId
from domain.money import round_half_away
from tests.domain.strategies import LAW
from tests.make import APRIL, NumberedIds, an_id


def a_line(
    name: str, net: int, tax: int = 0, *, credited: int = 0, credited_tax: int = 0, inclusive: bool = False
) -> CreditableLine:
    """A charge for April, in cents."""
    return CreditableLine(LineId(an_id(name)), name, net, tax, credited, credited_tax, inclusive, APRIL)


def an_invoice(*lines: CreditableLine, total: int | None = None, credited: int = 0) -> Creditable:
    """A finalised invoice over these lines."""
    asked = sum(line.net_minor + line.tax_minor for line in lines)
    return Creditable(InvoiceId(an_id("invoice")), "USD", asked if total is None else total, credited, lines)


def given_back(of: Creditable, shares: tuple[CreditShare, ...]) -> list[tuple[str, int, int]]:
    """(line, net, tax) of the credit note."""
    return [
        (line.description, line.amount.minor, line.tax_minor)
        for line in credit_lines(of, shares, an_id("note"), NumberedIds())
    ]


def test_a_whole_credit_gives_back_every_line_with_its_tax() -> None:
    # 100.00 and 25.00 at 19 %: 19.00 and 4.75
    of = an_invoice(a_line("Pro", 10_000, 1_900), a_line("Seats", 2_500, 475))
    assert given_back(of, share_whole(of)) == [("Pro", 10_000, 1_900), ("Seats", 2_500, 475)]


def test_the_rest_after_earlier_credits() -> None:
    of = an_invoice(a_line("Pro", 10_000, 1_900, credited=4_000, credited_tax=760), credited=4_760)
    assert given_back(of, share_whole(of)) == [("Pro", 6_000, 1_140)]


def test_an_amount_is_spread_by_what_lines_have_left() -> None:
    # 10.00 over 119.00 and 29.75, four to one: 8.00 and 2.00 with tax, of which 19/119 are 1.277… and 0.319…
    of = an_invoice(a_line("Pro", 10_000, 1_900), a_line("Seats", 2_500, 475))
    assert given_back(of, share_amount(of, 1_000)) == [("Pro", 672, 128), ("Seats", 168, 32)]


def test_lines_are_credited_as_chosen() -> None:
    pro, seats = a_line("Pro", 10_000), a_line("Seats", 2_500)
    of = an_invoice(pro, seats)
    assert given_back(of, share_lines(of, [CreditShare(seats.id, 500), CreditShare(pro.id)])) == [
        ("Pro", 10_000, 0),
        ("Seats", 500, 0),
    ]


def test_an_invoice_with_credits_of_its_own_gives_back_its_total_only() -> None:
    # +150.00 for the new plan, −50.00 for the old one: 100.00 were asked for
    of = an_invoice(a_line("Scale", 15_000), total=10_000)
    assert given_back(of, share_whole(of)) == [("Scale", 10_000, 0)]


@pytest.mark.parametrize(
    ("says", "wanted", "path"),
    [
        ("a line of another invoice", [CreditShare(LineId(an_id("other")))], ("lines", "0", "lineId")),
        ("a line twice", [CreditShare(LineId(an_id("Pro")), 1)] * 2, ("lines", "1", "lineId")),
        ("more than a line has left", [CreditShare(LineId(an_id("Pro")), 9_001)], ("lines", "0", "amount")),
        ("nothing", [CreditShare(LineId(an_id("Pro")), 0)], ("lines", "0", "amount")),
        ("less than nothing", [CreditShare(LineId(an_id("Pro")), -5)], ("lines", "0", "amount")),
        ("more than the invoice has left", [CreditShare(LineId(an_id("Pro")), 8_000)], ("lines",)),
    ],
)
def test_a_refusal_names_the_field(says: str, wanted: list[CreditShare], path: tuple[str, ...]) -> None:
    of = an_invoice(a_line("Pro", 10_000, credited=1_000), total=8_000, credited=1_000)
    with pytest.raises(InvalidInput) as refused:
        share_lines(of, wanted)
    assert refused.value.path == path, says


@pytest.mark.parametrize("amount", [0, -1, 9_001])
def test_an_amount_beyond_what_is_left_is_refused(amount: int) -> None:
    of = an_invoice(a_line("Pro", 10_000, credited=1_000), credited=1_000)
    with pytest.raises(InvalidInput) as refused:
        share_amount(of, amount)
    assert refused.value.path == ("amount",)


def test_nothing_left_is_refused() -> None:
    with pytest.raises(InvalidInput):
        share_whole(an_invoice(a_line("Pro", 10_000, credited=10_000), credited=10_000))


LINES = st.lists(
    st.tuples(st.integers(0, 50_000), st.sampled_from([0, 5, 7, 19, 20, 100]), st.booleans()), min_size=1, max_size=6
)


def credited(of: Creditable, lines: tuple[CreditNoteLine, ...]) -> Creditable:
    """The invoice after a credit note."""
    by_line = {line.invoice_line_id: line for line in lines}
    return replace(
        of,
        credited_minor=of.credited_minor + sum(line.amount.minor + line.tax_minor for line in lines),
        lines=tuple(
            replace(
                line,
                credited_net_minor=line.credited_net_minor + by_line[line.id].amount.minor,
                credited_tax_minor=line.credited_tax_minor + by_line[line.id].tax_minor,
            )
            if line.id in by_line
            else line
            for line in of.lines
        ),
    )


@LAW
@given(drawn=LINES, amounts=st.lists(st.integers(1, 40_000), max_size=6))
def test_l13_l14_credits_in_any_steps_give_back_each_line_exactly(
    drawn: list[tuple[int, int, bool]], amounts: list[int]
) -> None:
    of = an_invoice(
        *(
            a_line(f"line {n}", net, round_half_away(Fraction(net * percent, 100)), inclusive=inclusive)
            for n, (net, percent, inclusive) in enumerate(drawn)
        )
    )
    for amount in amounts:
        if of.left_minor == 0:
            break
        wanted = min(amount, of.left_minor)
        note = credit_lines(of, share_amount(of, wanted), an_id("note"), NumberedIds())
        # a credit note's own equation: subtotal + tax = total, which is what was asked for
        assert sum(line.amount.minor + line.tax_minor for line in note) == wanted
        of = credited(of, note)
        for line in of.lines:
            assert 0 <= line.credited_net_minor <= line.net_minor
            assert 0 <= line.credited_tax_minor <= line.tax_minor
    if of.left_minor:
        of = credited(of, credit_lines(of, share_whole(of), an_id("last"), NumberedIds()))
    for line in of.lines:
        assert (line.credited_net_minor, line.credited_tax_minor) == (line.net_minor, line.tax_minor)
