"""Rows of invoices, lines and prices as the values that the domain compares: read, never to be written back."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from domain.ids import InvoiceId, ItemId, LineId, PriceId
from domain.invoice import Invoice, InvoiceLine, InvoiceReason, InvoiceStatus, InvoiceTax, LineExplanation, LineKind
from domain.money import Money
from domain.periods import BillingInterval, Period
from domain.pricing.model import Price, PriceModel, PriceTier
from domain.tax import TaxTreatment
from resolvers.raw import raw


def invoice_value(row: Any, lines: Sequence[Any]) -> Invoice:
    """An invoice with its lines. Its tax is one sum: which rates it is of is not told."""
    currency = row.currency
    tax = Money(raw(row, "tax_minor"), currency)
    return Invoice(
        id=InvoiceId(raw(row, "id")),
        reason=InvoiceReason(row.reason),
        currency=currency,
        lines=tuple(_line(line, currency) for line in lines),
        issued_on=raw(row, "issued_on"),
        due_on=raw(row, "due_on"),
        finalised_at=raw(row, "finalised_at"),
        status=InvoiceStatus(row.status),
        number=row.number,
        taxes=(
            InvoiceTax(
                None, TaxTreatment.STANDARD, "", Fraction(0), is_inclusive=False, base=tax, tax=tax, sentence=""
            ),
        ),
    )


def _line(row: Any, currency: str) -> InvoiceLine:
    item_id, price_id, unit = raw(row, "item_id"), raw(row, "price_id"), raw(row, "unit_minor")
    return InvoiceLine(
        id=LineId(raw(row, "id")),
        subscription_id=raw(row, "subscription_id"),
        item_id=None if item_id is None else ItemId(item_id),
        plan_version_id=raw(row, "plan_version_id"),
        price_id=None if price_id is None else PriceId(price_id),
        kind=LineKind(row.kind),
        cause=raw(row, "id"),
        description=row.description,
        quantity=Fraction(raw(row, "quantity")),
        unit_minor=None if unit is None else Fraction(unit),
        amount=Money(raw(row, "amount_minor"), currency),
        service=Period(raw(row, "service_start"), raw(row, "service_end")),
        explanation=LineExplanation(
            row.explanation.rule,
            row.explanation.sentence,
            Fraction(raw(row, "basis_minor")),
            raw(row, "part_s"),
            raw(row, "whole_s"),
            raw(row, "split_minor"),
        ),
        tax_minor=raw(row, "tax_minor"),
        tax_inclusive=row.tax_inclusive,
    )


def price_value(row: Any, tiers: Sequence[Any]) -> Price:
    """A price with its tiers."""
    return Price(
        id=PriceId(raw(row, "id")),
        component=row.component,
        currency=row.currency,
        interval=BillingInterval(row.interval),
        model=PriceModel(row.model),
        tiers=tuple(PriceTier(raw(tier, "up_to"), raw(tier, "unit_minor"), raw(tier, "flat_minor")) for tier in tiers),
        tax_inclusive=row.tax_inclusive,
        package_size=raw(row, "package_size"),
        percent=raw(row, "percent"),
        minimum_minor=raw(row, "minimum_minor"),
        maximum_minor=raw(row, "maximum_minor"),
    )
