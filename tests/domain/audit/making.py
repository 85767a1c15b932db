"""Books for the audit, out of a life that the engine's own functions lived: what the database would hold of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from uuid import UUID

from domain.account import LegalEntity
from domain.audit.books import Books, RuleBook
from domain.audit.documents import (
    Arithmetic,
    InvoiceOnFile,
    LineOnFile,
    NoteLineOnFile,
    NoteOnFile,
    NumberOnFile,
    TaxOnFile,
)
from domain.audit.facts import (
    AccountOnFile,
    Counted,
    DiscountOnFile,
    EntryOnFile,
    ItemOnFile,
    SubscriptionOnFile,
    Turn,
    Window,
)
from domain.audit.usage import windows
from domain.catalog import PlanVersion
from domain.credit import CreditEntryKind, CreditNote, CreditNoteLine
from domain.invoice import Invoice, InvoiceLine, LineExplanation, Settlement
from domain.invoicing.terms import BillingTerms
from domain.periods import BillingInterval
from domain.subscription import SubscriptionStatus
from tests.domain.invoicing.life import Life
from tests.make import MONTH, an_id

SERIES = "TEST"


@dataclass
class ToldLife(Life):
    """A life whose turns are kept, as events would tell of them."""

    turns: list[Turn] = field(default_factory=list)
    ended_at: datetime | None = None

    def tell(self, type_: str, at: datetime) -> None:
        """An event with the subscription's whole state."""
        it = self.subscription
        self.turns.append(Turn(type_, len(self.turns) + 1, at, it.status, it.interval, it.anchor.on, it.period))


def a_life(
    terms: BillingTerms,
    plan: PlanVersion,
    *,
    on: date = date(2026, 4, 1),
    interval: BillingInterval = MONTH,
    quantities: Mapping[str, int] = MappingProxyType({}),
    anchor_on: date | None = None,
) -> ToldLife:
    """A life from its sign-up on."""
    life = ToldLife(terms, plan, on=on, interval=interval, quantities=quantities, anchor_on=anchor_on)
    life.tell("started", life.period.start)
    return life


def renew(life: ToldLife) -> None:
    """To the next period."""
    at = life.period.end
    life.renew()
    life.tell("renewed", at)


def change(
    life: ToldLife, at: datetime, target: PlanVersion, *, interval: BillingInterval | None = None, **quantities: int
) -> None:
    """A change taken at once."""
    life.change(at, target, interval=interval, **quantities)
    life.tell("plan_changed", at)


def pause(life: ToldLife, at: datetime) -> None:
    """A pause."""
    life.pause(at)
    life.tell("paused", at)


def resume(life: ToldLife, at: datetime) -> None:
    """A resume."""
    life.resume(at)
    life.tell("resumed", at)


def end(life: ToldLife, at: datetime, *, gives_back_unused: bool) -> None:
    """The end."""
    life.end(at, gives_back_unused)
    life.ended_at = at


def rules_of(life: ToldLife, *more: PlanVersion) -> RuleBook:
    """The catalog as far as the life has seen it."""
    versions = {version.id: version for version in (life.plan, *life.versions.values(), *more)}
    seller: LegalEntity = life.terms.seller
    return RuleBook(dict(versions.items()), life.terms.rates, {seller.id: seller})


def books_of(life: ToldLife) -> Books:
    """What the database would hold of it, every event counted as if it came in time."""
    account = life.account
    it = life.subscription
    in_order = sorted(life.books.invoices, key=lambda each: each.finalised_at or datetime.max.replace(tzinfo=UTC))
    numbers = {invoice.id: number for number, invoice in enumerate(in_order, start=1)}
    invoices = [_invoice(life, invoice, numbers[invoice.id]) for invoice in life.books.invoices]
    notes = [_note(life, note, number) for number, note in enumerate(life.books.notes, start=1)]
    books = Books(
        account=AccountOnFile(
            account.id,
            life.terms.seller.id,
            account.currency,
            account.zone,
            account.country,
            account.region,
            account.exemption,
            account.tax_id is not None,
            account.terms.net_days,
            is_on_a_clock=account.clock_at is not None,
            event_sequence=0,
        ),
        invoices=tuple(invoices),
        notes=tuple(notes),
        subscriptions=(
            SubscriptionOnFile(
                it.id,
                it.version.plan.product_id,
                it.version.id,
                SubscriptionStatus.CANCELLED if life.ended_at else it.status,
                it.interval,
                it.anchor.on,
                it.period,
                it.started_at,
                life.ended_at,
                it.trial_end_at,
                it.paused_at,
                tuple(life.turns),
            ),
        ),
        items=tuple(
            ItemOnFile(
                item.id,
                it.id,
                life.versions[item.id].id,
                item.component,
                item.price_id,
                item.quantity,
                item.valid_from,
                item.valid_until,
            )
            for item in life.books.items.values()
        ),
        discounts=tuple(
            DiscountOnFile(each.id, it.id, each.terms, each.redeemed_at, tuple(life.terms.covered.get(each.id, ())))
            for each in life.terms.discounts
        ),
    )
    return with_usage(replace(books, entries=tuple(_grants(life))), life)


def _grants(life: ToldLife) -> Iterable[EntryOnFile]:
    """The ledger: what credit notes put into the balance, and nobody has spent."""
    balance = 0
    granting = [note for note in life.books.notes if note.to_balance_minor]
    for sequence, note in enumerate(granting, start=1):
        balance += note.to_balance_minor
        yield EntryOnFile(
            id=an_id(f"grant {sequence}"),
            sequence=sequence,
            kind=CreditEntryKind.GRANTED,
            amount_minor=note.to_balance_minor,
            balance_minor=balance,
            grant_id=None,
            credit_note_id=note.id,
            invoice_id=note.invoice_id,
            occurred_at=note.created_at,
        )


def with_usage(books: Books, life: ToldLife) -> Books:
    """The events of the life counted, window by window."""
    meters: dict[UUID, str] = {
        component.meter_id: component.code
        for version in {life.plan.id: life.plan, **{each.id: each for each in life.versions.values()}}.values()
        for component in version.components
        if component.meter_id is not None
    }
    asked = windows(books, rules_of(life))
    return replace(books, usage={each: _counted(life.events.get(meters[each.meter_id], ()), each) for each in asked})


def _counted(events: Iterable[tuple[datetime, int | str]], window: Window) -> Counted:
    values = [Decimal(value) for at, value in sorted(events, key=lambda each: each[0]) if window.span.contains(at)]
    return Counted(
        len(values), sum(values, Decimal(0)), max(values, default=Decimal(0)), values[-1] if values else None
    )


def _invoice(life: ToldLife, invoice: Invoice, number: int) -> InvoiceOnFile:
    credited = sum(note.total.minor for note in life.books.notes if note.invoice_id == invoice.id)
    returned = sum(
        note.to_balance_minor + note.to_refund_minor for note in life.books.notes if note.invoice_id == invoice.id
    )
    settled = Settlement(invoice.total.minor, credited=credited, returned=returned)
    seller = life.terms.seller
    return InvoiceOnFile(
        id=invoice.id,
        number=f"{seller.code}-{SERIES}-{number:06}",
        given=NumberOnFile(seller.id, SERIES, number),
        legal_entity_id=seller.id,
        subscription_id=invoice.subscription_id,
        reason=invoice.reason,
        status=invoice.status if settled.due or invoice.status != "OPEN" else type(invoice.status)("PAID"),
        currency=invoice.currency,
        customer_country=life.account.country,
        has_tax_id=life.account.tax_id is not None,
        replaces_invoice_id=invoice.replaces_invoice_id,
        payer_account_id=None,
        consolidated_invoice_id=None,
        subtotal_minor=invoice.subtotal.minor,
        discount_minor=invoice.discount.minor,
        tax_minor=invoice.tax.minor,
        total_minor=invoice.total.minor,
        credited_minor=credited,
        applied_minor=0,
        paid_minor=0,
        returned_minor=returned,
        period=invoice.period,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        drafted_at=invoice.drafted_at or invoice.finalised_at or life.period.start,
        finalised_at=invoice.finalised_at,
        recorded_at=None,
        voided_at=None,
        lines=tuple(_line(line, position) for position, line in enumerate(invoice.lines, start=1)),
        taxes=tuple(
            TaxOnFile(tax.tax_rate_id, tax.treatment, tax.percent, tax.is_inclusive, tax.base.minor, tax.tax.minor)
            for tax in invoice.taxes
        ),
    )


def _line(line: InvoiceLine, position: int) -> LineOnFile:
    return LineOnFile(
        id=line.id,
        position=position,
        subscription_id=line.subscription_id,
        item_id=line.item_id,
        plan_version_id=line.plan_version_id,
        price_id=line.price_id,
        kind=line.kind,
        cause=line.cause,
        quantity=Fraction(line.quantity),
        unit_minor=line.unit_minor,
        amount_minor=line.amount.minor,
        tax_minor=line.tax_minor,
        tax_inclusive=line.tax_inclusive,
        tax_rate_id=line.tax_rate_id,
        discount_id=line.discount_id,
        discounted_line_id=line.discounted_line_id,
        credited_line_id=line.explanation.credited_line_id,
        currency=line.amount.currency,
        service=line.service,
        arithmetic=_arithmetic(line.explanation),
    )


def _arithmetic(of: LineExplanation) -> Arithmetic:
    return Arithmetic(of.rule, of.basis_minor, of.part_s, of.whole_s, of.split_minor, of.terms)


def _note(life: ToldLife, note: CreditNote, number: int) -> NoteOnFile:
    seller = life.terms.seller
    return NoteOnFile(
        id=note.id,
        number=f"{seller.code}-CN-{number:06}",
        given=NumberOnFile(seller.id, "CN", number),
        legal_entity_id=seller.id,
        invoice_id=note.invoice_id,
        reason=note.reason,
        currency=note.currency,
        subtotal_minor=note.subtotal.minor,
        tax_minor=note.tax.minor,
        total_minor=note.total.minor,
        to_invoice_minor=note.to_invoice_minor,
        to_balance_minor=note.to_balance_minor,
        to_refund_minor=note.to_refund_minor,
        issued_on=note.issued_on,
        created_at=note.created_at,
        lines=tuple(_note_line(line, position) for position, line in enumerate(note.lines, start=1)),
    )


def _note_line(line: CreditNoteLine, position: int) -> NoteLineOnFile:
    return NoteLineOnFile(
        id=line.id,
        position=position,
        invoice_line_id=line.invoice_line_id,
        cause=line.cause,
        amount_minor=line.amount.minor,
        tax_minor=line.tax_minor,
        tax_inclusive=line.tax_inclusive,
        service=line.service,
        arithmetic=_arithmetic(line.explanation),
    )
