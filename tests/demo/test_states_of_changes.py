"""The personas whose subscription is about to become another are in the state that their sentence promises."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from cli.simulate import simulated
from db.engine import Database
from db.tables import account_terms, approvals, payments, plan_changes, policy_rollouts, shadow_evaluations
from demo.personas import DEMO_NOW, persona_of
from domain.catalog import Segment
from domain.invoice import InvoiceReason, InvoiceStatus
from domain.money import Money
from domain.plan_change.editions import BY_ID
from domain.plan_change.shadow import DifferenceKind
from tests.demo.reading import account_called, invoices_of, subscriptions_of


async def changes_of(database: Database, slug: str) -> list[tuple[Any, ...]]:
    """Step, kind, status, direction and day of each change, in the order of their steps."""
    change = plan_changes.c
    async with database.write() as session:
        found = await session.execute(
            select(change.step, change.kind, change.status, change.direction, change.effective_at)
            .where(change.account_id == persona_of(slug).account_id)
            .order_by(change.created_at, change.step)
        )
        return [tuple(row) for row in found]


async def test_cancelling_ends_on_30_june_and_runs_until_then(demo_database: Database) -> None:
    account = await account_called(demo_database, "cancelling")
    (subscription,) = await subscriptions_of(demo_database, account)
    assert subscription.status == "ACTIVE"
    # 30 June begins in Auckland at 12:00 UTC of the day before
    ends_at = datetime(2026, 6, 29, 12, tzinfo=UTC)
    assert (subscription.cancel_at, subscription.period.end) == (ends_at, ends_at)
    assert await changes_of(demo_database, "cancelling") == [(1, "CANCEL", "APPLIED", "DOWNGRADE", ends_at)]


async def test_scheduled_downgrade_went_up_and_goes_down_on_the_28th(demo_database: Database) -> None:
    account = await account_called(demo_database, "scheduled-downgrade")
    (subscription,) = await subscriptions_of(demo_database, account)
    assert subscription.version.plan.code == "marketing-professional"
    up_at, down_at = datetime(2026, 6, 3, 3, 10, tzinfo=UTC), datetime(2026, 6, 27, 17, tzinfo=UTC)
    assert await changes_of(demo_database, "scheduled-downgrade") == [
        (1, "SWITCH", "APPLIED", "UPGRADE", up_at),
        (1, "SWITCH", "SCHEDULED", "DOWNGRADE", down_at),
    ]


async def test_approval_pending_waits_for_an_answer_that_finance_may_give(demo_database: Database) -> None:
    async with demo_database.write() as session:
        (found,) = (await session.execute(select(approvals))).all()
    assert found.account_id == persona_of("approval-pending").account_id
    assert found.status == "REQUESTED"
    assert found.codes == ["PC-10"]
    assert found.reason == "Busan opens on 1 July with fifteen people"
    # 2,400.00 + 35 × 70.00 + 45 × 22.00 a month; finance approves up to 10,000.00
    assert (found.amount_minor, found.currency) == (584_000, "USD")
    assert found.expires_at > DEMO_NOW
    assert await changes_of(demo_database, "approval-pending") == []


async def test_awaiting_payment_has_what_it_had_until_its_bank_is_satisfied(demo_database: Database) -> None:
    account = await account_called(demo_database, "awaiting-payment")
    (subscription,) = await subscriptions_of(demo_database, account)
    assert subscription.version.plan.code == "sales-starter"
    asked_at = datetime(2026, 6, 17, 9, 20, tzinfo=UTC)
    assert await changes_of(demo_database, "awaiting-payment") == [
        (1, "SWITCH", "AWAITING_PAYMENT", "UPGRADE", asked_at)
    ]
    last = (await invoices_of(demo_database, account))[-1]
    assert (last.reason, last.status) == (InvoiceReason.PLAN_CHANGE, InvoiceStatus.OPEN)
    # 18 days, 6 hours and 40 minutes of 30 days are left: 390.00 × 0.60926 − 70.00 × 0.60926
    assert last.total == Money(23_761 - 4_265, "USD")
    async with demo_database.write() as session:
        found = await session.execute(
            select(payments.c.status).where(payments.c.account_id == account.id, payments.c.invoice_id == last.id)
        )
        assert [row.status for row in found] == ["REQUIRES_ACTION"]


async def test_agreed_terms_hold_and_are_billed(demo_database: Database) -> None:
    account = await account_called(demo_database, "agreed-terms")
    async with demo_database.write() as session:
        (terms,) = (await session.execute(select(account_terms))).all()
    assert terms.account_id == account.id
    assert (terms.notice_days, terms.discount_percent, terms.spend_cap_minor) == (60, 15, 150_000)
    assert terms.prices_locked_until == datetime(2028, 3, 18, 17, tzinfo=UTC)
    regular = [each for each in await invoices_of(demo_database, account) if each.reason != InvoiceReason.PLAN_CHANGE]
    # 90.00 + 12 × 70.00, from April on less 15 %
    assert [each.total.amount() for each in regular] == ["930.00", "790.50", "790.50", "790.50"]


async def test_a_ramp_is_under_way(demo_database: Database) -> None:
    account = await account_called(demo_database, "ramp")
    (subscription,) = await subscriptions_of(demo_database, account)
    assert subscription.quantities["seats"] == 20
    assert [(step, status, at.date()) for step, _, status, _, at in await changes_of(demo_database, "ramp")] == [
        (1, "APPLIED", date(2026, 6, 8)),
        # 1 September and 1 December begin in Jakarta at 17:00 UTC of the day before
        (2, "SCHEDULED", date(2026, 8, 31)),
        (3, "PLANNED", date(2026, 11, 30)),
    ]


async def test_a_newer_edition_is_tried_in_the_shadow_and_disagrees_now_and_then(demo_database: Database) -> None:
    async with demo_database.write() as session:
        (step,) = (await session.execute(select(policy_rollouts))).all()
        asked = (await session.execute(select(shadow_evaluations))).all()
    assert (step.policy_version, step.segment, step.stage) == ("2026-12.1", "SMB", "SHADOW")
    assert {each.candidate_version for each in asked} == {"2026-12.1"}
    assert Counter((each.live_verdict, each.candidate_verdict, each.differs) for each in asked) == {
        ("ALLOW", "ALLOW", False): 7,
        ("REFUSE", "REFUSE", False): 1,
        ("ASK_APPROVAL", "ASK_APPROVAL", False): 1,
        ("ALLOW", "ASK_CONFIRMATION", True): 2,
        ("ASK_CONFIRMATION", "ASK_CONFIRMATION", True): 2,
    }


async def test_simulating_the_newer_edition_finds_what_the_shadow_found(demo_database: Database) -> None:
    tally = await simulated(demo_database, BY_ID["2026-12.1"], None, 1_000, Segment.SMB, 10)
    assert tally.unreadable == 0
    assert tally.kinds == {DifferenceKind.STRICTER: 2, DifferenceKind.REASONS: 2}
    assert tally.more == {"PC-40": 4}
