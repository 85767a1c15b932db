"""The example of docs/plan-changes.md is sent through the gateway, and must get the answer the page shows.

`SAVE=1 pytest tests/test_plan_changes_page.py -p no:xdist` writes variables and answer anew; look at the diff before
committing.
"""

import json
import os
import re
from pathlib import Path

from graphql import GraphQLInputObjectType, GraphQLObjectType, parse, validate

from db.engine import Database
from domain.actor import Role
from tests.queries.ask import billing
from tests.stories.hub import Hub, gateway
from tests.test_readme import written

PAGE = Path(__file__).parent.parent / "docs" / "plan-changes.md"
EXAMPLE = re.compile(
    r"As `(?P<who>[^`]+)`[^`]*```graphql\n(?P<query>.*?)```\n\n"
    r"```json\n(?P<variables>\{.*?)```\n\n"
    r"```json\n(?P<answer>.*?)```",
    re.DOTALL,
)
SUBSCRIPTIONS = """query($id: String!) { account(by: { externalId: $id }) {
  subscriptions(first: 5) { nodes { id plan { code } } } } }"""


async def test_the_ramp_is_answered_as_the_page_says(demo_copy: Database) -> None:
    text = PAGE.read_text(encoding="utf-8")
    (found,) = EXAMPLE.finditer(text)
    assert validate(billing().graphql, parse(found["query"])) == []
    async with gateway(demo_copy) as client:
        hub = Hub.of(client, found["who"], Role.OWNER)
        held = (await hub.ask(SUBSCRIPTIONS, id=found["who"]))["account"]["subscriptions"]["nodes"]
        (subscription,) = [each["id"] for each in held if each["plan"]["code"] == "sales-enterprise"]
        meant = {
            "input": {
                "subscriptionId": subscription,
                "phases": [
                    {"afterPeriods": 1, "quantities": [{"component": "seats", "quantity": 80}]},
                    {"afterPeriods": 1, "quantities": [{"component": "seats", "quantity": 120}]},
                ],
            }
        }
        answer = await hub.ask(found["query"], **meant)
    if "SAVE" in os.environ:
        shown = found[0].replace(found["answer"], written({"data": answer}))
        shown = shown.replace(found["variables"], written(meant))
        PAGE.write_text(text.replace(found[0], shown), "utf-8")
    else:
        assert json.loads(found["variables"]) == meant
        assert json.loads(found["answer"]) == {"data": answer}


def test_what_the_page_names_is_there() -> None:
    """Every field and mutation in its prose."""
    types = billing().graphql.type_map.values()
    fields = {
        name for each in types if isinstance(each, GraphQLObjectType | GraphQLInputObjectType) for name in each.fields
    }
    prose = EXAMPLE.sub("", PAGE.read_text(encoding="utf-8"))
    assert set(re.findall(r"`([a-z]+[A-Z]\w+)`", prose)) - fields == set()
