"""From one regular invoice to the next: bars that sum exactly to the difference."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.catalog import PlanVersion
from domain.ids import ChargeId, ItemId, PriceId
from domain.invoice import ChargeKind, Invoice
from domain.invoicing.waiting import WaitingCharge
from domain.money import Money
from domain.pricing.model import Price
from domain.waterfall import ChangeCause, Waterfall, change_from_previous
from tests.domain.invoicing.life import Life
from tests.domain.invoicing.making import MAY, a_discount, a_plan, each, flat, terms, used
from tests.domain.strategies import LAW
from tests.make import APRIL, an_id, april, usd


def known(life: Life) -> tuple[dict[ItemId, str], dict[PriceId, Price]]:
    components = {item.id: item.component for item in life.books.items.values()}
    prices = {price.id: price for version in life.versions.values() for price in version.prices}
    return components, prices


def last_change(life: Life, before: Invoice, between: list[Invoice] | None = None) -> Waterfall:
    components, prices = known(life)
    return change_from_previous(before, life.books.invoices[-1], components, prices, between or [])


def bars(waterfall: Waterfall) -> list[tuple[ChangeCause, str | None, int]]:
    return [(bar.cause, bar.component, bar.amount.minor) for bar in waterfall.bars]


def test_the_same_invoice_again_has_no_bars() -> None:
    life = Life(terms(tax=19), a_plan(flat(10_000)))
    life.renew()
    assert last_change(life, life.books.invoices[0]).bars == ()


def test_the_first_invoice_is_all_new() -> None:
    life = Life(terms(tax=20), a_plan(flat(10_000)))
    components, prices = known(life)
    waterfall = change_from_previous(None, life.books.invoices[0], components, prices)
    assert bars(waterfall) == [(ChangeCause.COMPONENT, "base", 10_000), (ChangeCause.TAX, None, 2_000)]
    assert waterfall.difference == usd("120.00")


def test_price_and_quantity_are_told_apart_at_the_new_price() -> None:
    # 2 seats at 10.00 → 5 at 12.00: the price makes 2 × 2.00, the quantity 3 × 12.00; the base 100.00 → 150.00
    life = Life(terms(tax=10), a_plan(flat(10_000), each("seats", 1_000)), quantities={"seats": 2})
    before = life.books.invoices[-1]
    life.change(april(16), a_plan(flat(15_000), each("seats", 1_200), code="dear", rank=2), seats=5)
    delta = life.books.invoices[-1]
    life.renew()
    waterfall = last_change(life, before, [delta])
    assert bars(waterfall) == [
        (ChangeCause.PRICE, "base", 5_000),
        (ChangeCause.PRICE, "seats", 400),
        (ChangeCause.QUANTITY, "seats", 3_600),
        (ChangeCause.TAX, None, 900),
    ]
    assert waterfall.difference == usd("99.00")
    assert [(each.invoice_id, each.amount) for each in waterfall.between] == [(delta.id, delta.total)]
    assert waterfall.bars[2].sentence == "Seats, 5 instead of 2: 36.00 USD more to pay."


def test_use_a_true_up_a_discount_a_one_off_and_an_adjustment_are_bars_of_their_own() -> None:
    plan = a_plan(flat(10_000), used("calls", 10), bound=(20_000, None))
    life = Life(terms(a_discount(10, periods=2)), plan)
    life.use("calls", april(2), 700)  # 70.00: a true-up of 30.00
    life.renew()
    before = life.books.invoices[-1]
    life.use("calls", MAY.start, 950)  # 95.00: 5.00
    life.use("calls", april(3), 10)  # 1.00 late, and 1.00 less of April's true-up
    charge = WaitingCharge(ChargeId(an_id("charge")), ChargeKind.ONE_OFF, usd("40.00"), "Training", april(20))
    life.renew((charge,))
    waterfall = last_change(life, before)
    assert bars(waterfall) == [
        (ChangeCause.USAGE, "calls", 2_500),
        (ChangeCause.MINIMUM, None, -2_500),
        (ChangeCause.ADJUSTMENT, None, 10),  # +1.00, and −1.00 net of its own 10 % is −0.90
        (ChangeCause.ONE_OFF, None, 4_000),
        (ChangeCause.DISCOUNT, None, 990),  # of June nothing is off, of April's late 1.00 it is 0.10
    ]


def test_a_stub_before_is_proration_and_no_price() -> None:
    life = Life(terms(), a_plan(flat(30_000)), on=april(21).date(), anchor_on=april(1).date())
    life.renew()
    assert bars(last_change(life, life.books.invoices[0])) == [(ChangeCause.PRORATION, "base", 20_000)]


def test_a_price_with_tax_in_it_that_stays_is_no_change_of_price_and_its_tax_none_of_tax() -> None:
    """20 % in 29.99 + 5 × 7.77 + 1234 × 0.013 (16.042), then without use: the same prices, 16.04 less to pay."""
    plan = a_plan(flat(2_999), each("seats", 777), used("calls", "1.3"), tax_inclusive=True)
    life = Life(terms(tax=20), plan, quantities={"seats": 5})
    life.use("calls", april(2), 1_234)
    life.renew()
    before = life.books.invoices[-1]
    life.renew()
    waterfall = last_change(life, before)
    assert bars(waterfall) == [(ChangeCause.USAGE, "calls", -1_604)]
    assert waterfall.bars[0].sentence == "Calls, 0 instead of 1234: 16.04 USD less to pay."


@pytest.mark.parametrize(
    ("says", "sentences"),
    [
        ("it ended", ["Discount ended: 10.00 USD more to pay."]),
        ("it began", ["New discount: 10.00 USD less to pay."]),
        (
            "it takes less off",
            ["Small at another price: 50.00 USD less to pay.", "Less discount: 5.00 USD more to pay."],
        ),
    ],
)
def test_what_becomes_of_a_discount_is_said_so_that_nobody_reads_the_opposite(says: str, sentences: list[str]) -> None:
    life = Life(terms(a_discount(10, periods=1 if says == "it ended" else None)), a_plan(flat(10_000)))
    before = life.books.invoices[-1]
    if says == "it takes less off":
        life.change(april(16), a_plan(flat(5_000), code="small", rank=2))
    life.renew()
    after = life.books.invoices[-1]
    if says == "it began":
        life = Life(terms(), a_plan(flat(10_000)))
        before, after = life.books.invoices[-1], before
    components, prices = known(life)
    waterfall = change_from_previous(before, after, components, prices)
    assert [bar.sentence for bar in waterfall.bars] == sentences


def test_what_comes_and_goes_with_a_plan_is_a_component() -> None:
    life = Life(terms(), a_plan(flat(10_000), each("seats", 1_000)), quantities={"seats": 2})
    before = life.books.invoices[-1]
    life.change(april(16), a_plan(flat(10_000), each("brands", 700), code="other", rank=2), brands=1)
    life.renew()
    assert bars(last_change(life, before)) == [
        (ChangeCause.COMPONENT, "seats", -2_000),
        (ChangeCause.COMPONENT, "brands", 700),
    ]


@settings(LAW, max_examples=40)
@given(data=st.data())
def test_the_bars_sum_exactly_to_the_difference(data: st.DataObject) -> None:
    minors = st.integers(0, 9_999)
    inclusive = data.draw(st.booleans())

    def any_plan(index: int) -> PlanVersion:
        parts = [flat(1 + data.draw(minors)), used("calls", data.draw(minors)), each("seats", data.draw(minors))]
        bound = data.draw(st.sampled_from([None, (5_000, None), (None, 5_000)]))
        return a_plan(*parts, code=f"p{index}", rank=index, tax_inclusive=inclusive, bound=bound)

    discounts = data.draw(st.sampled_from([(), (a_discount(33, periods=1),), (a_discount(amount=777),)]))
    of = terms(*discounts, tax=data.draw(st.sampled_from([None, 19])))
    life = Life(of, any_plan(0), quantities={"seats": 3})
    at = APRIL.start
    for index in range(1, 1 + data.draw(st.integers(0, 2))):
        at += timedelta(seconds=data.draw(st.integers(1, 10**6)))
        life.use("calls", at, data.draw(st.integers(0, 9)))
        life.change(at, any_plan(index), seats=data.draw(st.integers(0, 5)))
    before = life.books.invoices[0]
    life.renew()
    components, prices = known(life)
    some = {key: price for key, price in prices.items() if data.draw(st.booleans())}
    current = life.books.invoices[-1]
    for given_prices in (prices, some):
        waterfall = change_from_previous(before, current, components, given_prices)
        total = Money.total((bar.amount for bar in waterfall.bars), "USD")
        assert total == waterfall.difference == current.total - before.total
        assert all(not bar.amount.is_zero for bar in waterfall.bars)
