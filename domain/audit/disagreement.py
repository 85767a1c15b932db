"""What an audit says: a disagreement between what is stored and what follows from the facts.

Owns the codes, each with its meaning, and the shape of a finding. Does not own who finds it.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.ids import PREFIXES, public_id


class Code(StrEnum):
    """What is wrong. A code is never renamed: finance may have filed it."""

    LINE_TERMS = "LINE_TERMS"
    LINE_AMOUNT = "LINE_AMOUNT"
    LINE_SPLIT = "LINE_SPLIT"
    LINE_TAX = "LINE_TAX"
    TAX_ENTRY = "TAX_ENTRY"
    TOTALS = "TOTALS"
    CURRENCY = "CURRENCY"
    NOTE_LINE = "NOTE_LINE"
    NOTE_TAX = "NOTE_TAX"
    NOTE_TOTALS = "NOTE_TOTALS"
    DUE = "DUE"
    STATUS = "STATUS"
    CREDITED = "CREDITED"
    APPLIED = "APPLIED"
    PAID = "PAID"
    RETURNED = "RETURNED"
    REFUNDED = "REFUNDED"
    CONSOLIDATED = "CONSOLIDATED"
    LEDGER_SEQUENCE = "LEDGER_SEQUENCE"
    LEDGER_BALANCE = "LEDGER_BALANCE"
    GRANT = "GRANT"
    NUMBER_MISSING = "NUMBER_MISSING"
    NUMBER_GAP = "NUMBER_GAP"
    NUMBER_TWICE = "NUMBER_TWICE"
    NUMBER_OF_NOTHING = "NUMBER_OF_NOTHING"
    NUMBER_TEXT = "NUMBER_TEXT"
    NUMBER_ORDER = "NUMBER_ORDER"
    EVENT_SEQUENCE = "EVENT_SEQUENCE"
    HISTORY = "HISTORY"
    PERIODS = "PERIODS"
    SERVICE_MISSING = "SERVICE_MISSING"
    SERVICE_TWICE = "SERVICE_TWICE"
    SERVICE_BEYOND = "SERVICE_BEYOND"
    SERVICE_PERIOD = "SERVICE_PERIOD"
    ITEM = "ITEM"
    PRICE = "PRICE"
    QUANTITY = "QUANTITY"
    CHARGE = "CHARGE"
    CREDIT = "CREDIT"
    OVER_CREDITED = "OVER_CREDITED"
    VOID_CREDITED = "VOID_CREDITED"
    USAGE_QUANTITY = "USAGE_QUANTITY"
    USAGE_MISSING = "USAGE_MISSING"
    BOUND = "BOUND"
    DISCOUNT_COVERAGE = "DISCOUNT_COVERAGE"
    DISCOUNT_TWICE = "DISCOUNT_TWICE"
    DISCOUNT_MISSING = "DISCOUNT_MISSING"
    DISCOUNT_AMOUNT = "DISCOUNT_AMOUNT"
    TAX_RATE = "TAX_RATE"
    BY_HAND = "BY_HAND"


MEANINGS: dict[Code, str] = {
    Code.LINE_TERMS: "The steps of a line's arithmetic do not sum to its basis.",
    Code.LINE_AMOUNT: "A line's amount is not what its explanation comes to.",
    Code.LINE_SPLIT: "Parts of one amount do not share it out by largest remainder.",
    Code.LINE_TAX: "A line's tax is not its part of the tax of its rate.",
    Code.TAX_ENTRY: "A tax entry is not its rate over the lines it is of, or lines have none.",
    Code.TOTALS: "Subtotal, discount, tax and total of an invoice do not follow from its lines.",
    Code.CURRENCY: "A line is in another currency than its document or its account.",
    Code.NOTE_LINE: "A credit note's line is not what its explanation comes to.",
    Code.NOTE_TAX: "A credit note's line gives back another part of the tax than of the amount.",
    Code.NOTE_TOTALS: "The totals of a credit note do not follow from its lines.",
    Code.DUE: "An invoice would be owed less than nothing.",
    Code.STATUS: "An invoice's status does not follow from what is due, or its days from its terms.",
    Code.CREDITED: "What is noted as credited is not the sum of the invoice's credit notes.",
    Code.APPLIED: "What is noted as paid by credit balance is not what the ledger applied.",
    Code.PAID: "What is noted as paid is not the sum of the payments.",
    Code.RETURNED: "What is noted as returned is not what credit notes and refunds gave back.",
    Code.REFUNDED: "What is noted as refunded of a payment is not the sum of its refunds.",
    Code.CONSOLIDATED: "A consolidated invoice is not the sum of the invoices it is over.",
    Code.LEDGER_SEQUENCE: "The numbers of the credit ledger's entries have a gap.",
    Code.LEDGER_BALANCE: "The credit ledger's running balance is not the sum of its entries.",
    Code.GRANT: "More was taken out of a grant of credit than was in it, or it does not come from where it says.",
    Code.NUMBER_MISSING: "A final document has no number.",
    Code.NUMBER_GAP: "A series of numbers has a gap.",
    Code.NUMBER_TWICE: "Two documents bear one number.",
    Code.NUMBER_OF_NOTHING: "A number was given to a document that is not there.",
    Code.NUMBER_TEXT: "A document's printed number is not the one that was given to it.",
    Code.NUMBER_ORDER: "A document of an account has a lower number than one of an earlier day.",
    Code.EVENT_SEQUENCE: "The numbers of an account's events have a gap.",
    Code.HISTORY: "What an account's events come to is not what is stored of it.",
    Code.PERIODS: "A billing period does not follow from the anchor, the interval and the zone.",
    Code.SERVICE_MISSING: "Time in which an item was in force is not charged.",
    Code.SERVICE_TWICE: "Time of an item is charged twice.",
    Code.SERVICE_BEYOND: "Time is charged in which an item was not in force.",
    Code.SERVICE_PERIOD: "A line's service is not a billing period, nor the part of one that it says.",
    Code.ITEM: "A line names an item, a subscription or a plan version that it cannot be of.",
    Code.PRICE: "A line was priced by another price than its item's.",
    Code.QUANTITY: "A line has another quantity than its item.",
    Code.CHARGE: "A charge is not the price of its quantity, for its share of the period.",
    Code.CREDIT: "A credit is not the unused share of what its line debited.",
    Code.OVER_CREDITED: "A line gave back more than it debited.",
    Code.VOID_CREDITED: "A line of a void invoice was credited.",
    Code.USAGE_QUANTITY: "A line's measured quantity is not what the usage events add up to.",
    Code.USAGE_MISSING: "Usage of a billed period is on no line, or on two.",
    Code.BOUND: "A period does not keep to its minimum or maximum, or is brought to it without need.",
    Code.DISCOUNT_COVERAGE: "A discount is taken in a period, or from a line, that it does not cover.",
    Code.DISCOUNT_TWICE: "A discount is taken from one line twice.",
    Code.DISCOUNT_MISSING: "A discount that covers a line was not taken from it.",
    Code.DISCOUNT_AMOUNT: "A discount is not what its terms take off.",
    Code.TAX_RATE: "A line was taxed at another rate than that of the issue day.",
    Code.BY_HAND: "A charge or an adjustment on an invoice is not what finance entered.",
}
"""What each code means, for the page that lists them."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a finding is about: a type of the graph, an id, and its printed number if it has one."""

    type: str
    id: UUID
    number: str | None = None

    @property
    def public_id(self) -> str:
        """The id as the outside world knows it."""
        return public_id(PREFIXES[self.type], self.id)

    @property
    def label(self) -> str:
        """The number where there is one, else the id."""
        return self.number or self.public_id


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One field of one document: what is stored, what follows from the facts, and a sentence for finance."""

    code: Code
    document: Document
    field: str
    stored: str
    derived: str
    sentence: str
