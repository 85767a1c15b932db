"""Numbers: of documents, gapless and increasing in each series (law L20), and of events, gapless in each account.

Owns what can be told of one account (its documents bear the numbers they were given), and of the register over all
accounts. Does not own which series a document is numbered in.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.audit.books import Books, RuleBook
from domain.audit.disagreement import Code, Disagreement, Document
from domain.audit.documents import NumberOnFile
from domain.audit.words import document_of, note_of


@dataclass(frozen=True, slots=True)
class SeriesOnFile:
    """A series of a legal entity over all accounts: the last number given, and the numbers on the register."""

    legal_entity_id: UUID
    entity_code: str
    series: str
    last_number: int
    count: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class OddNumber:
    """A number that is on the register without a document, or on `documents` of which there are several."""

    legal_entity_id: UUID
    text: str
    documents: int


def audit_numbers(books: Books, rules: RuleBook) -> Iterator[Disagreement]:
    """Documents without a number, with another number than they were given, and numbers out of order."""
    last: dict[tuple[UUID, str], int] = {}
    for _, document, given in sorted(_documents(books), key=_in_order):
        if given is None or document.number is None:
            says = f"{document.label} is final and has no number."
            yield Disagreement(Code.NUMBER_MISSING, document, "number", f"{document.number}", "a number", says)
            continue
        seller = rules.sellers.get(given.legal_entity_id)
        text = f"{seller.code if seller else '?'}-{given.series}-{given.number:06}"
        if document.number != text:
            says = f"{document.label} bears another number than {text}, which it was given."
            yield Disagreement(Code.NUMBER_TEXT, document, "number", document.number, text, says)
        series = (given.legal_entity_id, given.series)
        if given.number <= last.get(series, 0):
            stored, right = f"{given.number}", f"more than {last[series]}"
            says = f"{document.label} has a lower number than a document that was made before it."
            yield Disagreement(Code.NUMBER_ORDER, document, "number", stored, right, says)
        last[series] = max(given.number, last.get(series, 0))


_Numbered = tuple[datetime, Document, NumberOnFile | None]


def _in_order(numbered: _Numbered) -> tuple[date, int]:
    """By the day, in UTC; of documents of one day the numbers themselves are the order.

    Two requests of one account may begin in another order than they get its lock, and so their numbers.
    """
    return numbered[0].date(), numbered[2].number if numbered[2] else 0


def _documents(books: Books) -> Iterator[_Numbered]:
    for invoice in books.final:
        if invoice.finalised_at is not None:
            yield invoice.finalised_at, document_of(invoice), invoice.given
    for note in books.notes:
        yield note.created_at, note_of(note), note.given
    for each in books.consolidated:
        yield each.finalised_at, Document("ConsolidatedInvoice", each.id, each.number), each.given


def audit_events(books: Books) -> Iterator[Disagreement]:
    """Gaps in the numbers of an account's events, or of one of its aggregates'."""
    account = Document("Account", books.account.id)
    for numbers in books.events:
        is_whole = numbers.first == 1 and numbers.last == numbers.count
        of_account = numbers.aggregate_id is None
        if not is_whole or (of_account and numbers.last != books.account.event_sequence):
            whose = "the account" if of_account else f"the aggregate {numbers.aggregate_id}"
            stored = f"{numbers.count} from {numbers.first} to {numbers.last}"
            right = f"1 to {books.account.event_sequence}" if of_account else f"1 to {numbers.count}"
            says = f"The events of {whose} are {stored}: there is a gap."
            yield Disagreement(Code.EVENT_SEQUENCE, account, "event sequence", stored, right, says)


def audit_register(series: Iterable[SeriesOnFile], odd: Iterable[OddNumber]) -> Iterator[Disagreement]:
    """Gaps in a series over all accounts, numbers of nothing, numbers that several documents bear."""
    for each in series:
        document = Document("LegalEntity", each.legal_entity_id)
        if (each.first, each.last, each.count) != (1, each.last_number, each.last_number):
            stored = f"{each.count} numbers from {each.first} to {each.last}, the last given {each.last_number}"
            right = f"1 to {each.last_number}, each once"
            says = f"Series {each.entity_code}-{each.series} has a gap: {stored}."
            yield Disagreement(Code.NUMBER_GAP, document, "numbers", stored, right, says)
    for number in odd:
        document = Document("LegalEntity", number.legal_entity_id)
        if number.documents:
            says = f"{number.text} is printed on {number.documents} documents."
            yield Disagreement(Code.NUMBER_TWICE, document, "number", f"{number.documents} documents", "1", says)
        else:
            says = f"{number.text} was given to a document that is not there."
            yield Disagreement(Code.NUMBER_OF_NOTHING, document, "number", number.text, "none", says)
