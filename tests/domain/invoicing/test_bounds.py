"""The minimum and maximum of a period, over all its invoices, by the time each version was in force (law L5)."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.invoice import LineKind
from domain.invoicing.bounds import charged_before
from tests.domain.invoicing.life import Life
from tests.domain.invoicing.making import a_discount, a_plan, each, flat, terms, used
from tests.domain.strategies import LAW
from tests.make import APRIL, april, usd


def test_a_period_below_its_minimum_is_brought_up_to_it() -> None:
    life = Life(terms(), a_plan(flat(10_000), used("calls", 2), bound=(15_000, None)))
    life.use("calls", april(3), 500)  # 10.00: 110.00 in all
    renewal = life.renew().invoice
    assert renewal is not None
    assert [(line.kind, line.amount) for line in renewal.lines] == [
        (LineKind.USAGE, usd("10.00")),
        (LineKind.TRUE_UP, usd("40.00")),
        (LineKind.CHARGE, usd("100.00")),
    ]
    assert renewal.lines[1].explanation.sentence == (
        "The period's minimum of 150.00 USD, less 110.00 USD charged = 40.00 USD."
    )
    assert (renewal.lines[1].item_id, renewal.lines[1].service) == (None, APRIL)


def test_a_period_above_its_maximum_is_brought_down_to_it() -> None:
    life = Life(terms(), a_plan(flat(10_000), used("calls", 2), bound=(None, 12_000)))
    life.use("calls", april(3), 2_500)  # 50.00
    renewal = life.renew().invoice
    assert renewal is not None
    assert [(line.kind, line.amount) for line in renewal.lines] == [
        (LineKind.USAGE, usd("50.00")),
        (LineKind.MAXIMUM, usd("-30.00")),
        (LineKind.CHARGE, usd("100.00")),
    ]


def test_a_change_counts_with_its_credit_and_its_charge_and_prorates_the_bound() -> None:
    # 100.00 for 15 days and 300.00 for 15: 200.00 charged. Minimums: half of 500.00 and half of 300.00 make 400.00
    life = Life(terms(), a_plan(flat(10_000), bound=(50_000, None)))
    life.change(april(16), a_plan(flat(30_000), code="scale", rank=2, bound=(30_000, None)))
    true_up = life.renew().invoice.lines[0]  # type: ignore[union-attr]
    assert (true_up.kind, true_up.amount) == (LineKind.TRUE_UP, usd("200.00"))


def test_a_minimum_is_before_discounts_and_they_are_off_it_too() -> None:
    # 100.00 at half price is 50.00; up to the minimum of 150.00 another 50.00, at half price too
    life = Life(terms(a_discount(50)), a_plan(flat(10_000), bound=(15_000, None)))
    renewal = life.renew().invoice
    assert renewal is not None
    assert [(line.kind, line.amount) for line in renewal.lines[:2]] == [
        (LineKind.TRUE_UP, usd("50.00")),
        (LineKind.DISCOUNT, usd("-25.00")),
    ]


def test_a_discounted_credit_counts_at_its_full_price() -> None:
    # half price; −25.00 +75.00 are −50.00 +150.00 before the discount: 100 − 50 + 150 = 200.00, as the minimum says
    life = Life(terms(a_discount(50)), a_plan(flat(10_000), bound=(20_000, None)))
    life.change(april(16), a_plan(flat(30_000), code="scale", rank=2, bound=(20_000, None)))
    assert all(line.kind is not LineKind.TRUE_UP for line in life.renew().invoice.lines)  # type: ignore[union-attr]


def test_a_free_period_that_was_changed_counts_at_its_full_price_by_time() -> None:
    # with 100 % off nothing was credited, and still only half of the first line counts
    life = Life(terms(a_discount(100)), a_plan(flat(10_000), bound=(30_000, None)))
    life.change(april(16), a_plan(flat(30_000), code="scale", rank=2, bound=(30_000, None)))
    assert charged_before(life.books.debits, APRIL) == 20_000
    true_up = life.renew().invoice.lines[0]  # type: ignore[union-attr]
    assert (true_up.kind, true_up.amount) == (LineKind.TRUE_UP, usd("100.00"))


def test_a_maximum_beyond_its_own_invoice_gives_back_of_the_earlier_one() -> None:
    # 200.00 were charged in advance for a plan whose maximum is 150.00; it ends with the period: 50.00 come back
    life = Life(terms(tax=20), a_plan(flat(20_000), bound=(None, 15_000)))
    ended = life.end(APRIL.end)
    assert ended.invoice is None
    (note,) = ended.credit_notes
    assert (note.subtotal, note.tax, note.invoice_id) == (usd("50.00"), usd("10.00"), life.books.invoices[0].id)
    assert note.lines[0].invoice_line_id == life.books.invoices[0].lines[0].id
    assert note.to_invoice_minor == 6_000  # the first invoice still asks for 240.00


def test_a_pause_asks_for_its_share_of_the_minimum_only() -> None:
    # 15 of 30 days paid: 50.00 kept, half of 150.00 is asked for
    life = Life(terms(), a_plan(flat(10_000), bound=(15_000, None)))
    life.pause(april(16))
    resumed = life.resume(datetime(2026, 5, 16, tzinfo=UTC)).invoice
    assert resumed is not None
    assert resumed.lines[0].kind is LineKind.TRUE_UP
    assert resumed.lines[0].amount == usd("25.00")


@settings(LAW, max_examples=60)
@given(data=st.data())
def test_l5_minimum_and_maximum_hold_over_all_invoices_of_a_period(data: st.DataObject) -> None:
    minors = st.integers(0, 50_000)
    whens = sorted(data.draw(st.lists(st.integers(1, 30 * 86_400 - 1), max_size=3, unique=True)))
    percent = data.draw(st.sampled_from([None, 10, 33, 100]))
    low, high = sorted(data.draw(st.tuples(minors, minors)))
    bound = data.draw(st.sampled_from([(low, high), (low, None), (None, high)]))

    def a_version(name: str) -> tuple[str, int]:
        return name, data.draw(minors)

    discounts = () if percent is None else (a_discount(percent),)
    made = [a_version(f"plan{index}") for index in range(len(whens) + 1)]
    plans = [
        a_plan(flat(base + 1), used("calls", 3), each("seats", 700), code=name, rank=rank, bound=bound)
        for rank, (name, base) in enumerate(made)
    ]
    life = Life(terms(*discounts), plans[0], quantities={"seats": data.draw(st.integers(0, 9))})
    for second, plan in zip(whens, plans[1:], strict=True):
        life.use("calls", april(1), data.draw(st.integers(0, 5_000)))
        life.change(datetime.fromtimestamp(APRIL.start.timestamp() + second, UTC), plan)
    life.renew()
    life.end(datetime(2026, 5, 1, 0, 0, 1, tzinfo=UTC), gives_back_unused=True)
    charged = charged_before(life.books.debits, APRIL)
    slack = 2 * len(life.books.lines)  # each discounted credit was rounded by itself
    exact = 0 if percent is None else slack
    assert bound[0] is None or charged >= bound[0] - exact
    assert bound[1] is None or charged <= bound[1] + exact
