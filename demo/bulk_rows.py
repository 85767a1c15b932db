"""Accounts of the crowd as rows to COPY, in an order in which every reference is there before it is needed.

Owns the mapping of whole accounts to tables, by the same columns that operations write. Does not own when they are
written (bulk.py), nor document numbers, which are taken only then.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from db import rows
from db.numbers import series_of
from demo import catalog
from demo.bulk_account import BulkAccount
from demo.personas import DEMO_NOW
from domain.actor import Role
from domain.ids import LegalEntityId, MeterId
from domain.invoice import Invoice, InvoiceStatus
from domain.periods import local_day, start_of_day

COUNTED_DAYS = 90
"""Days of usage counters before the instant the clocks stand at, that day included."""
SOURCE = "crm"
_ONE = Decimal(1)
_PAYS_AFTER = timedelta(days=12, hours=11)


@dataclass(slots=True)
class Rows:
    """Rows of one table, columns taken from the first."""

    table: str
    columns: tuple[str, ...] = ()
    records: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, row: Mapping[str, Any]) -> None:
        """One row more; each has the same columns in the same order."""
        if not self.columns:
            self.columns = tuple(row)
        self.records.append(tuple(row.values()))


@dataclass(slots=True)
class Numbered:
    """Invoices of one legal entity, in the order in which they get their numbers; `row` lacks only that."""

    entity_id: LegalEntityId
    entity_code: str
    series: str
    invoices: list[tuple[Invoice, dict[str, Any]]] = field(default_factory=list)


@dataclass(slots=True)
class Chunk:
    """The rows of some accounts: `before` the invoices, the invoices, and `after` them."""

    before: tuple[Rows, ...]
    invoices: tuple[Numbered, ...]
    after: tuple[Rows, ...]


def rows_of(accounts: Iterable[BulkAccount]) -> Chunk:
    """Everything about these accounts."""
    names, tenants, people, members, live, items = map(
        Rows, ("account_external_ids", "accounts", "users", "memberships", "subscriptions", "subscription_items")
    )
    values, lines = map(Rows, ("entitlements", "invoice_lines"))
    counters = Rows("usage_counters", _COUNTER_COLUMNS)
    numbered = {entity.id: Numbered(entity.id, entity.code, "") for entity in catalog.LEGAL_ENTITIES}
    for each in accounts:
        account = each.account
        names.add({"external_id": each.external_id, "account_id": account.id})
        tenants.add(rows.account_columns(account, each.external_id, each.country, each.opened_at))
        people.add(
            {
                "id": each.owner_id,
                "name": f"Owner of {account.name}",
                "email": f"owner@{each.external_id}.example",
                "created_at": each.opened_at,
            }
        )
        members.add(
            {
                "account_id": account.id,
                "id": each.ids.new(),
                "user_id": each.owner_id,
                "role": Role.OWNER.value,
                "created_at": each.opened_at,
            }
        )
        live.add(
            {
                "account_id": account.id,
                "id": each.subscription.id,
                "started_at": each.subscription.started_at,
                "version": len(each.invoices),
                **rows.subscription_columns(each.subscription),
            }
        )
        for item in each.subscription.items:
            items.add(rows.item_columns(item, each.subscription))
        for entitlement in each.entitlements:
            values.add(rows.entitlement_columns(entitlement, account.id, each.ids.new()))
        counters.records.extend(_counters(each))
        series = numbered[account.legal_entity_id]
        series.series = series_of(account)
        for invoice, row in _invoices(each):
            series.invoices.append((invoice, row))
            for line in rows.line_columns(invoice, account.id):
                lines.add(line)
    for series in numbered.values():
        series.invoices.sort(key=lambda pair: pair[0].finalized_at)
    return Chunk(
        before=(names, tenants, people, members, live, items, values, counters),
        invoices=tuple(series for series in numbered.values() if series.invoices),
        after=(lines,),
    )


def _invoices(each: BulkAccount) -> Iterable[tuple[Invoice, dict[str, Any]]]:
    """Each invoice with its row, paid but for the latest `unpaid`."""
    paid_until = len(each.invoices) - each.unpaid
    for index, invoice in enumerate(each.invoices):
        paid_at = invoice.finalized_at + _PAYS_AFTER
        is_paid = index < paid_until and paid_at <= DEMO_NOW
        row = rows.invoice_columns(
            invoice, each.account, each.subscription.id, paid_minor=invoice.total.minor if is_paid else 0
        )
        if is_paid:
            row |= {"status": InvoiceStatus.PAID.value, "paid_at": paid_at}
        yield invoice, row


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
