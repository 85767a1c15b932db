"""Use: every window of a closed period is on one line, with what its meter counted, priced as it should be.

The events are counted again as long as they are kept, by the instant at which the line's invoice became final; one that
was issued again says what the first one counted. Owns windows and their lines.
Does not own the counting itself (db), nor what late use adds to later invoices, but for its count.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import assert_never
from uuid import UUID

from domain.audit.books import Books, RuleBook
from domain.audit.case import Case
from domain.audit.disagreement import Code, Disagreement, Document
from domain.audit.documents import InvoiceOnFile, LineOnFile
from domain.audit.facts import NOTHING_COUNTED, Counted, ItemOnFile, Window
from domain.audit.timeline import Spell
from domain.audit.words import document_of, on_line, span, subscription_of
from domain.catalog import Component
from domain.ids import MeterId
from domain.invoice import InvoiceStatus, LineKind
from domain.periods import Period
from domain.pricing.model import Price, increment, rate
from domain.usage import Aggregation


@dataclass(frozen=True, slots=True)
class Measured:
    """A span of a billing period whose use one item version prices, as it follows from the items alone."""

    item: ItemOnFile
    component: Component
    price: Price
    meter_id: MeterId
    aggregation: Aggregation
    spell: Spell
    span: Period


def windows(books: Books, rules: RuleBook) -> frozenset[Window]:
    """What must be counted to audit these books: the windows of its final USAGE lines, and those before them."""
    case = Case(books, rules)
    measured = list(measured_windows(case))
    asked: set[Window] = set()
    for invoice, line in books.final_lines():
        if line.kind is LineKind.USAGE:
            own = _of_line(measured, line)
            if own is None:
                continue
            for counted_at in _counted_at(books, invoice):
                asked |= {_window(each, counted_at) for each in (own, *earlier_in_period(measured, own))}
    return frozenset(asked)


def _counted_at(books: Books, invoice: InvoiceOnFile) -> tuple[datetime, ...]:
    """Up to which receipt a final invoice could count: on a standing clock its instant, else when it was worked on.

    On a standing clock use may be sent before and after at one instant: then both count as right. None for no instant.
    """
    first = books.first_of(invoice)
    at = first.finalised_at
    if at is None:
        return ()
    if books.account.is_on_a_clock:
        return at, at - _LEAST
    return (at if first.recorded_at is None else max(at, first.recorded_at),)


def audit_usage(case: Case) -> Iterator[Disagreement]:
    """Windows on no line or on two, lines of no window, and lines of another count or price."""
    measured = list(measured_windows(case))
    lines: dict[tuple[object, Period], list[LineOnFile]] = {}
    waived: set[tuple[object, Period]] = set()
    replaced = {invoice.replaces_invoice_id for invoice in case.books.standing}
    for invoice in case.books.invoices:
        for line in invoice.lines:
            if line.kind is not LineKind.USAGE:
                continue
            if invoice.status is not InvoiceStatus.VOID:
                lines.setdefault((line.item_id, line.service), []).append(line)
            elif invoice.id not in replaced:
                waived.add((line.item_id, line.service))
    for each in measured:
        key = (each.item.id, each.span)
        count = len(lines.get(key, ()))
        if count != 1 and not (count == 0 and key in waived):
            document = subscription_of(each.item.subscription_id)
            says = f"Use of “{each.component.code}” in {span(each.span)} is on {count} lines of {document.label}."
            yield Disagreement(Code.USAGE_MISSING, document, f"use of {each.component.code}", f"{count}", "1", says)
    for invoice, line in case.books.final_lines():
        instants = _counted_at(case.books, invoice) if line.kind is LineKind.USAGE else ()
        if instants:
            own = _of_line(measured, line)
            if own is None:
                stored = span(line.service)
                says = f"bills use in {stored}, which is no window of its item."
                yield on_line(
                    Code.SERVICE_PERIOD, document_of(invoice), line.position, "service", stored, "a window", says
                )
            elif _is_on_file(case, own):
                found = [list(_line(case, document_of(invoice), at, line, own, measured)) for at in instants]
                yield from found[0] if all(found) else ()


def _line(
    case: Case, document: Document, counted_at: datetime, line: LineOnFile, own: Measured, measured: list[Measured]
) -> Iterator[Disagreement]:
    counted = _count(case, own, counted_at)
    if line.quantity != Fraction(counted):
        stored, right = f"{line.quantity}", f"{Fraction(counted)}"
        says = f"bills {stored} “{own.component.code}”; its events count {right}."
        yield on_line(Code.USAGE_QUANTITY, document, line.position, "quantity", stored, right, says)
        return
    before = sum((_count(case, each, counted_at) for each in earlier_in_period(measured, own)), Decimal(0))
    rated = increment(own.price, before, counted) if before else rate(own.price, counted)
    if line.arithmetic.exact_minor != rated.product:
        stored, right = f"{line.arithmetic.exact_minor} minor units", f"{rated.product} minor units"
        says = f"comes to {stored}, but its use costs {right}."
        yield on_line(Code.CHARGE, document, line.position, "amount", stored, right, says)


def _is_on_file(case: Case, own: Measured) -> bool:
    """Whether all that is counted for a line is still kept: tiers may go on from the beginning of its period."""
    since = case.books.account.usage_since
    return since is None or own.spell.period.start >= since


def _count(case: Case, each: Measured, received_by: datetime) -> Decimal:
    counted = case.books.usage.get(_window(each, received_by), NOTHING_COUNTED)
    return figure(counted, each.aggregation)


def figure(counted: Counted, aggregation: Aggregation) -> Decimal:
    """The one figure of a window that a meter of this aggregation gives."""
    match aggregation:
        case Aggregation.COUNT:
            return Decimal(counted.count)
        case Aggregation.SUM:
            return counted.sum
        case Aggregation.MAX:
            return counted.max
        case Aggregation.UNIQUE:
            return Decimal(counted.unique)
        case Aggregation.LATEST:
            return counted.latest or Decimal(0)
        case _:
            assert_never(aggregation)


def _window(each: Measured, received_by: datetime) -> Window:
    return Window(each.meter_id, each.span, received_by)


def _of_line(measured: list[Measured], line: LineOnFile) -> Measured | None:
    return next((each for each in measured if each.item.id == line.item_id and each.span == line.service), None)


def earlier_in_period(measured: list[Measured], own: Measured) -> list[Measured]:
    """The windows of the same component earlier in the period, whose count the tiers go on from."""
    if own.aggregation not in _SUMMED:
        return []
    return [
        each
        for each in measured
        if each.spell is own.spell
        and each.item.subscription_id == own.item.subscription_id
        and (each.component.code, each.meter_id) == (own.component.code, own.meter_id)
        and each.span.start < own.span.start
    ]


_LEAST = timedelta(microseconds=1)
"""The least difference of two instants on file."""
_SUMMED = frozenset({Aggregation.SUM, Aggregation.COUNT})
"""Aggregations whose figure for a period is the sum of those of its parts; any other is the whole period's."""


def measured_windows(case: Case) -> Iterator[Measured]:
    """The windows of every closed period: sums cut where item versions follow each other, levels the whole period's."""
    by_component: dict[tuple[UUID, str], list[ItemOnFile]] = {}
    for item in sorted(case.books.items, key=lambda each: each.valid_from):
        component, price = case.component(item), case.price(item)
        if component is not None and component.is_metered and price is not None:
            by_component.setdefault((item.subscription_id, item.component), []).append(item)
    for (subscription_id, _), versions in by_component.items():
        line = case.timelines.get(subscription_id)
        for spell in line.spells if line else ():
            if spell.is_closed and spell.is_billed:
                yield from _of_spell(case, spell, versions)


def _of_spell(case: Case, spell: Spell, versions: list[ItemOnFile]) -> Iterator[Measured]:
    whole: Measured | None = None
    for item in versions:
        component, price = case.component(item), case.price(item)
        if component is None or price is None or component.meter_id is None or component.aggregation is None:
            continue
        end = item.valid_until
        first = max(item.valid_from, spell.period.start)
        last = spell.period.end if end is None else min(end, spell.period.end)
        if first >= last:
            continue
        if component.aggregation in _SUMMED:
            if not price.is_free:
                own = Period(first, last)
                yield Measured(item, component, price, component.meter_id, component.aggregation, spell, own)
        else:
            since = first if whole is None else whole.span.start
            own = Period(since, last)
            whole = Measured(item, component, price, component.meter_id, component.aggregation, spell, own)
    if whole is not None and not whole.price.is_free:
        yield whole
