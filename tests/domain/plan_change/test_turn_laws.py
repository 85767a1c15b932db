"""The laws of money (L9 to L14) where a subscription rests, goes on, ends or leaves its trial."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.catalog import PlanVersion
from domain.commands import Cancel, EndTrial, Pause, Resume
from domain.ids import TaxRateId
from domain.invoice import LineKind
from domain.money import Money
from domain.plan_change.decide import NO_CHANGE, decide
from domain.plan_change.delta import delta_of
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.prepare import prepare
from domain.plan_change.turning import is_impossible, is_turn
from domain.subscription import SubscriptionStatus
from tests.domain.invoicing.making import terms
from tests.domain.plan_change.requests import requests
from tests.domain.plan_change.story import Story
from tests.domain.plan_change.test_delta import instants_of, seats_for, stories, versions
from tests.domain.plan_change.test_delta_discounts import discounted, plans
from tests.domain.strategies import LAW
from tests.make import FREE, PRO, SCALE, STARTER, YEAR, a_subscription, an_id, april, debits_of, facts, usd

LAW_OF_TURNS = settings(LAW, max_examples=15)
END = Cancel(is_immediate=True, credits_unused=True)
TURNS_BACK: st.SearchStrategy[Pause | Cancel] = st.sampled_from((Pause(), END))
NOTHING = Money.zero("USD")


def minutes_later(draw: st.DataObject, at: datetime, story: Story, most: int = 20) -> datetime:
    """An instant up to some days after another, in the story's period."""
    last = story.subscription.period.end - timedelta(seconds=1)
    return min(last, at + timedelta(seconds=draw.draw(st.one_of(st.just(0), st.integers(0, most * 86_400)))))


def rate_of(story: Story) -> int:
    """What a whole period of it costs, in minor units."""
    return sum(debit.debited.minor for debit in debits_of(story.subscription, story.account))


# --- worked examples ---------------------------------------------------------------------------------------------


def test_ten_days_of_rest_cost_nothing_and_the_rest_is_charged_as_it_was_given_back() -> None:
    # 125.00 for 30 days: the pause on the 11th gives 20 days back, the resume on the 21st charges 10
    story = Story(a_subscription(PRO))
    assert story.turn(Pause(), april(11)) == usd("-83.33")
    assert story.turn(Resume(), april(21)) == usd("41.67")
    assert story.billed == usd("83.34")  # 20 days are 83.333…, rounded at each side
    assert story.turn(END, april(26)) == usd("-20.84")  # half of the 41.67


def test_a_trial_that_ends_early_is_charged_in_full_from_its_day_and_gives_nothing_back() -> None:
    story = Story(a_subscription(PRO, status=SubscriptionStatus.TRIALING))
    assert story.paid_before == NOTHING
    assert story.change(SCALE, april(16, 15), turn=EndTrial(), quantities={"seats": 2}) == usd("380.00")
    assert story.subscription.period.start == april(16)
    assert {line.kind for line in story.deltas[0].lines} == {LineKind.CHARGE}


def test_seats_added_as_it_is_paused_are_there_when_it_goes_on() -> None:
    story = Story(a_subscription(PRO))
    assert story.change(at=april(16), quantities={"seats": 4}) == usd("37.50")
    assert story.turn(Pause(), april(16)) == usd("-100.00")
    assert story.turn(Resume(), april(16)) == usd("100.00")
    assert story.subscription.quantities == {"base": 1, "seats": 4}


# --- nothing for nothing -----------------------------------------------------------------------------------------


@settings(LAW, max_examples=30)
@given(asked=requests())
def test_l9_what_cannot_be_or_is_ahead_moves_no_money_and_a_turn_is_never_nothing(asked: PlanChangeFacts) -> None:
    prepared = prepare(asked)
    if is_impossible(asked) or not prepared.is_immediate:
        assert prepared.delta.bill.is_empty
        assert prepared.delta.lines == ()
    # whatever may be said against a turn, it is none that the subscription has taken already
    assert not is_turn(asked) or NO_CHANGE not in {reason.code for reason in prepared.decision.reasons}


@pytest.mark.parametrize("target", [FREE, STARTER])
def test_l9_what_waits_for_its_day_moves_no_money_before(target: PlanVersion) -> None:
    for more in ({}, {"interval": YEAR}, {"seats": 4} if target is STARTER else {}):
        prepared = prepare(facts(a_subscription(PRO, seats=2), target, **more))
        assert not prepared.is_immediate
        assert prepared.delta.bill.is_empty


@LAW_OF_TURNS
@given(data=st.data(), story=stories())
def test_l9_after_a_rest_it_is_what_it_was_and_to_ask_for_that_is_no_change(data: st.DataObject, story: Story) -> None:
    at = data.draw(instants_of(story))
    story.change(data.draw(versions("b")), at)
    before = story.subscription
    at = minutes_later(data, max(at, before.period.start), story)
    story.turn(Pause(), at)
    at = minutes_later(data, at, story)
    story.turn(Resume(), at)
    now = story.subscription
    assert (now.version, now.interval, now.anchor, now.period) == (
        before.version, before.interval, before.anchor, before.period,
    )  # fmt: skip
    assert now.quantities == before.quantities
    again = facts(
        now, now=at, interval=now.interval, quantities=now.quantities, account=story.account, debits=story.debits
    )
    assert [reason.code for reason in decide(again).reasons] == [NO_CHANGE]
    assert delta_of(again).bill.is_empty


# --- shares of time ----------------------------------------------------------------------------------------------


@LAW_OF_TURNS
@given(story=stories(), turn=TURNS_BACK)
def test_l10_what_a_turn_gives_back_is_all_at_the_start_and_nothing_at_the_end(
    story: Story, turn: Pause | Cancel
) -> None:
    period = story.subscription.period
    last = Story(story.subscription, story.account)
    assert story.turn(turn, period.start) == -story.paid_before
    assert story.billed == NOTHING
    assert last.turn(turn, period.end) == NOTHING


@LAW_OF_TURNS
@given(data=st.data(), story=stories())
def test_l10_two_rests_that_meet_give_back_what_one_over_both_does(data: st.DataObject, story: Story) -> None:
    start = data.draw(instants_of(story))
    middle = minutes_later(data, start, story)
    end = minutes_later(data, middle, story)
    twice, once = story, Story(story.subscription, story.account)
    for since, until in ((start, middle), (middle, end)):
        twice.turn(Pause(), since)
        twice.turn(Resume(), until)
    once.turn(Pause(), start)
    once.turn(Resume(), end)
    # the line of the middle debited a rounded amount, and that is what the second rest gives back
    assert abs((twice.billed - once.billed).minor) <= len(story.subscription.items)


# --- the way there makes no difference ----------------------------------------------------------------------------


@LAW_OF_TURNS
@given(data=st.data(), story=stories())
def test_l11_several_things_at_once_net_as_one_after_the_other(data: st.DataObject, story: Story) -> None:
    at, target = data.draw(instants_of(story)), data.draw(versions("b"))
    assume(not story.subscription.version.is_free and not target.is_free)
    seats = seats_for(target, data.draw(st.integers(1, 40)))
    together, apart, other_way = (Story(story.subscription, story.account) for _ in range(3))
    net = together.change(target, at, quantities=seats)
    one_way = apart.change(target, at) + apart.change(at=at, quantities=seats)
    first = seats if seats_for(story.subscription.version, 1) else {}
    back = other_way.change(at=at, quantities=first) + other_way.change(target, at, quantities=seats)
    # the base keeps its own line meanwhile: what was one side, rounded together, is two
    assert abs((net - one_way).minor) <= 1
    assert abs((net - back).minor) <= 1
    assert together.subscription.quantities == apart.subscription.quantities == other_way.subscription.quantities


@LAW_OF_TURNS
@given(data=st.data(), story=stories())
def test_l11_a_change_and_then_a_rest_at_one_instant_net_as_the_rest_alone(data: st.DataObject, story: Story) -> None:
    at, target = data.draw(instants_of(story)), data.draw(versions("b"))
    assume(not story.subscription.version.is_free and not target.is_free)
    turn = data.draw(TURNS_BACK)
    alone = Story(story.subscription, story.account)
    net = story.change(target, at) + story.turn(turn, at)
    # what was charged for the rest is all given back: its lines have a rounded amount, and give back that
    assert net == alone.turn(turn, at)


@LAW_OF_TURNS
@given(data=st.data(), story=stories())
def test_l11_a_trial_that_ends_into_other_terms_costs_as_one_that_ends_and_then_changes(
    data: st.DataObject, story: Story
) -> None:
    trial = replace(story.subscription, status=SubscriptionStatus.TRIALING)
    interval, target = trial.interval, data.draw(versions("b"))
    seats = seats_for(target, data.draw(st.integers(1, 40)))
    assume(not trial.version.is_free and not target.is_free)
    # at the start of a local day, where the paid period begins: later in it the change would be for the rest alone
    at = trial.period.start
    at_once, switched, apart = (Story(trial, story.account) for _ in range(3))
    net = at_once.change(target, at, turn=EndTrial(), quantities=seats)
    assert net == switched.change(target, at, quantities=seats)
    assert net == apart.change(at=at, turn=EndTrial()) + apart.change(target, at, quantities=seats)
    assert at_once.subscription.period == apart.subscription.period
    assert at_once.subscription.interval is interval
    assert at_once.subscription.status is SubscriptionStatus.ACTIVE


@settings(LAW, max_examples=30)
@given(data=st.data(), story=stories())
def test_l11_the_total_billed_over_rests_changes_and_an_end_is_the_price_over_the_time_it_ran(
    data: st.DataObject, story: Story
) -> None:
    at = since = story.subscription.period.start
    assume(not story.subscription.version.is_free)
    integral, lines = Fraction(0), len(story.debits)
    for step in range(data.draw(st.integers(1, 6))):
        at = minutes_later(data, at, story, most=9)
        kind = data.draw(st.sampled_from(["change", "rest", "rest beyond the period", "end"]))
        target = data.draw(versions(f"plan {step}"))
        if kind == "change" and target.is_free:
            continue
        integral += Fraction(rate_of(story) * _seconds(since, at), int(story.subscription.period.seconds))
        since = at
        match kind:
            case "change":
                story.change(target, at)
            case "end":
                story.turn(END, at)
            case _:
                story.turn(Pause(), at)
                ends = story.subscription.period.end
                at = minutes_later(data, at, story, most=9)
                if kind != "rest":
                    at = ends + timedelta(seconds=data.draw(st.integers(0, 90 * 86_400)))
                story.turn(Resume(), at)
                assert story.subscription.period.contains(at)
                since = at
        lines += len(story.deltas[-1].lines) + len(story.deltas[-2:][0].lines)
        if kind == "end":
            break
    else:
        period = story.subscription.period
        integral += Fraction(rate_of(story) * _seconds(since, period.end), int(period.seconds))
    assert abs(story.billed.minor - integral) <= lines


def _seconds(start: datetime, end: datetime) -> int:
    return (end - start) // timedelta(seconds=1)


# --- there and back ----------------------------------------------------------------------------------------------


@LAW_OF_TURNS
@given(data=st.data(), story=stories())
def test_l12_a_rest_that_ends_as_it_begins_nets_nothing(data: st.DataObject, story: Story) -> None:
    at = data.draw(instants_of(story))
    assert story.turn(Pause(), at) + story.turn(Resume(), at) == NOTHING


@LAW_OF_TURNS
@given(data=st.data(), story=stories())
def test_l12_a_rest_amid_a_change_and_its_reversal_at_one_instant_nets_nothing(
    data: st.DataObject, story: Story
) -> None:
    at, old = data.draw(instants_of(story)), story.subscription
    new = data.draw(st.one_of(versions("b"), st.just(old.version)))  # also more seats alone
    assume(not old.version.is_free and not new.is_free)
    net = story.change(new, at, quantities=seats_for(new, data.draw(st.integers(1, 40))))
    changed = story.subscription
    net += story.turn(Pause(), at) + story.turn(Resume(), at)
    assert story.subscription.quantities == changed.quantities
    assert net + story.change(old.version, at, quantities=old.quantities) == NOTHING
    assert story.subscription.quantities == old.quantities


# --- never more than was debited ---------------------------------------------------------------------------------


def a_random_life(data: st.DataObject, story: Story) -> None:
    """Changes, rests and at last perhaps an end, one after the other."""
    at = data.draw(instants_of(story))
    for step in range(data.draw(st.integers(1, 5))):
        match data.draw(st.sampled_from(["change", "year", "rest", "rest", "end"])):
            case "change":
                target = data.draw(versions(f"plan {step}"))
                story.change(target, at, quantities=seats_for(target, data.draw(st.integers(1, 40))))
            case "year":
                story.change(at=at, interval=YEAR)
            case "end":
                story.turn(END, at)
                return
            case _:
                story.turn(Pause(), at)
                at = minutes_later(data, at, story, most=4)
                story.turn(Resume(), at)
        at = minutes_later(data, max(at, story.subscription.period.start), story, most=4)


@LAW_OF_TURNS
@given(data=st.data(), story=stories())
def test_l13_all_credits_of_a_line_over_rests_and_an_end_never_exceed_what_it_debited(
    data: st.DataObject, story: Story
) -> None:
    a_random_life(data, story)
    for debit in story.debits:
        assert NOTHING <= debit.credited <= debit.debited
    drafts = [line for delta in story.deltas for line in delta.lines]
    credited = [line for line in drafts if line.kind is LineKind.PRORATION_CREDIT]
    for line, other in combinations(credited, 2):
        is_of_one_line = line.explanation.credited_line_id == other.explanation.credited_line_id
        assert not is_of_one_line or not line.service.overlaps(other.service)


# --- at the terms it was charged on -------------------------------------------------------------------------------


def with_another_rate(story: Story, percent: str) -> None:
    """From 2 April on the country has another rate of tax, where it had one."""
    rates = story.terms.rates
    if rates:
        day = date(2026, 4, 2)
        new = replace(rates[0], id=TaxRateId(an_id("new rate")), percent=Decimal(percent), valid_from=day)
        story.terms = replace(story.terms, rates=(replace(rates[0], valid_until=day), new))


def assert_credited_on_its_own_terms(story: Story) -> None:
    """Each credit is the unused share of what its line came to net of its discount, and of the tax of that."""
    lines = {line.id: line for line in story.books.lines}
    debits = {debit.line_id: debit for debit in story.debits}
    for note in story.books.notes:
        for credit in note.lines:
            of, debit = lines[credit.invoice_line_id], debits[credit.invoice_line_id]
            assert credit.tax_inclusive == of.tax_inclusive
            assert credit.service is not None
            unused = Fraction(int(credit.service.seconds), int(of.service.seconds))
            given = credit.amount.minor + (credit.tax_minor if credit.tax_inclusive else 0)
            assert abs(given - debit.debited.minor * unused) <= 1
            # a split moves a unit of tax between lines, and so does a discount's own share of it
            assert abs(credit.tax_minor - debit.tax_minor * unused) <= 2
    for debit in story.debits:
        assert 0 <= debit.credited.minor <= debit.debited.minor


def test_l14_on_one_invoice_the_credit_has_the_rate_of_its_line_and_the_charge_that_of_its_day() -> None:
    # from 2 April tax is 25 %, and was 19: −62.50 and −11.875 of it, 170.00 (150.00 + a seat's 20.00) and 42.50
    of = terms(tax=19)
    story = Story(a_subscription(PRO, account=of.account), of.account, of)
    with_another_rate(story, "25")
    assert story.change(SCALE, april(16)) == usd("107.50")
    invoice = story.documents[-1].invoice
    assert invoice is not None
    assert invoice.tax == usd("30.62")  # 42.50 − 11.88
    assert {line.kind: line.tax_rate_id for line in invoice.lines} == {
        LineKind.PRORATION_CREDIT: of.rates[0].id,
        LineKind.PRORATION_CHARGE: TaxRateId(an_id("new rate")),
    }


@settings(LAW, max_examples=30)
@given(data=st.data(), story=discounted(), turn=TURNS_BACK)
def test_l14_a_turn_gives_back_at_the_tax_and_discount_of_the_line(
    data: st.DataObject, story: Story, turn: Pause | Cancel
) -> None:
    with_another_rate(story, data.draw(st.sampled_from(["0", "5", "25"])))
    if data.draw(st.booleans()):
        story.terms = replace(story.terms, discounts=())
    at = april(1) + timedelta(seconds=data.draw(st.one_of(st.just(0), st.integers(0, 30 * 86_400))))
    if data.draw(st.booleans()):
        inclusive = story.subscription.version.prices[0].tax_inclusive
        target = plans(data.draw(st.integers(1, 90_000)), 700, 1, story.account.currency, tax_inclusive=inclusive)
        story.change(target, at, quantities={"seats": data.draw(st.integers(1, 9))})
    story.turn(turn, at)
    assert_credited_on_its_own_terms(story)
    if at == april(1):
        # all of it, tax and discount included, whatever either would be by now
        assert story.books.total_minor == 0


@LAW_OF_TURNS
@given(data=st.data(), story=discounted())
def test_l14_what_a_resume_charged_anew_is_given_back_on_its_own_terms(data: st.DataObject, story: Story) -> None:
    story.turn(Pause(), april(10))
    story.turn(Resume(), april(12))
    before = story.books.total_minor
    with_another_rate(story, "25")
    at = april(12) + timedelta(seconds=data.draw(st.one_of(st.just(0), st.integers(0, 18 * 86_400))))
    story.turn(END, at)
    assert_credited_on_its_own_terms(story)
    if at == april(12):
        served = story.books.total_minor
        invoice, *_ = story.books.invoices
        # nine of thirty days stay charged, at the tax and discount of the first invoice: a unit a line and tax
        assert abs(served - Fraction(invoice.total.minor * 9, 30)) <= 4
        assert served <= before
