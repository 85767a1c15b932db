"""The books of one account: everything its documents are checked against, loaded from one snapshot.

Owns how documents and facts are put side by side, and the look-ups the audit asks for. Does not own any check.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from uuid import UUID

from domain.account import LegalEntity
from domain.audit.documents import ConsolidatedOnFile, InvoiceOnFile, LineOnFile, NoteLineOnFile, NoteOnFile
from domain.audit.facts import (
    AccountOnFile,
    ChangeOnFile,
    ChargeOnFile,
    DiscountOnFile,
    EntryOnFile,
    EventNumbers,
    History,
    ItemOnFile,
    PaymentOnFile,
    RefundOnFile,
    SubscriptionOnFile,
    Usage,
)
from domain.catalog import PlanVersion
from domain.ids import PriceId
from domain.invoice import InvoiceStatus, LineKind
from domain.periods import Period
from domain.pricing.model import Price, rate
from domain.pricing.rated import Rated
from domain.tax import TaxRate


@dataclass(frozen=True)
class RuleBook:
    """What is the same for every account: the catalog's versions, the tax tables, who sells."""

    versions: Mapping[UUID, PlanVersion]
    rates: tuple[TaxRate, ...]
    sellers: Mapping[UUID, LegalEntity]

    @cached_property
    def prices(self) -> Mapping[UUID, Price]:
        """Every price by id."""
        return {price.id: price for version in self.versions.values() for price in version.prices}

    @cached_property
    def version_of_price(self) -> Mapping[PriceId, UUID]:
        """The plan version that a price belongs to."""
        return {price.id: key for key, version in self.versions.items() for price in version.prices}

    def rated(self, price: Price, quantity: int) -> Rated:
        """What a quantity costs at a price, worked out once for all the lines that repeat it."""
        key = (price.id, quantity)
        if key not in self._rated:
            self._rated[key] = rate(price, quantity)
        return self._rated[key]

    @cached_property
    def _rated(self) -> dict[tuple[PriceId, int], Rated]:
        return {}

    @cached_property
    def rates_by_id(self) -> Mapping[UUID, TaxRate]:
        """The tax tables by id."""
        return {rate.id: rate for rate in self.rates}


@dataclass(frozen=True)
class Books:
    """One account. Invoices and credit notes stand in the order in which they were made."""

    account: AccountOnFile
    invoices: tuple[InvoiceOnFile, ...] = ()
    notes: tuple[NoteOnFile, ...] = ()
    consolidated: tuple[ConsolidatedOnFile, ...] = ()
    subscriptions: tuple[SubscriptionOnFile, ...] = ()
    items: tuple[ItemOnFile, ...] = ()
    discounts: tuple[DiscountOnFile, ...] = ()
    charges: tuple[ChargeOnFile, ...] = ()
    changes: tuple[ChangeOnFile, ...] = ()
    entries: tuple[EntryOnFile, ...] = ()
    payments: tuple[PaymentOnFile, ...] = ()
    refunds: tuple[RefundOnFile, ...] = ()
    events: tuple[EventNumbers, ...] = ()
    usage: Usage = field(default_factory=dict)
    history: History = field(default_factory=History)

    @cached_property
    def in_effect(self) -> "Books":
        """The same books without what plan changes that wait for their money, or never had it, would have done.

        Their invoices are documents like any other, and bill nothing that has come; their items were never in force,
        and the billing periods that discounts cover for them have not begun.
        """
        never = [each for each in self.history.changes if not each.is_in_effect]
        invoices = {each.invoice_id for each in never if each.invoice_id is not None}
        items = {item_id for each in never for item_id in each.laid_out}
        covers = frozenset(covered for each in never for covered in each.covers)
        if not invoices and not items:
            return self
        return replace(
            self,
            invoices=tuple(each for each in self.invoices if each.id not in invoices),
            items=tuple(each for each in self.items if each.id not in items),
            discounts=tuple(_without(each, covers) for each in self.discounts),
        )

    @cached_property
    def final(self) -> tuple[InvoiceOnFile, ...]:
        """The invoices that are documents."""
        return tuple(invoice for invoice in self.invoices if invoice.is_final)

    @cached_property
    def standing(self) -> tuple[InvoiceOnFile, ...]:
        """The invoices that ask for something, drafts too: a void one's lines are no debits."""
        return tuple(invoice for invoice in self.invoices if invoice.status is not InvoiceStatus.VOID)

    @cached_property
    def counting(self) -> tuple[InvoiceOnFile, ...]:
        """Those, and the void ones that were not issued again: what was counted on them is not asked for once more."""
        again = {invoice.replaces_invoice_id for invoice in self.invoices}
        return tuple(each for each in self.invoices if each.status is not InvoiceStatus.VOID or each.id not in again)

    def first_of(self, invoice: InvoiceOnFile) -> InvoiceOnFile:
        """The invoice whose lines these were first: one that was issued again says what that one said."""
        while invoice.replaces_invoice_id in self._by_id:
            invoice = self._by_id[invoice.replaces_invoice_id]
        return invoice

    @cached_property
    def _by_id(self) -> Mapping[UUID | None, InvoiceOnFile]:
        return {each.id: each for each in self.invoices}

    @cached_property
    def lines(self) -> Mapping[UUID, tuple[InvoiceOnFile, LineOnFile]]:
        """Every line of every invoice by id, with its invoice."""
        return {line.id: (invoice, line) for invoice in self.invoices for line in invoice.lines}

    @cached_property
    def discounts_of(self) -> Mapping[UUID, tuple[LineOnFile, ...]]:
        """The DISCOUNT lines that take from a line, by its id."""
        found: dict[UUID, list[LineOnFile]] = {}
        for invoice in self.invoices:
            for line in invoice.lines:
                if line.discounted_line_id is not None:
                    found.setdefault(line.discounted_line_id, []).append(line)
        return {key: tuple(lines) for key, lines in found.items()}

    @cached_property
    def credit_lines_of(self) -> Mapping[UUID, tuple[tuple[InvoiceOnFile, LineOnFile], ...]]:
        """The lines on later invoices that give back of a line, by its id; those of void invoices are left out."""
        found: dict[UUID, list[tuple[InvoiceOnFile, LineOnFile]]] = {}
        for invoice in self.standing:
            for line in invoice.lines:
                if line.credited_line_id is not None:
                    found.setdefault(line.credited_line_id, []).append((invoice, line))
        return {key: tuple(lines) for key, lines in found.items()}

    @cached_property
    def withdrawn_of(self) -> Mapping[UUID, tuple[Period, ...]]:
        """The service that credits gave back of a line, by its id, which went with an invoice that is void."""
        found: dict[UUID, list[Period]] = {}
        for invoice in self.counting:
            for line in invoice.lines if invoice.status is InvoiceStatus.VOID else ():
                if line.credited_line_id is not None and line.kind is LineKind.PRORATION_CREDIT:
                    found.setdefault(line.credited_line_id, []).append(line.service)
        return {key: tuple(spans) for key, spans in found.items()}

    @cached_property
    def note_lines_of(self) -> Mapping[UUID, tuple[tuple[NoteOnFile, NoteLineOnFile], ...]]:
        """The lines of credit notes that give back of a line, by its id."""
        found: dict[UUID, list[tuple[NoteOnFile, NoteLineOnFile]]] = {}
        for note in self.notes:
            for line in note.lines:
                found.setdefault(line.invoice_line_id, []).append((note, line))
        return {key: tuple(lines) for key, lines in found.items()}

    @cached_property
    def items_by_id(self) -> Mapping[UUID, ItemOnFile]:
        """The item versions by id."""
        return {item.id: item for item in self.items}

    @cached_property
    def subscriptions_by_id(self) -> Mapping[UUID, SubscriptionOnFile]:
        """The subscriptions by id."""
        return {each.id: each for each in self.subscriptions}

    def final_lines(self) -> Iterator[tuple[InvoiceOnFile, LineOnFile]]:
        """Every line of every final invoice."""
        for invoice in self.final:
            for line in invoice.lines:
                yield invoice, line


def _without(discount: DiscountOnFile, covers: frozenset[tuple[UUID, datetime]]) -> DiscountOnFile:
    """The discount without the billing periods it covers for changes that are not in effect."""
    return replace(
        discount, periods=tuple(each for each in discount.periods if (discount.id, each.start) not in covers)
    )
