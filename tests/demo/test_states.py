"""Each persona is in the state that its sentence promises, read from the database and judged by the domain."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, or_, select

from db.engine import Database
from db.queries.plan_change import overdue, overrides, usage
from db.scope import scope_of
from db.tables import entitlements, memberships, plan_changes, usage_counters, usage_events
from demo.customer import JOBS
from demo.personas import DEMO_NOW, PERSONAS, Persona
from domain.actor import Role
from domain.catalog import Segment
from domain.dunning import Standing
from domain.entitlement import Entitlement, EntitlementSource, derive
from domain.invoice import InvoiceReason, InvoiceStatus
from domain.money import Money
from domain.periods import BillingInterval, local_day
from domain.proration import factor
from tests.demo.reading import account_called, invoices_of, standing_of, subscriptions_of

OPEN, PAID = InvoiceStatus.OPEN, InvoiceStatus.PAID
MONTH, YEAR = BillingInterval.MONTH, BillingInterval.YEAR
each_persona = pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.slug)


async def in_force(database: Database, slug: str, at: datetime = DEMO_NOW) -> dict[str, Entitlement]:
    """The effective values at an instant by feature code, derived anew from subscriptions and overrides."""
    account = await account_called(database, slug)
    live = await subscriptions_of(database, account)
    async with database.write() as session:
        by_hand = await overrides(session, scope_of(JOBS), account)
    timeline = derive(live, by_hand, at, account.zone)
    return {each.feature.code: each for each in timeline if each.valid_from <= at}


async def used(database: Database, slug: str) -> dict[str, Decimal]:
    """Usage so far by feature code."""
    account = await account_called(database, slug)
    async with database.write() as session:
        return await usage(session, scope_of(JOBS), account, DEMO_NOW)


@each_persona
async def test_a_persona_is_a_sandbox_whose_clock_stands(demo_database: Database, persona: Persona) -> None:
    account = await account_called(demo_database, persona.slug)
    assert account == replace(persona.account(account.legal_entity_id), clock_at=DEMO_NOW)


@each_persona
async def test_a_persona_has_a_person_in_each_role(demo_database: Database, persona: Persona) -> None:
    member = memberships.c
    async with demo_database.write() as session:
        found = await session.execute(
            select(member.user_id, member.role).where(member.account_id == persona.account_id)
        )
        assert {(row.user_id, row.role) for row in found} == {(persona.user_id(role), role.value) for role in Role}


@each_persona
async def test_stored_entitlements_are_what_the_domain_derives(demo_database: Database, persona: Persona) -> None:
    entitled = entitlements.c
    async with demo_database.write() as session:
        found = await session.execute(
            select(entitlements).where(
                entitled.account_id == persona.account_id,
                entitled.valid_from <= DEMO_NOW,
                or_(entitled.valid_until.is_(None), entitled.valid_until > DEMO_NOW),
            )
        )
        stored = {row.feature_code: (row.is_enabled, row.limit_value, row.setting, row.source) for row in found}
    derived = await in_force(demo_database, persona.slug)
    assert stored == {
        code: (each.value.is_enabled, each.value.limit, each.value.setting, each.source.value)
        for code, each in derived.items()
    }


@each_persona
async def test_nobody_uses_more_than_the_plan_allows(demo_database: Database, persona: Persona) -> None:
    allowed = await in_force(demo_database, persona.slug)
    for code, figure in (await used(demo_database, persona.slug)).items():
        limit = allowed[code].value.limit
        assert limit is None or figure <= limit, f"{code}: {figure} of {limit}"


@each_persona
async def test_counters_hold_every_event_once(demo_database: Database, persona: Persona) -> None:
    event, counter = usage_events.c, usage_counters.c
    async with demo_database.write() as session:
        events = await session.execute(
            select(func.count(), func.coalesce(func.sum(event.value), 0)).where(event.account_id == persona.account_id)
        )
        counters = await session.execute(
            select(func.coalesce(func.sum(counter["count"]), 0), func.coalesce(func.sum(counter["sum"]), 0)).where(
                counter.account_id == persona.account_id
            )
        )
        assert tuple(events.one()) == tuple(counters.one())


@each_persona
async def test_only_those_who_owe_for_long_are_in_trouble(demo_database: Database, persona: Persona) -> None:
    account = await account_called(demo_database, persona.slug)
    standing = standing_of(account, await invoices_of(demo_database, account), DEMO_NOW)
    assert standing is (Standing.CHANGES_BLOCKED if persona.slug in ("past-due", "blocked") else Standing.GOOD)


async def test_smb_monthly_has_paid_everything_but_what_is_not_yet_due(demo_database: Database) -> None:
    account = await account_called(demo_database, "smb-monthly")
    (subscription,) = await subscriptions_of(demo_database, account)
    assert (subscription.version.plan.code, subscription.interval) == ("marketing-starter", MONTH)
    assert subscription.quantities == {"base": 1, "seats": 3, "contacts": 3}
    documents = await invoices_of(demo_database, account)
    assert len(documents) == 17  # 11 March 2025 to 11 June 2026 are 16 months begun, and one change
    assert [each.status for each in documents] == [PAID] * 16 + [OPEN]
    # 15.00 + 3 × 9.00 + 3 × 18.00
    assert documents[-1].total == Money(9600, "USD")
    assert documents[-1].due_on == date(2026, 6, 25)
    assert len(await in_force(demo_database, "smb-monthly")) == 12


async def test_annual_midterm_is_half_way_through_its_year(demo_database: Database) -> None:
    account = await account_called(demo_database, "annual-midterm")
    (subscription,) = await subscriptions_of(demo_database, account)
    assert (subscription.version.plan.code, subscription.interval) == ("marketing-starter", YEAR)
    # from 17 December, 182 of 365 days and a half are over
    left = factor(subscription.period, DEMO_NOW)
    assert Decimal("0.49") < Decimal(left.numerator) / left.denominator < Decimal("0.51")
    documents = await invoices_of(demo_database, account)
    assert [each.reason for each in documents] == ["PLAN_CHANGE", "RENEWAL", "PLAN_CHANGE", "RENEWAL"]
    # ten months are paid: 10 × (14.00 + 4 × 8.50 + 3 × 17.00)
    assert documents[-1].total == Money(99000, "EUR")


async def test_near_limit_uses_over_90_percent_of_contacts_and_seats(demo_database: Database) -> None:
    limits, figures = await in_force(demo_database, "near-limit"), await used(demo_database, "near-limit")
    assert (int(figures["contacts"]), limits["contacts"].value.limit) == (18_940, 20_000)  # 94.7 %
    assert (int(figures["seats"]), limits["seats"].value.limit) == (23, 24)  # 95.8 %


async def test_near_limit_has_overrides_that_end_by_themselves(demo_database: Database) -> None:
    now = await in_force(demo_database, "near-limit")
    assert (now["api-calls"].source, now["api-calls"].value.limit) == (EntitlementSource.OVERRIDE, 25_000)
    # 1 July begins in Madrid at 22:00 UTC of the day before
    assert now["api-calls"].valid_until == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert now["sandbox"].value.is_enabled
    later = await in_force(demo_database, "near-limit", datetime(2026, 7, 1, tzinfo=UTC))
    assert (later["api-calls"].source, later["api-calls"].value.limit) == (EntitlementSource.PLAN, 10_000)
    assert not later["sandbox"].value.is_enabled


async def test_past_due_is_blocked_from_changes_and_not_suspended(demo_database: Database) -> None:
    account = await account_called(demo_database, "past-due")
    documents = await invoices_of(demo_database, account)
    assert [each.status for each in documents] == [PAID] * 9 + [OPEN, OPEN]
    oldest = documents[-2]
    assert oldest.due_on == date(2026, 5, 27)
    assert (local_day(DEMO_NOW, account.zone) - oldest.due_on).days == 21
    async with demo_database.write() as session:
        owed, first = await overdue(session, scope_of(JOBS), account, DEMO_NOW)
    assert owed == oldest.total == Money(54000, "USD")  # the newest is not yet due
    assert first is not None
    assert first.number == oldest.number


async def test_enterprise_is_inside_its_commitment(demo_database: Database) -> None:
    account = await account_called(demo_database, "enterprise")
    assert account.segment is Segment.ENTERPRISE
    first, second = await subscriptions_of(demo_database, account)
    assert [first.version.plan.code, second.version.plan.code] == ["marketing-enterprise", "sales-enterprise"]
    for subscription in (first, second):
        assert subscription.committed_at(DEMO_NOW)
        assert subscription.commitment is not None
        assert subscription.commitment.months == 24
        # 1 September begins in Amsterdam at 22:00 UTC of the day before
        assert subscription.commitment.end_at == datetime(2027, 8, 31, 22, tzinfo=UTC)
    value = (await in_force(demo_database, "enterprise"))["response-time"]
    assert (value.source, value.value.setting) == (EntitlementSource.OVERRIDE, "thirty-minutes")


async def test_yen_has_no_decimals_and_begins_on_the_last_of_the_month(demo_database: Database) -> None:
    account = await account_called(demo_database, "yen")
    documents = await invoices_of(demo_database, account)
    assert {each.total.currency for each in documents} == {"JPY"}
    # 71,000 + 6 × 6,600 + 3 × 5,900 + 5 × 165.75 = 129,128.75, each line rounded: 828.75 to 829
    assert documents[-1].total.amount() == "129129"
    issued = [each.issued_on for each in documents if each.reason != InvoiceReason.PLAN_CHANGE]
    assert issued[:4] == [date(2025, 8, 31), date(2025, 9, 30), date(2025, 10, 31), date(2025, 11, 30)]
    (subscription,) = await subscriptions_of(demo_database, account)
    assert subscription.quantities["seats"] == 6  # eight, until the downgrade's day


async def test_dinar_has_three_decimals_and_prices_finer_than_a_fils(demo_database: Database) -> None:
    account = await account_called(demo_database, "dinar")
    documents = await invoices_of(demo_database, account)
    assert documents[0].total.amount() == "291.927"
    packs = next(line for line in documents[0].lines if line.quantity == 15)
    # 15 × 0.345125 = 5.176875 dinars
    assert packs.amount.amount() == "5.177"
    (subscription,) = await subscriptions_of(demo_database, account)
    assert subscription.interval is YEAR


async def test_old_customer_has_three_years_of_invoices_on_old_terms(demo_database: Database) -> None:
    account = await account_called(demo_database, "old-customer")
    documents = await invoices_of(demo_database, account)
    months = {each.issued_on.replace(day=1) for each in documents}
    # May 2023 to May 2026 for the one plan; June 2026 has the other's
    assert len(months) == 38
    assert len(documents) == 57
    first, second = await subscriptions_of(demo_database, account)
    assert (first.version.plan.code, first.version.number) == ("marketing-professional", 1)
    assert second.version.plan.code == "service-essential"
    assert second.version.plan.withdrawn_at == datetime(2025, 6, 30, 9, tzinfo=UTC)


async def test_old_customer_pays_for_an_early_version_what_it_always_cost(demo_database: Database) -> None:
    account = await account_called(demo_database, "old-customer")
    documents = await invoices_of(demo_database, account)
    regular = [each for each in documents if each.lines[0].description == "Outreach Professional"]
    # the second version, sold since February 2025, asks for 480.00
    assert {each.lines[0].amount for each in regular} == {Money(42000, "USD")}


async def test_empty_has_nothing(demo_database: Database) -> None:
    account = await account_called(demo_database, "empty")
    assert await subscriptions_of(demo_database, account) == []
    assert await invoices_of(demo_database, account) == []
    assert await in_force(demo_database, "empty") == {}
    assert await used(demo_database, "empty") == {}


async def test_changes_were_previewed_quoted_and_applied(demo_database: Database) -> None:
    change = plan_changes.c
    async with demo_database.write() as session:
        found = await session.execute(
            select(change.status, change.direction, func.count().label("changes"))
            .where(change.quote_id.is_not(None))
            .group_by(change.status, change.direction)
        )
        counted = {(row.status, row.direction): row.changes for row in found}
    assert counted == {
        ("APPLIED", "UPGRADE"): 13,
        ("APPLIED", "DOWNGRADE"): 2,
        ("APPLIED", "LATERAL"): 1,
        ("SCHEDULED", "DOWNGRADE"): 1,
        ("AWAITING_PAYMENT", "UPGRADE"): 1,
    }
