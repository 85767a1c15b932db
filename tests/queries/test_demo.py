"""The screens over the demo company: every persona's home answers whole, in the same number of statements."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from db.engine import Database
from demo.personas import DEMO_NOW, PERSONAS
from tests.queries.ask import STAFF, Answer, ask
from tests.queries.test_counts import HOME, HOME_STATEMENTS, STAFF_LIST, STAFF_STATEMENTS

HERE = Path(__file__).parent
SLUGS = [persona.slug for persona in PERSONAS]
NOW: datetime = DEMO_NOW


async def ask_demo(database: Database, document: str, **variables: Any) -> Answer:
    answer = await ask(database, document, STAFF, variables, now=NOW)
    assert not answer.errors, answer.errors
    return answer


def by_external_id(document: str) -> str:
    return document.replace("by: { id: $id }", "by: { externalId: $id }").replace("$id: ID!", "$id: String!")


@pytest.mark.parametrize("slug", SLUGS)
async def test_every_personas_home_answers(demo_database: Database, slug: str) -> None:
    answer = await ask_demo(demo_database, by_external_id(HOME), id=slug)
    account = answer.data["account"]
    assert account is not None
    # an account without a subscription or without usage has less to read, never more
    assert answer.statements <= HOME_STATEMENTS
    for invoice in account["invoices"]["nodes"]:
        assert invoice["lines"], invoice["number"]
        assert all(line["explanation"]["sentence"] for line in invoice["lines"])


@pytest.mark.parametrize("slug", SLUGS)
async def test_every_field_of_every_persona_answers(demo_database: Database, slug: str) -> None:
    document = by_external_id((HERE / "account.graphql").read_text())
    assert (await ask_demo(demo_database, document, id=slug)).data["account"] is not None


async def test_the_staff_list_answers(demo_database: Database) -> None:
    answer = await ask_demo(demo_database, STAFF_LIST, first=50)
    assert answer.data["accounts"]["totalCount"] == len(SLUGS)
    assert answer.statements == STAFF_STATEMENTS
