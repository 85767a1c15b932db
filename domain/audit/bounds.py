"""Minimum and maximum of closed periods, over all of their invoices, before discounts and tax (law L5).

Owns which charges count and what brings them to the bounds in force. The arithmetic of a bound is pricing/bounds.py's.
"""

from collections.abc import Iterator
from fractions import Fraction
from uuid import UUID

from domain.audit.case import Case
from domain.audit.disagreement import Code, Disagreement, Document
from domain.audit.documents import InvoiceOnFile, LineOnFile
from domain.audit.timeline import Spell
from domain.audit.words import amounts, document_of, on_line, span, subscription_of
from domain.catalog import BASE, PlanVersion
from domain.invoice import InvoiceStatus, LineKind
from domain.money import Money, round_half_away
from domain.periods import Period, seconds_between
from domain.pricing.bounds import Bound, prorated_bound, settle

_BOUNDED = frozenset({LineKind.CHARGE, LineKind.PRORATION_CHARGE, LineKind.USAGE})
_OF_BOUND = frozenset({LineKind.TRUE_UP, LineKind.MAXIMUM})


def audit_bounds(case: Case) -> Iterator[Disagreement]:
    """Closed periods that were not brought to their bounds, or without need, and lines of no closed period."""
    known: set[UUID] = set()
    lines = [
        (invoice, line)
        for invoice in case.books.standing
        for line in invoice.lines
        if line.kind in _OF_BOUND and line.credited_line_id is None
    ]
    for subscription_id, turns in case.timelines.items():
        for spell in turns.spells:
            if spell.is_closed and spell.is_billed:
                own = [each for each in lines if each[1].subscription_id == subscription_id]
                found = [each for each in own if each[1].service == spell.period]
                known |= {line.id for _, line in found}
                yield from _of_spell(case, subscription_id, spell, found)
    for invoice, line in lines:
        if line.id not in known and invoice.is_final:
            stored = span(line.service)
            says = f"brings to its bound what is no closed period: {stored}."
            yield on_line(Code.BOUND, document_of(invoice), line.position, "service", stored, "a closed period", says)


def _of_spell(
    case: Case, subscription_id: UUID, spell: Spell, found: list[tuple[InvoiceOnFile, LineOnFile]]
) -> Iterator[Disagreement]:
    currency = case.books.account.currency
    bound = _bound(case, subscription_id, spell)
    if bound == Bound() and not found:
        return
    closing = found[0][0] if found else _closing(case, subscription_id, spell)
    if closing is not None and closing.status is InvoiceStatus.VOID:
        return  # what brought the period to its bound, or need not, was forgiven with the rest of that invoice
    charged = Money(round_half_away(_charged(case, subscription_id, spell, closing)), currency)
    derived = settle(charged, bound).amount.minor
    linked = list(_linked(case, subscription_id, spell))
    stored = sum(line.stated_minor for _, line in found) - round_half_away(sum(linked, Fraction(0)))
    if derived < stored and _left(case, subscription_id, spell) + sum(case.debited(line) for _, line in found) <= 0:
        return
    # a maximum spread over earlier lines is rounded on each of them
    if abs(stored - derived) > len(linked):
        document: Document = document_of(closing) if closing else subscription_of(subscription_id)
        because = f"{charged.spoken()} charged in {span(spell.period)} asks for"
        yield amounts(Code.BOUND, document, "true-up", currency, stored, derived, because)


def _left(case: Case, subscription_id: UUID, spell: Spell) -> int:
    """What the lines of a period have left to give; a maximum takes nothing of what discounts took whole."""
    return sum(
        case.debited(line) - sum(credit.minor for credit in case.credits.get(line.id, ()))
        for invoice in case.books.standing
        for line in invoice.lines
        if line.kind in _BOUNDED and line.subscription_id == subscription_id
        if spell.period.contains(line.service.start)
    )


def _linked(case: Case, subscription_id: UUID, spell: Spell) -> Iterator[Fraction]:
    """What a maximum gave back of lines on earlier invoices of the period, before their discounts."""
    for line_id, own in case.credits.items():
        _, line = case.books.lines.get(line_id, (None, None))
        if line is None or line.subscription_id != subscription_id or not spell.period.contains(line.service.start):
            continue
        for credit in own:
            if credit.arithmetic.rule == LineKind.MAXIMUM.value:
                debited = case.debited(line)
                is_share = credit.arithmetic.whole_s != 1
                back = abs(credit.arithmetic.basis_minor)
                yield back if is_share else back * line.stated_minor / debited


def _closing(case: Case, subscription_id: UUID, spell: Spell) -> InvoiceOnFile | None:
    """The invoice that closed a period: the first of the subscription made once it was known to be over.

    A change later in the day may have begun the next one at its 00:00.
    """
    turns = case.timelines[subscription_id].spells
    over_at = next((each.opened_at for each in turns if each.period.start >= spell.period.end), spell.period.end)
    return next(
        (
            invoice
            for invoice in case.books.counting
            if invoice.subscription_id == subscription_id and invoice.drafted_at >= max(over_at, spell.period.end)
        ),
        None,
    )


def _bound(case: Case, subscription_id: UUID, spell: Spell) -> Bound:
    """The bounds of the plan versions in force, each for its share of a whole period's time."""
    parts: list[tuple[Bound, Fraction]] = []
    for item in case.books.items:
        if item.subscription_id != subscription_id or item.component != BASE:
            continue
        start, end = case.life(item)
        first = max(start, spell.period.start)
        last = spell.period.end if end is None else min(end, spell.period.end)
        if first < last:
            version = case.rules.versions.get(item.plan_version_id)
            parts.append((_of_version(version, case, spell), seconds_between(first, last) / spell.whole.seconds))
    return prorated_bound(parts)


def _of_version(version: PlanVersion | None, case: Case, spell: Spell) -> Bound:
    for each in version.bounds if version else ():
        if (each.currency, each.interval) == (case.books.account.currency, spell.interval):
            return Bound(each.minimum_minor, each.maximum_minor)
    return Bound()


def _charged(case: Case, subscription_id: UUID, spell: Spell, closing: InvoiceOnFile | None) -> Fraction:
    """What a period was charged when it was closed: before discounts, less service given back as unused.

    What was forgiven with a void invoice counts for as long as it was had.
    """
    total = Fraction(0)
    for invoice in case.books.counting:
        if closing is not None and case.books.first_of(invoice).drafted_at > closing.drafted_at:
            continue
        for line in invoice.lines:
            if line.subscription_id != subscription_id or not spell.period.contains(line.service.start):
                continue
            if invoice.status is InvoiceStatus.VOID:
                total += line.stated_minor * _forgiven(case, line, spell)
            elif line.kind in _BOUNDED:
                total += line.stated_minor * (1 - _given_back(case, line, closing))
    return total


def _forgiven(case: Case, line: LineOnFile, spell: Spell) -> Fraction:
    """The share of a line on a void invoice that counts: of a charge in advance what was had, of a credit all or none.

    One that went with its invoice is asked for again where its line still stands, and its item has ended.
    """
    item = case.books.items_by_id.get(line.item_id) if line.item_id else None
    end = case.life(item)[1] if item else None
    if line.kind is LineKind.PRORATION_CREDIT and line.credited_line_id is not None:
        of, _ = case.books.lines[line.credited_line_id]
        stands = of.status is not InvoiceStatus.VOID
        return Fraction(stands and end is not None and end < line.service.end)
    if line.kind is LineKind.USAGE:
        return Fraction(1)
    if line.kind not in _BOUNDED or item is None:
        return Fraction(0)
    over_at = min(line.service.end, spell.period.end, end or spell.period.end)
    if over_at <= line.service.start:
        return Fraction(0)
    return Period(line.service.start, over_at).seconds / line.service.seconds


def _given_back(case: Case, line: LineOnFile, closing: InvoiceOnFile | None) -> Fraction:
    """The share of a line that went unused; of one that a discount took whole, by time."""
    given_back = [
        credit
        for credit in case.credits.get(line.id, ())
        if credit.is_unused and (closing is None or credit.at <= closing.drafted_at)
    ]
    debited = case.debited(line)
    if debited:
        return Fraction(sum(credit.minor for credit in given_back), debited)
    if line.kind is LineKind.USAGE:
        return Fraction(0)
    item = case.books.items_by_id.get(line.item_id) if line.item_id else None
    end = case.life(item)[1] if item else None
    if end is None or end >= line.service.end:
        return Fraction(0)
    # what a change closed on the day on which it began a period is of the period before, however late that day
    return Period(max(end, line.service.start), line.service.end).seconds / line.service.seconds
