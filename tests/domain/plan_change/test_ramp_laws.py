"""The laws where a change has later steps: each step is a change like another, and none of them is paid before its day.

Where the steps fall, and that they tile the life, is told in test_ramp.py.
"""

from dataclasses import replace
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.catalog import PlanVersion, Segment
from domain.dunning import Standing
from domain.invoicing.regular import regular_lines
from domain.money import Money
from domain.plan_change.decide import NO_CHANGE
from domain.plan_change.editions import BASE, EDITIONS
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.parts import parts_of
from domain.plan_change.policy import POLICY, Rule
from domain.plan_change.prepare import prepare
from domain.plan_change.ramp import decide_all, lay_out
from domain.plan_change.verdict import Verdict
from domain.subscription import SubscriptionStatus
from tests.domain.plan_change.ramps import Asked, a_ramp, after, random_steps
from tests.domain.plan_change.requests import agreements, edition_of, policies, rules
from tests.domain.strategies import LAW
from tests.make import AN_OVERDUE_INVOICE, LADDER, MONTH, a_commitment, a_subscription, an_account

LAW_OF_RAMPS = settings(LAW, max_examples=25)
STANDING = (Standing.GOOD, Standing.OVERDUE, Standing.CHANGES_BLOCKED, Standing.SUSPENDED)


@st.composite
def ramps(draw: st.DrawFn) -> PlanChangeFacts:
    """A request with up to four later steps, of anybody: in trial or under contract, with terms of its own or in
    arrears, and with something asked for now or nothing.
    """
    account = an_account(segment=draw(st.sampled_from(Segment)))
    subscription = a_subscription(
        draw(st.sampled_from(LADDER[1:4])),
        seats=draw(st.integers(1, 10)),
        account=account,
        status=draw(
            st.sampled_from([SubscriptionStatus.ACTIVE, SubscriptionStatus.ACTIVE, SubscriptionStatus.TRIALING])
        ),
        commitment=draw(st.sampled_from([None, None, a_commitment(12), a_commitment(1)])),
    )
    return a_ramp(
        *draw(random_steps()),
        subscription=subscription,
        target=draw(st.sampled_from([None, *LADDER[1:4]])),
        seats=draw(st.one_of(st.none(), st.integers(1, 10))),
        account=account,
        usage={"seats": draw(st.integers(0, 12)), "contacts": draw(st.integers(0, 12_000))},
        standing=draw(st.sampled_from(STANDING)),
        overdue="12.00",
        oldest_overdue=AN_OVERDUE_INVOICE,
        agreement=draw(agreements()),
    )


@LAW_OF_RAMPS
@given(steps=random_steps(), at=st.integers(0, 4))
def test_l9_a_step_that_changes_nothing_is_no_change_and_nothing_is_paid_for_steps_ahead(
    steps: list[Asked], at: int
) -> None:
    nothing = after(1)
    prepared = prepare(a_ramp(*steps[:at], nothing, account=an_account(segment=Segment.ENTERPRISE)))
    assert prepared.delta.bill.is_empty
    # what is not sold so is not taken, and refused as that
    assume(all(each.step.after.version is each.step.facts.target for each in prepared.steps))
    step = prepared.steps[-1].step
    assert NO_CHANGE in {reason.code for reason in step.decision.reasons}
    assert prepared.decision.verdict is Verdict.REFUSE
    before = prepared.steps[-2].step.after if len(prepared.steps) > 1 else prepared.facts.subscription
    assert (step.after.version, step.after.quantities) == (before.version, before.quantities)
    assert prepared.steps[-1].entitlements == ()


@LAW_OF_RAMPS
@given(asked=ramps())
def test_l11_what_is_paid_today_is_for_today_whatever_is_to_follow(asked: PlanChangeFacts) -> None:
    alone = replace(asked, request=replace(asked.request, phases=()), phase_targets=())
    together = prepare(asked)
    if not parts_of(alone):
        assert together.delta.bill.is_empty
    elif together.is_immediate and prepare(alone).is_immediate:
        assert together.delta == prepare(alone).delta


@LAW_OF_RAMPS
@given(asked=ramps())
def test_l11_each_step_is_charged_at_its_own_price_for_its_own_periods(asked: PlanChangeFacts) -> None:
    for each in prepare(asked).steps:
        own = each.step.after
        whole = regular_lines(own.version, "USD", own.interval, own.quantities, own.period, "UTC")
        assert each.regular_invoice.total == Money.total((line.stated for line in whole), "USD")


@LAW_OF_RAMPS
@given(steps=random_steps(), there=st.sampled_from(LADDER[1:4]), seats=st.integers(1, 10))
def test_l12_a_step_and_its_exact_reversal_leave_what_was_before_them(
    steps: list[Asked], there: PlanVersion, seats: int
) -> None:
    first, *_ = steps
    _, plan = first
    start = a_subscription(plan or LADDER[2], seats=3)
    back = after(1, start.version, seats=3)
    ramp = lay_out(a_ramp(after(1, there, seats=seats), back, subscription=start))
    up, down = ramp.steps
    assert down.after.quantities == start.quantities
    assert (down.after.version, down.after.interval, down.after.anchor) == (start.version, MONTH, start.anchor)
    assert up.after.version is there


@LAW_OF_RAMPS
@given(asked=ramps())
def test_l32_each_step_says_by_how_much_what_is_used_does_not_fit(asked: PlanChangeFacts) -> None:
    for each in prepare(asked).steps:
        for change in each.entitlements:
            assert change.used == asked.usage.get(change.feature.code)
            assert change.fits == (change.excess == 0)
            if change.excess:
                assert change.used == (change.after.limit or 0) + change.excess
            elif change.after.is_enabled and change.after.limit is not None and change.used is not None:
                assert change.used <= change.after.limit
            assert all(value.limit is None or value.limit >= 0 for value in (change.before, change.after))


@LAW_OF_RAMPS
@given(asked=ramps())
def test_l33_the_one_decision_names_its_edition_and_a_reason_for_each_step(asked: PlanChangeFacts) -> None:
    for edition in EDITIONS:
        ramp = lay_out(asked, edition)
        assert ramp.decision == decide_all(replace(asked), edition)
        assert ramp.decision.policy_version == edition.id
        assert ramp.decision.reasons
        told = {reason.step for reason in ramp.decision.reasons}
        later = ramp.steps[1:] if parts_of(asked) else ramp.steps
        assert {step.number for step in later} <= told
        assert ramp.decision.effective_at == ramp.steps[0].effective_at
        assert all(one.effective_at < other.effective_at for one, other in pairwise(ramp.steps))


@settings(LAW, max_examples=60)
@given(data=st.data(), asked=ramps(), policy=policies())
def test_l34_adding_a_rule_never_loosens_a_ramp_nor_brings_a_step_forward(
    data: st.DataObject, asked: PlanChangeFacts, policy: tuple[Rule, ...]
) -> None:
    base = (*POLICY, *policy) if data.draw(st.booleans()) else POLICY
    before, after_ = lay_out(asked, edition_of(base)), lay_out(asked, edition_of((*base, data.draw(rules(99)))))
    days = [step.effective_at for step in before.steps], [step.effective_at for step in after_.steps]
    assert all(one <= other for one, other in zip(*days, strict=True))
    # a step that has moved is decided on the facts of its later day
    if days[0] == days[1]:
        assert after_.decision.verdict.strictness >= before.decision.verdict.strictness
        said = {(reason.code, reason.step) for reason in after_.decision.reasons}
        assert {(reason.code, reason.step) for reason in before.decision.reasons} <= said


@LAW_OF_RAMPS
@given(data=st.data(), asked=ramps())
def test_l34_shuffling_the_rules_changes_nothing_of_a_ramp(data: st.DataObject, asked: PlanChangeFacts) -> None:
    shuffled = edition_of(data.draw(st.permutations(POLICY)))
    assert lay_out(asked, shuffled) == lay_out(asked, edition_of(BASE.rules))


@LAW_OF_RAMPS
@given(steps=random_steps(), stands=st.sampled_from(STANDING[2:]))
def test_l36_who_has_no_access_plans_nothing_ahead(steps: list[Asked], stands: Standing) -> None:
    enterprise = an_account(segment=Segment.ENTERPRISE)
    asked = a_ramp(
        *steps, account=enterprise, standing=stands, overdue="25.00", oldest_overdue=AN_OVERDUE_INVOICE
    )  # fmt: skip
    decision = decide_all(asked)
    assert decision.verdict is Verdict.REFUSE
    assert "PC-18" in {reason.code for reason in decision.reasons}
