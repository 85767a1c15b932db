"""Use that comes late: inside the grace the draft moves, after it an adjustment on the next invoice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.credit import CreditNoteReason
from domain.ids import ChargeId
from domain.invoice import ChargeKind, InvoiceReason, InvoiceStatus, LineKind
from domain.invoicing.debits import debits_of
from domain.invoicing.documents import Heading, finalise, issue
from domain.invoicing.late import late_lines
from domain.invoicing.period import BoundaryFacts, close_period
from domain.invoicing.span import span_of
from domain.invoicing.waiting import WaitingCharge
from domain.invoicing.written import move_draft
from domain.money import Money
from domain.periods import next_period
from tests.domain.invoicing.life import Life
from tests.domain.invoicing.making import MAY, a_discount, a_plan, each, flat, terms, tiered, used
from tests.domain.strategies import LAW
from tests.make import APRIL, NumberedIds, an_id, april, usd

TIERS = tiered("calls", (100, 10), (None, 5))


def adjustments(life: Life) -> list[tuple[Money, object]]:
    """Adjustments so far, and the lines they correct."""
    kinds = [line for line in life.books.lines if line.kind is LineKind.ADJUSTMENT]
    return [(line.stated, line.explanation.credited_line_id) for line in kinds]


def usage_id(life: Life) -> object:
    return next(line.id for line in life.books.lines if line.kind is LineKind.USAGE)


def test_late_use_is_rated_as_if_in_time_and_billed_with_the_next_invoice() -> None:
    # 80 in time: 8.00. 50 late: 130 are 10.00 + 1.50, so 3.50 more
    life = Life(terms(), a_plan(flat(10_000), TIERS))
    life.use("calls", april(2), 80)
    life.renew()
    life.use("calls", april(3), 50)
    renewal = life.renew().invoice
    assert adjustments(life) == [(usd("3.50"), usage_id(life))]
    (line,) = [line for line in renewal.lines if line.kind is LineKind.ADJUSTMENT]  # type: ignore[union-attr]
    assert line.service == APRIL
    assert line.explanation.sentence == (
        "1 Apr 2026 to 30 Apr 2026: 100 × 0.10 USD + 30 × 0.05 USD = 11.50 USD."
        " Counted again; less 8.00 USD charged before: 3.50 USD."
    )
    life.renew()
    assert len(adjustments(life)) == 1  # once


def test_a_correction_downwards_gives_back_of_the_line_it_corrects() -> None:
    life = Life(terms(), a_plan(flat(10_000), used("calls", 10)))
    life.use("calls", april(2), 80)
    life.renew()
    life.events["calls"] = [(april(2), 30)]
    life.renew()
    assert adjustments(life) == [(usd("-5.00"), usage_id(life))]
    assert [line.left for line in life.books.debits if line.line_id == usage_id(life)] == [usd("3.00")]


def test_more_and_then_less_is_given_back_of_the_newest_first() -> None:
    # 8.00 in time, +2.00 late, then all of it corrected away: −2.00 of the adjustment and −8.00 of the line
    life = Life(terms(), a_plan(flat(10_000), used("calls", 10)))
    life.use("calls", april(2), 80)
    life.renew()
    life.use("calls", april(2), 20)
    life.renew()
    life.events["calls"] = []
    life.renew()
    first, second, third = adjustments(life)
    adjustment = next(line.id for line in life.books.lines if line.kind is LineKind.ADJUSTMENT)
    assert first == (usd("2.00"), usage_id(life))
    assert (second, third) == ((usd("-2.00"), adjustment), (usd("-8.00"), usage_id(life)))
    causes = [line.cause for line in life.books.lines if line.kind is LineKind.ADJUSTMENT]
    assert len(set(causes)) == 3


def test_a_late_correction_is_capped_at_what_its_line_has_left() -> None:
    # support gave 6.00 of the 8.00 back already: of 8.00 too much only 2.00 are left to give
    life = Life(terms(), a_plan(flat(10_000), used("calls", 10)))
    life.use("calls", april(2), 80)
    life.renew()
    line = next(line for line in life.books.debits if line.line_id == usage_id(life))
    courtesy = WaitingCharge(
        ChargeId(an_id("charge")), ChargeKind.ADJUSTMENT, usd("-6.00"), "A courtesy", MAY.start, line=line
    )
    life.renew((courtesy,))
    life.events["calls"] = []
    life.renew()
    assert [amount for amount, _ in adjustments(life)] == [usd("-6.00"), usd("-2.00")]
    assert life.books.lines[-2].explanation.sentence.endswith("-2.00 USD, all that the line has left.")
    assert life.books.lines[-2].explanation.rule == "RECOUNT"


def test_a_courtesy_is_not_claimed_back_by_a_recount() -> None:
    life = Life(terms(), a_plan(flat(10_000), used("calls", 10)))
    life.use("calls", april(2), 80)
    life.renew()
    line = next(line for line in life.books.debits if line.line_id == usage_id(life))
    courtesy = WaitingCharge(
        ChargeId(an_id("charge")), ChargeKind.ADJUSTMENT, usd("-6.00"), "A courtesy", MAY.start, line=line
    )
    life.renew((courtesy,))
    life.renew()
    assert [amount for amount, _ in adjustments(life)] == [usd("-6.00")]


@pytest.mark.parametrize(
    ("says", "counts_now", "due"),
    [
        ("as it was", 80, []),
        ("less, which was forgiven", 30, []),
        ("more, above what was forgiven", 95, ["1.50"]),
    ],
)
def test_what_was_forgiven_with_its_invoice_stays_forgiven(says: str, counts_now: int, due: list[str]) -> None:
    # 80 at 0.10 were on the invoice that is void
    life = Life(terms(), a_plan(flat(10_000), used("calls", 10)))
    life.use("calls", april(2), 80)
    void = life.renew().invoice
    assert void is not None
    documents = [replace(each, status=InvoiceStatus.VOID) if each is void else each for each in life.books.invoices]
    billed = debits_of(documents, (), life.books.items, forgiven={void.id})
    life.events["calls"] = [(april(2), counts_now)]
    late = replace(life.closing(life.closed[0][0]), billed=billed)
    lines = late_lines(late, "USD", "UTC")
    assert [line.stated for line in lines] == [usd(amount) for amount in due], says
    assert [line.explanation.credited_line_id for line in lines] == [None] * len(due), "a void line is not corrected"


def test_a_correction_gives_back_net_of_the_discount_of_its_own_line() -> None:
    # once 50 %: 8.00 cost 4.00. Half of the use was wrong: 2.00 come back, not 4.00; and no discount is taken again
    life = Life(terms(a_discount(50, periods=1)), a_plan(flat(10_000), used("calls", 10)))
    life.use("calls", april(2), 80)
    life.renew()
    life.events["calls"] = [(april(2), 40)]
    renewal = life.renew().invoice
    assert adjustments(life) == [(usd("-2.00"), usage_id(life))]
    assert [line.kind for line in renewal.lines] == [LineKind.USAGE, LineKind.ADJUSTMENT, LineKind.CHARGE]  # type: ignore[union-attr]
    life.renew()
    assert len(adjustments(life)) == 1


def test_late_use_of_a_discounted_period_is_discounted_too() -> None:
    life = Life(terms(a_discount(50, periods=1)), a_plan(flat(10_000), used("calls", 10)))
    life.renew()
    life.use("calls", april(2), 40)
    renewal = life.renew().invoice
    assert renewal is not None
    assert [(line.kind, line.amount) for line in renewal.lines[1:3]] == [
        (LineKind.ADJUSTMENT, usd("4.00")),
        (LineKind.DISCOUNT, usd("-2.00")),
    ]


def test_late_use_lowers_the_true_up_that_it_would_have_made_smaller() -> None:
    # minimum 150.00: 100.00 and 40.00 of use left a true-up of 10.00. 6.00 late: 6.00 more use, 6.00 less true-up
    life = Life(terms(), a_plan(flat(10_000), used("calls", 10), bound=(15_000, None)))
    life.use("calls", april(2), 400)
    life.renew()
    life.use("calls", april(2), 60)
    life.use("calls", MAY.start, 500)
    life.renew()
    true_up = next(line.id for line in life.books.lines if line.kind is LineKind.TRUE_UP)
    assert adjustments(life) == [(usd("6.00"), usage_id(life)), (usd("-6.00"), true_up)]


def test_late_use_beyond_the_maximum_costs_nothing() -> None:
    life = Life(terms(), a_plan(flat(10_000), used("calls", 10), bound=(None, 12_000)))
    life.use("calls", april(2), 300)  # 30.00: 10.00 above
    life.renew()
    life.use("calls", april(2), 100)
    life.renew()
    assert adjustments(life)[:2] == [(usd("10.00"), usage_id(life)), (usd("-10.00"), None)]


def test_a_correction_that_exceeds_its_invoice_is_a_credit_note() -> None:
    life = Life(terms(tax=19), a_plan(flat(1_000), used("calls", 10)))
    life.use("calls", april(2), 1_000)  # 100.00
    life.renew()
    life.events["calls"] = []
    renewal = life.renew()
    assert [(note.subtotal, note.tax) for note in renewal.credit_notes] == [(usd("100.00"), usd("19.00"))]
    assert renewal.invoice is not None
    assert renewal.invoice.subtotal == usd("10.00")


@settings(LAW, max_examples=60)
@given(data=st.data())
def test_l28_after_corrections_use_costs_what_it_would_have_in_time(data: st.DataObject) -> None:
    percent = data.draw(st.sampled_from([None, None, 50]))
    tiers = data.draw(st.sampled_from([TIERS, used("calls", "0.3"), tiered("calls", (10, 7), (None, 0))]))
    discounts = () if percent is None else (a_discount(percent),)
    values = st.integers(0, 200)
    life = Life(terms(*discounts), a_plan(flat(100_000), tiers))
    told = [data.draw(st.lists(values, max_size=3)) for _ in range(data.draw(st.integers(1, 4)))]
    for count in told:
        life.events["calls"] = [(april(2), value) for value in count]
        life.renew()
    in_time = Life(terms(*discounts), a_plan(flat(100_000), tiers))
    in_time.events = life.events
    for _ in told:
        in_time.renew()
    apart = abs(life.stated().minor - in_time.stated().minor)
    assert apart <= (0 if percent is None else len(life.books.lines))


# --- the draft -------------------------------------------------------------------------------------------------


def drafted(life: Life) -> tuple[BoundaryFacts, object]:
    """A boundary of a life, not issued yet."""
    span = span_of(life.subscription)
    closing = life.closing(span)
    opening = replace(
        life.subscription, period=next_period(life.subscription.anchor, life.subscription.interval, life.period)
    )
    return BoundaryFacts(life.period.end, life.terms, closing, opening), span


def test_use_inside_the_grace_moves_the_draft_and_leaves_the_rest_of_it() -> None:
    life = Life(terms(a_discount(amount=1_000), tax=10), a_plan(flat(10_000), used("calls", 10), each("seats", 100)))
    life.use("calls", april(2), 80)
    boundary, _ = drafted(life)
    lines = close_period(boundary)
    heading = Heading(InvoiceReason.RENEWAL, life.subscription.id, MAY)
    draft = issue(lines.bill, life.account, heading, NumberedIds(1_000)).invoice
    assert draft is not None
    assert (draft.status, draft.finalised_at, draft.finalise_at) == (
        InvoiceStatus.DRAFT, None, datetime(2026, 5, 2, tzinfo=UTC),
    )  # fmt: skip
    # 80 calls are 8.00; of April's 10.00 off all is on April's own invoice already. May: 100.00 − 10.00
    assert [line.amount for line in draft.lines] == [usd("8.00"), usd("100.00"), usd("-10.00")]
    life.use("calls", april(30), 20)
    moved = move_draft(
        draft, life.closing(span_of(life.subscription)), lines.terms, life.books.items, NumberedIds(2_000)
    ).invoice
    assert moved is not None
    assert [line.amount for line in moved.lines] == [usd("10.00"), usd("100.00"), usd("-10.00")]
    assert [line.id for line in moved.lines] == [line.id for line in draft.lines]
    assert moved.lines[2].discounted_line_id == draft.lines[1].id
    assert (moved.id, moved.status, moved.finalise_at) == (draft.id, InvoiceStatus.DRAFT, draft.finalise_at)
    assert moved.tax == usd("10.00")
    final = finalise(moved, life.account, datetime(2026, 5, 2, tzinfo=UTC))
    assert (final.status, final.total, final.lines) == (InvoiceStatus.OPEN, usd("110.00"), moved.lines)


def test_a_draft_that_nothing_moves_is_the_same_draft() -> None:
    life = Life(terms(a_discount(25), tax=10), a_plan(flat(10_000), used("calls", 10), bound=(20_000, None)))
    life.use("calls", april(2), 80)
    boundary, _ = drafted(life)
    lines = close_period(boundary)
    heading = Heading(InvoiceReason.RENEWAL, life.subscription.id, MAY)
    draft = issue(lines.bill, life.account, heading, NumberedIds(1_000)).invoice
    assert draft is not None
    again = move_draft(
        draft, life.closing(span_of(life.subscription)), lines.terms, life.books.items, NumberedIds(2_000)
    )
    assert again.invoice == draft


@pytest.mark.parametrize(("hours", "status"), [(0, InvoiceStatus.OPEN), (1, InvoiceStatus.DRAFT)])
def test_a_seller_without_grace_has_no_drafts(hours: int, status: InvoiceStatus) -> None:
    life = Life(terms(), a_plan(flat(10_000), used("calls", 10)))
    boundary, _ = drafted(life)
    seller = replace(life.terms.seller, grace=timedelta(hours=hours))
    lines = close_period(replace(boundary, terms=replace(life.terms, seller=seller)))
    heading = Heading(InvoiceReason.RENEWAL, life.subscription.id, MAY, credit_reason=CreditNoteReason.PLAN_CHANGE)
    invoice = issue(lines.bill, life.account, heading, NumberedIds()).invoice
    assert invoice is not None
    assert invoice.status is status
