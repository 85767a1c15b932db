"""Books of the audit, written into a database as its tables hold them: the other way from db/queries/books.py.

For tests of the loader and of `billing audit`, with a life that has a bit of everything and needs no clock.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows, tables
from db.engine import Database
from db.identity import RandomIds
from db.save import catalog as save
from db.unit_of_work import unit_of_work
from domain.actor import StaffRole, staff
from domain.audit.books import Books, RuleBook
from domain.audit.documents import Arithmetic, InvoiceOnFile, LineOnFile, NoteOnFile, NumberOnFile
from domain.audit.facts import Turn
from domain.usage import Aggregation
from tests.domain.audit.making import ToldLife
from tests.make import an_id

Row = Mapping[str, Any]


async def write(database: Database, life: ToldLife, books: Books, rules: RuleBook) -> None:
    """One account with its catalog and everything in its books, into an empty database."""
    at = life.turns[0].occurred_at
    async with unit_of_work(database, staff(StaffRole.SYSTEM), RandomIds(), at) as unit:
        await save.new_legal_entity(unit, life.terms.seller)
        product_id = life.plan.plan.product_id
        await save.new_product(unit, save.Product(product_id, "hub", "Hub", "", 1))
        meters = {
            component.meter_id: save.Meter(component.meter_id, component.code, component.name, "unit", Aggregation.SUM)
            for version in rules.versions.values()
            for component in version.components
            if component.meter_id is not None
        }
        for meter in meters.values():
            await save.new_meter(unit, meter)
        for version in rules.versions.values():
            await save.new_plan(unit, version.plan, "")
            await save.publish(unit, version, at)
        for table, written in (*_terms(life, books, rules), *_facts(life, books), *_documents(books), *_numbers(books)):
            await _insert(unit.session, table, written)


async def _insert(session: AsyncSession, table: Any, written: Sequence[Row]) -> None:
    if written:
        await session.execute(insert(table), [dict(row) for row in written])


def _terms(life: ToldLife, books: Books, rules: RuleBook) -> Sequence[tuple[Any, Sequence[Row]]]:
    account, at = life.account, life.turns[0].occurred_at
    rates = [
        {
            "id": rate.id, "country": rate.country, "region": rate.region, "name": rate.name,
            "percent": rate.percent, "valid_from": rate.valid_from, "valid_until": rate.valid_until,
        }
        for rate in rules.rates
    ]  # fmt: skip
    coupons = [
        {
            "id": an_id(f"coupon {each.terms.code}"), "code": each.terms.code, "name": each.terms.name,
            "percent": each.terms.percent, "amount_minor": each.terms.amount and each.terms.amount.minor,
            "cap_minor": each.terms.cap and each.terms.cap.minor, "currency": each.terms.currency,
            "periods": each.terms.periods, "component": each.terms.component, "redemptions": 1, "created_at": at,
        }
        for each in books.discounts
    ]  # fmt: skip
    opened = rows.account_columns(account, "lived", at) | {"event_sequence": len(life.turns)}
    return (
        (tables.tax_rates, rates),
        (tables.coupons, coupons),
        (tables.accounts, [opened]),
    )


def _facts(life: ToldLife, books: Books) -> Sequence[tuple[Any, Sequence[Row]]]:
    account_id, it = life.account.id, life.subscription
    items = [
        rows.item_columns(item, it) | {"plan_version_id": life.versions[item.id].id}
        for item in life.books.items.values()
    ]
    discounts = [
        {
            "account_id": account_id, "id": each.id, "subscription_id": each.subscription_id,
            "coupon_id": an_id(f"coupon {each.terms.code}"), "code": each.terms.code, "label": each.terms.name,
            "percent": each.terms.percent, "amount_minor": each.terms.amount and each.terms.amount.minor,
            "cap_minor": each.terms.cap and each.terms.cap.minor, "currency": life.account.currency,
            "periods": each.terms.periods, "component": each.terms.component, "redeemed_at": each.redeemed_at,
        }
        for each in books.discounts
    ]  # fmt: skip
    covered = [
        {"account_id": account_id, "discount_id": each.id, "period_start": period.start, "period_end": period.end}
        for each in books.discounts
        for period in each.periods
    ]
    used = [
        {
            "account_id": account_id, "source": "test", "event_id": f"{code}-{place}",
            "meter_id": an_id(f"meter {code}"), "value": value, "occurred_at": occurred_at,
            "received_at": occurred_at + timedelta(minutes=1),
        }
        for code, events in life.events.items()
        for place, (occurred_at, value) in enumerate(events)
    ]  # fmt: skip
    return (
        (
            tables.subscriptions,
            [
                {"account_id": account_id, "id": it.id, "started_at": it.started_at, "version": 1}
                | rows.subscription_columns(it)
            ],
        ),
        (tables.subscription_items, items),
        (tables.discounts, discounts),
        (tables.discount_periods, covered),
        (tables.usage_events, used),
        (tables.outbox_events, [_event(life, turn) for turn in life.turns]),
    )


def _event(life: ToldLife, turn: Turn) -> Row:
    said = {
        "status": turn.status.value,
        "interval": turn.interval.value,
        "anchorOn": turn.anchor_on.isoformat(),
        "periodStart": turn.period.start.isoformat(),
        "periodEnd": turn.period.end.isoformat(),
    }
    return {
        "account_id": life.account.id, "id": an_id(f"event {turn.sequence}"), "sequence": turn.sequence,
        "aggregate_type": "BillingSubscription", "aggregate_id": life.subscription.id,
        "aggregate_sequence": turn.sequence, "type": f"subscription.{turn.type}", "data": json.dumps(said),
        "occurred_at": turn.occurred_at, "recorded_at": turn.occurred_at,
    }  # fmt: skip


def _documents(books: Books) -> Sequence[tuple[Any, Sequence[Row]]]:
    account_id = books.account.id
    taxes = [
        {
            "account_id": account_id, "id": an_id(f"tax {invoice.id} {position}"), "invoice_id": invoice.id,
            "position": position, "tax_rate_id": tax.tax_rate_id, "treatment": tax.treatment.value, "label": "Tax",
            "percent": rows.measure(tax.percent), "is_inclusive": tax.is_inclusive, "base_minor": tax.base_minor,
            "tax_minor": tax.tax_minor, "currency": invoice.currency, "sentence": "Tax.",
        }
        for invoice in books.invoices
        for position, tax in enumerate(invoice.taxes, start=1)
    ]  # fmt: skip
    entries = [
        {
            "account_id": account_id, "id": entry.id, "sequence": entry.sequence, "kind": entry.kind.value,
            "amount_minor": entry.amount_minor, "balance_minor": entry.balance_minor,
            "currency": books.account.currency, "grant_id": entry.grant_id, "credit_note_id": entry.credit_note_id,
            "invoice_id": entry.invoice_id, "occurred_at": entry.occurred_at,
        }
        for entry in books.entries
    ]  # fmt: skip
    return (
        (tables.invoices, [_invoice(books, invoice) for invoice in books.invoices]),
        (tables.invoice_lines, [_line(books, invoice, line) for invoice in books.invoices for line in invoice.lines]),
        (tables.invoice_taxes, taxes),
        (tables.credit_notes, [_note(books, note) for note in books.notes]),
        (tables.credit_note_lines, [row for note in books.notes for row in _note_lines(books, note)]),
        (tables.credit_entries, entries),
    )


def _invoice(books: Books, invoice: InvoiceOnFile) -> Row:
    as_they_are = (
        "id", "number", "legal_entity_id", "subscription_id", "currency", "customer_country", "replaces_invoice_id",
        "subtotal_minor", "discount_minor", "tax_minor", "total_minor", "credited_minor", "applied_minor",
        "paid_minor", "returned_minor", "issued_on", "due_on", "drafted_at", "finalised_at",
    )  # fmt: skip
    return {
        "account_id": books.account.id,
        **{name: getattr(invoice, name) for name in as_they_are},
        "reason": invoice.reason.value,
        "status": invoice.status.value,
        "customer_name": "Somebody",
        "period_start": invoice.period and invoice.period.start,
        "period_end": invoice.period and invoice.period.end,
    }


def _line(books: Books, invoice: InvoiceOnFile, line: LineOnFile) -> Row:
    as_they_are = (
        "id", "position", "subscription_id", "item_id", "plan_version_id", "price_id", "cause", "amount_minor",
        "tax_minor", "tax_inclusive", "tax_rate_id", "discount_id", "discounted_line_id", "credited_line_id",
        "currency",
    )  # fmt: skip
    return {
        "account_id": books.account.id,
        "invoice_id": invoice.id,
        **{name: getattr(line, name) for name in as_they_are},
        "kind": line.kind.value,
        "quantity": rows.measure(line.quantity),
        "unit_minor": rows.measure(line.unit_minor),
        "service_start": line.service.start,
        "service_end": line.service.end,
        "terms": rows.terms_text(line.arithmetic.terms),
        **_explained(line.arithmetic),
    }


def _explained(of: Arithmetic) -> Row:
    return {
        "description": "A line",
        "rule": of.rule,
        "sentence": "Because.",
        "basis_minor": rows.exact(of.basis_minor),
        "part_s": of.part_s,
        "whole_s": of.whole_s,
        "split_minor": of.split_minor,
    }


def _note(books: Books, note: NoteOnFile) -> Row:
    as_they_are = (
        "id", "number", "legal_entity_id", "invoice_id", "currency", "subtotal_minor", "tax_minor", "total_minor",
        "to_invoice_minor", "to_balance_minor", "to_refund_minor", "issued_on", "created_at",
    )  # fmt: skip
    own = {name: getattr(note, name) for name in as_they_are}
    return {"account_id": books.account.id, **own, "reason": note.reason.value, "customer_name": "Somebody"}


def _note_lines(books: Books, note: NoteOnFile) -> Sequence[Row]:
    return [
        {
            "account_id": books.account.id, "id": line.id, "credit_note_id": note.id, "position": line.position,
            "invoice_line_id": line.invoice_line_id, "cause": line.cause, "amount_minor": line.amount_minor,
            "tax_minor": line.tax_minor, "tax_inclusive": line.tax_inclusive, "currency": note.currency,
            "service_start": line.service and line.service.start, "service_end": line.service and line.service.end,
            **_explained(line.arithmetic),
        }
        for line in note.lines
    ]  # fmt: skip


def _numbers(books: Books) -> Sequence[tuple[Any, Sequence[Row]]]:
    given: list[tuple[NumberOnFile, Any]] = [
        *((invoice.given, invoice.id) for invoice in books.invoices if invoice.given is not None),
        *((note.given, note.id) for note in books.notes if note.given is not None),
    ]
    last: dict[tuple[Any, str], int] = {}
    for number, _ in given:
        key = (number.legal_entity_id, number.series)
        last[key] = max(number.number, last.get(key, 0))
    register = [
        {
            "legal_entity_id": number.legal_entity_id, "series": number.series, "number": number.number,
            "account_id": books.account.id, "document_id": document_id,
        }
        for number, document_id in given
    ]  # fmt: skip
    series = [
        {"legal_entity_id": entity, "series": name, "last_number": number} for (entity, name), number in last.items()
    ]
    return ((tables.number_series, series), (tables.document_numbers, register))
