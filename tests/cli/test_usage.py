"""`billing usage import`: every line counted once or named, and run again it counts nothing."""

import json
from collections import Counter
from pathlib import Path

import pytest

from cli import usage
from cli.usage import import_events, rejected_beside
from db.engine import Database
from tests.make import april
from tests.stored import Customer, World, a_world


@pytest.fixture(scope="module")
async def world(database: Database) -> World:
    return await a_world(database)


def an_event(who: Customer, name: str, **changes: object) -> str:
    event = {"specversion": "1.0", "type": "emails", "source": "mailer", "id": name, "subject": who.account.name}
    return json.dumps({**event, "time": "2026-04-10T09:00:00Z", "data": {"value": 2}, **changes})


async def bring(world: World, file: Path) -> Counter[str]:
    return await import_events(world.database, file, rejected_beside(file), lambda done, total, doing: None)


async def a_customer(world: World) -> Customer:
    return await world.customer(is_sandbox=True, clock_at=april(16, 12))


async def counted(world: World, who: Customer) -> list[tuple[int, int]]:
    return [(row.count, int(row.sum)) for row in await world.of(who, "usage_counters", "day")]


async def test_a_file_is_counted_once_however_often_it_is_imported(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usage, "AT_ONCE", 4)
    who, file = await a_customer(world), tmp_path / "june.ndjson"
    lines = [an_event(who, f"evt-{number}") for number in range(10)]
    # an import that was cut short: six of ten
    file.write_text("\n".join(lines[:6]), encoding="utf-8")
    assert await bring(world, file) == {"ACCEPTED": 6}
    file.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    assert await bring(world, file) == {"ACCEPTED": 4, "DUPLICATE": 6}
    assert await counted(world, who) == [(10, 20)]
    assert not rejected_beside(file).exists()


async def test_what_is_rejected_is_written_beside_it_and_can_be_mended(world: World, tmp_path: Path) -> None:
    who, file = await a_customer(world), tmp_path / "june.ndjson"
    bad = [an_event(who, "evt-2", type="faxes"), "{", "[]", '{"id": 1}', an_event(who, "evt-3", data={})]
    file.write_bytes("\n".join([an_event(who, "evt-1"), *bad]).encode() + b"\n\xff\n")
    assert await bring(world, file) == {
        "ACCEPTED": 1,
        "REJECTED UNKNOWN_METER": 1,
        "REJECTED MALFORMED": 4,
        "REJECTED NO_VALUE": 1,
    }
    beside = tmp_path / "june.rejected.ndjson"
    told = [json.loads(line) for line in beside.read_text(encoding="utf-8").splitlines()]
    assert [(each["line"], each["reason"]) for each in told] == [
        (2, "UNKNOWN_METER"),
        (3, "MALFORMED"),
        (4, "MALFORMED"),
        (5, "MALFORMED"),
        (6, "NO_VALUE"),
        (7, "MALFORMED"),
    ]
    assert [each["sent"] for each in told] == [*bad, "\N{REPLACEMENT CHARACTER}"]
    assert told[4]["message"] == "`data.value` is missing."
    # mended, it is taken; what was rejected before is not told again
    file.write_text("\n".join([an_event(who, "evt-1"), an_event(who, "evt-3")]), encoding="utf-8")
    assert await bring(world, file) == {"ACCEPTED": 1, "DUPLICATE": 1}
    assert not beside.exists()
