"""Row -> invoice and credit note, for decisions: lines with what they are explained by. The other way is db/rows.py."""

import json
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from db.rows import AnyRow, maybe_utc, utc
from domain.credit import CreditNote, CreditNoteLine, CreditNoteReason
from domain.ids import (
    CreditNoteId,
    DiscountId,
    InvoiceId,
    ItemId,
    LineId,
    PlanVersionId,
    PriceId,
    SubscriptionId,
    TaxRateId,
)
from domain.invoice import (
    Invoice,
    InvoiceLine,
    InvoiceReason,
    InvoiceStatus,
    InvoiceTax,
    LineExplanation,
    LineKind,
)
from domain.money import Money
from domain.periods import Period
from domain.pricing.rated import Term
from domain.tax import TaxTreatment


def invoice(head: AnyRow, lines: Iterable[AnyRow], taxes: Iterable[AnyRow]) -> Invoice:
    """An `invoices` row with its lines and taxes, both in the order of their positions."""
    return Invoice(
        id=InvoiceId(head.id),
        reason=InvoiceReason(head.reason),
        currency=head.currency,
        lines=tuple(line(each) for each in lines),
        issued_on=head.issued_on,
        due_on=head.due_on,
        finalised_at=maybe_utc(head.finalised_at),
        status=InvoiceStatus(head.status),
        number=head.number,
        taxes=tuple(tax(each) for each in taxes),
        subscription_id=SubscriptionId(head.subscription_id) if head.subscription_id else None,
        period=Period(utc(head.period_start), utc(head.period_end)) if head.period_start else None,
        drafted_at=utc(head.drafted_at),
        finalise_at=maybe_utc(head.finalise_at),
        replaces_invoice_id=InvoiceId(head.replaces_invoice_id) if head.replaces_invoice_id else None,
    )


def line(row: AnyRow) -> InvoiceLine:
    """An `invoice_lines` row."""
    quantity = Fraction(row.quantity)
    return InvoiceLine(
        id=LineId(row.id),
        subscription_id=SubscriptionId(row.subscription_id) if row.subscription_id else None,
        item_id=ItemId(row.item_id) if row.item_id else None,
        plan_version_id=PlanVersionId(row.plan_version_id) if row.plan_version_id else None,
        price_id=PriceId(row.price_id) if row.price_id else None,
        kind=LineKind(row.kind),
        cause=row.cause,
        description=row.description,
        quantity=quantity.numerator if quantity.denominator == 1 else quantity,
        unit_minor=None if row.unit_minor is None else Fraction(row.unit_minor),
        amount=Money(row.amount_minor, row.currency),
        service=Period(utc(row.service_start), utc(row.service_end)),
        explanation=explanation(row, row.terms, row.credited_line_id),
        tax_minor=row.tax_minor,
        tax_inclusive=row.tax_inclusive,
        tax_rate_id=TaxRateId(row.tax_rate_id) if row.tax_rate_id else None,
        discount_id=DiscountId(row.discount_id) if row.discount_id else None,
        discounted_line_id=LineId(row.discounted_line_id) if row.discounted_line_id else None,
    )


def explanation(row: AnyRow, terms: str | None, credited_line_id: Any) -> LineExplanation:
    """The explanation's columns of any row that has them; `terms` as rows.terms_text wrote them."""
    read: Sequence[Sequence[Any]] = json.loads(terms) if terms else ()
    return LineExplanation(
        rule=row.rule,
        sentence=row.sentence,
        basis_minor=Fraction(row.basis_minor),
        part_s=row.part_s,
        whole_s=row.whole_s,
        split_minor=row.split_minor,
        credited_line_id=LineId(credited_line_id) if credited_line_id else None,
        terms=tuple(
            Term(label, Fraction(quantity), None if unit is None else Fraction(unit), flat)
            for label, quantity, unit, flat in read
        ),
    )


def tax(row: AnyRow) -> InvoiceTax:
    """An `invoice_taxes` row."""
    return InvoiceTax(
        tax_rate_id=TaxRateId(row.tax_rate_id) if row.tax_rate_id else None,
        treatment=TaxTreatment(row.treatment),
        name=row.label,
        percent=Fraction(row.percent),
        is_inclusive=row.is_inclusive,
        base=Money(row.base_minor, row.currency),
        tax=Money(row.tax_minor, row.currency),
        sentence=row.sentence,
    )


def credit_note(head: AnyRow, lines: Iterable[AnyRow]) -> CreditNote:
    """A `credit_notes` row with some of its lines, or all of them."""
    return CreditNote(
        id=CreditNoteId(head.id),
        invoice_id=InvoiceId(head.invoice_id),
        reason=CreditNoteReason(head.reason),
        memo=head.memo,
        currency=head.currency,
        lines=tuple(_note_line(each) for each in lines),
        issued_on=head.issued_on,
        created_at=utc(head.created_at),
        to_invoice_minor=head.to_invoice_minor,
        to_balance_minor=head.to_balance_minor,
        to_refund_minor=head.to_refund_minor,
    )


def _note_line(row: AnyRow) -> CreditNoteLine:
    return CreditNoteLine(
        id=row.id,
        invoice_line_id=LineId(row.invoice_line_id),
        cause=row.cause,
        description=row.description,
        amount=Money(row.amount_minor, row.currency),
        tax_minor=row.tax_minor,
        tax_inclusive=row.tax_inclusive,
        service=Period(utc(row.service_start), utc(row.service_end)) if row.service_start else None,
        explanation=explanation(row, None, None),
    )
