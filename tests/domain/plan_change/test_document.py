"""docs/rules.md: printed from the tables, complete, and the same every time."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.plan_change import document
from domain.plan_change.document import rules_markdown
from domain.plan_change.editions import BASE, EDITIONS, RULES
from domain.plan_change.timing import TIMING

COMMITTED = Path(__file__).parents[3] / "docs" / "rules.md"


def test_the_committed_document_is_what_the_tables_say() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == rules_markdown()


def test_every_row_and_rule_is_in_it_with_its_questions() -> None:
    text = rules_markdown()
    for edition in EDITIONS:
        assert f"{edition.id}" in text
        assert edition.says in text
    for row in TIMING:
        assert f"| {row.code} | {row.sentence} |" in text
    for rule in RULES.values():
        section = text.partition(f"### {rule.code}\n")[2].partition("\n### ")[0]
        assert rule.sentence in section
        for question in (*rule.when, *rule.unless):
            assert (question.__doc__ or "?").partition("\n")[0] in section
        assert rule.then.remedy is None or f"`{rule.then.remedy.action}`" in section


def test_a_rule_reads_like_this() -> None:
    assert """\
### PC-12

**An account changes plan at most three times in a day, except in a trial.**

- When:
  - too many changes: The account has changed plans often enough for one day.
- Except when:
  - in trial: The subscription is in its trial.
  - on its day: The change was accepted earlier and its day has come.
  - takes a turn: The subscription is to end, to rest or to go on; its plan stays.
- Answer: no.
- The customer reads: “The plan has changed ‹changes last day› times in a day.”
- Figures: changes last day.
- Way out: `WAIT_UNTIL`, “Try again a day after the first of them.”
""" in rules_markdown()


def test_the_order_of_the_rules_never_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    before = rules_markdown()
    shuffled = {edition.id: replace(edition, rules=edition.rules[::-1]) for edition in EDITIONS}
    monkeypatch.setattr(document, "EDITIONS", tuple(shuffled.values()))
    monkeypatch.setattr(document, "BASE", shuffled[BASE.id])
    assert rules_markdown() == before


def test_it_names_no_machine_and_has_no_loose_ends() -> None:
    text = rules_markdown()
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "{" not in text
    assert "None" not in text
