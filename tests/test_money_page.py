"""The examples of docs/money.md are sent through the gateway, and must get the answers the page shows.

`SAVE=1 pytest tests/test_money_page.py -p no:xdist` writes variables and answers anew; look at the diff before
committing.
"""

import json
import os
import re
from pathlib import Path

import pytest
from graphql import GraphQLObjectType, get_named_type, parse, validate

from db.engine import Database
from domain.actor import Role
from resolvers.mutations.user_errors import UserErrorCode
from tests.queries.ask import billing
from tests.stories.hub import Hub, gateway
from tests.test_readme import written

PAGE = Path(__file__).parent.parent / "docs" / "money.md"
EXAMPLE = re.compile(
    r"As `(?P<who>[^`]+)`[^`]*```graphql\n(?P<query>.*?)```\n\n"
    r"(?:```json\n(?P<variables>\{\s+\"input\".*?)```\n\n)?"
    r"```json\n(?P<answer>.*?)```",
    re.DOTALL,
)
OPEN = """query($id: String!) { account(by: { externalId: $id }) {
  invoices(first: 1, orderBy: OLDEST_FIRST, filter: { status: [OPEN] }) { nodes { id } }
} }"""


def examples() -> list[re.Match[str]]:
    return list(EXAMPLE.finditer(PAGE.read_text(encoding="utf-8")))


def test_the_page_has_examples_that_are_valid() -> None:
    assert len(examples()) == 3
    for each in examples():
        assert validate(billing().graphql, parse(each["query"])) == []


@pytest.mark.parametrize("at", range(3))
async def test_an_example_is_answered_as_the_page_says(demo_copy: Database, at: int) -> None:
    found = examples()[at]
    async with gateway(demo_copy) as client:
        hub = Hub.of(client, found["who"], Role.OWNER)
        variables = json.loads(found["variables"] or "{}")
        if variables:
            (invoice,) = (await hub.ask(OPEN, id=found["who"]))["account"]["invoices"]["nodes"]
            meant = {"input": {**variables["input"], "invoiceId": invoice["id"]}}
        else:
            meant = {}
        answer = (await hub.send(found["query"], **meant)).json()
    assert "errors" not in answer
    shown = {"data": answer["data"]}
    if "SAVE" in os.environ:
        text = found[0].replace(found["answer"], written(shown))
        if meant:
            text = text.replace(found["variables"], written(meant))
        PAGE.write_text(PAGE.read_text(encoding="utf-8").replace(found[0], text), "utf-8")
    else:
        assert variables == meant
        assert json.loads(found["answer"]) == shown


def test_what_the_page_names_is_there() -> None:
    """Every mutation, field and code in its prose and tables."""
    schema = billing().graphql
    assert schema.mutation_type is not None
    fields = {
        name for type_ in schema.type_map.values() if isinstance(type_, GraphQLObjectType) for name in type_.fields
    }
    values = {
        value
        for type_ in schema.type_map.values()
        if hasattr(type_, "values")
        for value in getattr(type_, "values", {})
    }
    arguments = {
        name
        for field in schema.mutation_type.fields.values()
        for argument in field.args.values()
        for name in get_named_type(argument.type).fields
    }
    prose = EXAMPLE.sub("", PAGE.read_text(encoding="utf-8"))
    words = set(re.findall(r"`([a-z]+[A-Z]\w+)`", prose))
    assert words - fields - arguments - {"idempotentReplay"} == set()
    codes = set(re.findall(r"`([A-Z][A-Z_]{3,})`", prose))
    assert codes - values - {code.value for code in UserErrorCode} == set()
