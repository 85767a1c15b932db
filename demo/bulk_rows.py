"""Accounts of the crowd as rows to COPY, in an order in which every reference is there before it is needed.

Owns the mapping of whole accounts to tables, by the same columns that operations write. Does not own when they are
written (bulk.py), nor document numbers, which are taken only then.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from db import rows
from db.numbers import INVOICES
from demo import catalog
from demo.bulk_account import BulkAccount
from demo.personas import DEMO_NOW
from domain.actor import Role
from domain.dunning import next_step_at
from domain.ids import LegalEntityId, MeterId
from domain.invoice import Invoice, InvoiceStatus
from domain.payment import PaymentKind, PaymentStatus
from domain.periods import local_day, start_of_day

COUNTED_DAYS = 90
"""Days of usage counters before the instant the clocks stand at, that day included."""
SOURCE = "crm"
_ONE = Decimal(1)
_PAYS_AFTER = timedelta(days=12, hours=11)

RowsOf = Callable[[BulkAccount], Iterable[Mapping[str, Any]]]
"""What one account has in one table."""


@dataclass(slots=True)
class Rows:
    """Rows of one table, columns taken from the first."""

    table: str
    columns: tuple[str, ...] = ()
    records: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, *more: Mapping[str, Any]) -> None:
        """More rows; each has the same columns in the same order."""
        if more and not self.columns:
            self.columns = tuple(more[0])
        self.records.extend(tuple(row.values()) for row in more)


@dataclass(frozen=True, slots=True)
class Numbered:
    """Invoices of one legal entity, in the order in which they get their numbers; `row` lacks only that."""

    entity_id: LegalEntityId
    entity_code: str
    series: str
    invoices: Sequence[tuple[Invoice, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Chunk:
    """The rows of some accounts: `before` the invoices, the invoices, and `after` them."""

    before: tuple[Rows, ...]
    invoices: tuple[Numbered, ...]
    after: tuple[Rows, ...]


def rows_of(accounts: Iterable[BulkAccount]) -> Chunk:
    """Everything about these accounts."""
    made = list(accounts)
    counters = Rows("usage_counters", _COUNTER_COLUMNS, [counter for each in made for counter in _counters(each)])
    lines, taxes, payments = Rows("invoice_lines"), Rows("invoice_taxes"), Rows("payments")
    for each in made:
        for invoice in each.invoices:
            lines.add(*rows.line_columns(invoice, each.account.id))
            taxes.add(*rows.tax_columns(invoice, each.account.id, [each.ids.new() for _ in invoice.taxes]))
        payments.add(*_payments(each))
    before = (*(_table(name, of, made) for name, of in _BEFORE), counters)
    return Chunk(before, tuple(_numbered(made)), (lines, taxes, payments))


def _payments(each: BulkAccount) -> Iterable[Mapping[str, Any]]:
    """A bank transfer for each invoice that is paid."""
    for _, row in _invoices(each):
        if row["paid_minor"]:
            yield {
                "account_id": each.account.id,
                "id": each.ids.new(),
                "invoice_id": row["id"],
                "consolidated_invoice_id": None,
                "payment_method_id": None,
                "kind": PaymentKind.MANUAL.value,
                "status": PaymentStatus.SUCCEEDED.value,
                "amount_minor": row["paid_minor"],
                "refunded_minor": 0,
                "currency": row["currency"],
                "reference": "Bank transfer",
                "failure_code": None,
                "created_at": row["paid_at"],
                "settled_at": row["paid_at"],
                "poll_at": None,
            }


def _table(name: str, of: RowsOf, made: Sequence[BulkAccount]) -> Rows:
    table = Rows(name)
    for each in made:
        table.add(*of(each))
    return table


def _names(each: BulkAccount) -> Iterable[Mapping[str, Any]]:
    yield {"external_id": each.external_id, "account_id": each.account.id}


def _accounts(each: BulkAccount) -> Iterable[Mapping[str, Any]]:
    yield rows.account_columns(each.account, each.external_id, each.opened_at)


def _owners(each: BulkAccount) -> Iterable[Mapping[str, Any]]:
    yield {
        "id": each.owner_id,
        "name": f"Owner of {each.account.name}",
        "email": f"owner@{each.external_id}.example",
        "created_at": each.opened_at,
    }


def _memberships(each: BulkAccount) -> Iterable[Mapping[str, Any]]:
    yield {
        "account_id": each.account.id,
        "id": each.ids.new(),
        "user_id": each.owner_id,
        "role": Role.OWNER.value,
        "created_at": each.opened_at,
    }


def _subscriptions(each: BulkAccount) -> Iterable[Mapping[str, Any]]:
    yield {
        "account_id": each.account.id,
        "id": each.subscription.id,
        "started_at": each.subscription.started_at,
        "version": len(each.invoices),  # begun, and renewed before each invoice but the first
        **rows.subscription_columns(each.subscription),
    }


def _items(each: BulkAccount) -> Iterable[Mapping[str, Any]]:
    return (rows.item_columns(item, each.subscription) for item in each.subscription.items)


def _entitlements(each: BulkAccount) -> Iterable[Mapping[str, Any]]:
    return (rows.entitlement_columns(value, each.account.id, each.ids.new()) for value in each.entitlements)


_BEFORE: Sequence[tuple[str, RowsOf]] = (
    ("account_external_ids", _names),
    ("accounts", _accounts),
    ("users", _owners),
    ("memberships", _memberships),
    ("subscriptions", _subscriptions),
    ("subscription_items", _items),
    ("entitlements", _entitlements),
)
"""What is written before the invoices, in the order of references."""


def _numbered(made: Sequence[BulkAccount]) -> Iterable[Numbered]:
    """The invoices by who issues them, in the order of their instants."""
    for entity in catalog.LEGAL_ENTITIES:
        own = [each for each in made if each.account.legal_entity_id == entity.id]
        if own:
            issued = [pair for each in own for pair in _invoices(each)]
            issued.sort(key=lambda pair: _final(pair[0]))
            yield Numbered(entity.id, entity.code, INVOICES.series_of(own[0].account), issued)


def _invoices(each: BulkAccount) -> Iterable[tuple[Invoice, dict[str, Any]]]:
    """Each invoice with its row, paid but for the latest `unpaid`."""
    paid_until = len(each.invoices) - each.unpaid
    for index, invoice in enumerate(each.invoices):
        paid_at = _final(invoice) + _PAYS_AFTER
        is_paid = index < paid_until and paid_at <= DEMO_NOW
        paid_minor = invoice.total.minor if is_paid else 0
        row = rows.invoice_columns(invoice, each.account, paid_minor=paid_minor) | {"next_step_at": None}
        if is_paid:
            row |= {"status": InvoiceStatus.PAID.value, "paid_at": paid_at}
        else:
            row |= {"next_step_at": next_step_at((), invoice.due_on, each.account.zone, _final(invoice))}
        yield invoice, row


def _final(invoice: Invoice) -> datetime:
    assert invoice.finalised_at is not None, "nothing in the crowd is a draft"
    return invoice.finalised_at


_COUNTER_COLUMNS = (
    "account_id", "meter_id", "day", "count", "sum", "max", "latest", "latest_at", "latest_source", "latest_event_id",
)  # fmt: skip


def _counters(each: BulkAccount) -> Iterable[tuple[Any, ...]]:
    """A counter a meter and day: levels that grow towards their limit, amounts and calls that vary from day to day.

    Two thirds of all rows are these, so they are made as COPY takes them.
    """
    account_id, quantities = each.account.id, each.subscription.quantities
    share_percent = each.chance.between(40, 97)
    seats = Decimal(max(1, quantities["seats"] * share_percent // 100))
    contacts = quantities["contacts"] * 1_000 * share_percent
    for counted in _days(each.account.zone):
        level = Decimal(contacts * (400 + counted.index) // (100 * (399 + COUNTED_DAYS)))
        sent, calls = Decimal(each.chance.between(20, 900)), each.chance.between(1, 40)
        for code, meter_id, event_id in counted.meters:
            match code:
                case "email-sends":
                    figures = (1, sent, sent, sent, counted.night)
                case "api-calls":
                    figures = (calls, Decimal(calls), _ONE, _ONE, counted.evening)
                case _:
                    latest = level if code == "contacts" else seats
                    figures = (1, latest, latest, latest, counted.night)
            yield (account_id, meter_id, counted.day, *figures, SOURCE, event_id)


@dataclass(frozen=True, slots=True)
class _Day:
    """A counted day of a zone: an instant of its night, the last of its calls so far, and each meter's last event."""

    index: int
    day: date
    night: datetime
    evening: datetime
    meters: tuple[tuple[str, MeterId, str], ...]


@lru_cache(maxsize=64)
def _days(zone: str) -> Sequence[_Day]:
    """The counted local days of a zone, oldest first."""
    today = local_day(DEMO_NOW, zone)
    days = [today - timedelta(days=back) for back in reversed(range(COUNTED_DAYS))]
    return [
        _Day(
            index,
            day,
            night=start_of_day(day, zone) + timedelta(hours=2),
            evening=min(start_of_day(day, zone) + timedelta(hours=17), DEMO_NOW),
            meters=tuple((meter.code, meter.id, f"{meter.code}-{day:%Y%m%d}-1") for meter in catalog.meters()),
        )
        for index, day in enumerate(days)
    ]
