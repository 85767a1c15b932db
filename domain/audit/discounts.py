"""Discounts: from every line that one covers, what its terms take off, once, and from no other.

Owns coverage and the amounts of each billing period on each invoice. The arithmetic of a discount is discounting.py's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from domain.audit.case import Case
from domain.audit.disagreement import Code, Disagreement
from domain.audit.documents import InvoiceOnFile, LineOnFile
from domain.audit.facts import DiscountOnFile
from domain.audit.timeline import Spell
from domain.audit.words import amounts, document_of, money, on_line, span, subscription_of
from domain.discount import Discount
from domain.discounting import Discountable, discount_lines
from domain.ids import DiscountId, SubscriptionId
from domain.invoice import LineKind
from domain.periods import Period, seconds_between

_BY_HAND = frozenset({"ADJUSTMENT", "REMAINDER", "ONE_OFF"})
_COVERED = frozenset(
    {
        LineKind.CHARGE,
        LineKind.PRORATION_CHARGE,
        LineKind.USAGE,
        LineKind.TRUE_UP,
        LineKind.MAXIMUM,
        LineKind.ADJUSTMENT,
    }
)


@dataclass(frozen=True, slots=True)
class _Group:
    """Lines of one invoice that charge for one window of one billing period."""

    spell: Spell
    window: Period
    lines: tuple[LineOnFile, ...]


def audit_discounts(case: Case) -> Iterator[Disagreement]:
    """Coverage beyond the terms; discounts that are missing, too many, or of another amount."""
    for discount in case.books.discounts:
        yield from _coverage(case, discount)
    if not case.books.discounts and not case.books.discounts_of:
        return
    for invoice in case.books.final:
        yield from _of_invoice(case, invoice)


def _coverage(case: Case, discount: DiscountOnFile) -> Iterator[Disagreement]:
    document = subscription_of(discount.subscription_id)
    turns = case.timelines.get(discount.subscription_id)
    most = discount.terms.periods
    if most is not None and len(discount.periods) > most:
        says = f"Discount {discount.terms.code} covers {len(discount.periods)} billing periods, its terms {most}."
        yield Disagreement(
            Code.DISCOUNT_COVERAGE, document, "periods covered", f"{len(discount.periods)}", f"{most}", says
        )
    for period in discount.periods:
        spell = turns.started(period.start) if turns else None
        if spell is None or spell.period.end <= discount.redeemed_at:
            stored = span(period)
            says = f"Discount {discount.terms.code} covers {stored}, no billing period after its redemption."
            yield Disagreement(Code.DISCOUNT_COVERAGE, document, "period covered", stored, "a billing period", says)


def _of_invoice(case: Case, invoice: InvoiceOnFile) -> Iterator[Disagreement]:
    document = document_of(invoice)
    own = {line.id: line for line in invoice.lines}
    taken: dict[tuple[UUID, UUID], list[LineOnFile]] = {}
    for line in invoice.lines:
        if line.kind is LineKind.DISCOUNT and line.discount_id is not None:
            if line.discounted_line_id not in own:
                says, right = "takes from a line of another document.", "a line of its own"
                yield on_line(
                    Code.DISCOUNT_COVERAGE, document, line.position, "line", f"{line.discounted_line_id}", right, says
                )
                continue
            taken.setdefault((line.discounted_line_id, line.discount_id), []).append(line)
    for lines in taken.values():
        if len(lines) > 1:
            says = f"{document.label} takes one discount from one line {len(lines)} times."
            field = f"line {lines[-1].position}"
            yield Disagreement(Code.DISCOUNT_TWICE, document, field, f"{len(lines)} times", "once", says)
    expected: dict[tuple[UUID, UUID], int] = {}
    for group in _groups(case, invoice):
        expected |= _derived(case, invoice, group)
    for key in {**expected, **taken}:
        stored = -sum(line.stated_minor for line in taken.get(key, ()))
        yield from _compared(case, invoice, own[key[0]], key[1], stored if key in taken else None, expected.get(key))


def _compared(
    case: Case, invoice: InvoiceOnFile, line: LineOnFile, discount_id: UUID, stored: int | None, derived: int | None
) -> Iterator[Disagreement]:
    """One discount of one line, in minor units off: what is stored, and what follows; None for no line of it."""
    document, currency = document_of(invoice), invoice.currency
    if derived is None:
        if stored or not _is_covered(case, line, discount_id):
            taken = money(stored or 0, currency)
            says = f"loses {taken} to a discount that does not cover it."
            yield on_line(Code.DISCOUNT_COVERAGE, document, line.position, "discount", taken, "none", says)
    elif derived and stored is None:
        right = money(derived, currency)
        says = f"is covered by a discount, and {right} are not taken off it."
        yield on_line(Code.DISCOUNT_MISSING, document, line.position, "discount", "none", right, says)
    elif derived != (stored or 0):
        field = f"discount of line {line.position}"
        yield amounts(Code.DISCOUNT_AMOUNT, document, field, currency, stored or 0, derived, "its terms take off")


def _is_covered(case: Case, line: LineOnFile, discount_id: UUID) -> bool:
    spell = case.spell_of(line)
    return spell is not None and any(
        each.id == discount_id and any(period.start == spell.period.start for period in each.periods)
        for each in case.books.discounts
    )


def _groups(case: Case, invoice: InvoiceOnFile) -> Iterator[_Group]:
    """The lines that discounts may take from, by the billing period and the window they charge for."""
    found: dict[tuple[datetime, Period], list[LineOnFile]] = {}
    spells: dict[datetime, Spell] = {}
    for line in invoice.lines:
        spell = case.spell_of(line)
        if spell is None or line.kind not in _COVERED:
            continue
        if line.kind is LineKind.ADJUSTMENT and (line.arithmetic.rule in _BY_HAND or line.stated_minor < 0):
            continue
        spells[spell.period.start] = spell
        window = line.service if line.kind is LineKind.PRORATION_CHARGE else _period(line, spell)
        found.setdefault((spell.period.start, window), []).append(line)
    for (start, window), lines in found.items():
        yield _Group(spells[start], window, tuple(lines))


def _period(line: LineOnFile, spell: Spell) -> Period:
    """The billing period as it was when the line was written: its end may have moved since."""
    return next((shape.period for shape in spell.shapes if shape.period == line.service), spell.period)


def _derived(case: Case, invoice: InvoiceOnFile, group: _Group) -> dict[tuple[UUID, UUID], int]:
    subscription_id = group.lines[0].subscription_id
    covering = [
        each
        for each in case.books.discounts
        if each.subscription_id == subscription_id
        and any(period.start == group.spell.period.start for period in each.periods)
        and not _came_before(case, invoice, each, group.spell.period)
    ]
    if not covering:
        return {}
    parts = discount_lines(
        [Discountable(line.stated_minor, _component(case, line)) for line in group.lines],
        [
            Discount(DiscountId(each.id), SubscriptionId(each.subscription_id), each.terms, each.redeemed_at)
            for each in covering
        ],
        invoice.currency,
        {DiscountId(each.id): _held(case, invoice, group, each.id) for each in covering},
        group.window.seconds / group.spell.shape_of(group.window).whole.seconds,
    )
    return {(group.lines[part.line_index].id, part.discount_id): part.minor for part in parts}


def _came_before(case: Case, invoice: InvoiceOnFile, discount: DiscountOnFile, period: Period) -> bool:
    """Whether an invoice of a period, or the one it was first, came before what was agreed in the period's middle."""
    if not discount.is_agreed or discount.redeemed_at <= period.start:
        return False
    first = case.books.first_of(invoice)
    return (first.drafted_at, first.id) < (discount.redeemed_at, discount.id)


def _component(case: Case, line: LineOnFile) -> str | None:
    item = case.books.items_by_id.get(line.item_id) if line.item_id else None
    return item.component if item else None


def _held(case: Case, invoice: InvoiceOnFile, group: _Group, discount_id: UUID) -> Fraction:
    """What lines written before hold of a discount over the same time: until given back, or their item ended."""
    held = Fraction(0)
    for earlier in case.books.standing:
        if earlier.id == invoice.id or (earlier.drafted_at, earlier.id) > (invoice.drafted_at, invoice.id):
            continue
        for line in earlier.lines:
            if line.discount_id != discount_id or line.discounted_line_id is None:
                continue
            _, of = case.books.lines.get(line.discounted_line_id, (None, None))
            if of is None:
                continue
            spell = case.spell_of(of)
            if spell is None or spell.period.start != group.spell.period.start:
                continue
            start = max(of.service.start, group.window.start)
            end = min(_ends_at(case, of, invoice.drafted_at), group.window.end)
            if start < end:
                held -= line.stated_minor * seconds_between(start, end) / of.service.seconds
    return held


def _ends_at(case: Case, line: LineOnFile, known_at: datetime) -> datetime:
    """Where a line's service stopped counting, as far as was known at an instant."""
    item = case.books.items_by_id.get(line.item_id) if line.item_id else None
    until = case.life(item, known_at)[1] if item else None
    ends = [
        each.service.start
        for each in case.credits.get(line.id, ())
        if each.is_unused and each.service is not None and each.at <= known_at
    ]
    if until is not None and until <= known_at:
        ends.append(until)
    return min([line.service.end, *ends])
