"""An account's books in plain values: every document so far, and what can be read off them as a database would."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.credit import CreditNote
from domain.ids import ItemId
from domain.invoice import Invoice, InvoiceLine
from domain.invoicing.debited import DebitedLine
from domain.invoicing.debits import debits_of
from domain.invoicing.documents import Documents
from domain.subscription import SubscriptionItem


@dataclass(repr=False)
class Books:
    """The documents in the order they were issued, and the subscription's item versions."""

    invoices: list[Invoice] = field(default_factory=list)
    notes: list[CreditNote] = field(default_factory=list)
    items: dict[ItemId, SubscriptionItem] = field(default_factory=dict)

    def write(self, documents: Documents) -> Documents:
        """Keep what was issued."""
        if documents.invoice is not None:
            self.invoices.append(documents.invoice)
        self.notes += documents.credit_notes
        return documents

    def know(self, items: Iterable[SubscriptionItem]) -> None:
        """Keep item versions as they stand now."""
        self.items |= {item.id: item for item in items}

    @property
    def debits(self) -> tuple[DebitedLine, ...]:
        """The charges that stand, with what each has given back."""
        return debits_of(self.invoices, self.notes, self.items)

    @property
    def lines(self) -> list[InvoiceLine]:
        """Every line of every invoice."""
        return [line for invoice in self.invoices for line in invoice.lines]

    @property
    def total_minor(self) -> int:
        """What was asked for in all, tax included, less what credit notes gave back."""
        asked = sum(invoice.total.minor for invoice in self.invoices)
        return asked - sum(note.total.minor for note in self.notes)
