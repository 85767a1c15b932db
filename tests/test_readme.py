"""README's queries are sent through the gateway, and must get the answers README shows.

`SAVE=1 pytest tests/test_readme.py -p no:xdist` writes variables and answers anew; look at the diff before committing.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from cli.personas import demo_pages, next_steps
from cli.samples import SAMPLES
from db.engine import Database
from domain.actor import Role
from tests.stories.hub import Hub, gateway

README = Path(__file__).parent.parent / "README.md"
EXAMPLE = re.compile(
    r"(?P<before>As `(?P<who>[^`]+)`[^`]*```graphql\n)(?P<query>.*?)```\n+"
    r"```json\n(?P<variables>.*?)```(?P<between>[^`]*)"
    r"```json\n(?P<answer>.*?)```",
    re.DOTALL,
)
TITLES = ["Home", "Invoices", "Preview a change"]


def written(value: Any) -> str:
    """JSON as README shows it: an object of plain values on one line where it fits."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    flat = re.compile(r"([{\[])\n\s+([^{}\[\]]*?)\n\s*([}\]])")

    def joined(found: re.Match[str]) -> str:
        line = found[1] + " " + re.sub(r",\n\s+", ", ", found[2]) + " " + found[3]
        return line if len(line) <= 110 else found[0]

    return flat.sub(joined, text) + "\n"


def test_readme_has_these_three_examples_and_the_page_offers_the_same() -> None:
    shown = [found["query"] for found in EXAMPLE.finditer(README.read_text(encoding="utf-8"))]
    offered = {sample.title: sample.query for sample in SAMPLES}
    assert shown == [offered[title] for title in TITLES]


@pytest.mark.parametrize("at", range(len(TITLES)), ids=TITLES)
async def test_a_query_of_readme_is_answered_as_readme_says(demo_copy: Database, at: int) -> None:
    text = README.read_text(encoding="utf-8")
    found = list(EXAMPLE.finditer(text))[at]
    persona = next(each for each in demo_pages(await next_steps(demo_copy)).personas() if each.slug == found["who"])
    sample = next(each for each in SAMPLES if each.title == TITLES[at])
    meant = json.dumps(dict(sample.variables))
    for name, value in persona.ids.items():
        meant = meant.replace(f"{{{name}}}", value)
    async with gateway(demo_copy) as client:
        answer = (await Hub.of(client, found["who"], Role.OWNER).send(found["query"], **json.loads(meant))).json()
    assert "errors" not in answer
    if "SAVE" in os.environ:
        shown = (
            f"```json\n{written(json.loads(meant))}```{found['between']}```json\n{written({'data': answer['data']})}```"
        )
        README.write_text(
            text[: found.start()] + found["before"] + found["query"] + "```\n\n" + shown + text[found.end() :], "utf-8"
        )
    else:
        assert json.loads(found["variables"]) == json.loads(meant)
        assert json.loads(found["answer"]) == {"data": answer["data"]}
