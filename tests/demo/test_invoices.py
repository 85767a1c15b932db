"""The demo's invoices are the engine's: numbered without a gap, each line telling how its amount came about."""

from itertools import pairwise

import pytest
from sqlalchemy import func, select

from db.engine import Database
from db.tables import credit_notes, document_numbers, invoices, legal_entities, number_series
from demo.personas import DEMO_NOW, PERSONAS, Persona
from domain.invoice import InvoiceLine, InvoiceStatus, LineKind, recompute
from domain.money import Money
from tests.demo.reading import account_called, invoices_of, subscriptions_of

each_persona = pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.slug)


@each_persona
async def test_law_8_every_line_recomputes_from_its_explanation(demo_database: Database, persona: Persona) -> None:
    account = await account_called(demo_database, persona.slug)
    for invoice in await invoices_of(demo_database, account):
        assert recompute(invoice.lines) == tuple(line.amount for line in invoice.lines), invoice.number


@each_persona
async def test_law_1_a_total_is_the_sum_of_its_lines(demo_database: Database, persona: Persona) -> None:
    account = await account_called(demo_database, persona.slug)
    for invoice in await invoices_of(demo_database, account):
        net = Money.total((line.amount for line in invoice.lines), account.currency)
        assert invoice.total == net + Money(invoice.tax_minor, account.currency)
        assert (invoice.due_minor == 0) is (invoice.status is InvoiceStatus.PAID)


@each_persona
async def test_law_15_regular_service_periods_follow_each_other(demo_database: Database, persona: Persona) -> None:
    account = await account_called(demo_database, persona.slug)
    documents = await invoices_of(demo_database, account)
    for subscription in await subscriptions_of(demo_database, account):
        services = [
            line.service
            for invoice in documents
            if invoice.reason in ("SIGN_UP", "RENEWAL") and invoice.status is not InvoiceStatus.VOID
            for line in _regular(invoice.lines)
            if line.subscription_id == subscription.id
        ]
        assert all(earlier.end == later.start for earlier, later in pairwise(services))
        assert subscription.period.contains(DEMO_NOW)


def _regular(lines: tuple[InvoiceLine, ...]) -> tuple[InvoiceLine, ...]:
    """The first of the lines in advance: what was used before comes ahead of it."""
    return tuple(line for line in lines if line.kind is LineKind.CHARGE)[:1]


async def test_law_20_numbers_have_no_gap_and_rise_with_time(demo_database: Database) -> None:
    async with demo_database.write() as session:
        invoiced = number_series.c.series == "TEST"
        series = (await session.execute(select(number_series).where(invoiced))).all()
        assert len(series) == 3
        for row in series:
            numbers = await session.execute(
                select(document_numbers.c.number, invoices.c.finalised_at, invoices.c.number.label("text"))
                .join(invoices, invoices.c.id == document_numbers.c.document_id)
                .where(document_numbers.c.legal_entity_id == row.legal_entity_id, document_numbers.c.series == "TEST")
                .order_by(document_numbers.c.number)
            )
            found = numbers.all()
            code = await session.scalar(select(legal_entities.c.code).where(legal_entities.c.id == row.legal_entity_id))
            assert [each.number for each in found] == list(range(1, row.last_number + 1))
            assert [each.text for each in found] == [f"{code}-TEST-{each.number:06}" for each in found]
            assert [each.finalised_at for each in found] == sorted(each.finalised_at for each in found)


async def test_every_document_but_drafts_is_numbered(demo_database: Database) -> None:
    async with demo_database.write() as session:
        drafts = invoices.c.status == InvoiceStatus.DRAFT.value
        assert await session.scalar(select(func.count()).where(drafts)) == 1
        final = await session.scalar(select(func.count()).select_from(invoices).where(~drafts)) or 0
        issued = final + (await session.scalar(select(func.count()).select_from(credit_notes)) or 0)
        numbered = await session.scalar(select(func.count()).select_from(document_numbers))
        assert issued == numbered
        assert await session.scalar(select(func.count()).where(invoices.c.number.is_(None), ~drafts)) == 0
