"""Editions of the policy: an id names one, a code means one rule in all of them."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from domain.plan_change.decide import decide
from domain.plan_change.editions import BASE, BY_ID, CANDIDATES, EDITIONS, _assert_editions_are_whole
from domain.plan_change.facts import PlanChangeFacts
from tests.domain.plan_change.requests import requests
from tests.domain.strategies import LAW


@settings(LAW, max_examples=30)
@given(asked=requests())
def test_l33_a_decision_names_the_edition_that_made_it(asked: PlanChangeFacts) -> None:
    for edition in EDITIONS:
        decision = decide(asked, edition)
        assert decision.policy_version == edition.id
        assert {reason.code for reason in decision.reasons if reason.code.startswith("PC-")} <= edition.codes


@settings(LAW, max_examples=30)
@given(asked=requests())
def test_l34_an_edition_that_only_adds_rules_never_loosens(asked: PlanChangeFacts) -> None:
    before = decide(asked, BASE)
    for edition in CANDIDATES:
        assert edition.codes >= BASE.codes
        after = decide(asked, edition)
        assert after.verdict.strictness >= before.verdict.strictness
        assert after.effective_at >= before.effective_at


def test_what_can_be_rolled_out_is_newer_than_what_is_live_anyway() -> None:
    assert BASE not in CANDIDATES
    assert BY_ID[BASE.id] is BASE
    assert all(EDITIONS.index(each) > EDITIONS.index(BASE) for each in CANDIDATES)


def test_editions_that_would_confuse_are_refused_at_import() -> None:
    with pytest.raises(AssertionError, match="an id twice"):
        _assert_editions_are_whole((BASE, BASE))
    rewritten = replace(BASE.rules[0], sentence="Something else.")
    with pytest.raises(AssertionError, match="means one thing"):
        _assert_editions_are_whole((BASE, replace(BASE, id="new", rules=(rewritten,))))
