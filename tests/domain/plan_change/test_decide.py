"""How findings combine into the one decision: laws over any request and any rules."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.plan_change.decide import NO_CHANGE, asked_to_confirm, decide, waits_for
from domain.plan_change.editions import BASE
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.policy import POLICY, AskConfirmation, Refuse, Rule, WaitUntil
from domain.plan_change.prepare import prepare
from domain.plan_change.timing import TIMING, instant_of
from domain.plan_change.verdict import EffectiveTiming, RemedyAction, Verdict
from tests.domain.plan_change.requests import edition_of, policies, requests, rules
from tests.domain.strategies import LAW
from tests.make import APRIL, MID_APRIL, PRO, SCALE, STARTER, a_subscription, facts

LAW_OF_DECISIONS = settings(LAW, max_examples=30)


def always(facts: PlanChangeFacts) -> bool:
    """A question that says yes to everything."""
    return True


def test_no_rule_firing_means_yes() -> None:
    decision = decide(facts(target=SCALE))
    assert decision.verdict is Verdict.ALLOW
    assert [reason.code for reason in decision.reasons] == ["T-07"]


def test_a_request_for_what_is_there_is_no_change_and_nothing_else() -> None:
    # also where another rule would have something to say
    decision = decide(facts(changes_last_day=9))
    (reason,) = decision.reasons
    assert (decision.verdict, reason.code) == (Verdict.REFUSE, NO_CHANGE)
    assert reason.remedy is not None
    assert reason.remedy.action is RemedyAction.CHOOSE_ANOTHER_PLAN


def test_the_strictest_verdict_and_the_latest_date_win() -> None:
    wait = Rule("PX-1", "", (always,), WaitUntil(EffectiveTiming.END_OF_PERIOD, "Not yet."))
    confirm = Rule("PX-2", "", (always,), AskConfirmation("Sure?"))
    decision = decide(facts(target=SCALE), edition_of((confirm, wait)))
    assert (decision.verdict, decision.effective_at) == (Verdict.ASK_CONFIRMATION, APRIL.end)
    assert [reason.code for reason in decision.reasons] == ["T-07", "PX-1", "PX-2"]


def test_a_rule_that_waits_for_an_earlier_date_changes_nothing() -> None:
    at_once = Rule("PX-1", "", (always,), WaitUntil(EffectiveTiming.IMMEDIATE, "Now."))
    assert decide(facts(target=STARTER), edition_of((at_once,))).effective_at == APRIL.end


def test_a_confirmed_code_counts_as_agreed_and_no_other_does() -> None:
    first = Rule("PX-1", "", (always,), AskConfirmation("Sure?"))
    second = Rule("PX-2", "", (always,), AskConfirmation("Really?"))
    asked = decide(facts(target=SCALE), edition_of((first, second)))
    assert asked_to_confirm(asked) == {"PX-1", "PX-2"}
    assert waits_for(asked, frozenset()) is Verdict.ASK_CONFIRMATION
    assert waits_for(asked, frozenset({"PX-1"})) is Verdict.ASK_CONFIRMATION
    assert waits_for(asked, frozenset({"PX-1", "PX-2"})) is Verdict.ALLOW
    refused = decide(facts(target=SCALE), edition_of((first, Rule("PX-3", "", (always,), Refuse("No.")))))
    assert waits_for(refused, frozenset({"PX-1", "PX-3"})) is Verdict.REFUSE  # a no is not confirmed away


@LAW_OF_DECISIONS
@given(asked=requests())
def test_l33_a_request_has_one_decision_with_a_reason_and_the_version(asked: PlanChangeFacts) -> None:
    decision = decide(asked)
    assert decision.policy_version == BASE.id
    first, *found = decision.reasons
    assert first.code in {NO_CHANGE, *(row.code for row in TIMING)}
    assert [reason.code for reason in found] == sorted({reason.code for reason in found})
    assert first.code not in {reason.code for reason in found}
    assert decision.verdict is max((reason.verdict for reason in decision.reasons), key=lambda each: each.strictness)
    assert decision.effective_at == max(each.effective_at for each in decision.reasons if each.effective_at)
    # whoever is told no is told what would help
    assert all(reason.sentence and (reason.remedy or reason.verdict is Verdict.ALLOW) for reason in decision.reasons)
    assert not any("{" in reason.sentence for reason in decision.reasons)


@LAW_OF_DECISIONS
@given(asked=requests())
def test_l33_the_same_input_gives_the_same_decision(asked: PlanChangeFacts) -> None:
    assert decide(asked) == decide(replace(asked))


@LAW_OF_DECISIONS
@given(asked=requests())
def test_l18_the_order_facts_were_loaded_in_never_shows(asked: PlanChangeFacts) -> None:
    backwards = replace(
        asked, others=asked.others[::-1], overrides=asked.overrides[::-1], usage=dict(list(asked.usage.items())[::-1])
    )
    assert replace(prepare(backwards), facts=asked) == prepare(asked)


@LAW
@given(data=st.data(), asked=requests(), policy=policies())
def test_l34_adding_a_rule_never_loosens(data: st.DataObject, asked: PlanChangeFacts, policy: tuple[Rule, ...]) -> None:
    base = policy if data.draw(st.booleans()) else POLICY
    one_more = data.draw(rules(99))
    before, after = decide(asked, edition_of(base)), decide(asked, edition_of((*base, one_more)))
    assert after.verdict.strictness >= before.verdict.strictness
    assert after.effective_at >= before.effective_at
    assert set(before.reasons) <= set(after.reasons)


@LAW_OF_DECISIONS
@given(data=st.data(), asked=requests(), policy=policies())
def test_l34_shuffling_the_rules_changes_nothing(
    data: st.DataObject, asked: PlanChangeFacts, policy: tuple[Rule, ...]
) -> None:
    together = (*POLICY, *policy)
    assert decide(asked, edition_of(data.draw(st.permutations(together)))) == decide(asked, edition_of(together))


def test_every_timing_is_an_instant() -> None:
    asked = facts(a_subscription(PRO))
    assert [instant_of(asked, timing) for timing in EffectiveTiming] == [MID_APRIL, APRIL.end, APRIL.end, APRIL.end]
