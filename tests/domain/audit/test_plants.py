"""Each fault that is planted in sound books is found, and called by its name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from domain.audit.audit import audit
from domain.audit.books import Books, RuleBook
from domain.audit.disagreement import MEANINGS, Code
from domain.audit.documents import Arithmetic, InvoiceOnFile, LineOnFile, NoteOnFile, NumberOnFile
from domain.audit.facts import ChargeOnFile, EntryOnFile, EventNumbers, PaymentOnFile
from domain.credit import CreditEntryKind
from domain.ids import TaxRateId
from domain.invoice import ChargeKind, InvoiceStatus, LineKind
from domain.payment import PaymentStatus
from domain.periods import Period
from domain.tax import TaxRate
from tests.domain.audit.making import ToldLife, a_life, books_of, change, pause, renew, resume, rules_of
from tests.domain.invoicing.making import a_discount, a_plan, each, flat, terms, tiered
from tests.make import an_id, april

STARTER = a_plan(flat(10_001), each("seats", 1_999), tiered("calls", (100, 2), (None, 1)), bound=(20_000, None))
BIGGER = a_plan(flat(30_001), each("seats", 2_999), code="bigger", rank=2)
MAY, JUNE = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


def _the_life() -> ToldLife:
    """Sign-up in April with a discount of two periods, use, an upgrade in May, a downgrade, a pause, a resume."""
    life = a_life(terms(a_discount(10, periods=2), tax=19), STARTER, quantities={"seats": 3})
    life.use("calls", april(3), 150)
    renew(life)
    change(life, MAY + timedelta(days=10, hours=5), BIGGER, seats=7)
    renew(life)
    change(life, JUNE + timedelta(days=9, hours=1), STARTER, seats=3)
    pause(life, JUNE + timedelta(days=15))
    resume(life, JUNE + timedelta(days=20))
    renew(life)
    return life


LIFE = _the_life()
RULES: RuleBook = rules_of(LIFE, STARTER, BIGGER)


def _into_the_balance(books: Books) -> Books:
    """The first credit note, as if its invoice had been paid: what it gives back goes into the balance."""
    note = books.notes[0]
    place = next(place for place, each in enumerate(books.invoices) if each.id == note.invoice_id)
    paid = replace(books.invoices[place], returned_minor=books.invoices[place].returned_minor + note.total_minor)
    granted = EntryOnFile(
        an_id("granted"), 1, CreditEntryKind.GRANTED, note.total_minor, note.total_minor,
        None, note.id, note.invoice_id, note.created_at,
    )  # fmt: skip
    moved = replace(note, to_invoice_minor=0, to_balance_minor=note.total_minor)
    return replace(_at(books, place, paid), notes=(moved, *books.notes[1:]), entries=(granted,))


def _at(books: Books, place: int, invoice: InvoiceOnFile) -> Books:
    return replace(books, invoices=(*books.invoices[:place], invoice, *books.invoices[place + 1 :]))


SOUND: Books = _into_the_balance(books_of(LIFE))

Plant = Callable[[Books], Books]


def on_invoice(place: int, **values: Any) -> Plant:
    """Other values on an invoice."""
    return lambda books: _at(books, place, replace(books.invoices[place], **values))


def on_line(place: int, of: LineKind, index: int = 0, **values: Any) -> Plant:
    """Other values on the line of a kind; a function of the line gives those that depend on it."""

    def plant(books: Books) -> Books:
        invoice = books.invoices[place]
        line = [each for each in invoice.lines if each.kind is of][index]
        new = replace(line, **{key: value(line) if callable(value) else value for key, value in values.items()})
        return _at(books, place, replace(invoice, lines=tuple(new if each is line else each for each in invoice.lines)))

    return plant


def on_lines(place: int, lines: Callable[[Sequence[LineOnFile]], Sequence[LineOnFile]]) -> Plant:
    """Other lines on an invoice."""
    return lambda books: _at(
        books, place, replace(books.invoices[place], lines=tuple(lines(books.invoices[place].lines)))
    )


def on_note(**values: Any) -> Plant:
    """Other values on the first credit note."""
    return lambda books: replace(books, notes=(replace(books.notes[0], **values), *books.notes[1:]))


def both(*plants: Plant) -> Plant:
    """One plant after the other."""

    def plant(books: Books) -> Books:
        for one in plants:
            books = one(books)
        return books

    return plant


def _moved_unit(lines: Sequence[LineOnFile]) -> Sequence[LineOnFile]:
    """A unit from one part of a split to the next one of it, so that the sum stays."""
    parts = [line for line in lines if line.kind is LineKind.PRORATION_CHARGE][:2]
    more = {parts[0].id: 1, parts[1].id: -1}
    return [replace(line, amount_minor=line.amount_minor + more.get(line.id, 0)) for line in lines]


def _copied(line: LineOnFile) -> LineOnFile:
    return replace(line, id=an_id("a second line"), position=99, cause=an_id("another cause"))


def _twice_discounted(lines: Sequence[LineOnFile]) -> Sequence[LineOnFile]:
    taken = next(line for line in lines if line.kind is LineKind.DISCOUNT)
    return [*lines, replace(taken, id=an_id("once more"), position=99)]


def _voided(books: Books) -> Books:
    """The invoice that the later credits give back of is void, and they still do."""
    place = next(place for place, each in enumerate(books.invoices) if each.id == books.notes[0].invoice_id)
    voided = replace(books.invoices[place], status=InvoiceStatus.VOID, voided_at=JUNE)
    return _at(books, place, voided)


def _item(**values: Any) -> Plant:
    return lambda books: replace(
        books,
        items=tuple(
            replace(item, **values) if item.component == "seats" and item.valid_until is None else item
            for item in books.items
        ),
    )


def _fewer_calls(books: Books) -> Books:
    """An event was taken away after it had been billed."""
    return replace(
        books,
        usage={key: replace(each, sum=each.sum - 50 if each.sum else each.sum) for key, each in books.usage.items()},
    )


def _note_line(note: NoteOnFile, **values: Any) -> Plant:
    lines = (replace(note.lines[0], **values), *note.lines[1:])
    return on_note(lines=lines)


def _uncovered(books: Books) -> Books:
    return replace(books, discounts=tuple(replace(each, periods=each.periods[:1]) for each in books.discounts))


def _one_more_period(books: Books) -> Books:
    july = Period(datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC))
    return replace(books, discounts=tuple(replace(each, periods=(*each.periods, july)) for each in books.discounts))


def _entry(**values: Any) -> Plant:
    return lambda books: replace(books, entries=(replace(books.entries[0], **values), *books.entries[1:]))


def _overdrawn(books: Books) -> Books:
    granted = books.entries[0]
    more = granted.amount_minor + 1
    drawn = EntryOnFile(
        an_id("drawn"), len(books.entries) + 1, CreditEntryKind.APPLIED, -more,
        books.entries[-1].balance_minor - more, granted.id, None, books.invoices[-1].id, granted.occurred_at,
    )  # fmt: skip
    return replace(books, entries=(*books.entries, drawn))


def _anchor(books: Books) -> Books:
    (it,) = books.subscriptions
    late = tuple(replace(turn, anchor_on=date(2026, 4, 2)) for turn in it.turns)
    return replace(books, subscriptions=(replace(it, turns=late),))


def _stands_elsewhere(books: Books) -> Books:
    (it,) = books.subscriptions
    return replace(books, subscriptions=(replace(it, period=Period(MAY, JUNE)),))


def _charged(books: Books) -> Books:
    entered = ChargeOnFile(an_id("charge"), ChargeKind.ONE_OFF, None, None, 500, "USD", books.invoices[0].id)
    return replace(books, charges=(entered,))


def _paid(status: PaymentStatus, refunded_minor: int) -> Plant:
    return lambda books: replace(
        books, payments=(PaymentOnFile(an_id("payment"), books.invoices[0].id, None, status, 100, refunded_minor),)
    )


@dataclass(frozen=True)
class Fault:
    """What is planted, and the code that must come of it."""

    says: str
    code: Code
    plant: Plant


def _off(minor: int) -> Callable[[LineOnFile], int]:
    return lambda line: line.amount_minor + minor


def _basis(line: LineOnFile) -> Arithmetic:
    return replace(line.arithmetic, basis_minor=line.arithmetic.basis_minor + 100)


def _terms(line: LineOnFile) -> Arithmetic:
    first, *rest = line.arithmetic.terms
    return replace(line.arithmetic, terms=(replace(first, flat=first.flat + 1), *rest))


def _later(line: LineOnFile) -> Period:
    return Period(line.service.start + timedelta(days=1), line.service.end + timedelta(days=1))


FAULTS = (
    Fault("a line's amount is off by one", Code.LINE_AMOUNT, on_line(0, LineKind.CHARGE, amount_minor=_off(1))),
    Fault("a line's basis is another", Code.LINE_AMOUNT, on_line(0, LineKind.CHARGE, arithmetic=_basis)),
    Fault("a line's steps do not sum", Code.LINE_TERMS, on_line(1, LineKind.USAGE, arithmetic=_terms)),
    Fault("a unit moved between parts of a split", Code.LINE_SPLIT, on_lines(2, _moved_unit)),
    Fault("a line is in another currency", Code.CURRENCY, on_line(0, LineKind.CHARGE, currency="EUR")),
    Fault(
        "a line's tax is off by one", Code.LINE_TAX, on_line(0, LineKind.CHARGE, tax_minor=lambda it: it.tax_minor + 1)
    ),
    Fault(
        "a tax entry is off by one",
        Code.TAX_ENTRY,
        lambda books: on_invoice(
            0, taxes=(replace(books.invoices[0].taxes[0], tax_minor=books.invoices[0].taxes[0].tax_minor + 1),)
        )(books),
    ),
    Fault("a tax entry is missing", Code.TAX_ENTRY, on_invoice(0, taxes=())),
    Fault("a total", Code.TOTALS, lambda books: on_invoice(0, total_minor=books.invoices[0].total_minor + 1)(books)),
    Fault(
        "a subtotal",
        Code.TOTALS,
        lambda books: on_invoice(0, subtotal_minor=books.invoices[0].subtotal_minor - 1)(books),
    ),
    Fault("a regular line is missing", Code.SERVICE_MISSING, on_lines(3, lambda lines: lines[2:])),
    Fault(
        "a line is charged again under another cause",
        Code.SERVICE_TWICE,
        on_lines(1, lambda lines: [*lines, *(_copied(line) for line in lines if line.kind is LineKind.CHARGE)]),
    ),
    Fault("a line is for another period", Code.SERVICE_PERIOD, on_line(3, LineKind.CHARGE, service=_later)),
    Fault("time beyond the item's life", Code.SERVICE_BEYOND, on_line(3, LineKind.CHARGE, service=_later)),
    Fault("a line is for another quantity", Code.QUANTITY, on_line(0, LineKind.CHARGE, 1, quantity=Fraction(4))),
    Fault("an item has another quantity", Code.QUANTITY, _item(quantity=2)),
    Fault(
        "a line is priced by another version",
        Code.PRICE,
        on_line(0, LineKind.CHARGE, price_id=next(price.id for price in BIGGER.prices if price.component == "base")),
    ),
    Fault("an item has another price", Code.CHARGE, _item(price_id=BIGGER.prices[3].id)),
    Fault("a line names no item", Code.ITEM, on_line(0, LineKind.CHARGE, item_id=an_id("nobody's"))),
    Fault("a discount in a period that is not covered", Code.DISCOUNT_COVERAGE, _uncovered),
    Fault("a discount covers more periods than its terms", Code.DISCOUNT_COVERAGE, _one_more_period),
    Fault("a discount is taken twice", Code.DISCOUNT_TWICE, on_lines(0, _twice_discounted)),
    Fault("a discount is not taken", Code.DISCOUNT_MISSING, on_lines(0, lambda lines: [lines[0], *lines[2:]])),
    Fault("a discount is another", Code.DISCOUNT_AMOUNT, on_line(0, LineKind.DISCOUNT, amount_minor=_off(-5))),
    Fault("an event was taken away", Code.USAGE_QUANTITY, _fewer_calls),
    Fault("use is billed as another quantity", Code.USAGE_QUANTITY, on_line(1, LineKind.USAGE, quantity=Fraction(149))),
    Fault(
        "use of a period is on no line",
        Code.USAGE_MISSING,
        on_lines(1, lambda lines: [line for line in lines if line.kind is not LineKind.USAGE]),
    ),
    Fault(
        "a period is not brought to its minimum",
        Code.BOUND,
        on_lines(1, lambda lines: [line for line in lines if line.kind is not LineKind.TRUE_UP]),
    ),
    Fault("a true-up is another", Code.BOUND, on_line(1, LineKind.TRUE_UP, amount_minor=_off(100))),
    Fault(
        "a credit is of another share",
        Code.CREDIT,
        on_line(
            2, LineKind.PRORATION_CREDIT, arithmetic=lambda it: replace(it.arithmetic, part_s=it.arithmetic.part_s + 60)
        ),
    ),
    Fault(
        "a credit is above what its line had",
        Code.OVER_CREDITED,
        on_line(2, LineKind.PRORATION_CREDIT, amount_minor=_off(-9_000)),
    ),
    Fault("a void invoice's line is still credited", Code.VOID_CREDITED, _voided),
    Fault("a credit note's line", Code.NOTE_LINE, lambda books: _note_line(books.notes[0], amount_minor=1)(books)),
    Fault(
        "a credit note's tax",
        Code.NOTE_TAX,
        lambda books: _note_line(books.notes[0], tax_minor=books.notes[0].lines[0].tax_minor + 3)(books),
    ),
    Fault(
        "a credit note's total",
        Code.NOTE_TOTALS,
        lambda books: on_note(total_minor=books.notes[0].total_minor + 1)(books),
    ),
    Fault("what is credited", Code.CREDITED, on_invoice(0, credited_minor=1)),
    Fault("credit applied that the ledger does not know", Code.APPLIED, on_invoice(0, applied_minor=1)),
    Fault("paid without a payment", Code.PAID, on_invoice(0, paid_minor=1)),
    Fault(
        "a payment that failed counts", Code.PAID, both(_paid(PaymentStatus.FAILED, 0), on_invoice(0, paid_minor=100))
    ),
    Fault("returned without a note", Code.RETURNED, on_invoice(0, returned_minor=7)),
    Fault(
        "refunded without a refund",
        Code.REFUNDED,
        both(_paid(PaymentStatus.SUCCEEDED, 50), on_invoice(0, paid_minor=100)),
    ),
    Fault("more is paid than was asked for", Code.DUE, on_invoice(0, paid_minor=10**7)),
    Fault("PAID with something due", Code.STATUS, on_invoice(0, status=InvoiceStatus.PAID)),
    Fault("a ledger entry's amount", Code.LEDGER_BALANCE, _entry(amount_minor=1)),
    Fault("a ledger's balance", Code.LEDGER_BALANCE, _entry(balance_minor=1)),
    Fault("a ledger's sequence", Code.LEDGER_SEQUENCE, _entry(sequence=0)),
    Fault("a grant is overdrawn", Code.GRANT, _overdrawn),
    Fault("a grant that no note gives", Code.GRANT, lambda books: replace(books, entries=books.entries[1:])),
    Fault("no number", Code.NUMBER_MISSING, on_invoice(0, number=None)),
    Fault("a number on paper that was not given", Code.NUMBER_TEXT, on_invoice(0, number="EU-TEST-000002")),
    Fault(
        "a number below an earlier one",
        Code.NUMBER_ORDER,
        lambda books: on_invoice(0, given=replace(_given(books), number=7))(books),
    ),
    Fault(
        "a gap in the events", Code.EVENT_SEQUENCE, lambda books: replace(books, events=(EventNumbers(None, 4, 1, 5),))
    ),
    Fault("another anchor", Code.PERIODS, _anchor),
    Fault("another present period", Code.PERIODS, _stands_elsewhere),
    Fault("a charge that is on no invoice", Code.BY_HAND, _charged),
)


def _given(books: Books) -> NumberOnFile:
    given = books.invoices[0].given
    assert given is not None
    return given


def test_sound_books_have_no_fault() -> None:
    assert audit(SOUND, RULES) == ()
    assert len(SOUND.notes) >= 1
    assert {line.kind for _, line in SOUND.final_lines()} >= {
        LineKind.CHARGE, LineKind.USAGE, LineKind.TRUE_UP, LineKind.DISCOUNT,
        LineKind.PRORATION_CREDIT, LineKind.PRORATION_CHARGE,
    }  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.says)
def test_each_planted_fault_is_found_by_name(fault: Fault) -> None:
    found = audit(fault.plant(SOUND), RULES)
    assert fault.code in {each.code for each in found}
    assert all(each.sentence.endswith(".") and each.document.label for each in found)


def test_another_rate_on_the_day_is_found() -> None:
    (old,) = RULES.rates
    until = replace(old, valid_until=date(2026, 5, 1))
    new = TaxRate(TaxRateId(an_id("new rate")), "DE", None, "VAT", Decimal(21), date(2026, 5, 1))
    found = audit(SOUND, RuleBook(RULES.versions, (until, new), RULES.sellers))
    assert {each.code for each in found} == {Code.TAX_RATE}


def test_every_code_has_a_meaning() -> None:
    assert set(MEANINGS) == set(Code)
