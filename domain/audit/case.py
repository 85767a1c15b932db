"""One account's books as the checks of facts look at them: each subscription's periods, each item's life, each credit.

Owns what several checks derive alike. Does not own any check.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from domain.audit.books import Books, RuleBook
from domain.audit.disagreement import Document
from domain.audit.documents import Arithmetic, InvoiceOnFile, LineOnFile
from domain.audit.facts import ItemOnFile
from domain.audit.timeline import Spell, Timeline, timeline
from domain.audit.words import document_of, note_of
from domain.catalog import BASE, Component
from domain.credit import CreditNoteReason
from domain.invoice import LineKind
from domain.periods import Period
from domain.pricing.model import Price

CHARGED = frozenset({LineKind.CHARGE, LineKind.PRORATION_CHARGE})
"""Kinds of lines that charge an item for time."""
UNUSED = frozenset({CreditNoteReason.PLAN_CHANGE, CreditNoteReason.PAUSE, CreditNoteReason.CANCELLATION})
"""Reasons of credit notes over service that went unused."""
SHARE_RULES = frozenset({"PRORATION", "REMAINDER"})
"""Rules of lines that give back unused service."""


@dataclass(frozen=True, slots=True)
class Credit:
    """What one line of an invoice or a credit note gives back of a debited line: stated and tax, zero or positive."""

    document: Document
    position: int
    at: datetime
    minor: int
    tax_minor: int
    tax_inclusive: bool
    service: Period | None
    arithmetic: Arithmetic
    kind: LineKind | None
    is_unused: bool
    cause: UUID

    @property
    def gross_minor(self) -> int:
        """What it gives back with its tax."""
        return self.minor if self.tax_inclusive else self.minor + self.tax_minor


@dataclass(frozen=True)
class Case:
    """The books beside the rules, with what follows from both."""

    books: Books
    rules: RuleBook

    @cached_property
    def timelines(self) -> Mapping[UUID, Timeline]:
        """The billing periods of each subscription."""
        return {each.id: timeline(each, self.books.account) for each in self.books.subscriptions}

    @cached_property
    def _spells(self) -> dict[UUID, Spell | None]:
        return {}

    def spell_of(self, line: LineOnFile) -> Spell | None:
        """The billing period that a line is of."""
        if line.subscription_id is None or line.subscription_id not in self.timelines:
            return None
        if line.id not in self._spells:
            written_at = self.books.lines[line.id][0].drafted_at
            self._spells[line.id] = self.timelines[line.subscription_id].of(line.service, written_at)
        return self._spells[line.id]

    def price(self, item: ItemOnFile) -> Price | None:
        """The price that an item was sold at."""
        return self.rules.prices.get(item.price_id)

    def component(self, item: ItemOnFile) -> Component | None:
        """The component that an item is a version of."""
        version = self.rules.versions.get(item.plan_version_id)
        return next((each for each in version.components if each.code == item.component), None) if version else None

    def life(self, item: ItemOnFile, known_at: datetime | None = None) -> tuple[datetime, datetime | None]:
        """From when and until when an item is charged for time: what a change begins on its day counts from 00:00.

        Use is split at the very instant of a change, so it looks at the item itself. `known_at`: as far as was known
        then, before a change later that day.
        """
        of, start, until = item.subscription_id, item.valid_from, item.valid_until
        begun = start if self._comes_after(item) else self._counts_from(of, start, known_at)
        # what is changed again at its own instant keeps the hours before it, which its successor does not have
        return begun, until if until is None or until == start else self._counts_from(of, until, known_at)

    def _comes_after(self, item: ItemOnFile) -> bool:
        """Whether another version of the component, one that is charged for, began and ended at the item's start."""
        return any(
            each.id != item.id and (each.id < item.id or item.valid_until != item.valid_from)
            for each in self._momentary.get((item.subscription_id, item.component, item.valid_from), ())
        )

    @cached_property
    def _momentary(self) -> Mapping[tuple[UUID, str, datetime], tuple[ItemOnFile, ...]]:
        """The item versions that were changed again at the instant they began, which cost something."""
        found: dict[tuple[UUID, str, datetime], tuple[ItemOnFile, ...]] = {}
        for item in self.books.items:
            price = self.price(item)
            if item.valid_from == item.valid_until and item.quantity and price is not None and not price.is_free:
                key = (item.subscription_id, item.component, item.valid_from)
                found[key] = (*found.get(key, ()), item)
        return found

    def _counts_from(self, subscription_id: UUID, at: datetime, known_at: datetime | None) -> datetime:
        """Where what changes at an instant counts from: the start of the period that the change began on its day."""
        turns = self.timelines.get(subscription_id)
        if turns is None:
            return at
        begun = turns.begun(at, known_at)
        if begun != at or (subscription_id, at) not in self._paid_since:
            return begun
        # free to paid begins a period too; on a period's first day that is the same one, which nobody had to pay for
        return next((spell.period.start for spell in turns.spells if spell.period.contains(at)), at)

    @cached_property
    def _paid_since(self) -> frozenset[tuple[UUID, datetime]]:
        """The instants at which a subscription moved from a plan version that costs nothing to one that costs."""
        bases = [item for item in self.books.items if item.component == BASE]
        return frozenset(
            (new.subscription_id, new.valid_from)
            for old in bases
            for new in bases
            if (old.subscription_id, old.valid_until) == (new.subscription_id, new.valid_from)
            and self._is_free(old)
            and not self._is_free(new)
        )

    def _is_free(self, item: ItemOnFile) -> bool:
        version = self.rules.versions.get(item.plan_version_id)
        return version is not None and version.is_free

    def debited(self, line: LineOnFile) -> int:
        """What a line asked for: stated, net of its discounts."""
        return line.stated_minor + sum(each.stated_minor for each in self.books.discounts_of.get(line.id, ()))

    def debited_tax(self, line: LineOnFile) -> int:
        """The tax of a line, net of its discounts'."""
        return line.tax_minor + sum(each.tax_minor for each in self.books.discounts_of.get(line.id, ()))

    @cached_property
    def credits(self) -> Mapping[UUID, tuple[Credit, ...]]:
        """What was given back of each line, by its id, in the order of time."""
        found: dict[UUID, list[Credit]] = {}
        for invoice in self.books.standing:
            for line in invoice.lines:
                is_credit = line.kind is LineKind.PRORATION_CREDIT or line.stated_minor < 0
                if line.credited_line_id is not None and is_credit:
                    found.setdefault(line.credited_line_id, []).append(_on_invoice(invoice, line))
        for note in self.books.notes:
            for each in note.lines:
                is_unused = note.reason in UNUSED and each.arithmetic.rule in SHARE_RULES
                found.setdefault(each.invoice_line_id, []).append(
                    Credit(
                        note_of(note),
                        each.position,
                        note.created_at,
                        each.stated_minor,
                        each.tax_minor,
                        each.tax_inclusive,
                        each.service,
                        each.arithmetic,
                        None,
                        is_unused,
                        each.cause,
                    )
                )
        return {key: tuple(sorted(own, key=lambda each: each.at)) for key, own in found.items()}


def _on_invoice(invoice: InvoiceOnFile, line: LineOnFile) -> Credit:
    return Credit(
        document_of(invoice),
        line.position,
        invoice.drafted_at,
        -line.stated_minor,
        -line.tax_minor,
        line.tax_inclusive,
        line.service,
        line.arithmetic,
        line.kind,
        line.kind is LineKind.PRORATION_CREDIT,
        line.cause,
    )
