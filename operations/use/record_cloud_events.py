"""Record usage as services send it: CloudEvents, whose subject names an account and whose type its meters."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from db.queries.subjects import accounts_of
from db.queries.usage import known_meters
from db.unit_of_work import UnitOfWork
from domain.cloud_event import CloudEvent, EventFault, Refused, Unreadable, refusal, usage_of
from domain.usage import Meter, UsageEvent, UsageResult, UsageStatus
from operations.use.record_usage import record_usage


@dataclass(frozen=True, slots=True)
class EventOutcome:
    """What became of an event; `refused` where it is REJECTED."""

    status: UsageStatus
    refused: Refused | None = None


async def record_cloud_events(unit: UnitOfWork, events: Sequence[CloudEvent | Unreadable]) -> tuple[EventOutcome, ...]:
    """Keep and count what can be counted; one outcome an event, in order, and an unreadable one spoils no other.

    A statement for the accounts of all and one for the meters, beside those of recording.
    """
    subjects = {each.subject for each in events if isinstance(each, CloudEvent) and each.subject}
    accounts = await accounts_of(unit.session, unit.scope, subjects) if subjects else {}
    counting: defaultdict[str, list[Meter]] = defaultdict(list)
    for meter in (await known_meters(unit.session)).values():
        counting[meter.event_type].append(meter)
    meant = [
        Refused(EventFault.MALFORMED, each.message)
        if isinstance(each, Unreadable)
        else usage_of(each, accounts.get(each.subject or ""), counting.get(each.type, ()), unit.recorded_at)
        for each in events
    ]
    uses = [each for each in meant if isinstance(each, UsageEvent)]
    results = iter(await record_usage(unit, uses) if uses else ())
    return tuple(
        EventOutcome(UsageStatus.REJECTED, each) if isinstance(each, Refused) else _outcome(next(results))
        for each in meant
    )


def _outcome(result: UsageResult) -> EventOutcome:
    return EventOutcome(result.status, None if result.rejection is None else refusal(result.rejection))
