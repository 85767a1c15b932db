"""The requests of docs/product-managers.md are sent one after the other, and none is refused."""

import json
import re
from pathlib import Path

from graphql import parse, validate

from db.engine import Database
from domain.actor import StaffRole
from tests.queries.ask import billing
from tests.stories.hub import Hub, gateway

PAGE = Path(__file__).parent.parent / "docs" / "product-managers.md"
REQUEST = re.compile(r"```graphql\n(?P<query>.*?)```(?:\n\n```json\n(?P<variables>.*?)```)?", re.DOTALL)


async def test_an_edition_is_tried_and_rolled_out_as_the_page_says(demo_copy: Database) -> None:
    requests = list(REQUEST.finditer(PAGE.read_text(encoding="utf-8")))
    assert len(requests) == 4
    answers = []
    async with gateway(demo_copy) as client:
        finance = Hub.of_person(client, StaffRole.FINANCE, "product manager")
        for each in requests:
            assert validate(billing().graphql, parse(each["query"])) == []
            answers.append(await finance.ask(each["query"], **json.loads(each["variables"] or "{}")))
    shadow, disagreements, tenth, editions = answers
    assert shadow["policyRolloutSet"]["rollout"]["stage"] == "SHADOW"
    # the demo's own customers were asked of it in June
    assert disagreements["policyShadowCounts"]["differing"] == len(disagreements["policyDisagreements"]["nodes"]) == 4
    assert tenth["policyRolloutSet"]["rollout"]["sharePercent"] == 10
    (small,) = [
        stage
        for edition in editions["policyEditions"]
        if edition["version"] == "2026-12.1"
        for stage in edition["stages"]
        if stage["segment"] == "SMB"
    ]
    assert (small["stage"], small["sharePercent"]) == ("SHARE", 10)
