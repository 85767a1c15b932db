"""A small made company for graph tests: as many accounts as asked for, each with everything a screen shows.

Rows are written as they are, not by operations: these tests hold how rows are read, and want each value literal. Ids
count up from 1 by kind, so that answers can be saved. Everything happens around NOW.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table, insert

from db import tables as t
from db.engine import Database

NOW = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)
_KINDS = [
    "account",
    "user",
    "membership",
    "entity",
    "product",
    "plan",
    "version",
    "price",
    "feature",
    "sub",
    "item",
    "meter",
    "line",
    "invoice",
]
_MORE = [
    "entitlement",
    "override",
    "quote",
    "change",
    "decision",
    "event",
    "audit",
    "tier",
    "component",
    "planfeature",
    "commitment",
]
_KIND = {kind: number for number, kind in enumerate([*_KINDS, *_MORE], start=1)}

CURRENCIES = ("USD", "JPY", "KWD", "EUR")
FEATURES = 12
LINES = 2


def uid(kind: str, number: int) -> UUID:
    """The id of the n-th thing of a kind: 00000000-0000-70KK-8000-NNNNNNNNNNNN."""
    return UUID(f"00000000-0000-70{_KIND[kind]:02x}-8000-{number:012x}")


@dataclass(frozen=True, slots=True)
class Company:
    """What was made: the user of the accounts, and a user who knows nobody here."""

    accounts: int
    invoices: int
    owner: UUID
    stranger: UUID


async def make_company(database: Database, accounts: int = 3, invoices: int = 5) -> Company:
    """Write the catalog once and `accounts` accounts with `invoices` invoices of two lines each."""
    rows: list[tuple[Table, list[dict[str, Any]]]] = [*_catalog(), (t.users, _users())]
    for number in range(1, accounts + 1):
        rows += account(number, invoices)
    await write(database, rows)
    return Company(accounts, invoices, uid("user", 1), uid("user", 2))


async def write(database: Database, rows: Sequence[tuple[Table, list[dict[str, Any]]]]) -> None:
    """Insert rows table by table, in the order given."""
    async with database.write() as session:
        for table, values in rows:
            if values:
                await session.execute(insert(table), values)


def _users() -> list[dict[str, Any]]:
    return [
        {"id": uid("user", 1), "name": "Olive Owner", "email": "olive@example.test", "created_at": NOW},
        {"id": uid("user", 2), "name": "Sam Stranger", "email": "sam@example.test", "created_at": NOW},
    ]


def _catalog() -> list[tuple[Table, list[dict[str, Any]]]]:
    plans = [
        {
            "id": uid("plan", rank), "product_id": uid("product", 1), "code": f"crm-{name.lower()}", "name": name,
            "description": f"For {name.lower()} teams.", "rank": rank, "segment": "ENTERPRISE" if rank == 3 else None,
            "withdrawn_at": NOW - timedelta(days=400) if rank == 1 else None,
        }
        for rank, name in enumerate(("Starter", "Professional", "Enterprise"), start=1)
    ]  # fmt: skip
    versions = [
        {"id": uid("version", n), "plan_id": uid("plan", n), "number": 1, "published_at": NOW, "is_current": True}
        for n in (1, 2, 3)
    ]
    prices = [
        {
            "id": uid("price", n * 10 + at), "plan_version_id": uid("version", n), "component": "base",
            "currency": currency, "interval": "MONTH", "model": "FLAT",
        }
        for n in (1, 2, 3)
        for at, currency in enumerate(CURRENCIES)
    ]  # fmt: skip
    seats = [
        {
            "id": uid("price", 100 + n), "plan_version_id": uid("version", n), "component": "seats",
            "currency": "USD", "interval": "MONTH", "model": "PER_UNIT",
        }
        for n in (1, 2, 3)
    ]  # fmt: skip
    kinds = ("BOOLEAN", "LIMIT", "METERED", "CONFIG")
    features = [
        {
            "id": uid("feature", n), "code": f"feature-{n:02}", "name": f"Feature {n}", "description": "Useful.",
            "kind": kinds[n % 4], "meter_id": uid("meter", 1 + n % 2) if kinds[n % 4] in ("LIMIT", "METERED") else None,
        }
        for n in range(1, FEATURES + 1)
    ]  # fmt: skip
    return [
        (t.legal_entities, [{"id": uid("entity", 1), "code": "acme", "name": "Acme Ltd", "country": "IE"}]),
        (
            t.products,
            [{"id": uid("product", 1), "code": "crm", "name": "CRM", "description": "Customers.", "position": 1}],
        ),
        (t.plans, plans),
        (t.plan_versions, versions),
        (
            t.plan_components,
            [
                {
                    "id": uid("component", n * 10 + at),
                    "plan_version_id": uid("version", n),
                    "position": at,
                    "code": code,
                    "name": code.title(),
                    "minimum": 1,
                    "maximum": None if at else 1,
                }
                for n in (1, 2, 3)
                for at, code in enumerate(("base", "seats"))
            ],  # fmt: skip
        ),
        (t.prices, prices + seats),
        (
            t.price_tiers,
            [
                {
                    "id": uid("tier", n),
                    "price_id": price["id"],
                    "position": 1,
                    "up_to": None,
                    "unit_minor": "1250.5" if price["model"] == "PER_UNIT" else None,
                    "flat_minor": 0 if price["model"] == "PER_UNIT" else 5000,
                    "currency": price["currency"],
                }
                for n, price in enumerate(prices + seats, start=1)
            ],  # fmt: skip
        ),
        (
            t.meters,
            [
                {
                    "id": uid("meter", 1),
                    "code": "contacts",
                    "name": "Contacts",
                    "unit": "contact",
                    "aggregation": "LATEST",
                },
                {"id": uid("meter", 2), "code": "emails", "name": "E-mails", "unit": "e-mail", "aggregation": "SUM"},
            ],
        ),
        (t.features, features),
        (
            t.plan_features,
            [
                {
                    "id": uid("planfeature", version * 100 + n),
                    "plan_version_id": uid("version", version),
                    "feature_id": feature["id"],
                    "kind": feature["kind"],
                    "is_enabled": True,
                    "limit_value": 1000 if feature["meter_id"] else None,
                    "setting": "blue" if feature["kind"] == "CONFIG" else None,
                    "limit_per_unit": 0,
                    "component": None,
                }
                for version in (1, 2, 3)
                for n, feature in enumerate(features, start=1)
            ],  # fmt: skip
        ),
    ]


def account(number: int, invoices: int, *, owner: int = 1) -> list[tuple[Table, list[dict[str, Any]]]]:
    """One account with everything; account 2 is a sandbox whose clock stands a day after NOW."""
    own = uid("account", number)
    currency = CURRENCIES[(number - 1) % len(CURRENCIES)]
    is_sandbox = number == 2
    key = {"account_id": own}
    start = datetime(2026, 3, 1, tzinfo=UTC)
    end = datetime(2026, 4, 1, tzinfo=UTC)
    sub = uid("sub", number)
    items = [
        {
            **key, "id": uid("item", number * 10 + at), "subscription_id": sub, "plan_version_id": uid("version", 2),
            "component": component, "price_id": price, "quantity": quantity, "valid_from": start, "valid_until": until,
        }
        for at, (component, price, quantity, until) in enumerate(
            [
                ("base", uid("price", 20), 1, None),
                ("seats", uid("price", 102), 3, NOW - timedelta(days=1)),
            ]
        )
    ]  # fmt: skip
    later = {**items[1], "id": uid("item", number * 10 + 2), "quantity": 5, "valid_until": None}
    later["valid_from"] = NOW - timedelta(days=1)
    invoice_rows, line_rows = _invoices(number, currency, invoices)
    return [
        (
            t.accounts,
            [
                {
                    "id": own, "external_id": f"crm-{number:04}", "legal_entity_id": uid("entity", 1),
                    "parent_account_id": None, "name": f"Customer {number:04}", "email": None, "country": "DE",
                    "currency": currency, "zone": "Europe/Berlin", "segment": "ENTERPRISE" if number % 3 == 0 else "SMB",
                    "status": "ACTIVE", "net_days": 14, "is_sandbox": is_sandbox,
                    "clock_at": NOW + timedelta(days=1) if is_sandbox else None,
                    "created_at": datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=number), "event_sequence": 2,
                }
            ],
        ),
        (t.account_external_ids, [{"external_id": f"crm-{number:04}", "account_id": own}]),
        (
            t.memberships,
            [
                {**key, "id": uid("membership", number), "user_id": uid("user", owner), "role": "OWNER", "created_at": NOW}
            ],
        ),
        (
            t.subscriptions,
            [
                {
                    **key, "id": sub, "product_id": uid("product", 1), "plan_id": uid("plan", 2),
                    "plan_version_id": uid("version", 2), "status": "ACTIVE", "interval": "MONTH",
                    "anchor_on": date(2025, 1, 1), "current_period_start": start, "current_period_end": end,
                    "started_at": datetime(2025, 1, 1, tzinfo=UTC), "ended_at": None, "version": 3,
                }
            ],
        ),
        (t.subscription_items, [*items, later]),
        (
            t.commitment_terms,
            [
                {
                    **key, "id": uid("commitment", number), "subscription_id": sub, "start_at": start, "months": 12,
                    "end_at": datetime(2027, 3, 1, tzinfo=UTC), "notice_days": 30,
                }
            ],
        ),
        *_entitlements(number),
        (t.invoices, invoice_rows),
        (t.invoice_lines, line_rows),
        *_change(number),
        *_history(number),
    ]  # fmt: skip


def _entitlements(number: int) -> list[tuple[Table, list[dict[str, Any]]]]:
    key = {"account_id": uid("account", number)}
    kinds = ("BOOLEAN", "LIMIT", "METERED", "CONFIG")
    override = {
        **key, "id": uid("override", number), "feature_id": uid("feature", 1), "kind": "LIMIT", "is_enabled": True,
        "limit_value": 1000, "setting": None, "priority": 1, "reason": "Goodwill.", "created_at": NOW,
        "starts_at": NOW - timedelta(days=9), "ends_at": NOW + timedelta(hours=12),
    }  # fmt: skip
    rows = []
    for n in range(1, FEATURES + 1):
        kind = kinds[n % 4]
        metered = kind in ("LIMIT", "METERED")
        row = {
            **key, "id": uid("entitlement", number * 100 + n), "feature_id": uid("feature", n),
            "feature_code": f"feature-{n:02}", "kind": kind, "is_enabled": True,
            "limit_value": 1000 if metered else None, "setting": "blue" if kind == "CONFIG" else None,
            "source": "PLAN", "subscription_id": uid("sub", number), "override_id": None,
            "meter_id": uid("meter", 1 + n % 2) if metered else None,
            "window_start": date(2026, 3, 1) if kind == "METERED" else None,
            "window_end": date(2026, 4, 1) if kind == "METERED" else None,
            "valid_from": datetime(2026, 3, 1, tzinfo=UTC), "valid_until": None,
        }  # fmt: skip
        if n == 1:
            # an override that ends at noon on the day: the sandbox, a day ahead, is past it already
            ends = NOW + timedelta(hours=12)
            rows.append({**row, "source": "OVERRIDE", "override_id": override["id"], "valid_until": ends})
            row = {**row, "limit_value": 500, "valid_from": ends}
        rows.append(row)
    counters = [
        {
            **key, "meter_id": uid("meter", meter), "day": date(2026, 3, 19) - timedelta(days=back), "count": 2,
            "sum": 10 + back, "max": 8, "latest": 300 + number - back, "latest_at": NOW - timedelta(days=back),
            "latest_source": "crm", "latest_event_id": f"{meter}-{back}",
        }
        for meter in (1, 2)
        for back in range(4)
    ]  # fmt: skip
    return [(t.entitlement_overrides, [override]), (t.entitlements, rows), (t.usage_counters, counters)]


def _invoices(number: int, currency: str, count: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    key = {"account_id": uid("account", number)}
    invoices, lines = [], []
    for n in range(count):
        month = (2026 * 12 + 2) - n
        issued = date(month // 12, month % 12 + 1, 1)
        due = issued + timedelta(days=14)
        is_open = n == 0
        invoice = uid("invoice", number * 1000 + n)
        start = datetime(issued.year, issued.month, 1, tzinfo=UTC)
        invoices.append(
            {
                **key, "id": invoice, "legal_entity_id": uid("entity", 1), "subscription_id": uid("sub", number),
                "number": f"AC-{number:03}-{n:03}", "reason": "RENEWAL", "status": "OPEN" if is_open else "PAID",
                "currency": currency, "customer_name": f"Customer {number:04}", "total_minor": 10000,
                "paid_minor": 1500 if is_open else 10000, "issued_on": issued, "due_on": due, "finalized_at": start,
                "paid_at": None if is_open else start,
            }
        )  # fmt: skip
        lines += [
            {
                **key, "id": uid("line", (number * 1000 + n) * 10 + at), "invoice_id": invoice, "position": at,
                "subscription_id": uid("sub", number), "item_id": uid("item", number * 10 + at - 1),
                "plan_version_id": uid("version", 2), "price_id": uid("price", 20), "kind": "CHARGE",
                "cause": UUID(int=0), "description": f"Line {at}", "quantity": at, "unit_minor": "2500.25",
                "amount_minor": 5000, "currency": currency, "service_start": start + timedelta(seconds=n),
                "service_end": start + timedelta(days=28), "rule": "FLAT", "sentence": "One month.", "basis_minor": 5000,
                "part_s": 1, "whole_s": 1, "credited_line_id": None,
            }
            for at in range(1, LINES + 1)
        ]  # fmt: skip
    return invoices, lines


def _change(number: int) -> list[tuple[Table, list[dict[str, Any]]]]:
    key = {"account_id": uid("account", number)}
    reason = {
        "code": "TIMING-UPGRADE", "verdict": "ALLOW", "sentence": "An upgrade takes effect at once.",
        "figures": [["seats_in_use", "3"]], "remedy": None, "effectiveAt": None,
    }  # fmt: skip
    decision = {
        **key, "id": uid("decision", number), "subscription_id": uid("sub", number), "quote_id": None,
        "verdict": "ALLOW", "effective_at": NOW, "policy_version": "1", "reasons": [reason], "actor_kind": "CUSTOMER",
        "actor_id": uid("user", 1), "created_at": NOW,
    }  # fmt: skip
    changes: list[dict[str, Any]] = [
        {
            **key, "id": uid("change", number * 10 + at), "subscription_id": uid("sub", number), "quote_id": None,
            "decision_id": uid("decision", number), "invoice_id": None, "from_plan_version_id": uid("version", 2),
            "to_plan_version_id": uid("version", 1 + at), "from_interval": "MONTH", "to_interval": "MONTH",
            "direction": "DOWNGRADE", "status": status, "request": {}, "effective_at": NOW, "created_at": NOW,
            "applied_at": None,
        }
        for at, status in enumerate(("CANCELLED", "SCHEDULED"))
    ]  # fmt: skip
    return [(t.policy_decisions, [decision]), (t.plan_changes, changes)]


def _history(number: int) -> list[tuple[Table, list[dict[str, Any]]]]:
    key = {"account_id": uid("account", number)}
    events = [
        {
            **key, "id": uid("event", number * 10 + at), "sequence": at, "aggregate_type": "BillingSubscription",
            "aggregate_id": uid("sub", number), "aggregate_sequence": at, "type": "SUBSCRIPTION_STARTED",
            "data": '{"at":1}', "occurred_at": NOW, "recorded_at": NOW,
        }
        for at in (1, 2)
    ]  # fmt: skip
    audit = {
        **key, "id": uid("audit", number), "actor_kind": "CUSTOMER", "actor_id": uid("user", 1),
        "action": "SIGN_UP", "subject_type": "BillingSubscription", "subject_id": uid("sub", number), "reason": None,
        "before": None, "after": '{"a":1}', "occurred_at": NOW, "recorded_at": NOW,
    }  # fmt: skip
    return [(t.outbox_events, events), (t.audit_entries, [audit])]
