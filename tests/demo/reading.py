"""Reads a persona's rows back as values, so that tests hold them against the domain. Nothing of it writes."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, select

from db import rows
from db.engine import Database
from db.queries.subscriptions import live_subscriptions
from db.scope import scope_of
from db.tables import accounts, invoice_lines, invoices
from demo.customer import JOBS
from domain.account import Account
from domain.dunning import Standing, standing
from domain.ids import InvoiceId, ItemId, LineId, PlanVersionId, PriceId, SubscriptionId
from domain.invoice import InvoiceLine, InvoiceStatus, LineExplanation, LineKind
from domain.money import Money
from domain.periods import Period, local_day
from domain.subscription import BillingSubscription


@dataclass(frozen=True, slots=True)
class StoredInvoice:
    """An invoice as it stands in the database, with its lines as the domain's values."""

    id: InvoiceId
    number: str
    reason: str
    status: InvoiceStatus
    total: Money
    paid_minor: int
    issued_on: date
    due_on: date
    finalised_at: datetime
    lines: tuple[InvoiceLine, ...]


async def account_called(database: Database, slug: str) -> Account:
    """The account with this external id."""
    async with database.write() as session:
        found = await session.execute(select(accounts).where(accounts.c.external_id == slug))
        return rows.account(found.one())


async def subscriptions_of(database: Database, account: Account) -> list[BillingSubscription]:
    """Its live subscriptions, oldest first."""
    async with database.write() as session:
        return await live_subscriptions(session, scope_of(JOBS), account)


async def invoices_of(database: Database, account: Account) -> list[StoredInvoice]:
    """Its invoices, oldest first."""
    lines: dict[Any, list[InvoiceLine]] = {}
    async with database.write() as session:
        own = invoice_lines.c.account_id == account.id
        for row in await session.execute(select(invoice_lines).where(own).order_by(invoice_lines.c.position)):
            lines.setdefault(row.invoice_id, []).append(line_of(row))
        found = await session.execute(
            select(invoices)
            .where(invoices.c.account_id == account.id)
            .order_by(invoices.c.finalised_at, invoices.c.number)
        )
        return [
            StoredInvoice(
                InvoiceId(row.id),
                row.number,
                row.reason,
                InvoiceStatus(row.status),
                Money(row.total_minor, row.currency),
                row.paid_minor,
                row.issued_on,
                row.due_on,
                rows.utc(row.finalised_at),
                tuple(lines[row.id]),
            )
            for row in found
        ]


def line_of(row: Row[Any]) -> InvoiceLine:
    """An `invoice_lines` row as the line it was made from."""
    return InvoiceLine(
        id=LineId(row.id),
        subscription_id=SubscriptionId(row.subscription_id),
        item_id=ItemId(row.item_id),
        plan_version_id=PlanVersionId(row.plan_version_id),
        price_id=PriceId(row.price_id),
        kind=LineKind(row.kind),
        cause=row.cause,
        description=row.description,
        quantity=row.quantity,
        unit_minor=None if row.unit_minor is None else Fraction(row.unit_minor),
        amount=Money(row.amount_minor, row.currency),
        service=Period(rows.utc(row.service_start), rows.utc(row.service_end)),
        explanation=LineExplanation(
            rule=row.rule,
            sentence=row.sentence,
            basis_minor=Fraction(row.basis_minor),
            part_s=row.part_s,
            whole_s=row.whole_s,
            split_minor=row.split_minor,
            credited_line_id=None if row.credited_line_id is None else LineId(row.credited_line_id),
        ),
    )


def standing_of(account: Account, documents: list[StoredInvoice], at: datetime) -> Standing:
    """How the account stands, by the table, from its open invoices."""
    dues = [each.due_on for each in documents if each.status is InvoiceStatus.OPEN]
    return standing(min(dues, default=None), local_day(at, account.zone))
