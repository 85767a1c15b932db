"""Decision trees: what a move from one plan to another leaves open, and that what they call settled is."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from domain.commands import ChangePlan
from domain.commands.plan_change import Cancel, EndTrial, Pause, Resume
from domain.plan_change.decide import decide
from domain.plan_change.editions import BASE
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.tree import a_move, tree_of
from domain.plan_change.tree_document import trees_markdown
from tests.domain.plan_change.requests import requests
from tests.domain.strategies import LAW
from tests.make import CONTRACT, LADDER, MONTH, PRO, STARTER


def codes(move: PlanChangeFacts) -> set[str]:
    return {each.rule.code for each in tree_of(move, BASE.rules).rules}


def timing(move: PlanChangeFacts) -> list[tuple[str, list[str]]]:
    branches = tree_of(move, BASE.rules).branches
    return [(branch.row.code, [question.__name__ for question in branch.asks]) for branch in branches]


def test_a_downgrade_asks_for_the_trial_and_the_contract() -> None:
    assert timing(a_move(PRO, STARTER, MONTH)) == [
        ("T-01", ["in_trial"]),
        ("T-03", ["in_commitment"]),
        ("T-05", []),
    ]


def test_an_upgrade_asks_for_the_trial_only() -> None:
    assert timing(a_move(STARTER, PRO, MONTH)) == [("T-01", ["in_trial"]), ("T-07", [])]


def test_a_move_names_the_rules_that_may_speak_and_no_others() -> None:
    up, down = codes(a_move(STARTER, PRO, MONTH)), codes(a_move(PRO, STARTER, MONTH))
    assert {"PC-13", "PC-19", "PC-20"} <= down  # lost features, a clause against going down, notice
    assert not {"PC-13", "PC-19", "PC-20"} & up
    assert "PC-09" in codes(a_move(PRO, CONTRACT, MONTH))  # sold with a contract
    assert "PC-09" not in up
    # another product, a plan not on sale and one without a price are no moves of this catalog
    assert not {"PC-06", "PC-07", "PC-08"} & (up | down)


def test_turns_have_trees_of_their_own() -> None:
    assert timing(a_move(PRO, PRO, MONTH, turn=Pause())) == [("T-13", [])]
    assert timing(a_move(PRO, PRO, MONTH, turn=Resume())) == [("T-14", [])]
    assert timing(a_move(PRO, PRO, MONTH, turn=Cancel(is_immediate=True))) == [("T-09", [])]
    assert [code for code, _ in timing(a_move(PRO, PRO, MONTH, turn=Cancel()))] == ["T-10", "T-11", "T-12"]
    assert timing(a_move(PRO, PRO, MONTH, turn=EndTrial()))[0] == ("T-01", ["in_trial"])


@LAW
@given(requests(), st.integers(1, len(LADDER) - 1))
def test_whatever_fires_stands_in_the_tree_of_its_move(asked: PlanChangeFacts, rungs: int) -> None:
    """The rules a tree leaves out never speak, and its branches hold the row that decides, for any account."""
    # a move of one thing, of what is on sale, by whom it is asked for and not yet taken
    ids = [version.id for version in LADDER]
    target = LADDER[(ids.index(asked.subscription.version.id) + rungs) % len(LADDER)]
    request = ChangePlan(asked.subscription.id, target.plan.id, replace_pending=asked.request.replace_pending)
    asked = replace(asked, target=target, request=request, is_due=False, is_put_forward=False, is_ahead=False)
    move = a_move(asked.subscription.version, target, asked.subscription.interval)
    tree = tree_of(move, BASE.rules)
    first, *others = decide(asked).reasons
    assert first.code in {branch.row.code for branch in tree.branches}
    assert {reason.code for reason in others} <= {each.rule.code for each in tree.rules}


def test_the_page_tells_moves_of_one_tree_together() -> None:
    page = trees_markdown(LADDER)
    assert page == trees_markdown(reversed(LADDER))
    assert page.count("\n## ") < len(LADDER) * (len(LADDER) - 1)
    for old in LADDER:
        for new in LADDER:
            assert (f"{old.plan.name} → {new.plan.name}" in page) == (old is not new)
