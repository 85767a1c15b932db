"""The pages for operators name what there is: every setting, and no other."""

import re
from pathlib import Path

from app.settings import Settings

DOCS = Path(__file__).parent.parent / "docs"


def test_every_setting_is_in_the_operators_table_and_none_else() -> None:
    table = (DOCS / "operations.md").read_text(encoding="utf-8").split("## Settings")[1].split("\n## ")[0]
    first_cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = {name for cell in first_cells for name in re.findall(r"`([A-Z_]+)`", cell)}
    assert named == {field.alias for field in Settings.model_fields.values()}


def test_every_decision_is_listed() -> None:
    pages = {path.name for path in (DOCS / "adr").glob("[0-9]*.md")}
    listed = set(re.findall(r"\]\(([0-9][^)]+)\)", (DOCS / "adr" / "README.md").read_text(encoding="utf-8")))
    assert pages == listed
