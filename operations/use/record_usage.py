"""Record usage events: each is accepted, recognised as a duplicate, or rejected with a reason; none vanishes."""

from collections.abc import Mapping, Sequence

from db.queries.usage import known_meters, metered_accounts
from db.save.usage import EventKey, Measured, keep_and_count, known_events
from db.unit_of_work import UnitOfWork
from domain.periods import local_day
from domain.usage import Content, UsageEvent, UsageRejection, UsageResult, UsageStatus, rejection
from operations.invoices.move_drafts import move_drafts
from operations.periods.expect_late_use import expect_late_use


async def record_usage(unit: UnitOfWork, events: Sequence[UsageEvent]) -> tuple[UsageResult, ...]:
    """Keep and count a batch; one result an event, in order. Retrying it is free: a known event is a DUPLICATE.

    The same id with other content is ID_REUSED and the first is kept, within a batch as between two. Five statements
    at most, whatever the size of the batch; more where use comes late for a draft, which moves with it, or for a
    subscription that has ended, which is billed once more.
    """
    meters = await known_meters(unit.session)
    accounts = await metered_accounts(unit.session, unit.scope, {event.account_id for event in events})
    refused: dict[int, UsageRejection] = {}
    first_of: dict[EventKey, int] = {}
    measured: dict[int, Measured] = {}
    for index, event in enumerate(events):
        account = accounts.get(event.account_id)
        if account is None:
            refused[index] = UsageRejection.UNKNOWN_ACCOUNT
        elif (reason := rejection(event, meters, now := account.clock_at or unit.recorded_at)) is not None:
            refused[index] = reason
        else:
            ids = tuple(meters[each.meter].id for each in event.measures)
            day = local_day(event.occurred_at, account.zone)
            measured[index] = Measured(event, ids, day, now, is_late=day < local_day(now, account.zone))
            first_of.setdefault(measured[index].key, index)
    batch = [measured[index] for index in first_of.values()]
    kept = await keep_and_count(unit, batch)
    new = [each for each in batch if each.key in kept]
    await expect_late_use(unit, [each for each in new if accounts[each.event.account_id].has_ended_one])
    await move_drafts(unit, new)
    known = dict(await known_events(unit, [each.key for each in batch if each.key not in kept]))
    return tuple(
        _result(index, refused.get(index), measured.get(index), kept, known, measured, first_of)
        for index in range(len(events))
    )


def _result(
    index: int,
    refused: UsageRejection | None,
    each: Measured | None,
    kept: set[EventKey],
    known: Mapping[EventKey, Content],
    measured: Mapping[int, Measured],
    first_of: Mapping[EventKey, int],
) -> UsageResult:
    if each is None:
        return UsageResult(index, UsageStatus.REJECTED, refused)
    is_new = each.key in kept
    first = measured[first_of[each.key]]
    if is_new and first is each:
        return UsageResult(index, UsageStatus.ACCEPTED)
    content = first.event.content if is_new else known.get(each.key)
    if content is None or not content.agrees(each.event.content):
        return UsageResult(index, UsageStatus.REJECTED, UsageRejection.ID_REUSED)
    return UsageResult(index, UsageStatus.DUPLICATE)
