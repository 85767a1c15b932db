"""Documents of accounts for the audit: invoices and consolidated invoices, each with the number it was given.

Eleven statements with the credit notes (books_notes.py), whatever the number of accounts. The columns are named one by
one: those that hold personal data stay where they are.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.rows import AnyRow, maybe_utc, utc
from db.scope import ACTOR, Scope, within
from db.tables import consolidated_invoices, document_numbers, invoice_lines, invoice_taxes, invoices, outbox_events
from domain.audit.documents import (
    Arithmetic,
    ConsolidatedOnFile,
    InvoiceOnFile,
    LineOnFile,
    NumberOnFile,
    TaxOnFile,
)
from domain.ids import AccountId
from domain.invoice import InvoiceReason, InvoiceStatus, LineKind
from domain.periods import Period
from domain.pricing.rated import Term
from domain.tax import TaxTreatment


async def invoices_of(session: AsyncSession, scope: Scope, ids: Sequence[AccountId]) -> dict[UUID, list[InvoiceOnFile]]:
    """The invoices of each account in the order in which they were made, with their lines and taxes."""
    invoice, event = invoices.c, outbox_events.c
    heads = await session.execute(
        select(
            *(column for column in invoice if not column.info.get("personal")),
            invoice.customer_tax_id.is_not(None).label("has_tax_id"),
            document_numbers.c.legal_entity_id.label("given_by"),
            document_numbers.c.series,
            document_numbers.c.number.label("given"),
            event.recorded_at,
        )
        .outerjoin(
            document_numbers,
            and_(document_numbers.c.document_id == invoice.id, document_numbers.c.account_id == invoice.account_id),
        )
        .outerjoin(
            outbox_events,
            and_(
                event.account_id == invoice.account_id,
                event.aggregate_id == invoice.id,
                event.type == "invoice.finalised",
            ),
        )
        .where(invoice.account_id.in_(ids), within(scope.kind, invoice.account_id))
        .order_by(invoice.account_id, invoice.drafted_at, invoice.id),
        {ACTOR: scope.actor_id},
    )
    lines = await _lines(session, scope, ids)
    taxes = await _taxes(session, scope, ids)
    found: dict[UUID, list[InvoiceOnFile]] = {}
    for row in heads:
        found.setdefault(row.account_id, []).append(_invoice(row, lines.get(row.id, ()), taxes.get(row.id, ())))
    return found


async def _lines(session: AsyncSession, scope: Scope, ids: Sequence[AccountId]) -> dict[UUID, list[LineOnFile]]:
    line = invoice_lines.c
    left_out = {"account_id", "description", "sentence"}
    found = await session.execute(
        select(*(column for column in line if column.key not in left_out))
        .where(line.account_id.in_(ids), within(scope.kind, line.account_id))
        .order_by(line.invoice_id, line.position),
        {ACTOR: scope.actor_id},
    )
    by_invoice: dict[UUID, list[LineOnFile]] = {}
    for row in found:
        by_invoice.setdefault(row.invoice_id, []).append(_line(row))
    return by_invoice


async def _taxes(session: AsyncSession, scope: Scope, ids: Sequence[AccountId]) -> dict[UUID, list[TaxOnFile]]:
    tax = invoice_taxes.c
    found = await session.execute(
        select(
            tax.invoice_id,
            tax.tax_rate_id,
            tax.treatment,
            tax.percent,
            tax.is_inclusive,
            tax.base_minor,
            tax.tax_minor,
        )
        .where(tax.account_id.in_(ids), within(scope.kind, tax.account_id))
        .order_by(tax.invoice_id, tax.position),
        {ACTOR: scope.actor_id},
    )
    by_invoice: dict[UUID, list[TaxOnFile]] = {}
    for row in found:
        entry = TaxOnFile(
            row.tax_rate_id,
            TaxTreatment(row.treatment),
            Fraction(row.percent),
            row.is_inclusive,
            row.base_minor,
            row.tax_minor,
        )
        by_invoice.setdefault(row.invoice_id, []).append(entry)
    return by_invoice


async def consolidated_of(
    session: AsyncSession, scope: Scope, ids: Sequence[AccountId]
) -> dict[UUID, list[ConsolidatedOnFile]]:
    """The consolidated invoices of each account, with the totals of the invoices they are over."""
    whole, child = consolidated_invoices.c, invoices.c
    children = await session.execute(
        select(child.consolidated_invoice_id, child.total_minor).where(
            child.payer_account_id.in_(ids),
            child.consolidated_invoice_id.is_not(None),
            within(scope.kind, child.account_id),
        ),
        {ACTOR: scope.actor_id},
    )
    totals: dict[UUID, list[int]] = {}
    for row in children:
        totals.setdefault(row.consolidated_invoice_id, []).append(row.total_minor)
    heads = await session.execute(
        select(
            *(column for column in whole if not column.info.get("personal")),
            document_numbers.c.legal_entity_id.label("given_by"),
            document_numbers.c.series,
            document_numbers.c.number.label("given"),
        )
        .outerjoin(
            document_numbers,
            and_(document_numbers.c.document_id == whole.id, document_numbers.c.account_id == whole.account_id),
        )
        .where(whole.account_id.in_(ids), within(scope.kind, whole.account_id))
        .order_by(whole.account_id, whole.finalised_at, whole.id),
        {ACTOR: scope.actor_id},
    )
    found: dict[UUID, list[ConsolidatedOnFile]] = {}
    for head in heads:
        found.setdefault(head.account_id, []).append(
            ConsolidatedOnFile(
                id=head.id,
                number=head.number,
                given=number_on_file(head),
                legal_entity_id=head.legal_entity_id,
                currency=head.currency,
                total_minor=head.total_minor,
                invoices=head.invoices,
                finalised_at=utc(head.finalised_at),
                children_minor=tuple(totals.get(head.id, ())),
            )
        )
    return found


def _invoice(row: AnyRow, lines: Iterable[LineOnFile], taxes: Iterable[TaxOnFile]) -> InvoiceOnFile:
    return InvoiceOnFile(
        id=row.id,
        number=row.number,
        given=number_on_file(row),
        legal_entity_id=row.legal_entity_id,
        subscription_id=row.subscription_id,
        reason=InvoiceReason(row.reason),
        status=InvoiceStatus(row.status),
        currency=row.currency,
        customer_country=row.customer_country,
        has_tax_id=row.has_tax_id,
        replaces_invoice_id=row.replaces_invoice_id,
        payer_account_id=row.payer_account_id,
        consolidated_invoice_id=row.consolidated_invoice_id,
        subtotal_minor=row.subtotal_minor,
        discount_minor=row.discount_minor,
        tax_minor=row.tax_minor,
        total_minor=row.total_minor,
        credited_minor=row.credited_minor,
        applied_minor=row.applied_minor,
        paid_minor=row.paid_minor,
        returned_minor=row.returned_minor,
        period=maybe_period(row.period_start, row.period_end),
        issued_on=row.issued_on,
        due_on=row.due_on,
        drafted_at=utc(row.drafted_at),
        finalised_at=maybe_utc(row.finalised_at),
        recorded_at=maybe_utc(row.recorded_at),
        voided_at=maybe_utc(row.voided_at),
        lines=tuple(lines),
        taxes=tuple(taxes),
    )


def _line(row: AnyRow) -> LineOnFile:
    return LineOnFile(
        id=row.id,
        position=row.position,
        subscription_id=row.subscription_id,
        item_id=row.item_id,
        plan_version_id=row.plan_version_id,
        price_id=row.price_id,
        kind=LineKind(row.kind),
        cause=row.cause,
        quantity=_exact(row.quantity),
        unit_minor=None if row.unit_minor is None else _exact(row.unit_minor),
        amount_minor=row.amount_minor,
        tax_minor=row.tax_minor,
        tax_inclusive=row.tax_inclusive,
        tax_rate_id=row.tax_rate_id,
        discount_id=row.discount_id,
        discounted_line_id=row.discounted_line_id,
        credited_line_id=row.credited_line_id,
        currency=row.currency,
        service=Period(utc(row.service_start), utc(row.service_end)),
        arithmetic=arithmetic(row, row.terms),
    )


def arithmetic(row: AnyRow, terms: str | None = None) -> Arithmetic:
    """The explanation's columns of any row that has them; `terms` as rows.terms_text wrote them."""
    return Arithmetic(
        rule=row.rule,
        basis_minor=_exact(row.basis_minor),
        part_s=row.part_s,
        whole_s=row.whole_s,
        split_minor=row.split_minor,
        terms=_terms(terms) if terms else (),
    )


# lines repeat what they say from period to period: read once, for as many as a batch may hold
@lru_cache(maxsize=16_384)
def _exact(number: Decimal) -> Fraction:
    return Fraction(number)


@lru_cache(maxsize=16_384)
def _terms(text: str) -> tuple[Term, ...]:
    return tuple(
        Term(label, Fraction(quantity), None if unit is None else Fraction(unit), flat)
        for label, quantity, unit, flat in json.loads(text)
    )


def number_on_file(row: AnyRow) -> NumberOnFile | None:
    """What the register gave the document of this row."""
    return None if row.given is None else NumberOnFile(row.given_by, row.series, row.given)


def maybe_period(start: datetime | None, end: datetime | None) -> Period | None:
    """The span of two columns, where there is one."""
    return None if start is None or end is None else Period(utc(start), utc(end))
