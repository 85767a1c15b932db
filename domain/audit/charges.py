"""Charges for time: each by the price and quantity of its item version, for a billing period or its share of one.

Owns what a line costs, from the item and the catalog alone. Does not own which time is charged (charged_time.py), nor
"""

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction

from domain.audit.case import CHARGED, Case
from domain.audit.disagreement import Code, Disagreement, Document
from domain.audit.documents import InvoiceOnFile, LineOnFile
from domain.audit.facts import ItemOnFile
from domain.audit.timeline import Spell
from domain.audit.words import document_of, on_line, span
from domain.catalog import ChargeTiming
from domain.invoice import LineKind
from domain.money import Money
from domain.periods import Period
from domain.pricing.model import Price
from domain.pricing.rated import Rated


def audit_charges(case: Case) -> Iterator[Disagreement]:
    """Lines of another item, price or quantity, over another time, or of another amount than they should be."""
    for invoice, line in case.books.final_lines():
        if line.kind in CHARGED or line.kind is LineKind.USAGE:
            yield from _line(case, document_of(invoice), invoice, line)


def _line(case: Case, document: Document, invoice: InvoiceOnFile, line: LineOnFile) -> Iterator[Disagreement]:
    item = case.books.items_by_id.get(line.item_id) if line.item_id else None
    price = case.price(item) if item else None
    if item is None or price is None or item.subscription_id != line.subscription_id:
        says = "charges for an item that its subscription does not have."
        yield on_line(Code.ITEM, document, line.position, "item", f"{line.item_id}", "an item", says)
        return
    if line.plan_version_id != item.plan_version_id or invoice.subscription_id != item.subscription_id:
        stored, right = f"{line.plan_version_id}", f"{item.plan_version_id}"
        says = "names another subscription or plan version than its item's."
        yield on_line(Code.ITEM, document, line.position, "plan version", stored, right, says)
    if line.price_id != item.price_id or line.tax_inclusive is not price.tax_inclusive:
        stored, right = f"{line.price_id}", f"{item.price_id}"
        says = "is priced by another price than its item was sold at."
        yield on_line(Code.PRICE, document, line.position, "price", stored, right, says)
    if line.kind is LineKind.USAGE:
        return
    if line.quantity != item.quantity:
        stored, right = f"{line.quantity}", f"{item.quantity}"
        says = f"is for {stored} “{item.component}”, its item for {right}."
        yield on_line(Code.QUANTITY, document, line.position, "quantity", stored, right, says)
    spell = case.spell_of(line)
    expected = None if spell is None else _time_due(case, item, line, spell)
    if spell is None or line.service not in (expected or ()):
        right = " or ".join(span(each) for each in expected or ()) or "a billing period"
        says = f"is for {span(line.service)}, but its time is {right}."
        yield on_line(Code.SERVICE_PERIOD, document, line.position, "service", span(line.service), right, says)
        return
    cut = _after_what_was_served(case, item, spell)
    yield from _amount(document, line, spell, cut, price, case.rules.rated(price, item.quantity))


def _time_due(case: Case, item: ItemOnFile, line: LineOnFile, spell: Spell) -> tuple[Period, ...]:
    """What a line of this item that begins in this period may be for, by the shapes that the period had."""
    component, (start, end) = case.component(item), case.life(item)
    if component is not None and component.timing is ChargeTiming.IN_ARREARS:
        return _cut(spell.period, start, end)
    if line.kind is LineKind.PRORATION_CHARGE:
        # the rest of the period from when the item came; a stub from its start
        firsts = {max(each, spell.period.start) for each in (start, item.valid_from)}
        return tuple(
            Period(first, shape.period.end) for shape in spell.shapes for first in firsts if first < shape.period.end
        )
    return (*(shape.period for shape in spell.shapes), *_after_what_was_served(case, item, spell))


def _after_what_was_served(case: Case, item: ItemOnFile, spell: Spell) -> tuple[Period, ...]:
    """The period from where the item's line before it ends, if a new zone has brought its start forward since."""
    component = case.component(item)
    if component is not None and component.timing is ChargeTiming.IN_ARREARS:
        return ()
    before = [each for each in case.timelines[item.subscription_id].spells if each.period.end == spell.period.start]
    ends = {end for each in before for end in each.moved_ends if spell.period.start < end}
    return tuple(Period(end, shape.period.end) for shape in spell.shapes for end in ends if end < shape.period.end)


def _cut(period: Period, start: datetime, end: datetime | None) -> tuple[Period, ...]:
    first, last = max(period.start, start), period.end if end is None else min(period.end, end)
    return (Period(first, last),) if first < last else ()


def _amount(
    document: Document, line: LineOnFile, spell: Spell, cut: tuple[Period, ...], price: Price, rated: Rated
) -> Iterator[Disagreement]:
    """The basis and the share of time, which with the arithmetic of lines.py are the amount."""
    whole = spell.shape_of(line.service).whole
    # from where the line before it ends, it is for all days of the period
    is_of_all_days = whole == spell.shape_of(line.service).period and line.service in cut
    is_whole = line.kind is LineKind.CHARGE and (line.service.seconds == whole.seconds or is_of_all_days)
    basis = rated.product if is_whole else Fraction(rated.amount.minor)
    share = Fraction(1) if is_whole else line.service.seconds / whole.seconds
    arithmetic = line.arithmetic
    if arithmetic.basis_minor != basis or Fraction(arithmetic.part_s, arithmetic.whole_s) != share:
        stored, right = f"{arithmetic.exact_minor} minor units", f"{basis * share} minor units"
        costs = Money(rated.amount.minor, price.currency).spoken()
        says = f"comes to {stored}, but {share} of the {costs} that its item costs a period are {right}."
        yield on_line(Code.CHARGE, document, line.position, "amount", stored, right, says)
