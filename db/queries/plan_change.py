"""The facts of a plan change that are not the subscription itself. One function a fact, one statement each."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import Uuid, and_, exists, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.due_day import due_day, due_minor
from db.figure import figure, unique_texts
from db.queries import catalog
from db.scope import ACTOR, Scope, within
from db.tables import (
    entitlement_overrides,
    entitlements,
    features,
    invoices,
    meters,
    payments,
    plan_changes,
    plan_versions,
    plans,
    usage_counters,
)
from domain.account import Account
from domain.catalog import FeatureKind
from domain.entitlement import EntitlementOverride
from domain.ids import InvoiceId, PlanChangeId
from domain.invoice import InvoiceStatus
from domain.money import Money
from domain.payment import PaymentStatus
from domain.plan_change.facts import OverdueInvoice, PendingChange
from domain.plan_change.questions import UPGRADE_COUNTS_FOR
from domain.plan_change.verdict import WAITING, ChangeDirection, ChangeKind, PlanChangeStatus
from domain.subscription import BillingSubscription


async def overdue(
    session: AsyncSession, scope: Scope, account: Account, today: date
) -> tuple[Money, OverdueInvoice | None]:
    """What is overdue in all on the account's own day `today`, and the invoice that is longest so."""
    invoice, due_on = invoices.c, due_day(invoices)
    found = (
        await session.execute(
            select(invoice.id, invoice.number, due_on.label("due_on"), due_minor(invoices))
            .where(
                invoice.account_id == account.id,
                invoice.status == InvoiceStatus.OPEN.value,
                due_on < today,
                within(scope.kind, invoice.account_id),
            )
            .order_by(due_on, invoice.id),
            {ACTOR: scope.actor_id},
        )
    ).all()
    total = Money(sum(row[3] for row in found), account.currency)
    first = found[0] if found else None
    return total, OverdueInvoice(InvoiceId(first.id), first.number, first.due_on) if first else None


async def overrides(session: AsyncSession, scope: Scope, account: Account) -> tuple[EntitlementOverride, ...]:
    """The overrides of the account, past ones too; one statement and the features'."""
    override = entitlement_overrides.c
    found = (
        await session.execute(
            select(entitlement_overrides).where(
                override.account_id == account.id, within(scope.kind, override.account_id)
            ),
            {ACTOR: scope.actor_id},
        )
    ).all()
    if not found:
        return ()
    known = await catalog.all_features(session)
    return tuple(rows.override(row, known[row.feature_id]) for row in found)


async def usage(session: AsyncSession, scope: Scope, account: Account, at: datetime) -> dict[str, Decimal]:
    """Usage so far by feature code: all that is stored of a limited one, an allowance's within its window then.

    What is stored counts whether or not the account has the feature today: it must fit a plan that begins to limit it.
    """
    entitled, counter, feature = entitlements.c, usage_counters.c, features.c
    # what is in force: a timeline need not be open-ended, where its subscription is about to end
    window = (
        select(entitled.feature_id, entitled.window_start, entitled.window_end)
        .where(
            entitled.account_id == account.id,
            entitled.valid_from <= at,
            or_(entitled.valid_until.is_(None), entitled.valid_until > at),
            within(scope.kind, entitled.account_id),
        )
        .subquery("window")
    )
    own = literal(account.id, Uuid)
    seen = unique_texts(own, meters.c.id, window.c.window_start, window.c.window_end)
    found = await session.execute(
        select(feature.code, figure(meters.c.aggregation, usage_counters, seen).label("used"))
        .join(meters, meters.c.id == feature.meter_id)
        .join(usage_counters, counter.meter_id == meters.c.id)
        .outerjoin(window, window.c.feature_id == feature.id)
        .where(
            counter.account_id == account.id,
            or_(feature.kind == FeatureKind.LIMIT.value, window.c.feature_id.is_not(None)),
            or_(window.c.window_start.is_(None), counter.day >= window.c.window_start),
            or_(window.c.window_end.is_(None), counter.day < window.c.window_end),
            within(scope.kind, counter.account_id),
        )
        .group_by(feature.code, meters.c.id, meters.c.aggregation, window.c.window_start, window.c.window_end),
        {ACTOR: scope.actor_id},
    )
    return {row.code: row.used for row in found}


async def pending(session: AsyncSession, scope: Scope, subscription: BillingSubscription) -> PendingChange | None:
    """The change of this subscription that waits for its day, or to be paid."""
    change, paying = plan_changes.c, payments.c
    paid = exists(
        select(literal(1)).where(
            paying.account_id == change.account_id,
            paying.invoice_id == change.invoice_id,
            paying.status == PaymentStatus.PROCESSING.value,
            within(scope.kind, paying.account_id),
        )
    )
    row = (
        await session.execute(
            select(change.id, change.effective_at, change.invoice_id, plans.c.name, paid.label("is_being_paid"))
            .join(plan_versions, plan_versions.c.id == change.to_plan_version_id)
            .join(plans, plans.c.id == plan_versions.c.plan_id)
            .where(
                change.account_id == subscription.account_id,
                change.subscription_id == subscription.id,
                change.status.in_([status.value for status in WAITING]),
                within(scope.kind, change.account_id),
            ),
            {ACTOR: scope.actor_id},
        )
    ).one_or_none()
    if row is None:
        return None
    invoice_id = InvoiceId(row.invoice_id) if row.invoice_id else None
    at = rows.utc(row.effective_at)
    return PendingChange(PlanChangeId(row.id), row.name, at, invoice_id, row.is_being_paid)


@dataclass(frozen=True, slots=True)
class RecentChanges:
    """How many changes of terms the account had accepted in the 24 hours before, cancelled ones too; and when this
    subscription last went up, where that was so lately that it counts. Ends, pauses and resumes are none of either."""

    last_day: int
    upgraded_at: datetime | None


async def recent_changes(
    session: AsyncSession, scope: Scope, subscription: BillingSubscription, now: datetime
) -> RecentChanges:
    """What the account changed lately; one statement."""
    change = plan_changes.c
    # a ramp is one change, however many steps it has; one that was never paid for is none
    is_made = or_(change.expires_at.is_(None), change.status == PlanChangeStatus.APPLIED.value)
    is_of_last_day = and_(change.created_at > now - timedelta(days=1), change.ramp_id.is_(None), is_made)
    is_upgrade = and_(
        change.subscription_id == subscription.id,
        change.status == PlanChangeStatus.APPLIED.value,
        change.direction == ChangeDirection.UPGRADE.value,
        change.applied_at > now - UPGRADE_COUNTS_FOR,
    )
    row = (
        await session.execute(
            select(
                func.count().filter(is_of_last_day).label("last_day"),
                func.max(change.applied_at).filter(is_upgrade).label("upgraded_at"),
            ).where(
                change.account_id == subscription.account_id,
                change.kind == ChangeKind.SWITCH.value,
                or_(is_of_last_day, is_upgrade),
                within(scope.kind, change.account_id),
            ),
            {ACTOR: scope.actor_id},
        )
    ).one()
    return RecentChanges(row.last_day, rows.utc(row.upgraded_at) if row.upgraded_at else None)
