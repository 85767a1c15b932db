"""What a quote promises, as plain data (what it departs from, verdict, date, lines, entitlements), and how two differ.

Owns when a quote is stale: exactly when preparing again at its instant gives another promise. Does not own what is
promised (prepare.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.entitlement import FeatureValue
from domain.invoicing.bill import Bill
from domain.invoicing.draft import DraftLine
from domain.money import Money
from domain.plan_change.entitlement_change import EntitlementChange
from domain.plan_change.prepare import Prepared, PreparedStep

Promise = Mapping[str, Any]
"""JSON, a part each of PARTS; integers, texts, lists and booleans only."""

_NET, _TAX = 6, 7
"""Where a line has its net amount and its tax, in minor units."""

PARTS = ("subscription", "verdict", "effectiveAt", "lines", "nextInvoice", "entitlements", "phases")


def promise_of(prepared: Prepared) -> Promise:
    """The promise a customer was shown, ready to be stored beside the quote."""
    return {
        # what the change departs from: moved meanwhile, it is another change, even where no price tells them apart
        "subscription": sorted(item.id.hex for item in prepared.facts.subscription.items),
        "verdict": prepared.decision.verdict.value,
        "effectiveAt": prepared.decision.effective_at.isoformat(),
        "lines": _lines(prepared.delta.bill),
        "nextInvoice": _lines(prepared.next_invoice),
        "entitlements": _entitlements(prepared.entitlements),
        "phases": [_phase(each) for each in prepared.steps],
    }


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of a promise that is another today: what was promised and what would be now, in the text they are shown
    in. Of lines that is their total with tax, of entitlements those that differ; None where no figure says it.
    """

    part: str
    promised: str | None = None
    now: str | None = None


def differences(promised: Promise, prepared: Prepared) -> tuple[Difference, ...]:
    """The parts in which today's answer differs from the promise; empty when the quote still holds."""
    today = promise_of(prepared)
    # what was promised before there were later steps had none
    promised = {"phases": [], **promised}
    currency = prepared.delta.bill.currency
    return tuple(
        Difference(part, *_said(part, promised.get(part), today[part], currency))
        for part in PARTS
        if promised.get(part) != today[part]
    )


def _said(part: str, promised: Any, now: Any, currency: str) -> tuple[str | None, str | None]:
    match part:
        case "verdict" | "effectiveAt":
            return promised, now
        case "lines" | "nextInvoice":
            return _total(promised, currency), _total(now, currency)
        case "entitlements":
            return _but(promised, now), _but(now, promised)
        case _:
            return None, None


def _total(lines: Any, currency: str) -> str:
    """What lines come to with their tax: the net amount and the tax stand at fixed places of each."""
    return Money(sum(line[_NET] + line[_TAX] for line in lines or ()), currency).spoken()


def _but(these: Any, those: Any) -> str:
    """The changes of features that are among `these` only: "contacts: 1000 -> 5000, reports: yes -> no"."""
    only = [each for each in these or () if each not in (those or ())]
    return ", ".join(f"{code}: {_value_said(before)} -> {_value_said(after)}" for code, before, after in only)


def _value_said(value: Any) -> str:
    is_enabled, limit, setting = value
    if not is_enabled:
        return "no"
    return str(limit if limit is not None else setting or "yes")


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


def _phase(prepared: PreparedStep) -> list[Any]:
    """A step: its day, what the subscription is on then, what a whole period is charged, what it grants or takes."""
    step = prepared.step
    return [
        step.effective_at.isoformat(),
        step.after.version.id.hex,
        step.after.interval.value,
        [[component, quantity] for component, quantity in sorted(step.after.quantities.items())],
        _lines(prepared.regular_invoice),
        _entitlements(prepared.entitlements),
    ]


def _entitlements(changes: tuple[EntitlementChange, ...]) -> list[list[Any]]:
    return [[change.feature.code, _value(change.before), _value(change.after)] for change in changes]
