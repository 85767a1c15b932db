"""Later steps of a request: on which boundary each falls, what it is decided by, and that they are one decision.

Pro is 100.00 a month and 25.00 a seat, Scale 300.00 and 40.00, Starter 20.00 and 9.00. The subscription of most tests
is on Pro with one seat since 1 April 2026, by the month; asked on the 16th.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalog import Segment
from domain.errors import InvalidInput
from domain.ids import ApprovalId
from domain.periods import Period, next_period
from domain.plan_change.approved import Approved
from domain.plan_change.decide import NO_CHANGE, decide
from domain.plan_change.outcome import differences, promise_of
from domain.plan_change.prepare import Prepared, prepare
from domain.plan_change.ramp import decide_all, lay_out
from domain.plan_change.verdict import ChangeDirection, Verdict
from domain.subscription import BillingSubscription, SubscriptionStatus
from tests.domain.invoicing.making import a_discount, terms
from tests.domain.plan_change.ramps import Asked, a_ramp, after, on, random_steps
from tests.make import (
    APRIL,
    MID_APRIL,
    SCALE,
    STARTER,
    YEAR,
    a_commitment,
    a_subscription,
    a_version,
    an_account,
    an_agreement,
    an_id,
)

ENTERPRISE = an_account(segment=Segment.ENTERPRISE)
HELP_DESK = a_version("help_desk", 1, 5_000, product="service")


def days(prepared: Prepared) -> list[str]:
    """When the steps take effect."""
    return [each.step.effective_at.date().isoformat() for each in prepared.steps]


def seats(prepared: Prepared) -> list[int]:
    """Seats of each step."""
    return [each.step.after.quantities["seats"] for each in prepared.steps]


def totals(prepared: Prepared) -> list[str]:
    """What a whole period of each step is charged."""
    return [str(each.regular_invoice.total.amount()) for each in prepared.steps]


def codes(prepared: Prepared) -> list[tuple[str, int | None]]:
    """Every reason with its step."""
    return [(reason.code, reason.step) for reason in prepared.decision.reasons]


def test_ten_seats_now_then_25_then_50_each_from_its_own_boundary() -> None:
    """10 × 25.00 + 100.00 = 350.00; 25 × 25.00 + 100.00 = 725.00; 50 × 25.00 + 100.00 = 1,350.00."""
    prepared = prepare(a_ramp(on("2026-07-01", seats=25), on("2026-10-01", seats=50), seats=10, account=ENTERPRISE))
    assert days(prepared) == ["2026-04-16", "2026-07-01", "2026-10-01"]
    assert seats(prepared) == [10, 25, 50]
    assert totals(prepared) == ["350.00", "725.00", "1350.00"]
    assert codes(prepared) == [("T-07", None), ("T-07", 2), ("T-07", 3)]
    assert prepared.decision.verdict is Verdict.ALLOW
    assert prepared.decision.effective_at == MID_APRIL


def test_a_ramp_may_ask_for_nothing_now() -> None:
    prepared = prepare(a_ramp(on("2026-10-01", SCALE), account=ENTERPRISE))
    assert codes(prepared) == [("T-07", 1)]
    assert prepared.decision.effective_at == datetime(2026, 10, 1, tzinfo=UTC)
    assert prepared.direction is ChangeDirection.UPGRADE
    assert prepared.delta.bill.is_empty
    assert [change.feature.code for change in prepared.entitlements] == ["contacts", "emails", "sso", "support"]
    assert prepared.leading.target is SCALE
    assert str(prepared.next_invoice.total.amount()) == "125.00"


def test_a_step_falls_on_the_first_boundary_on_or_after_its_day() -> None:
    for day, falls in (("2026-04-17", "2026-05-01"), ("2026-05-01", "2026-05-01"), ("2026-05-02", "2026-06-01")):
        assert days(prepare(a_ramp(on(day, seats=5), account=ENTERPRISE))) == [falls]


def test_periods_are_counted_from_the_step_before_in_its_own_interval() -> None:
    """The running period counts: one period later is 1 May. From then by the year: two of them end on 1 May 2028."""
    prepared = prepare(a_ramp(after(1, interval=YEAR), after(2, seats=5), account=ENTERPRISE))
    assert days(prepared) == ["2026-05-01", "2028-05-01"]


def test_the_next_invoice_shows_a_step_that_falls_on_its_boundary() -> None:
    """Five seats from 1 May: 100.00 + 5 × 25.00."""
    prepared = prepare(a_ramp(after(1, seats=5), account=ENTERPRISE))
    assert str(prepared.next_invoice.total.amount()) == "225.00"
    assert prepare(a_ramp(after(2, seats=5), account=ENTERPRISE)).next_invoice.total.minor == 125_00
    upgraded = prepare(a_ramp(after(1, SCALE, seats=5), seats=3, account=ENTERPRISE))
    assert str(upgraded.next_invoice.total.amount()) == "500.00"


def test_a_step_down_inside_a_commitment_waits_for_its_end_and_the_next_follows_it() -> None:
    """The contract runs to 1 April 2027: fewer seats wait for it, and what was to follow comes a period after."""
    committed = a_subscription(seats=10, commitment=a_commitment(), account=ENTERPRISE)
    prepared = prepare(a_ramp(on("2026-07-01", seats=5), on("2026-10-01", seats=20), subscription=committed,
                              account=ENTERPRISE))  # fmt: skip
    assert days(prepared) == ["2027-04-01", "2027-05-01"]
    assert prepared.decision.reasons[0].code == "T-03"
    assert {reason.code for reason in prepared.decision.reasons} == {"T-03", "T-07", "PC-10"}


def test_a_commitment_renews_on_the_way_and_holds_a_step_beyond_its_first_term() -> None:
    """Two years ahead the contract is in its third term, which ends on 1 April 2029."""
    committed = a_subscription(seats=10, commitment=a_commitment(), account=ENTERPRISE)
    prepared = prepare(a_ramp(on("2028-06-01", seats=5), subscription=committed, account=ENTERPRISE))
    assert days(prepared) == ["2029-04-01"]


def test_a_step_that_takes_less_waits_for_the_notice_that_is_agreed_counted_from_today() -> None:
    """40 days from 16 April is 26 May: the first boundary after it is 1 June. In July there is time enough."""
    agreed = an_agreement(notice_days=40)
    ten = a_subscription(seats=10, account=ENTERPRISE)
    soon = prepare(a_ramp(after(1, seats=5), subscription=ten, account=ENTERPRISE, agreement=agreed))
    assert days(soon) == ["2026-06-01"]
    assert codes(soon) == [("T-05", 1), ("PC-43", 1)]
    later = prepare(a_ramp(on("2026-07-01", seats=5), subscription=ten, account=ENTERPRISE, agreement=agreed))
    assert days(later) == ["2026-07-01"]


def test_a_discount_of_two_periods_is_used_up_by_those_before_a_step() -> None:
    """Half of 175.00 in May; June is the second period, so from July on it is 225.00 in full."""
    of = terms(a_discount(50, periods=2))
    assert totals(prepare(a_ramp(after(1, seats=3), after(2, seats=5), terms=of))) == ["87.50", "225.00"]


def test_anybody_but_an_enterprise_needs_approval_for_steps_ahead_and_a_grant_counts_for_all_of_them() -> None:
    asked = a_ramp(on("2026-07-01", seats=25), seats=10)
    prepared = prepare(asked)
    assert prepared.decision.verdict is Verdict.ASK_APPROVAL
    assert codes(prepared) == [("T-07", None), ("PC-41", None), ("T-07", 2)]
    granted = Approved(ApprovalId(an_id("approval")), frozenset({"PC-41"}), asked.in_full)
    assert decide_all(replace(asked, approval=granted)).verdict is Verdict.ALLOW
    other = a_ramp(on("2026-07-01", seats=26), seats=10)
    assert decide_all(replace(other, approval=granted)).verdict is Verdict.ASK_APPROVAL


def test_a_step_of_another_product_or_one_that_changes_nothing_is_refused_by_rule() -> None:
    helped = prepare(a_ramp(on("2026-07-01", HELP_DESK), account=ENTERPRISE))
    assert ("PC-06", 1) in codes(helped)
    assert helped.decision.verdict is Verdict.REFUSE
    nothing = prepare(a_ramp(on("2026-07-01", seats=5), on("2026-10-01", seats=5), account=ENTERPRISE))
    assert (NO_CHANGE, 2) in codes(nothing)
    assert nothing.decision.verdict is Verdict.REFUSE


def test_the_whole_is_as_strict_as_its_strictest_step_and_says_what_is_against_it_once() -> None:
    """Starter has no reports: losing them is confirmed, whichever step does it."""
    prepared = prepare(a_ramp(on("2026-07-01", STARTER), on("2026-10-01", SCALE), on("2027-01-01", STARTER),
                              account=ENTERPRISE))  # fmt: skip
    assert prepared.decision.verdict is Verdict.ASK_CONFIRMATION
    assert [each for each in codes(prepared) if each[0] == "PC-13"] == [("PC-13", 1), ("PC-13", 3)]


def test_a_step_after_the_end_of_the_subscription_is_refused() -> None:
    ending = replace(a_subscription(account=ENTERPRISE), cancel_at=APRIL.end)
    assert ("PC-42", 1) in codes(prepare(a_ramp(on("2026-07-01", seats=5), subscription=ending, account=ENTERPRISE)))


def test_what_is_paused_has_no_steps_and_says_why() -> None:
    paused = replace(a_subscription(status=SubscriptionStatus.PAUSED), items=(), paused_at=MID_APRIL)
    prepared = prepare(a_ramp(on("2026-07-01", seats=5), subscription=paused))
    assert prepared.decision.verdict is Verdict.REFUSE
    assert "PC-01" in {reason.code for reason in prepared.decision.reasons}
    assert prepared.steps == ()


def test_a_step_of_a_trial_counts_from_the_first_paid_period() -> None:
    trial = replace(a_subscription(status=SubscriptionStatus.TRIALING, account=ENTERPRISE), trial_end_at=APRIL.end)
    prepared = prepare(a_ramp(after(1, seats=5), subscription=trial, account=ENTERPRISE))
    assert days(prepared) == ["2026-06-01"]


@pytest.mark.parametrize(
    ("steps", "path"),
    [
        ([on("2026-04-16", seats=5)], ("phases", "0", "on")),
        ([on("2026-07-01", seats=5), on("2026-07-01", seats=6)], ("phases", "1", "on")),
        ([on("2026-07-02", seats=5), on("2026-07-20", seats=6)], ("phases", "1", "on")),
        ([on("2040-07-02", seats=5)], ("phases", "0", "on")),
        ([after(0, seats=5)], ("phases", "0", "afterPeriods")),
        ([after(1, seats=5), after(121, seats=6)], ("phases", "1", "afterPeriods")),
        ([after(1, interval=YEAR), after(20, seats=6)], ("phases", "1", "afterPeriods")),
        ([after(1, STARTER), after(1, seats=11)], ("phases", "1", "quantities", "seats")),
        ([after(each + 1, seats=each + 5) for each in range(13)], ("phases",)),
    ],
)
def test_a_step_that_cannot_be_read_names_its_field(steps: list[Asked], path: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput) as caught:
        prepare(a_ramp(*steps))
    assert caught.value.path == path


def test_without_phases_it_is_the_decision_alone() -> None:
    """A request as any other is decided as it always was."""
    alone = a_ramp(seats=10)
    assert decide_all(alone) == decide(alone)
    prepared = prepare(alone)
    assert promise_of(prepared)["phases"] == []
    of_old = {part: said for part, said in promise_of(prepared).items() if part != "phases"}
    assert differences(of_old, prepared) == ()


def test_a_quote_of_a_ramp_is_stale_when_a_step_of_it_is_another() -> None:
    """A contract made meanwhile holds the second step: the first, its money and the verdict stay."""
    asked = a_ramp(after(3, seats=5), seats=10, account=ENTERPRISE)
    promised = promise_of(prepare(asked))
    assert differences(promised, prepare(asked)) == ()
    agreed = replace(asked, agreement=an_agreement(notice_days=120))
    assert [each.part for each in differences(promised, prepare(agreed))] == ["phases"]


@given(steps=random_steps(), first=st.one_of(st.none(), st.integers(1, 10)), at=st.integers(0, 29 * 24))
def test_l15_the_phases_of_a_ramp_tile_the_life_and_each_period_is_of_exactly_one(
    steps: list[Asked], first: int | None, at: int
) -> None:
    """Each step begins where a period of the step before ends, and the periods of all of them follow each other."""
    now = APRIL.start + timedelta(hours=at)
    asked = a_ramp(*steps, seats=first, now=now, account=ENTERPRISE, subscription=a_subscription(account=ENTERPRISE))
    ramp = lay_out(asked)
    reached = now
    for before, step in zip((None, *ramp.steps), ramp.steps, strict=False):
        assert step.facts.subscription.period.end == step.facts.now or step.effective_at == now
        if before is not None:
            own = before.after
            assert step.effective_at >= own.period.end > reached - timedelta(days=1)
            assert step.facts.subscription.period == _last_before(own.period, own, step.effective_at)
        reached = step.effective_at
        assert step.after.period.contains(reached)


def _last_before(period: Period, own: BillingSubscription, at: datetime) -> Period:
    while period.end < at:
        period = next_period(own.anchor, own.interval, period)
    assert period.end == at
    return period


@given(steps=random_steps(), first=st.one_of(st.none(), st.integers(1, 10)))
def test_l18_the_same_ramp_is_prepared_the_same(steps: list[Asked], first: int | None) -> None:
    asked = a_ramp(*steps, seats=first)
    assert promise_of(prepare(asked)) == promise_of(prepare(asked))
    assert prepare(asked).decision == decide_all(asked)


@given(steps=random_steps(), first=st.one_of(st.none(), st.integers(1, 10)))
def test_l33_a_ramp_has_one_decision_and_each_step_its_timing(steps: list[Asked], first: int | None) -> None:
    asked = a_ramp(*steps, seats=first)
    prepared = prepare(asked)
    of = {reason.step for reason in prepared.decision.reasons}
    assert {each.step.number for each in prepared.steps} <= of | ({1} if None in of else set())
    assert prepared.decision.verdict.strictness >= max(each.step.decision.verdict.strictness for each in prepared.steps)
