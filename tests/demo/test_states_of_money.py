"""The personas of trials and of money are in the state that their sentence promises, read from the database."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from db.engine import Database
from db.tables import (
    credit_notes,
    discounts,
    dunning_steps,
    invoice_lines,
    invoices,
    outbox_events,
    payment_methods,
    payments,
)
from demo.personas import BY_SLUG, DEMO_NOW, PERSONAS
from domain.invoice import InvoiceStatus
from domain.money import Money
from domain.periods import local_day
from domain.subscription import SubscriptionStatus
from tests.demo.reading import account_called, invoices_of, subscriptions_of

OPEN, PAID, VOID = InvoiceStatus.OPEN, InvoiceStatus.PAID, InvoiceStatus.VOID
UNCOLLECTIBLE = InvoiceStatus.UNCOLLECTIBLE


async def told(database: Database, slug: str) -> list[str]:
    """The names of the account's events, in their order."""
    event = outbox_events.c
    async with database.write() as session:
        found = await session.scalars(
            select(event.type).where(event.account_id == BY_SLUG[slug].account_id).order_by(event.sequence)
        )
        return list(found)


async def test_trial_is_in_its_middle_and_has_paid_nothing(demo_database: Database) -> None:
    account = await account_called(demo_database, "trial")
    (subscription,) = await subscriptions_of(demo_database, account)
    assert subscription.status is SubscriptionStatus.TRIALING
    # 24 June begins in Paris at 22:00 UTC of the day before
    assert subscription.trial_end_at == datetime(2026, 6, 23, 22, tzinfo=UTC)
    assert subscription.period.end - subscription.period.start == timedelta(days=14)
    assert subscription.period.end - DEMO_NOW == timedelta(days=6, hours=12)
    assert await invoices_of(demo_database, account) == []
    assert "subscription.trial_ending" not in await told(demo_database, "trial")


async def test_trial_ending_was_told_so_with_two_days_left(demo_database: Database) -> None:
    account = await account_called(demo_database, "trial-ending")
    (subscription,) = await subscriptions_of(demo_database, account)
    assert subscription.status is SubscriptionStatus.TRIALING
    assert subscription.trial_end_at is not None
    assert local_day(subscription.trial_end_at, account.zone) == date(2026, 6, 19)
    assert local_day(DEMO_NOW, account.zone) == date(2026, 6, 17)
    assert (await told(demo_database, "trial-ending")).count("subscription.trial_ending") == 1
    async with demo_database.write() as session:
        method = payment_methods.c
        card = await session.scalar(select(method.last4).where(method.account_id == account.id, method.is_default))
    assert card == "4242"


async def test_blocked_has_a_card_that_was_declined_four_times(demo_database: Database) -> None:
    account = await account_called(demo_database, "blocked")
    documents = await invoices_of(demo_database, account)
    assert [each.status for each in documents] == [PAID] * 4 + [OPEN]
    unpaid = documents[-1]
    assert (local_day(DEMO_NOW, account.zone) - unpaid.due_on).days == 16
    step, payment = dunning_steps.c, payments.c
    async with demo_database.write() as session:
        days = await session.scalars(select(step.day).where(step.invoice_id == unpaid.id).order_by(step.day))
        # collected on its day, a reminder on the next; reminders and the card again after 3, 7 and 14 days
        assert list(days) == [0, 1, 3, 7, 14]
        tried = await session.execute(
            select(payment.status, payment.failure_code).where(payment.invoice_id == unpaid.id)
        )
        assert [tuple(row) for row in tried] == [("FAILED", "insufficient_funds")] * 4


async def test_metered_has_a_draft_in_its_grace_with_tax_on_use(demo_database: Database) -> None:
    account = await account_called(demo_database, "metered")
    documents = await invoices_of(demo_database, account)
    assert [each.status for each in documents] == [PAID] * 4
    # 92.00 + 2 × 14.00 = 120.00, less 20 % = 96.00, and 23 % tax of 22.08
    assert documents[0].total == Money(11808, "EUR")
    invoice, line, discount = invoices.c, invoice_lines.c, discounts.c
    async with demo_database.write() as session:
        draft = (
            await session.execute(
                select(invoices).where(invoice.account_id == account.id, invoice.status == InvoiceStatus.DRAFT.value)
            )
        ).one()
        # the period closed as 17 June began, and 24 hours are left for late usage
        assert draft.finalise_at == datetime(2026, 6, 17, 23, tzinfo=UTC)
        kinds = await session.scalars(select(line.kind).where(line.invoice_id == draft.id).distinct())
        assert set(kinds) == {"CHARGE", "USAGE"}
        code = await session.scalar(select(discount.code).where(discount.account_id == account.id))
        assert code == "WELCOME20"


async def test_corrections_has_every_correction(demo_database: Database) -> None:
    account = await account_called(demo_database, "corrections")
    documents = await invoices_of(demo_database, account)
    assert [each.status for each in documents] == [PAID, PAID, PAID, VOID, PAID, PAID, UNCOLLECTIBLE, OPEN]
    note = credit_notes.c
    async with demo_database.write() as session:
        notes = await session.execute(
            select(note.total_minor, note.to_balance_minor, note.to_refund_minor)
            .where(note.account_id == account.id)
            .order_by(note.created_at)
        )
        assert [tuple(row) for row in notes] == [(2000, 2000, 0), (1250, 0, 1250), (1500, 1500, 0)]


async def test_a_designer_finds_every_state_of_an_invoice(demo_database: Database) -> None:
    async with demo_database.write() as session:
        found = await session.scalars(
            select(invoices.c.status)
            .where(invoices.c.account_id.in_([persona.account_id for persona in PERSONAS]))
            .distinct()
        )
        assert set(found) == {status.value for status in InvoiceStatus}
