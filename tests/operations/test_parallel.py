"""Several writers at once: equal requests have one effect, different ones take their turns (laws L20, L23, L24)."""

import asyncio
from collections import Counter

from db.queries.accounts import account
from domain.commands import Cancel, Pause, Turn
from domain.ids import QuoteId
from domain.usage import UsageStatus
from operations.changes.change_plan import Accepted, StaleQuote
from tests.make import APRIL, FREE, PRO, SCALE, STARTER, YEAR, april
from tests.stored import Customer, World

MANY = 20


async def quotes_for(world: World, who: Customer, count: int) -> list[QuoteId]:
    """Quotes of different changes of the customer's one subscription, all given at one instant."""
    (subscription,) = await world.of(who, "subscriptions")
    found: list[QuoteId] = []
    for number in range(count):
        plan, seats = ((SCALE, None), (None, 2 + number), (STARTER, None), (FREE, None))[number % 4]
        shown = await world.preview(who, subscription.id, plan, seats=seats, interval=YEAR if number % 8 == 5 else None)
        assert shown.quote is not None, shown.prepared.decision
        found.append(shown.quote.id)
    return found


async def test_l23_equal_parallel_requests_have_one_effect(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    shown = await world.preview(who, subscription, SCALE)
    assert shown.quote is not None
    outcomes = await asyncio.gather(*(world.apply(who, shown.quote.id, key="once") for _ in range(MANY)))
    accepted = [outcome for outcome in outcomes if isinstance(outcome, Accepted)]
    assert len(accepted) == MANY
    assert Counter(outcome.is_replay for outcome in accepted) == {False: 1, True: MANY - 1}
    assert len({outcome.change.id for outcome in accepted}) == 1
    assert len(await world.of(who, "plan_changes")) == 1
    assert len(await world.of(who, "invoices")) == 2
    assert len(await world.of(who, "idempotency_keys", "key")) == 1


async def test_l23_one_quote_with_many_keys_is_applied_once(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    shown = await world.preview(who, subscription, SCALE)
    assert shown.quote is not None
    outcomes = await asyncio.gather(*(world.apply(who, shown.quote.id) for _ in range(MANY)))
    assert Counter(type(outcome) for outcome in outcomes) == {Accepted: 1, StaleQuote: MANY - 1}
    assert len(await world.of(who, "invoices")) == 2


async def test_l24_different_parallel_changes_serialise(world: World) -> None:
    who = await world.customer()
    await world.subscribe(who, PRO)
    quotes = await quotes_for(world, who, MANY)
    outcomes = await asyncio.gather(*(world.apply(who, quote, confirm=["PC-13"]) for quote in quotes))
    kinds = Counter(type(outcome) for outcome in outcomes)
    assert kinds[Accepted] >= 1
    assert kinds.keys() <= {Accepted, StaleQuote}
    await assert_consistent(world, who)


async def test_l24_turns_and_changes_by_quote_take_turns(world: World) -> None:
    """An end, a pause and other terms, all shown to a subscription in force: the first is taken, the others are told
    what differs by now, and what was paused is resumed once.
    """
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    quotes = await quotes_for(world, who, 3)
    turns: list[Turn] = [Pause(), Pause(april(20)), Cancel(), Cancel(is_immediate=True)]
    for turn in turns:
        shown = await world.preview(who, subscription, turn=turn)
        assert shown.quote is not None
        quotes.append(shown.quote.id)
    outcomes = await asyncio.gather(*(world.apply(who, quote, confirm=["PC-13"]) for quote in quotes * 2))
    kinds = Counter(type(outcome) for outcome in outcomes)
    assert kinds[Accepted] >= 1
    assert kinds.keys() <= {Accepted, StaleQuote}
    (row,) = await world.of(who, "subscriptions")
    items = await world.of(who, "subscription_items", where="valid_until IS NULL")
    assert len(items) == (2 if row.status == "ACTIVE" else 0)
    assert len(await world.of(who, "plan_changes", where="status IN ('SCHEDULED', 'AWAITING_PAYMENT')")) <= 1
    assert len(await world.of(who, "plan_changes", where="kind = 'PAUSE' AND status = 'APPLIED'")) <= 1
    assert len(await world.of(who, "plan_changes", where="kind = 'CANCEL' AND status = 'APPLIED'")) <= 2
    # given back at most once: April was 125.00
    given = await world.of(who, "credit_notes")
    assert sum(note.total_minor for note in given) <= 125_00
    await assert_sums(world, who)


async def test_l24_changes_renewals_and_previews_of_one_account_take_turns(world: World) -> None:
    who = await world.customer()
    subscription = await world.subscribe(who, PRO)
    await world.change(who, subscription, STARTER, april(10))
    shown = await world.preview(who, subscription, SCALE, april(30, 23, 40), replace_pending=True)
    assert shown.quote is not None
    outcomes = await asyncio.gather(
        *(world.run_until(who, APRIL.end) for _ in range(4)),
        *(world.apply(who, shown.quote.id, april(30, 23, 59)) for _ in range(4)),
        *(world.preview(who, subscription, SCALE, april(30, 23, 50)) for _ in range(4)),
        return_exceptions=True,
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    (row,) = await world.of(who, "subscriptions")
    assert row.current_period_start == APRIL.end
    assert len(await world.of(who, "invoices", where="reason = 'RENEWAL'")) == 1
    await assert_consistent(world, who)


async def test_a_job_queued_twice_bills_once(world: World) -> None:
    who = await world.customer()
    await world.subscribe(who, PRO)
    ran = await asyncio.gather(*(world.run_until(who, APRIL.end) for _ in range(8)))
    assert sorted(ran) == [[]] * 7 + [[APRIL.end]]
    assert len(await world.of(who, "invoices", where="reason = 'RENEWAL'")) == 1


async def test_two_parallel_payments_pay_once(world: World) -> None:
    who = await world.customer()
    await world.subscribe(who, PRO)
    (invoice,) = await world.of(who, "invoices")
    paid = await asyncio.gather(*(world.pay(who, invoice.id) for _ in range(5)), return_exceptions=True)
    assert Counter(type(each).__name__ for each in paid) == {"NoneType": 1, "InvalidTransition": 4}
    assert len(await world.of(who, "outbox_events", where="type = 'invoice.paid'")) == 1


async def test_l20_numbers_are_gapless_over_accounts_in_parallel_and_over_rollbacks(world: World) -> None:
    everybody = [await world.customer(is_sandbox=number % 4 == 0) for number in range(8)]
    sign_ups = await asyncio.gather(*(world.subscribe(who, PRO) for who in everybody))
    # half of them try a second subscription of the hub, which is rolled back after its invoice was written
    refused = await asyncio.gather(*(world.subscribe(who, SCALE) for who in everybody[::2]), return_exceptions=True)
    assert all(isinstance(each, Exception) for each in refused)
    await asyncio.gather(
        *(world.change(who, subscription, SCALE) for who, subscription in zip(everybody, sign_ups, strict=True))
    )
    await asyncio.gather(*(world.run_until(who, APRIL.end) for who in everybody))
    for series in await world.rows("SELECT series, last_number FROM number_series"):
        given = [
            row.number
            for row in await world.rows(
                "SELECT number FROM document_numbers WHERE series = :series ORDER BY number", series=series.series
            )
        ]
        assert given == list(range(1, series.last_number + 1))
    unnumbered = await world.rows("SELECT count(*) AS n FROM invoices WHERE number IS NULL")
    assert unnumbered[0].n == 0
    for who in everybody:
        await assert_consistent(world, who)


async def test_l27_equal_batches_in_parallel_are_counted_once(world: World) -> None:
    who = await world.customer()
    await world.subscribe(who, PRO)
    results = await asyncio.gather(*(world.use(who, "emails", 40, name="evt-1") for _ in range(10)))
    assert Counter(result[0].status for result in results) == {UsageStatus.ACCEPTED: 1, UsageStatus.DUPLICATE: 9}
    (counter,) = await world.of(who, "usage_counters", "day")
    assert (counter.count, counter.sum) == (1, 40)


async def test_usage_does_not_wait_for_a_change_in_progress(world: World) -> None:
    # a preview and a change lock the account's row; an event that merely refers to it passes
    who = await world.customer()
    await world.subscribe(who, PRO)
    async with world.unit(april(16), who.owner) as unit:
        assert await account(unit.session, unit.scope, who.id, for_change=True)
        (result,) = await asyncio.wait_for(world.use(who, "emails", 1), timeout=10)
    assert result.status is UsageStatus.ACCEPTED


async def assert_consistent(world: World, who: Customer) -> None:
    """Never two plans, never two changes that wait, every sequence without a gap, every invoice its lines' sum."""
    assert len(await world.of(who, "subscriptions", where="ended_at IS NULL")) == 1
    assert len(await world.of(who, "plan_changes", where="status = 'SCHEDULED'")) <= 1
    open_items = await world.of(who, "subscription_items", where="valid_until IS NULL")
    assert len({item.component for item in open_items}) == len(open_items)
    assert len({item.plan_version_id for item in open_items}) == 1
    await assert_sums(world, who)


async def assert_sums(world: World, who: Customer) -> None:
    """Every sequence without a gap, every invoice its lines' sum."""
    events = await world.of(who, "outbox_events", "sequence")
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    by_aggregate: dict[object, list[int]] = {}
    for event in events:
        by_aggregate.setdefault(event.aggregate_id, []).append(event.aggregate_sequence)
    assert all(seen == list(range(1, len(seen) + 1)) for seen in by_aggregate.values())
    unbalanced = await world.rows(
        "SELECT i.id FROM invoices i LEFT JOIN invoice_lines l ON l.account_id = i.account_id AND l.invoice_id = i.id "
        "WHERE i.account_id = :id GROUP BY i.account_id, i.id HAVING i.total_minor <> coalesce(sum(l.amount_minor), 0)",
        id=who.id,
    )
    assert unbalanced == []
