"""The examples of docs/usage.md are sent to the gateway, and must get the answers the page shows.

`SAVE=1 pytest tests/test_usage_page.py -p no:xdist` writes the answers anew; look at the diff before committing.
"""

import json
import os
import re
import shlex
from pathlib import Path
from urllib.parse import urlsplit

from app.events import MOST_EVENTS
from cli.personas import staff_token
from db.engine import Database
from domain.actor import StaffRole
from domain.cloud_event import LONGEST, EventFault
from domain.usage import CLOCK_SKEW, RETENTION, UsageRejection
from tests.stories.hub import gateway
from tests.test_readme import written

PAGE = Path(__file__).parent.parent / "docs" / "usage.md"
EXAMPLE = re.compile(
    r"```sh\n(?P<curl>curl .*?)```\n\n`(?P<status>\d+)`(?:[^`]|`[^`]+`)*?(?:\n```json\n(?P<answer>.*?)```|\n## |\n\|)",
    re.DOTALL,
)


async def test_the_examples_are_answered_as_the_page_says(demo_copy: Database) -> None:
    text = PAGE.read_text(encoding="utf-8")
    found = list(EXAMPLE.finditer(text))
    assert len(found) == text.count("```sh\ncurl") == 3
    token = staff_token(StaffRole.SYSTEM, demo_mode=True)
    async with gateway(demo_copy) as client:
        for example in found:
            words = shlex.split(example["curl"].replace("\\\n", " ").replace("$TOKEN", token))
            given = {name: [words[at + 1] for at, word in enumerate(words) if word == name] for name in ("-H", "-d")}
            answer = await client.post(
                urlsplit(words[2]).path,
                content=given["-d"][0].encode(),
                headers=[(name, value) for name, _, value in (each.partition(": ") for each in given["-H"])],
            )
            assert str(answer.status_code) == example["status"]
            if example["answer"] is None:
                assert answer.content == b""
            elif "SAVE" in os.environ:
                text = text.replace(example["answer"], written(answer.json()), 1)
                PAGE.write_text(text, encoding="utf-8")
            else:
                assert json.loads(example["answer"]) == answer.json()


def test_every_reason_and_limit_is_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    table = text.split("## Why an event is rejected")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE)) == {*UsageRejection, *EventFault}
    assert f"At most {MOST_EVENTS} events" in text
    assert f"1 to {LONGEST} characters" in text
    assert f"more than {RETENTION.days} days old" in text
    assert CLOCK_SKEW.total_seconds() == 5 * 60
    assert "more than five minutes ahead" in text
