"""Usage as services send it: CloudEvents over HTTP, through the whole gateway, counted once."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from cli.personas import staff_token, token_of
from db.engine import Database
from db.save.catalog import Meter, new_meter
from domain.actor import Role, StaffRole
from domain.cloud_event import EventFault
from domain.ids import MeterId, public_id
from domain.usage import Aggregation
from tests.make import an_id, april
from tests.stored import Customer, World, a_world
from tests.stories.hub import gateway

ONE, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
RESULTS = "return=representation"
NOW = april(16, 12)
METERS = (
    Meter(MeterId(an_id("tokens")), "tokens", "Tokens", "token", Aggregation.SUM, "prompt", "tokens", ("model",)),
    Meter(MeterId(an_id("users")), "users", "Users", "person", Aggregation.UNIQUE, "prompt", "user"),
    Meter(MeterId(an_id("prompts")), "prompts", "Prompts", "prompt", Aggregation.COUNT, "prompt"),
)


@pytest.fixture(scope="module")
async def world(database: Database) -> World:
    """The ladder on sale, and three meters of one type beside its own."""
    world = await a_world(database)
    async with world.unit(april(1)) as unit:
        for meter in METERS:
            await new_meter(unit, meter)
    return world


async def a_customer(world: World) -> Customer:
    """One whose clock stands at noon of the 16th."""
    return await world.customer(is_sandbox=True, clock_at=NOW)


def an_event(who: Customer | str, name: str = "evt-1", **changes: Any) -> dict[str, Any]:
    """250 e-mails on the 10th; what is given as None is left out."""
    event = {
        "specversion": "1.0",
        "type": "emails",
        "source": "mailer",
        "id": name,
        "subject": who if isinstance(who, str) else public_id("acct", who.id),
        "time": "2026-04-10T09:00:00Z",
        "data": {"value": 250},
        **changes,
    }
    return {key: value for key, value in event.items() if value is not None}


@dataclass(frozen=True)
class Service:
    """A metering service of our own, before the whole gateway."""

    world: World
    client: httpx.AsyncClient

    async def post(self, body: bytes, token: str | None = None, **headers: str) -> httpx.Response:
        """The answer to a request as it stands."""
        token = token or staff_token(StaffRole.SYSTEM, demo_mode=True)
        given = {"authorization": f"Bearer {token}", **{name.replace("_", "-"): each for name, each in headers.items()}}
        return await self.client.post("/api/v1/events", content=body, headers=given)

    async def send(self, *events: Any, media: str = BATCH, **headers: str) -> httpx.Response:
        """The answer to a batch, or to the one event where the media type is of one."""
        body = json.dumps(events if media == BATCH else events[0]).encode()
        return await self.post(body, content_type=media, **headers)


@pytest.fixture(scope="module")
async def service(world: World) -> AsyncIterator[Service]:
    async with gateway(world.database) as client:
        yield Service(world, client)


async def counted(world: World, who: Customer) -> dict[str, tuple[int, int]]:
    """(count, sum) by meter."""
    found = await world.rows(
        "SELECT m.code, sum(c.count) AS count, sum(c.sum) AS sum FROM usage_counters c"
        " JOIN meters m ON m.id = c.meter_id WHERE c.account_id = :id GROUP BY m.code",
        id=who.id,
    )
    return {row.code: (int(row.count), int(row.sum)) for row in found}


async def test_events_are_kept_and_a_retry_counts_nothing(world: World, service: Service) -> None:
    who = await a_customer(world)
    batch = [an_event(who, f"evt-{number}") for number in range(4)]
    for _ in range(3):
        answer = await service.send(*batch)
        assert (answer.status_code, answer.content) == (204, b"")
    assert await counted(world, who) == {"emails": (4, 1000)}


@pytest.mark.parametrize("media", [ONE, "application/json", "application/json; charset=utf-8"])
async def test_one_event_is_sent_as_one(world: World, service: Service, media: str) -> None:
    who = await a_customer(world)
    assert (await service.send(an_event(who), media=media)).status_code == 204
    assert await counted(world, who) == {"emails": (1, 250)}


async def test_a_list_may_be_sent_as_plain_json(world: World, service: Service) -> None:
    who = await a_customer(world)
    answer = await service.send([an_event(who), an_event(who, "evt-2")], media="application/json")
    assert answer.status_code == 204
    assert await counted(world, who) == {"emails": (2, 500)}


async def test_nothing_to_keep_is_kept(world: World, service: Service) -> None:
    assert (await service.send()).status_code == 204


async def test_the_good_ones_are_kept_and_each_other_one_is_named(world: World, service: Service) -> None:
    who = await a_customer(world)
    assert (await service.send(an_event(who, "known"))).status_code == 204
    later, older = NOW + timedelta(minutes=6), NOW - timedelta(days=401)
    answer = await service.send(
        an_event(who, "good"),
        an_event(who, "known"),
        an_event(who, "known", data={"value": 1}),
        an_event(who, "typed", type="faxes"),
        an_event("nobody", "named"),
        an_event("acct_" + "0" * 32, "numbered"),
        an_event("no\0body", "odd"),
        an_event(who, "less", data={"value": -1}),
        an_event(who, "late", time=older.isoformat()),
        an_event(who, "early", time=later.isoformat()),
        an_event(who, "empty", data=None),
        an_event(who, "spoken", data={"value": "plenty"}),
        an_event(who, "unsaid", specversion=None),
        an_event(who, "dated", time="yesterday"),
        an_event(who, "whose", subject=None),
        {"id": 7},
        "prompt",
        an_event(who, "much", data={"value": 10**15}),
        an_event(who, "also good"),
    )
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    problem = answer.json()
    assert problem["detail"] == "16 of 19 events were rejected; the others are kept."
    assert (problem["title"], problem["status"], problem["code"]) == ("Bad Request", 400, "EVENTS_REJECTED")
    assert (problem["accepted"], problem["duplicates"]) == (2, 1)
    assert {each["status"] for each in problem["rejected"]} == {"REJECTED"}
    assert [(each["index"], each["id"], each["source"], each["reason"]) for each in problem["rejected"]] == [
        (2, "known", "mailer", "ID_REUSED"),
        (3, "typed", "mailer", "UNKNOWN_METER"),
        (4, "named", "mailer", "UNKNOWN_ACCOUNT"),
        (5, "numbered", "mailer", "UNKNOWN_ACCOUNT"),
        (6, "odd", "mailer", "UNKNOWN_ACCOUNT"),
        (7, "less", "mailer", "NEGATIVE_VALUE"),
        (8, "late", "mailer", "TOO_OLD"),
        (9, "early", "mailer", "IN_THE_FUTURE"),
        (10, "empty", "mailer", "NO_VALUE"),
        (11, "spoken", "mailer", "NO_VALUE"),
        (12, "unsaid", "mailer", "MALFORMED"),
        (13, "dated", "mailer", "MALFORMED"),
        (14, "whose", "mailer", "MALFORMED"),
        (15, None, None, "MALFORMED"),
        (16, None, None, "MALFORMED"),
        (17, "much", "mailer", "TOO_LARGE"),
    ]
    assert problem["rejected"][9] == {
        "index": 11,
        "id": "spoken",
        "source": "mailer",
        "status": "REJECTED",
        "reason": "NO_VALUE",
        "message": "`data.value` is not a number.",
    }
    # good, known and also good, 250 each
    assert await counted(world, who) == {"emails": (3, 750)}


async def test_whoever_prefers_gets_a_result_for_each(world: World, service: Service) -> None:
    who = await a_customer(world)
    batch = [an_event(who), an_event(who), an_event("nobody", "evt-2")]
    answer = await service.send(*batch, prefer='respond-async, Return="representation"; x=1')
    assert (answer.status_code, answer.headers["preference-applied"]) == (200, "return=representation")
    assert answer.json() == {
        "results": [
            {"index": 0, "id": "evt-1", "source": "mailer", "status": "ACCEPTED"},
            {"index": 1, "id": "evt-1", "source": "mailer", "status": "DUPLICATE"},
            {
                "index": 2,
                "id": "evt-2",
                "source": "mailer",
                "status": "REJECTED",
                "reason": "UNKNOWN_ACCOUNT",
                "message": "There is no such account in reach.",
            },
        ]
    }
    assert (await service.send(an_event(who), prefer="return=minimal")).status_code == 204


async def test_an_account_is_named_by_its_id_or_by_its_external_id(world: World, service: Service) -> None:
    who, other = await a_customer(world), await a_customer(world)
    answer = await service.send(an_event(who), an_event(who.account.name, "evt-2"), an_event(other, "evt-3"))
    assert answer.status_code == 204
    assert await counted(world, who) == {"emails": (2, 500)}
    assert await counted(world, other) == {"emails": (1, 250)}


async def test_every_meter_of_a_type_counts_the_event(world: World, service: Service) -> None:
    who = await a_customer(world)
    said = ({"tokens": 7, "user": "ann", "model": "small"}, {"tokens": "5", "user": "ann", "model": "large"})
    answer = await service.send(
        *(an_event(who, f"evt-{at}", type="prompt", data=data) for at, data in enumerate(said)), prefer=RESULTS
    )
    assert [each["status"] for each in answer.json()["results"]] == ["ACCEPTED", "ACCEPTED"]
    assert await counted(world, who) == {"tokens": (2, 12), "users": (2, 2), "prompts": (2, 2)}
    days = await world.of(who, "usage_dimension_days", "value")
    assert [(row.dimension, row.value, int(row.sum)) for row in days] == [("model", "large", 5), ("model", "small", 7)]
    assert [row.text_value for row in await world.of(who, "usage_texts", "text_value")] == ["ann"]
    # one of them cannot: none does
    answer = await service.send(an_event(who, "evt-9", type="prompt", data={"tokens": 1}))
    assert [each["message"] for each in answer.json()["rejected"]] == ["`data.user` is missing."]
    assert (await counted(world, who))["tokens"] == (2, 12)


async def test_an_event_that_does_not_say_when_counts_once_too(world: World, service: Service) -> None:
    who = await world.customer()  # it lives in real time: each sending is at another instant
    for _ in range(2):
        assert (await service.send(an_event(who, time=None))).status_code == 204
    assert await counted(world, who) == {"emails": (1, 250)}


async def test_a_batch_costs_as_many_statements_as_one_event(world: World, service: Service) -> None:
    who, other = await a_customer(world), await a_customer(world)
    ran: list[str] = []
    world.database.observers.append(lambda statement: ran.append(statement.name))
    costs: list[int] = []
    try:
        for number in (1, 200):
            ran.clear()
            batch = [an_event((who, other)[at % 2], f"evt-{number}-{at}") for at in range(number)]
            assert (await service.send(*batch)).status_code == 204
            costs.append(len(ran))
    finally:
        world.database.observers.pop()
    # the accounts and meters it names, the meters and accounts it is recorded by, and the events; the drafts that move
    assert costs == [6, 6], ran


@pytest.mark.parametrize(
    ("body", "media", "status", "code"),
    [
        (b"{", ONE, 400, "BAD_REQUEST"),
        (b"usage", "application/json", 400, "BAD_REQUEST"),
        (b"", BATCH, 400, "BAD_REQUEST"),
        (b"{}", BATCH, 400, "BAD_REQUEST"),
        (b"[]", ONE, 400, "BAD_REQUEST"),
        (b"[" + b"{}," * 1000 + b"{}]", BATCH, 413, "BODY_TOO_LARGE"),
        (b" " * (1024 * 1024 + 1), BATCH, 413, "BODY_TOO_LARGE"),
        (b"{}", "text/plain", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"{}", "application/cloudevents+json; charset=latin-1", 415, "UNSUPPORTED_MEDIA_TYPE"),
    ],
)
async def test_what_is_no_batch_is_refused_whole(
    world: World, service: Service, body: bytes, media: str, status: int, code: str
) -> None:
    answer = await service.post(body, content_type=media)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert (problem["status"], problem["code"], problem["requestId"]) == (status, code, answer.headers["x-request-id"])
    assert problem["detail"].endswith(".")


async def test_a_thousand_at_once_is_the_most(world: World, service: Service) -> None:
    answer = await service.send(*[{}] * 1001)
    assert answer.json()["detail"] == "At most 1000 events in one request; these are 1001. None was kept."
    answer = await service.send(*[{}] * 1000)
    assert {each["reason"] for each in answer.json()["rejected"]} == {EventFault.MALFORMED.value}
    assert answer.json()["detail"] == "1000 of 1000 events were rejected; nothing was kept."


@pytest.mark.parametrize("role", [StaffRole.SUPPORT, StaffRole.FINANCE, Role.OWNER])
async def test_nobody_else_sends_usage(world: World, service: Service, role: StaffRole | Role) -> None:
    who = await a_customer(world)
    token = (
        staff_token(role, demo_mode=True)
        if isinstance(role, StaffRole)
        else token_of("smb-monthly", role, demo_mode=True)
    )
    answer = await service.post(json.dumps(an_event(who)).encode(), token, content_type=ONE)
    assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN")
    assert await counted(world, who) == {}


async def test_a_stranger_is_asked_for_a_token(world: World, service: Service) -> None:
    for headers in ({}, {"authorization": "Bearer a.b.c"}):
        answer = await service.client.post("/api/v1/events", json=[], headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED")
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_events_are_not_read_here(world: World, service: Service) -> None:
    answer = await service.client.get("/api/v1/events")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
