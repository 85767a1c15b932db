"""What a quote promises, as plain data (what it departs from, verdict, date, lines, entitlements), and how two differ.

Owns when a quote is stale: exactly when preparing again at its instant gives another promise. Does not own what is
promised (prepare.py).
"""

from collections.abc import Mapping
from typing import Any

from domain.entitlement import FeatureValue
from domain.invoicing.bill import Bill
from domain.invoicing.draft import DraftLine
from domain.plan_change.prepare import Prepared

Promise = Mapping[str, Any]
"""JSON, a part each of PARTS; integers, texts, lists and booleans only."""

PARTS = ("subscription", "verdict", "effectiveAt", "lines", "nextInvoice", "entitlements")


def promise_of(prepared: Prepared) -> Promise:
    """The promise a customer was shown, ready to be stored beside the quote."""
    return {
        # what the change departs from: moved meanwhile, it is another change, even where no price tells them apart
        "subscription": sorted(item.id.hex for item in prepared.facts.subscription.items),
        "verdict": prepared.decision.verdict.value,
        "effectiveAt": prepared.decision.effective_at.isoformat(),
        "lines": _lines(prepared.delta.bill),
        "nextInvoice": _lines(prepared.next_invoice),
        "entitlements": [
            [change.feature.code, _value(change.before), _value(change.after)] for change in prepared.entitlements
        ],
    }


def differences(promised: Promise, prepared: Prepared) -> tuple[str, ...]:
    """The names of the parts in which today's answer differs from the promise; empty when the quote still holds."""
    today = promise_of(prepared)
    return tuple(part for part in PARTS if promised.get(part) != today[part])


def _lines(bill: Bill) -> list[list[str | int]]:
    """Every line with its discounts and its tax; those of a credit note say which invoice it corrects."""
    given_back: list[list[str | int]] = [
        [*_line(line.draft), -line.net.minor, -line.tax_minor, note.invoice_id.hex]
        for note in bill.credit_notes
        for line in note.lines
    ]
    charged: list[list[str | int]] = [
        [*_line(line.draft), line.net.minor, line.tax_minor, line.discount_id.hex if line.discount_id else ""]
        for line in (bill.invoice.lines if bill.invoice else ())
    ]
    return given_back + charged


def _line(line: DraftLine) -> list[str | int]:
    return [
        line.component or "",
        line.kind.value,
        line.price_id.hex if line.price_id else "",
        str(line.quantity),
        line.service.start.isoformat(),
        line.service.end.isoformat(),
    ]


def _value(value: FeatureValue) -> list[bool | int | str | None]:
    return [value.is_enabled, value.limit, value.setting]
