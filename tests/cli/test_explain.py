"""`billing explain`: what is told of a rule, and of a whole decision."""

from cli.explain import explanation, the_decision
from domain.plan_change.editions import CANDIDATES, RULES
from domain.plan_change.facts import PlanChangeFacts
from tests.make import PRO, STARTER, a_subscription, april, facts


def too_many_seats() -> PlanChangeFacts:
    # Pro with nine seats, seven of them in use, would have five
    return facts(a_subscription(PRO, seats=9), PRO, seats=5, usage={"seats": 7})


def test_a_rule_that_speaks_shows_which_questions_said_yes() -> None:
    told = explanation(RULES["PC-16"], too_many_seats())
    assert told[0].startswith("PC-16  ")
    assert any("yes  seats_no_longer_fit" in line for line in told)
    assert told[-1] == "It fires."


def test_a_rule_that_is_silent_says_so() -> None:
    assert explanation(RULES["PC-16"], facts(target=STARTER))[-1] == "It does not fire."


def test_a_decision_lists_every_finding_its_way_out_and_its_questions() -> None:
    told = list(the_decision(too_many_seats()))
    assert told[0].startswith("REFUSE, effective 2026-05-01T00:00:00+00:00, by edition ")
    assert any(line.startswith("  T-05") for line in told)
    (finding,) = [number for number, line in enumerate(told) if line.startswith("  PC-16")]
    assert "7 seats are in use" in told[finding]
    assert "REDUCE_SEATS" in told[finding + 1]
    assert told[-1] == "It fires."


def test_a_decision_is_that_of_the_edition_the_account_has() -> None:
    newer = next(each for each in CANDIDATES if RULES["PC-40"] in each.rules)
    asked = facts(target=STARTER, upgraded_at=april(2))
    told = list(the_decision(asked, newer))
    assert told[0].startswith("ASK_CONFIRMATION, ")
    assert told[0].endswith(f"by edition {newer.id}")
    assert any(line.startswith("PC-40  ") for line in told)
    assert not any("PC-40" in line for line in the_decision(asked))
