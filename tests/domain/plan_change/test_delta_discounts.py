"""The money of a change under discounts and tax, and with components that are charged in arrears."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.catalog import PlanVersion
from domain.discount import Discount
from domain.ids import InvoiceId
from domain.invoice import LineKind
from domain.invoicing.debited import DebitedLine
from domain.invoicing.draft import DraftLine
from domain.money import Money
from domain.plan_change.decide import NO_CHANGE, decide
from domain.plan_change.delta import delta_of
from domain.plan_change.outcome import Difference, differences, promise_of
from domain.plan_change.prepare import prepare
from domain.plan_change.verdict import Verdict
from tests.domain.invoicing.making import ARREARS, a_discount, a_plan, each, flat, terms, used
from tests.domain.plan_change.story import Story
from tests.domain.strategies import LAW
from tests.make import APRIL, MID_APRIL, MONTH, YEAR, a_subscription, an_id, april, facts, usd

PRO = a_plan(flat(10_000), code="pro", rank=2)
SCALE = a_plan(flat(30_000), code="scale", rank=3)
SEATS = a_plan(flat(10_000), each("seats", 2_500), code="seats", rank=2)


def a_story(plan: PlanVersion, *discounts: Discount, tax: int | None = None, seats: int = 1) -> Story:
    of = terms(*discounts, tax=tax)
    return Story(a_subscription(plan, seats=seats), of.account, of)


def stated(lines: tuple[DraftLine, ...]) -> list[tuple[LineKind, str | None, int]]:
    return [(line.kind, line.component, line.stated.minor) for line in lines]


def test_the_worked_example_of_the_product_with_tax_and_the_next_invoice() -> None:
    # 100.00 → 300.00 after exactly 15 of 30 days: −50.00 + 150.00 = 100.00, 20.00 of tax; then 300.00 and 60.00
    story = a_story(PRO, tax=20)
    asked = facts(story.subscription, SCALE, now=april(16), debits=story.debits, terms=story.terms)
    prepared = prepare(asked)
    delta = prepared.delta
    assert (delta.credit, delta.charge, delta.net) == (usd("-50.00"), usd("150.00"), usd("100.00"))
    assert (delta.bill.net, delta.bill.tax, delta.bill.total) == (usd("100.00"), usd("20.00"), usd("120.00"))
    assert delta.bill.credit_notes == ()
    following = prepared.next_invoice
    assert (following.net, following.tax, following.total, following.at) == (
        usd("300.00"), usd("60.00"), usd("360.00"), APRIL.end,
    )  # fmt: skip


def test_a_fixed_discount_is_not_counted_twice_in_a_proration() -> None:
    # 20.00 off a period. April cost 80.00, half of which comes back; the charge of 150.00 gets the other 10.00
    story = a_story(PRO, a_discount(amount=2_000))
    assert story.change(SCALE, april(16)) == usd("100.00")
    assert stated(story.deltas[0].lines) == [
        (LineKind.PRORATION_CREDIT, "base", -4_000),
        (LineKind.PRORATION_CHARGE, "base", 15_000),
        (LineKind.DISCOUNT, "base", -1_000),
    ]
    assert story.billed == usd("180.00")  # 50.00 + 150.00 − 20.00


def test_what_lines_that_stay_hold_of_a_fixed_discount_is_not_given_again() -> None:
    # 30.00 over 100.00 and 50.00 of two seats: 20.00 + 10.00. Four seats: (50.00 − 10.00) / 2 back, 50.00 charged;
    # 20.00 stay with the base, so the seats get half of 10.00
    story = a_story(SEATS, a_discount(amount=3_000), seats=2)
    assert story.change(at=april(16), quantities={"seats": 4}) == usd("25.00")
    assert stated(story.deltas[0].lines) == [
        (LineKind.PRORATION_CREDIT, "seats", -2_000),
        (LineKind.PRORATION_CHARGE, "seats", 5_000),
        (LineKind.DISCOUNT, "seats", -500),
    ]
    assert story.billed == usd("145.00")  # 100.00 + 25.00 + 50.00 − 30.00


def test_a_cap_counts_once_a_period_whatever_changes_in_it() -> None:
    # half price, at most 30.00: April cost 70.00. Up at half: −35.00; +150.00 − 15.00
    story = a_story(PRO, a_discount(50, cap=3_000))
    assert story.change(SCALE, april(16)) == usd("100.00")
    assert story.billed == usd("170.00")  # 200.00 − 30.00


def test_a_new_period_uses_up_a_period_of_a_discount_and_the_credit_is_net_of_the_old_one() -> None:
    # "once" was April's. 80.00 cost April, half comes back; the year of 1000.00 is charged in full
    story = a_story(PRO, a_discount(amount=2_000, periods=1))
    assert story.change(at=april(16), interval=YEAR) == usd("960.00")
    # twice: April and the year
    again = a_story(PRO, a_discount(amount=2_000, periods=2))
    assert again.change(at=april(16), interval=YEAR) == usd("940.00")
    assert [(each.discount_id, each.period.start) for each in again.deltas[0].coverage] == [
        (a_discount(amount=2_000).id, april(16))
    ]


def test_a_change_inside_a_period_uses_up_no_period_of_a_discount() -> None:
    story = a_story(PRO, a_discount(50, periods=2))
    story.change(SCALE, april(16))
    assert story.deltas[0].coverage == ()
    # nor does one redeemed since: it begins with the next period
    later = a_story(PRO)
    later.terms = replace(later.terms, discounts=(a_discount(50, periods=2, redeemed_at=april(10)),))
    assert later.change(SCALE, april(16)) == usd("100.00")
    assert later.deltas[0].coverage == ()


def test_100_percent_off_changes_without_money_and_without_error() -> None:
    story = a_story(PRO, a_discount(100), tax=19)
    asked = facts(story.subscription, SCALE, now=april(16), debits=story.debits, terms=story.terms)
    prepared = prepare(asked)
    assert prepared.decision.verdict is Verdict.ALLOW
    assert prepared.delta.bill.total == usd("0.00")
    assert stated(prepared.delta.lines) == [
        (LineKind.PRORATION_CHARGE, "base", 15_000),
        (LineKind.DISCOUNT, "base", -15_000),
    ]
    assert prepared.next_invoice.total == usd("0.00")


def test_a_change_that_gives_back_shows_the_credit_notes_to_come() -> None:
    cheap = a_plan(flat(1_000), code="cheap", rank=4)
    story = a_story(PRO, tax=20)
    prepared = prepare(facts(story.subscription, cheap, now=april(16), debits=story.debits, terms=story.terms))
    assert prepared.decision.verdict is Verdict.ALLOW
    (note,) = prepared.delta.bill.credit_notes
    assert (note.invoice_id, note.subtotal, note.tax) == (story.debits[0].invoice_id, usd("50.00"), usd("10.00"))
    assert prepared.delta.bill.invoice is not None
    assert prepared.delta.bill.invoice.total == usd("6.00")
    assert (prepared.delta.net, prepared.delta.bill.total) == (usd("-45.00"), usd("-54.00"))


def test_credits_of_two_invoices_are_two_credit_notes() -> None:
    story = a_story(SEATS, seats=2)
    story.change(at=april(6), quantities={"seats": 4})
    cheap = a_plan(flat(100), code="cheap", rank=4)
    story.change(cheap, april(16))
    notes = story.documents[-1].credit_notes
    assert [note.invoice_id for note in notes] == [invoice.id for invoice in story.books.invoices[:2]]
    assert [note.total for note in notes] == [usd("50.00"), usd("50.00")]  # half the base; 15 of 25 days of the seats


def test_what_is_charged_in_arrears_is_in_no_delta() -> None:
    old = a_plan(flat(10_000), each("seats", 2_500, ARREARS), used("calls", 10), code="old", rank=2)
    new = a_plan(flat(30_000), each("seats", 3_000, ARREARS), used("calls", 20), code="new", rank=3)
    story = a_story(old, seats=5)
    story.change(new, april(16))
    assert [line.component for line in story.deltas[0].lines] == ["base", "base"]
    assert story.subscription.quantities == {"base": 1, "seats": 5, "calls": 0}


@pytest.mark.parametrize("discounts", [(), (a_discount(10),), (a_discount(amount=500),)])
def test_l9_what_the_subscription_has_is_no_change_and_an_empty_delta(discounts: tuple[Discount, ...]) -> None:
    story = a_story(SEATS, *discounts, seats=3, tax=19)
    asked = facts(story.subscription, debits=story.debits, terms=story.terms, quantities={"seats": 3})
    assert [reason.code for reason in decide(asked).reasons] == [NO_CHANGE]
    assert delta_of(asked).bill.is_empty


def test_a_quote_is_stale_once_a_rate_or_a_discount_has_changed() -> None:
    story = a_story(PRO, tax=19)
    asked = facts(story.subscription, SCALE, debits=story.debits, terms=story.terms)
    promised = promise_of(prepare(asked))
    assert differences(promised, prepare(asked)) == ()
    dearer = replace(asked, terms=replace(terms(tax=20), covered=story.terms.covered))
    # 150.00 + 19 % less 50.00 + 19 %, and with 20 % on what is charged
    assert differences(promised, prepare(dearer)) == (
        Difference("lines", "119.00 USD", "120.50 USD"),
        Difference("nextInvoice", "357.00 USD", "360.00 USD"),
    )
    lighter = replace(asked, terms=replace(story.terms, discounts=(a_discount(10),)))
    assert tuple(each.part for each in differences(promised, prepare(lighter))) == (
        "nextInvoice",
    )  # it begins with the next period


def test_a_quote_is_stale_once_its_line_was_credited_by_another_hand() -> None:
    story = a_story(PRO)
    asked = facts(story.subscription, SCALE, debits=story.debits, terms=story.terms)
    promised = promise_of(prepare(asked))
    (debit,) = story.debits
    spent = replace(asked, debits=(replace(debit, credited=usd("70.00")),))
    # 300.00 / 2 less 100.00 / 2 was promised; all that the line has left to give back is 30.00
    assert differences(promised, prepare(spent)) == (Difference("lines", "100.00 USD", "120.00 USD"),)


def test_what_no_item_stands_behind_is_never_credited_by_time() -> None:
    true_up = DebitedLine(
        line_id=facts().debits[0].line_id, invoice_id=InvoiceId(an_id("invoice")), item_id=None, plan_version_id=None,
        price_id=None, component=None, description="To the minimum", quantity=1, stated=usd("40.00"),
        credited=usd("0.00"), service=APRIL, kind=LineKind.TRUE_UP,
    )  # fmt: skip
    delta = delta_of(facts(a_subscription(PRO), SCALE, debits=(true_up,)))
    assert delta.credit == usd("0.00")


# --- laws ----------------------------------------------------------------------------------------------------------

LAW_HERE = settings(LAW, max_examples=40)
minors = st.one_of(st.integers(1, 99), st.integers(1, 200_000))


@st.composite
def discounted(draw: st.DrawFn) -> Story:
    """A story under any discounts, with tax inside its prices or beside them."""
    currency = draw(st.sampled_from(["USD", "JPY", "KWD"]))
    inclusive = draw(st.booleans())
    made: list[Discount] = []
    if draw(st.booleans()):
        made.append(a_discount(draw(st.sampled_from(["10", "12.5", "100"])), currency=currency))
    if draw(st.booleans()):
        made.append(a_discount(amount=draw(minors), currency=currency, name="fixed"))
    account = replace(terms().account, currency=currency)
    plan = plans(draw(minors), draw(minors), 0, currency, tax_inclusive=inclusive)
    of = terms(*made, account=account, tax=draw(st.sampled_from([None, 7, 19])))
    return Story(a_subscription(plan, seats=draw(st.integers(1, 9)), account=account), of.account, of)


def plans(base: int, seat: int, index: int, currency: str, *, tax_inclusive: bool) -> PlanVersion:
    return a_plan(
        flat(base), each("seats", seat), code=f"plan{index}", rank=index, currency=currency, tax_inclusive=tax_inclusive
    )


@LAW_HERE
@given(data=st.data(), story=discounted())
def test_l12_under_discounts_a_reversal_is_off_by_their_rounding_at_most(data: st.DataObject, story: Story) -> None:
    at = APRIL.start + timedelta(seconds=data.draw(st.integers(0, 30 * 86_400 - 1)))
    old = story.subscription
    currency = story.account.currency
    new = plans(data.draw(minors), data.draw(minors), 1, currency, tax_inclusive=old.version.prices[0].tax_inclusive)
    there = story.change(new, at, quantities={"seats": data.draw(st.integers(1, 9))})
    back = story.change(old.version, at, quantities=old.quantities)
    lines = sum(len(delta.lines) for delta in story.deltas)
    assert abs((there + back).minor) <= lines
    assert story.terms.discounts or there + back == Money.zero(currency)


@LAW_HERE
@given(data=st.data(), story=discounted())
def test_l11_under_discounts_the_total_is_the_discounted_price_over_time(data: st.DataObject, story: Story) -> None:
    at, period = APRIL.start, APRIL
    inclusive = story.subscription.version.prices[0].tax_inclusive
    percents = [each for each in story.terms.discounts if each.terms.percent is not None]
    story.terms = replace(story.terms, discounts=tuple(percents))  # a fixed amount is no price over time
    if len(story.debits[0].taken) != len(percents):
        return
    rate, integral, since = story.paid_before.minor, 0, at
    for step in range(1, data.draw(st.integers(1, 4))):
        at += timedelta(seconds=data.draw(st.integers(0, 7 * 86_400)))
        integral += rate * ((at - since) // timedelta(seconds=1))
        new = plans(data.draw(minors), data.draw(minors), step, story.account.currency, tax_inclusive=inclusive)
        story.change(new, at, quantities={"seats": data.draw(st.integers(1, 9))})
        fresh = Story(
            replace(story.subscription, started_at=APRIL.start), story.account, replace(story.terms, covered={})
        )
        rate, since = fresh.paid_before.minor, at
    integral += rate * ((period.end - since) // timedelta(seconds=1))
    lines = len(story.debits) + sum(len(delta.lines) for delta in story.deltas)
    assert abs(story.billed.minor - integral / period.seconds) <= lines


def test_nothing_of_a_month_is_left_at_its_last_instant() -> None:
    story = a_story(PRO, a_discount(10), tax=19)
    asked = facts(story.subscription, SCALE, now=APRIL.end, debits=story.debits, terms=story.terms)
    assert delta_of(asked).bill.is_empty
    assert april(16) == MID_APRIL
    assert prepare(facts(story.subscription, interval=MONTH, debits=story.debits, terms=story.terms)).delta.lines == ()
