"""The example of docs/payments.md is sent through the gateway, and must get the answer the page shows.

`SAVE=1 pytest tests/test_payments_page.py -p no:xdist` writes the answer anew; look at the diff before committing.
"""

import json
import os
import re
from pathlib import Path

from graphql import parse, validate

from db.engine import Database
from domain.actor import Role
from tests.queries.ask import billing
from tests.stories.hub import Hub, gateway
from tests.test_readme import written

PAGE = Path(__file__).parent.parent / "docs" / "payments.md"
EXAMPLE = re.compile(
    r"As `(?P<who>[^`]+)`[^`]*```graphql\n(?P<query>.*?)```\n\n```json\n(?P<answer>.*?)```",
    re.DOTALL,
)
FIND = """query($id: String!) { account(by: { externalId: $id }) { subscriptions(first: 1) { nodes {
  id planVersion { plan { code } } } } } }"""
PLAN = "query($code: String!) { plan(by: { code: $code }) { id } }"
PREVIEW = """query($input: PlanChangeInput!) { planChangePreview(input: $input) {
  decision { reasons { code } } quote { token } } }"""


async def test_the_example_is_answered_as_the_page_says(demo_copy: Database) -> None:
    text = PAGE.read_text(encoding="utf-8")
    (found,) = EXAMPLE.finditer(text)
    assert validate(billing().graphql, parse(found["query"])) == []
    async with gateway(demo_copy) as client:
        hub = Hub.of(client, found["who"], Role.OWNER)
        (subscription,) = (await hub.ask(FIND, id=found["who"]))["account"]["subscriptions"]["nodes"]
        code = subscription["planVersion"]["plan"]["code"].split("-")[0] + "-professional"
        plan = (await hub.ask(PLAN, code=code))["plan"]["id"]
        shown = await hub.ask(PREVIEW, input={"subscriptionId": subscription["id"], "planId": plan})
        token = shown["planChangePreview"]["quote"]["token"]
        answer = (
            await hub.send(found["query"], input={"quoteToken": token, "idempotencyKey": "docs-paid-first"})
        ).json()
    assert "errors" not in answer
    if "SAVE" in os.environ:
        PAGE.write_text(text.replace(found["answer"], written({"data": answer["data"]})), encoding="utf-8")
    else:
        assert json.loads(found["answer"]) == {"data": answer["data"]}
