"""Reads a persona's rows back as values, so that tests hold them against the domain. Nothing of it writes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from db import document_rows, rows
from db.engine import Database
from db.queries.subscriptions import live_subscriptions
from db.scope import scope_of
from db.tables import accounts, invoice_lines, invoices
from demo.customer import JOBS
from domain.account import Account
from domain.dunning import Standing, standing
from domain.ids import InvoiceId
from domain.invoice import InvoiceLine, InvoiceStatus
from domain.money import Money
from domain.periods import local_day
from domain.subscription import BillingSubscription


@dataclass(frozen=True, slots=True)
class StoredInvoice:
    """An invoice as it stands in the database, with its lines as the domain's values."""

    id: InvoiceId
    number: str
    reason: str
    status: InvoiceStatus
    total: Money
    due_minor: int
    tax_minor: int
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
    """Its final invoices, oldest first; drafts are left out."""
    lines: dict[Any, list[InvoiceLine]] = {}
    async with database.write() as session:
        own = invoice_lines.c.account_id == account.id
        for row in await session.execute(select(invoice_lines).where(own).order_by(invoice_lines.c.position)):
            lines.setdefault(row.invoice_id, []).append(document_rows.line(row))
        found = await session.execute(
            select(invoices)
            .where(invoices.c.account_id == account.id, invoices.c.finalised_at.is_not(None))
            .order_by(invoices.c.finalised_at, invoices.c.number)
        )
        return [
            StoredInvoice(
                InvoiceId(row.id),
                row.number,
                row.reason,
                InvoiceStatus(row.status),
                Money(row.total_minor, row.currency),
                row.total_minor - row.credited_minor - row.applied_minor - row.paid_minor + row.returned_minor,
                row.tax_minor,
                row.issued_on,
                row.due_on,
                rows.utc(row.finalised_at),
                tuple(lines[row.id]),
            )
            for row in found
        ]


def standing_of(account: Account, documents: list[StoredInvoice], at: datetime) -> Standing:
    """How the account stands, by the table, from its open invoices."""
    dues = [each.due_on for each in documents if each.status is InvoiceStatus.OPEN]
    return standing(min(dues, default=None), local_day(at, account.zone))
