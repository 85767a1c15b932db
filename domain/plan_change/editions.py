"""The editions of the policy that may decide, or be tried beside the one that does.

Owns which rules an edition has and what is new in it. Does not own the rules everyone has (policy.py), nor how far an
edition is rolled out: that is data (domain/rollout.py). To try a rule, put it into a new edition at the end of the
table; once it decides for everyone for good, its rules move to POLICY and it becomes BASE.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from domain.plan_change.policy import POLICY, AskConfirmation, Rule, WayOut, assert_table_is_whole
from domain.plan_change.questions import goes_down_after_going_up, in_trial, on_its_day
from domain.plan_change.verdict import RemedyAction


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of the policy under an id of its own, which every decision carries. Its rules never change."""

    id: str
    says: str
    """What is new in it, for whoever rolls it out."""
    rules: tuple[Rule, ...]

    @property
    def codes(self) -> frozenset[str]:
        """The codes of its rules."""
        return frozenset(rule.code for rule in self.rules)


BASE = Edition("2026-11.4", "What decides wherever no newer edition is rolled out.", POLICY)

# fmt: off
EDITIONS: tuple[Edition, ...] = (
    BASE,
    Edition("2026-12.1", "Going down again soon after going up is confirmed first: credits are not farmed.", (
        *POLICY,
        Rule("PC-40", "Going down within 30 days of going up is confirmed first, except in a trial.",
             when=(goes_down_after_going_up,), unless=(in_trial, on_its_day),
             then=AskConfirmation("You moved up on {upgraded_on}. This takes you down again.",
                                  show=("upgraded_on",),
                                  remedy=WayOut(RemedyAction.CONFIRM, "Confirm that the plan may go down again."))),
    )),
)
# fmt: on
"""Oldest first. Those after BASE can be rolled out."""

CANDIDATES: tuple[Edition, ...] = EDITIONS[EDITIONS.index(BASE) + 1 :]
BY_ID: Mapping[str, Edition] = MappingProxyType({edition.id: edition for edition in EDITIONS})
RULES: Mapping[str, Rule] = MappingProxyType({rule.code: rule for edition in EDITIONS for rule in edition.rules})
"""Every rule of every edition, by its code."""


@dataclass(frozen=True, slots=True)
class Editions:
    """Whose answer to a request counts, and whose are only noted beside it."""

    live: Edition = BASE
    shadows: tuple[Edition, ...] = ()


def _assert_editions_are_whole(editions: tuple[Edition, ...]) -> None:
    """Fails at import: an id names one edition, and a code one rule whichever edition has it."""
    if len({edition.id for edition in editions}) != len(editions):
        raise AssertionError("EDITIONS has an id twice")
    meanings: dict[str, Rule] = {}
    for edition in editions:
        assert_table_is_whole(edition.rules)
        for rule in edition.rules:
            if meanings.setdefault(rule.code, rule) != rule:
                raise AssertionError(f"{rule.code} means one thing in one edition and another in the next")


_assert_editions_are_whole(EDITIONS)
