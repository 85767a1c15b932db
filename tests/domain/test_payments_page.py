"""The page about paying lists the test cards and the dunning table as they are."""

import re
from datetime import date, timedelta
from pathlib import Path

from domain.dunning import DUNNING, standing
from domain.sandbox_cards import SANDBOX_CARDS

PAGE = (Path(__file__).parents[2] / "docs" / "payments.md").read_text(encoding="utf-8")


def rows_of(heading: str) -> list[list[str]]:
    """The cells of a section's table, without its head."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    return rows[2:]


def test_every_test_card_is_published_and_no_other() -> None:
    listed = [(re.sub(r"\D", "", number), says) for number, says in rows_of("Test cards")]
    assert listed == [(card.number, card.says) for card in SANDBOX_CARDS]


def test_the_dunning_table_is_the_one_that_is_followed() -> None:
    due_on = date(2026, 3, 1)
    assert rows_of("When nobody pays") == [
        [
            str(step.day),
            ", ".join(action.value for action in step.actions),
            standing(due_on, due_on + timedelta(days=step.day)).value,
        ]
        for step in DUNNING
    ]
