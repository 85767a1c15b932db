"""Facts of a decision are kept without whom they are about, and decide the same when they are read back."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from db.facts_text import facts_json, facts_of, versions_of
from domain.catalog import PlanVersion
from domain.ids import PlanVersionId
from domain.invoicing.terms import untaxed
from domain.plan_change.decide import decide
from domain.plan_change.editions import EDITIONS
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.prepare import prepare
from tests.domain.plan_change.requests import requests
from tests.domain.strategies import LAW
from tests.make import ACCOUNT, PRO, SCALE, facts


def versions(asked: PlanChangeFacts) -> dict[PlanVersionId, PlanVersion]:
    """What is on the shelf: the versions that the facts were about, as they would be loaded again."""
    subscribed = (each.version for each in (asked.subscription, *asked.others))
    held = (each.version for each in asked.held)
    return {each.id: each for each in (asked.target, *subscribed, *held)}


def kept(asked: PlanChangeFacts) -> Any:
    """The facts as the database gives them back."""
    return json.loads(json.dumps(facts_json(asked)))


@LAW
@given(asked=requests())
def test_facts_kept_and_read_back_decide_the_same(asked: PlanChangeFacts) -> None:
    text = kept(asked)
    shelf = versions(asked)
    assert versions_of(text) == set(shelf)
    back = facts_of(text, shelf)
    for edition in EDITIONS:
        assert decide(back, edition) == decide(asked, edition)
    assert kept(back) == text


def test_the_money_is_the_same_too() -> None:
    asked = facts(target=SCALE)
    back = facts_of(kept(asked), versions(asked))
    assert prepare(back).delta.net == prepare(asked).delta.net
    assert prepare(back).next_invoice.lines == prepare(asked).next_invoice.lines


def test_nothing_in_it_names_anybody() -> None:
    named = replace(
        ACCOUNT, name="Lovelace & Co", email="ada@example.test", address="1 Byron Lane", tax_id="GB123456789"
    )
    text = json.dumps(facts_json(facts(target=SCALE, account=named, terms=untaxed(named))))
    for secret in ("Lovelace", "ada@", "Byron", "GB123456789"):
        assert secret not in text


def test_it_is_small() -> None:
    # two item versions, two debits, one account: some three kilobytes, most of them ids and instants
    assert len(json.dumps(facts_json(facts(target=SCALE)), separators=(",", ":"))) < 4_000


def test_a_field_of_another_release_is_left_out_and_one_that_was_not_there_yet_has_its_default() -> None:
    asked = facts(target=SCALE, upgraded_at=None)
    text = kept(asked)
    assert "upgraded_at" not in text
    assert decide(facts_of({**text, "of_tomorrow": 1}, versions(asked))) == decide(asked)


def test_a_version_that_is_gone_is_an_error() -> None:
    with pytest.raises(KeyError):
        facts_of(kept(facts(target=SCALE)), {PRO.id: PRO})
