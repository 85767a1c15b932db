"""The credit balance: what an account has to spend, grant by grant, and the entries that change it.

Owns the order of spending (oldest grant first) and that every grant conserves: granted = applied − restored +
withdrawn + expired + left. Does not own when credit is granted or spent (operations) nor where entries are kept (db).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.credit import CreditEntry, CreditEntryKind
from domain.errors import InvalidAmount
from domain.ids import CreditEntryId, CreditNoteId, IdMaker, InvoiceId
from domain.money import Money


@dataclass(frozen=True, slots=True)
class Grant:
    """Credit that is left of one grant, in minor units; `sequence` is that of the entry that gave it."""

    id: CreditEntryId
    sequence: int
    left_minor: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """An account's credit as it stands: the last entry's number, and its grants (those spent whole may be left out).

    Its methods add entries and give the ledger after them; `entries` are those added since it was loaded, to be
    written in this order. Nothing is ever changed or taken away.
    """

    currency: str
    last_sequence: int = 0
    grants: tuple[Grant, ...] = ()
    entries: tuple[CreditEntry, ...] = ()

    @property
    def balance(self) -> Money:
        """What the account can spend."""
        return Money(sum(grant.left_minor for grant in self.grants), self.currency)

    def written(self) -> "Ledger":
        """The same ledger once its new entries are kept."""
        return replace(self, entries=())

    def grant(
        self,
        amount: Money,
        at: datetime,
        ids: IdMaker,
        *,
        credit_note_id: CreditNoteId | None = None,
        invoice_id: InvoiceId | None = None,
        memo: str | None = None,
    ) -> "Ledger":
        """Put in. Raises InvalidAmount for nothing or less, CurrencyMismatch for another currency."""
        if amount.minor <= 0:
            raise InvalidAmount("A grant is more than nothing.", amount)
        entry = CreditEntry(
            id=CreditEntryId(ids.new()),
            sequence=self.last_sequence + 1,
            kind=CreditEntryKind.GRANTED,
            amount=amount,
            balance=self.balance + amount,
            occurred_at=at,
            credit_note_id=credit_note_id,
            invoice_id=invoice_id,
            memo=memo,
        )
        return replace(
            self,
            last_sequence=entry.sequence,
            grants=(*self.grants, Grant(entry.id, entry.sequence, amount.minor)),
            entries=(*self.entries, entry),
        )

    def apply(self, due: Money, invoice_id: InvoiceId, at: datetime, ids: IdMaker) -> "Ledger":
        """Pay as much of an invoice as there is credit for, the oldest grant first; nothing happens without either."""
        ledger = self
        left = due.minor
        for grant in sorted(self.grants, key=lambda each: each.sequence):
            spent = min(left, grant.left_minor)
            if spent > 0:
                left -= spent
                ledger = ledger._draw(CreditEntryKind.APPLIED, grant.id, spent, at, ids, invoice_id, None)
        return ledger

    def restore(
        self, applied: Iterable[tuple[CreditEntryId, int]], invoice_id: InvoiceId, at: datetime, ids: IdMaker
    ) -> "Ledger":
        """Put back what a voided invoice had taken: (grant, minor units) each, of grants that are loaded."""
        ledger = self
        for grant_id, minor in applied:
            ledger = ledger._draw(CreditEntryKind.RESTORED, grant_id, -minor, at, ids, invoice_id, None)
        return ledger

    def withdraw(self, grant_id: CreditEntryId, amount: Money, at: datetime, ids: IdMaker, memo: str) -> "Ledger":
        """Take out by hand. Raises InvalidAmount for more than the grant has left."""
        left = next((grant.left_minor for grant in self.grants if grant.id == grant_id), 0)
        if not 0 < amount.minor <= left:
            raise InvalidAmount("A grant gives at most what it has left.", amount)
        return self._draw(CreditEntryKind.WITHDRAWN, grant_id, amount.minor, at, ids, None, memo)

    def _draw(
        self,
        kind: CreditEntryKind,
        grant_id: CreditEntryId,
        minor: int,
        at: datetime,
        ids: IdMaker,
        invoice_id: InvoiceId | None,
        memo: str | None,
    ) -> "Ledger":
        """One entry on a grant that takes `minor` out of it, or puts it back where negative."""
        entry = CreditEntry(
            id=CreditEntryId(ids.new()),
            sequence=self.last_sequence + 1,
            kind=kind,
            amount=Money(-minor, self.currency),
            balance=self.balance - Money(minor, self.currency),
            occurred_at=at,
            grant_id=grant_id,
            invoice_id=invoice_id,
            memo=memo,
        )
        return replace(
            self,
            last_sequence=entry.sequence,
            grants=_moved(self.grants, grant_id, minor),
            entries=(*self.entries, entry),
        )

    def applied_to(self, invoice_id: InvoiceId) -> Money:
        """What the new entries pay of an invoice, less what they put back."""
        kinds = (CreditEntryKind.APPLIED, CreditEntryKind.RESTORED)
        spent = (-entry.amount for entry in self.entries if entry.invoice_id == invoice_id and entry.kind in kinds)
        return Money.total(spent, self.currency)


def _moved(grants: Sequence[Grant], grant_id: CreditEntryId, minor: int) -> tuple[Grant, ...]:
    if all(grant.id != grant_id for grant in grants):
        raise InvalidAmount("The ledger was loaded without this grant.", grant_id)
    return tuple(
        replace(grant, left_minor=grant.left_minor - minor) if grant.id == grant_id else grant for grant in grants
    )


def ledger_of(currency: str, entries: Iterable[CreditEntry]) -> Ledger:
    """The ledger that these entries fold to, in the order of their sequence (law L35)."""
    left: dict[CreditEntryId, Grant] = {}
    last = 0
    for entry in sorted(entries, key=lambda each: each.sequence):
        last = entry.sequence
        if entry.grant_id is None:
            left[entry.id] = Grant(entry.id, entry.sequence, entry.amount.minor)
        else:
            grant = left[entry.grant_id]
            left[entry.grant_id] = replace(grant, left_minor=grant.left_minor + entry.amount.minor)
    return Ledger(currency, last, tuple(left.values()))
