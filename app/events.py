"""`POST /api/v1/events`: usage in bulk as CloudEvents 1.0 in JSON, the way metering services already send it.

Owns the path, the media types, and what is answered: nothing at all when every event is kept or known (204), a problem
that names each rejected one (400), or a result for each where `Prefer: return=representation` asks for it (200).
The events that can be counted are kept whatever becomes of the others. Does not own what an event means nor whether it
is counted (domain.cloud_event, operations.use).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.body import ClientGone, read_body
from app.cloud_events import NotJson, decode, is_list
from app.context import MakeContext
from app.errors import MASKED, Code
from app.exchange import Exchange, exchange_of
from app.graphql import Authenticate
from app.observability import report_surprise
from app.problem import problem, refused_as_problem
from app.refusal import Refused
from db.address import DatabaseUnavailable
from db.unit_of_work import unit_of_work
from domain.actor import Actor
from domain.cloud_event import CloudEvent, Unreadable
from domain.rights import is_a_job
from domain.usage import UsageStatus
from operations.use.record_cloud_events import EventOutcome, record_cloud_events
from resolvers.context import RequestContext

PATH: Final = "/api/v1/events"
MOST_EVENTS: Final = 1000
"""The most events one request takes."""
_ONE: Final = "application/cloudevents+json"
_BATCH: Final = "application/cloudevents-batch+json"
_EITHER: Final = "application/json"
_PREFERENCE: Final = "return=representation"

Events = Sequence[CloudEvent | Unreadable]


def event_routes(
    authenticate: Authenticate, make_context: MakeContext, most_bytes: int, clock: Callable[[], datetime]
) -> list[Route]:
    """The one route of usage events. `most_bytes` bounds a request's body."""
    return [Route(PATH, _EventsOverHttp(authenticate, make_context, most_bytes, clock), methods=["POST"])]


class _EventsOverHttp:
    """The endpoint. One instance a process; it keeps nothing of a request."""

    def __init__(
        self, authenticate: Authenticate, make_context: MakeContext, most_bytes: int, clock: Callable[[], datetime]
    ) -> None:
        self._authenticate = authenticate
        self._make_context = make_context
        self._most_bytes = most_bytes
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; whatever happens, in JSON."""
        exchange = exchange_of(scope)
        exchange.route = "events"
        try:
            response = await self._answer(Request(scope, receive), exchange)
        except ClientGone:
            return
        except Refused as refused:
            response = _refused(refused, exchange)
        except DatabaseUnavailable as error:
            report_surprise(error, exchange.request_id)
            away = "The database cannot be reached at the moment. Send the events again: none counts twice."
            response = _refused(Refused(Code.UNAVAILABLE, away, headers={"retry-after": "5"}), exchange)
        except Exception as error:  # noqa: BLE001 - the last door: masked for the client, whole in the log
            report_surprise(error, exchange.request_id)
            response = _refused(Refused(Code.INTERNAL, MASKED), exchange)
        await response(scope, receive, send)

    async def _answer(self, request: Request, exchange: Exchange) -> Response:
        now = self._clock()
        actor = await self._authenticate(request.headers.get("authorization"), now)
        exchange.actor_kind = actor.kind.value
        if not is_a_job(actor, None):
            raise Refused(Code.FORBIDDEN, "Only services of our own send usage.")
        media = _media(request.headers.get("content-type"))
        body = await read_body(request.headers, request.receive, self._most_bytes)
        events = _events(body, media)
        outcomes = await self._record(actor, now, events, exchange)
        if _prefers_results(request):
            return _results(events, outcomes)
        if any(each.refused for each in outcomes):
            exchange.codes.append(Code.BAD_USER_INPUT)
            return _some_rejected(events, outcomes, exchange.request_id)
        return Response(status_code=204, headers={"cache-control": "no-store"})

    async def _record(self, actor: Actor, now: datetime, events: Events, exchange: Exchange) -> Sequence[EventOutcome]:
        if not events:
            return ()
        context = self._make_context(actor=actor, request_id=exchange.request_id, now=now)
        assert isinstance(context, RequestContext)
        try:
            async with unit_of_work(context.database, actor, context.ids, now) as unit:
                return await record_cloud_events(unit, events)
        finally:
            await context.close()


def _media(content_type: str | None) -> str:
    """What the body is said to be. Raises Refused for what is not read here."""
    name, *parameters = (piece.strip().lower() for piece in (content_type or "").split(";"))
    charsets = [each[8:].strip('"') for each in parameters if each.startswith("charset=")]
    if name not in (_ONE, _BATCH, _EITHER) or any(each not in ("utf-8", "utf8") for each in charsets):
        sentence = f"Send events as {_ONE}, {_BATCH} or {_EITHER}, in UTF-8."
        raise Refused(Code.UNSUPPORTED_MEDIA_TYPE, sentence, headers={"accept-post": f"{_ONE}, {_BATCH}, {_EITHER}"})
    return name


def _events(body: bytes, media: str) -> Events:
    if media != _EITHER and is_list(body) != (media == _BATCH):
        what = "an array of events" if media == _BATCH else "one event, no array"
        raise Refused(Code.BAD_REQUEST, f"The body of {media} is {what}.")
    try:
        events = decode(body)
    except NotJson as fault:
        raise Refused(Code.BAD_REQUEST, str(fault)) from None
    if len(events) > MOST_EVENTS:
        sentence = f"At most {MOST_EVENTS} events in one request; these are {len(events)}. None was kept."
        raise Refused(Code.BODY_TOO_LARGE, sentence, allowed=MOST_EVENTS)
    return events


def _prefers_results(request: Request) -> bool:
    """Whether a `Prefer` header (RFC 7240) asks for a result for each event."""
    preferences = ",".join(request.headers.getlist("prefer")).split(",")
    return any(each.split(";")[0].replace(" ", "").replace('"', "").lower() == _PREFERENCE for each in preferences)


def _refused(refused: Refused, exchange: Exchange) -> Response:
    exchange.codes.append(refused.code)
    return refused_as_problem(refused, exchange.request_id)


def _results(events: Events, outcomes: Sequence[EventOutcome]) -> Response:
    results = [
        _told(index, event, outcome) for index, (event, outcome) in enumerate(zip(events, outcomes, strict=True))
    ]
    headers = {"preference-applied": _PREFERENCE, "cache-control": "no-store"}
    return Response(orjson.dumps({"results": results}), 200, headers, _EITHER)


def _some_rejected(events: Events, outcomes: Sequence[EventOutcome], request_id: str) -> Response:
    rejected = [
        _told(index, event, outcome)
        for index, (event, outcome) in enumerate(zip(events, outcomes, strict=True))
        if outcome.refused
    ]
    counts = Counter(each.status for each in outcomes)
    kept = len(events) - len(rejected)
    detail = f"{len(rejected)} of {len(events)} events {'was' if len(rejected) == 1 else 'were'} rejected"
    return problem(
        400,
        "EVENTS_REJECTED",
        f"{detail}; {'the others are kept' if kept else 'nothing was kept'}.",
        request_id,
        accepted=counts[UsageStatus.ACCEPTED],
        duplicates=counts[UsageStatus.DUPLICATE],
        rejected=rejected,
    )


def _told(index: int, event: CloudEvent | Unreadable, outcome: EventOutcome) -> dict[str, Any]:
    """What became of one event, in the words of the wire."""
    told: dict[str, Any] = {"index": index, "id": event.id, "source": event.source, "status": outcome.status.value}
    if outcome.refused is not None:
        told |= {"reason": outcome.refused.reason.value, "message": outcome.refused.message}
    return told
