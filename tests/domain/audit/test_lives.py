"""Two derivations of one life agree: the engine that wrote its documents, and the audit that knows only the facts.

The audit is written without the engine (contract 9), so that each is the other's oracle.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.audit.audit import audit
from domain.audit.disagreement import Code, Disagreement
from domain.audit.facts import Counted, Window
from domain.catalog import PlanVersion
from domain.discount import Discount
from domain.invoice import LineKind
from domain.periods import BillingInterval
from domain.usage import Aggregation
from tests.domain.audit.making import ToldLife, a_life, books_of, change, end, pause, renew, resume, rules_of
from tests.domain.invoicing.making import ARREARS, a_discount, a_plan, each, flat, terms, tiered, used
from tests.domain.strategies import LAW
from tests.make import ACCOUNT, MONTH, QUARTER, YEAR, an_account, april

ZONES = ("UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata")
DAYS = (date(2026, 1, 1), date(2026, 1, 15), date(2026, 1, 31))


def found_in(life: ToldLife, *plans: PlanVersion) -> Sequence[Disagreement]:
    """What the audit says of a life."""
    return audit(books_of(life), rules_of(life, *plans))


@st.composite
def _a_plan(draw: st.DrawFn, code: str, rank: int, tax_inclusive: bool) -> PlanVersion:
    parts = [
        flat(draw(st.sampled_from((0, 5_000, 9_999)))),
        each("seats", draw(st.sampled_from(("0", "199.5", "1999")))),
    ]
    if draw(st.booleans()):
        parts.append(draw(st.sampled_from((used("calls", "0.333"), tiered("calls", (100, 2), (None, 1))))))
    if draw(st.booleans()):
        parts.append(used("level", 2, draw(st.sampled_from((Aggregation.MAX, Aggregation.LATEST)))))
    if draw(st.booleans()):
        parts.append(each("hosts", 333, ARREARS))
    bound = draw(st.sampled_from((None, (5_000, None), (20_000, 70_000), (None, 60_000))))
    return a_plan(*parts, code=code, rank=rank, tax_inclusive=tax_inclusive, bound=bound)


@st.composite
def _discounts(draw: st.DrawFn) -> tuple[Discount, ...]:
    periods, component = draw(st.sampled_from((None, 1, 2))), draw(st.sampled_from((None, "seats")))
    share = a_discount(draw(st.sampled_from(("10", "33.3", "100"))), periods=periods, component=component)
    capped = a_discount(20, cap=1_500, periods=periods, name="capped")
    fixed = a_discount(amount=draw(st.sampled_from((500, 3_333, 100_000))), periods=periods, name="fixed")
    return draw(st.sampled_from(((), (share,), (fixed,), (share, fixed), (capped,))))


@settings(LAW, max_examples=60)
@given(data=st.data())
def test_l18_whatever_a_life_was_the_audit_derives_its_documents_again(data: st.DataObject) -> None:
    inclusive = data.draw(st.booleans(), "prices include tax")
    plans = [data.draw(_a_plan(f"plan{rank}", rank, inclusive)) for rank in (1, 2, 3)]
    account = replace(ACCOUNT, zone=data.draw(st.sampled_from(ZONES)))
    life = a_life(
        terms(*data.draw(_discounts()), tax=data.draw(st.sampled_from((None, 19, "8.875"))), account=account),
        plans[0],
        on=data.draw(st.sampled_from(DAYS)),
        interval=data.draw(st.sampled_from((MONTH, QUARTER))),
        quantities={"seats": data.draw(st.integers(0, 9))},
        anchor_on=data.draw(st.sampled_from((None, date(2026, 1, 10), date(2026, 1, 31)))),
    )
    for _ in range(data.draw(st.integers(1, 6))):
        _live_on(data, life, plans)
        assert found_in(life, *plans) == ()


def _live_on(data: st.DataObject, life: ToldLife, plans: Sequence[PlanVersion]) -> None:
    """One more thing happens to it."""
    begins = max(life.period.start, life.turns[-1].occurred_at)
    left_s = int((life.period.end - begins).total_seconds())
    if left_s < 2:
        # whatever comes now comes at the boundary or later, and a period is closed before anything else is done
        renew(life)
        return
    at = begins + timedelta(seconds=data.draw(st.integers(1, left_s - 1), "seconds on"))
    match data.draw(st.sampled_from(("renew", "renew", "use", "change", "change", "longer", "pause"))):
        case "renew":
            renew(life)
        case "use":
            for component in ("calls", "level"):
                life.use(component, at, data.draw(st.sampled_from(("1", "50", "0.25", "120"))))
        case "change":
            change(life, at, data.draw(st.sampled_from(plans)), seats=data.draw(st.integers(0, 9)))
        case "longer":
            longer = [each for each in (QUARTER, YEAR) if each.months > life.subscription.interval.months]
            if longer:
                change(life, at, data.draw(st.sampled_from(plans)), interval=longer[0])
        case "pause":
            pause(life, at)
            resume(life, at + timedelta(seconds=data.draw(st.integers(1, 40 * 86_400), "seconds paused")))


def test_a_life_that_ends_in_the_middle_is_derived_again() -> None:
    plan = a_plan(flat(10_000), used("calls", "1.5"), bound=(12_000, 40_000))
    life = a_life(terms(a_discount(10), tax=19), plan)
    life.use("calls", april(3), 50)
    end(life, april(16), gives_back_unused=True)
    assert found_in(life) == ()


def test_a_maximum_holds_for_a_period_that_a_new_one_cuts_short() -> None:
    # 100.00 a month, at most 40.00: on 16 April half of it is given back, 50.00 stay, and half of 40.00 is the most
    plan = a_plan(flat(10_000), bound=(None, 4_000))
    life = a_life(terms(), plan)
    change(life, april(16), a_plan(flat(10_000), code="yearly", rank=2), interval=YEAR)
    given_back = sum(note.total.minor for note in life.books.notes)
    assert (given_back, found_in(life, a_plan(flat(10_000), code="yearly", rank=2))) == (3_000, ())


def test_a_longer_interval_in_the_afternoon_counts_quantities_in_arrears_from_its_day_on() -> None:
    # 10 hosts at 3.33 a month, 33.30 a year: to the year on 16 April at 14:00, which begins at that day's 00:00
    plan = a_plan(each("hosts", 333, ARREARS))
    life = a_life(terms(), plan, quantities={"hosts": 10})
    change(life, april(16, 14), plan, interval=YEAR)
    renew(life)
    charged = [(line.stated.minor, line.service.start) for line in life.books.lines]
    # 15 of 30 days of 33.30, then a whole year of 333.00
    assert charged == [(1_665, april(1)), (33_300, april(16))]
    assert found_in(life) == ()


def test_a_longer_interval_in_the_afternoon_is_bounded_for_the_whole_of_its_period() -> None:
    # 10.00 a month, at least 120.00; then 200.00 a year, at least 900.00, from 16 April at 14:00 on
    month = a_plan(flat(1_000), bound=(12_000, None))
    year = a_plan(flat(2_000), code="larger", rank=2, bound=(90_000, None))
    life = a_life(terms(), month)
    change(life, april(16, 14), year, interval=YEAR)
    renew(life)
    trued_up = [line.stated.minor for line in life.books.lines if line.kind is LineKind.TRUE_UP]
    # 15 of 30 days of 120.00 less 5.00 charged; then 900.00 less 200.00, and nothing of the morning
    assert trued_up == [5_500, 70_000]
    assert found_in(life, year) == ()


def test_a_free_plan_left_in_the_afternoon_counts_from_that_day_on() -> None:
    free, paid = (
        a_plan(code="free"),
        a_plan(flat(1_000), each("hosts", 300, ARREARS), code="paid", rank=2, bound=(9_000, None)),
    )
    life = a_life(terms(), free)
    change(life, april(16, 14), paid, hosts=2)
    renew(life)
    # 16 April to 16 May: 10.00 and 6.00, and 74.00 to the minimum; then 10.00 in advance
    assert [line.stated.minor for line in life.books.lines] == [1_000, 600, 7_400, 1_000]
    assert found_in(life, paid) == ()


def test_a_boundary_across_a_change_of_the_clocks_is_derived_again() -> None:
    life = a_life(terms(account=an_account(zone="America/New_York")), a_plan(flat(10_000)), on=date(2026, 3, 1))
    for _ in range(9):  # into November, over both changes
        renew(life)
    assert found_in(life) == ()


def test_use_that_comes_late_is_derived_again() -> None:
    life = a_life(terms(a_discount(10), tax=19), a_plan(flat(10_000), tiered("calls", (100, 2), (None, 1))))
    life.use("calls", april(3), 50)
    renew(life)
    sound = books_of(life)
    life.use("calls", april(4), 150)  # after the invoice: 50 × 2 = 100, then 100 × 2 + 100 × 1 = 300
    renew(life)
    books = replace(books_of(life), usage={**sound.usage, **_of_later(life)})
    assert audit(books, rules_of(life)) == ()
    late = next(line for _, line in books.final_lines() if line.kind is LineKind.ADJUSTMENT)
    assert (late.stated_minor, late.quantity) == (200, Fraction(200))
    cheaper = replace(late, amount_minor=199, arithmetic=replace(late.arithmetic, basis_minor=Fraction(199), terms=()))
    invoices = tuple(
        replace(each, lines=tuple(cheaper if line is late else line for line in each.lines)) for each in books.invoices
    )
    assert Code.CHARGE in {each.code for each in audit(replace(books, invoices=invoices), rules_of(life))}


def _of_later(life: ToldLife) -> dict[Window, Counted]:
    """What was counted in the windows after the first."""
    return {window: counted for window, counted in books_of(life).usage.items() if window.span.start > april(1)}


def test_intervals_are_the_catalogs() -> None:
    for interval in BillingInterval:
        life = a_life(
            terms(tax=19), a_plan(flat(10_000), each("seats", 500)), interval=interval, quantities={"seats": 3}
        )
        renew(life)
        assert found_in(life) == ()
