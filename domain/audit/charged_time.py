"""Which time of which item was charged: all of its life, once, and nothing beyond (law L15).

Owns the time, from the items' own spans and the billing periods. Does not own what the time costs (charges.py), nor
use, which is counted (usage.py).
"""

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from domain.audit.case import CHARGED, Case
from domain.audit.disagreement import Code, Disagreement
from domain.audit.documents import InvoiceOnFile, LineOnFile
from domain.audit.facts import ItemOnFile
from domain.audit.spans import joined, shared, without
from domain.audit.words import span, subscription_of
from domain.catalog import ChargeTiming
from domain.invoice import InvoiceStatus
from domain.periods import Period


def audit_charged_time(case: Case) -> Iterator[Disagreement]:
    """Time of an item that is not charged, charged twice, or charged beyond its life."""
    charged: dict[UUID, list[tuple[InvoiceOnFile, LineOnFile]]] = {}
    for invoice in case.books.invoices:
        for line in invoice.lines:
            if line.kind in CHARGED and line.item_id is not None:
                charged.setdefault(line.item_id, []).append((invoice, line))
    for item in case.books.items:
        yield from _of_item(case, item, charged.get(item.id, []))


def _of_item(case: Case, item: ItemOnFile, own: list[tuple[InvoiceOnFile, LineOnFile]]) -> Iterator[Disagreement]:
    billed = _billed(case, item)
    standing = [line for invoice, line in own if invoice.status is not InvoiceStatus.VOID]
    left = [_left(case, line, billed) for line in standing]
    time = [each for spans in left for each in spans]
    replaced = {invoice.replaces_invoice_id for invoice in case.books.standing}
    waived = [
        line.service for invoice, line in own if invoice.status is InvoiceStatus.VOID and invoice.id not in replaced
    ]
    document = subscription_of(item.subscription_id)
    beyond = without(without(time, billed), _moved(case, standing))
    for code, spans, says in (
        (Code.SERVICE_TWICE, shared(time), "is charged twice"),
        (Code.SERVICE_MISSING, without(without(billed, time), waived), "is charged on no invoice"),
        (Code.SERVICE_BEYOND, beyond, "is charged, but the item was not in force then"),
    ):
        for each in spans:
            sentence = f"“{item.component}” of {document.label}: {span(each)} {says}."
            yield Disagreement(code, document, f"service of {item.component}", span(each), "charged once", sentence)


def _billed(case: Case, item: ItemOnFile) -> list[Period]:
    """The time of an item that must be charged by now: in advance up to the present period's end, else what is over."""
    price, component = case.price(item), case.component(item)
    turns = case.timelines.get(item.subscription_id)
    if price is None or component is None or turns is None or component.is_metered:
        return []
    if price.is_free or item.quantity == 0:
        return []
    start, end = case.life(item)
    in_arrears = component.timing is ChargeTiming.IN_ARREARS
    found: list[Period] = []
    for spell in turns.spells:
        if not spell.is_billed or (in_arrears and not spell.is_closed):
            continue
        first, last = max(start, spell.period.start), spell.period.end if end is None else min(end, spell.period.end)
        if first < last:
            found.append(Period(first, last))
    return joined(found)


def _moved(case: Case, lines: list[LineOnFile]) -> list[Period]:
    """The hours by which lines serve beyond their period, because a new zone has brought its end forward."""
    found = [spell.beyond(line.service) for line in lines if (spell := case.spell_of(line)) is not None]
    return [each for each in found if each is not None]


def _left(case: Case, line: LineOnFile, billed: list[Period]) -> list[Period]:
    """The time that a line still charges: its service, less what was given back as unused.

    A line that has nothing to give back (a discount took all of it, or finance did) keeps no time beyond the life.
    """
    given_back = case.credits.get(line.id, ())
    unused = [each.service for each in given_back if each.is_unused and each.service is not None]
    spell = case.spell_of(line)
    left = without([line.service], unused)
    left = spell.as_it_ended(line.service, left) if spell else left
    # hours that a new zone added, of which an item has those it was in force for
    added = [Period(line.service.end, each.end) for each in left if each.end > line.service.end]
    left = without(left, without(added, billed))
    # a change whose invoice is void moved the item all the same: what it gave back is only asked for again
    left = without(left, without(case.books.withdrawn_of.get(line.id, ()), billed))
    beyond = without(without(left, billed), _moved(case, [line]))
    if not beyond:
        return left
    share = sum((each.seconds for each in beyond), Fraction(0)) / line.service.seconds
    debited = case.debited(line)
    has_nothing_left = debited == sum(each.minor for each in given_back)
    # a share of less than a unit may round to nothing, and nothing is no credit
    if has_nothing_left or debited * share < 1 or _ends_with_its_subscription(case, line):
        return without(left, beyond)
    return left


def _ends_with_its_subscription(case: Case, line: LineOnFile) -> bool:
    """Whether the subscription was cancelled within the line's service: the rest is credited only if finance says."""
    subscription = case.books.subscriptions_by_id.get(line.subscription_id) if line.subscription_id else None
    ended_at: datetime | None = subscription.ended_at if subscription else None
    return ended_at is not None and line.service.start <= ended_at < line.service.end
