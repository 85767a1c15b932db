"""Record usage events: each is accepted, recognised as a duplicate, or rejected with a reason; none vanishes."""

from collections.abc import Sequence

from db.queries.usage import known_meters, metered_accounts
from db.save.usage import EventKey, Measured, keep_and_count, known_events
from db.unit_of_work import UnitOfWork
from domain.periods import DayFinder, local_day
from domain.usage import UsageEvent, UsageRejection, UsageResult, UsageStatus, rejection
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
    finders = {zone: DayFinder(zone) for zone in {each.zone for each in accounts.values()}}
    clocks = {account_id: each.clock_at or unit.recorded_at for account_id, each in accounts.items()}
    todays = {account_id: local_day(clocks[account_id], each.zone) for account_id, each in accounts.items()}
    batch: list[Measured] = []
    place_of: dict[EventKey, int] = {}
    results: list[UsageResult | None] = [None] * len(events)
    again: list[tuple[int, int]] = []
    first: list[int] = []
    for index, event in enumerate(events):
        account = accounts.get(event.account_id)
        if account is None:
            results[index] = UsageResult(index, UsageStatus.REJECTED, UsageRejection.UNKNOWN_ACCOUNT)
            continue
        now = clocks[event.account_id]
        if (reason := rejection(event, meters, now)) is not None:
            results[index] = UsageResult(index, UsageStatus.REJECTED, reason)
            continue
        key = event.account_id, event.source, event.id
        place = place_of.setdefault(key, len(batch))
        if place < len(batch):
            again.append((index, place))
            continue
        ids = tuple([meters[each.meter].id for each in event.measures])
        day = finders[account.zone].day_of(event.occurred_at)
        batch.append(Measured(key, event, ids, day, now, is_late=day < todays[event.account_id]))
        first.append(index)
    kept = await keep_and_count(unit, batch)
    new = [each for place, each in enumerate(batch) if place in kept]
    await expect_late_use(unit, [each for each in new if accounts[each.event.account_id].has_ended_one])
    await move_drafts(unit, new)
    known = await known_events(unit, [each.key for place, each in enumerate(batch) if place not in kept])
    for place, index in enumerate(first):
        if place in kept:
            results[index] = UsageResult(index, UsageStatus.ACCEPTED)
        else:
            again.append((index, place))
    for index, place in again:
        content = batch[place].event.content if place in kept else known.get(batch[place].key)
        if content is not None and content.agrees(events[index].content):
            results[index] = UsageResult(index, UsageStatus.DUPLICATE)
        else:
            results[index] = UsageResult(index, UsageStatus.REJECTED, UsageRejection.ID_REUSED)
    return tuple([each for each in results if each is not None])
