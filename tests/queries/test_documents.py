"""Each document beside this file gives its saved answer with its saved statements: an N+1 shows up as a diff.

`SAVE=1 pytest tests/queries/test_documents.py` writes both anew; look at the diff before committing it.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from db.engine import Database
from domain.actor import Actor
from domain.ids import public_id
from tests.queries.ask import STAFF, ask_well, user
from tests.queries.catalog import uid
from tests.queries.company import Company

HERE = Path(__file__).parent
ACCOUNT = {"id": public_id("acct", uid("account", 1))}
CASES: list[tuple[str, str, str, dict[str, Any]]] = [
    ("home", "home", "owner", ACCOUNT),
    ("staff", "staff", "staff", {"first": 2}),
    ("catalog", "catalog", "stranger", {}),
    ("account", "account-of-owner", "owner", ACCOUNT),
    ("account", "account-of-staff", "staff", ACCOUNT),
    ("money", "money-of-owner", "owner", ACCOUNT),
    ("money", "money-of-staff", "staff", ACCOUNT),
    ("viewer", "viewer", "owner", {}),
]


def test_every_document_is_a_case() -> None:
    assert {path.stem for path in HERE.glob("*.graphql")} == {document for document, *_ in CASES}


@pytest.mark.parametrize(("document", "saved", "who", "variables"), CASES, ids=[case[1] for case in CASES])
async def test_a_document_has_its_answer_and_its_statements(
    database: Database, company: Company, document: str, saved: str, who: str, variables: dict[str, Any]
) -> None:
    actor: Actor = {"owner": user(company.owner), "stranger": user(company.stranger), "staff": STAFF}[who]
    answer = await ask_well(database, (HERE / f"{document}.graphql").read_text(), actor, **variables)
    found = {
        f"{saved}.json": json.dumps(answer.data, indent=2, ensure_ascii=False) + "\n",
        f"{saved}.sql": "".join(f"-- {ran.name}: {ran.rows}\n{_tidy(ran.sql)};\n\n" for ran in answer.ran),
    }
    for name, text in found.items():
        if "SAVE" in os.environ:
            (HERE / "answers" / name).write_text(text)
        assert text == (HERE / "answers" / name).read_text(), f"{name} differs; see this file's head"


def _tidy(sql: str) -> str:
    """The statement as the database gets it, without the spaces at line ends."""
    return re.sub(r" +\n", "\n", sql).strip()
