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
from tests.queries import money
from tests.queries.catalog import CURRENCIES, FEATURES, LINES, NOW, Rows, catalog, uid


@dataclass(frozen=True, slots=True)
class Company:
    """What was made: the user of the accounts, and a user who knows nobody here."""

    accounts: int
    invoices: int
    owner: UUID
    stranger: UUID


async def make_company(database: Database, accounts: int = 3, invoices: int = 5) -> Company:
    """Write the catalog once and `accounts` accounts with `invoices` invoices of two lines each."""
    rows: Rows = [*catalog(), (t.users, _users())]
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


def account(number: int, invoices: int, *, owner: int = 1) -> Rows:
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
            **key,
            "id": uid("item", number * 10 + at),
            "subscription_id": sub,
            "plan_version_id": uid("version", 2),
            "component": component,
            "price_id": price,
            "quantity": quantity,
            "valid_from": start,
            "valid_until": until,
        }
        for at, (component, price, quantity, until) in enumerate(
            [
                ("base", uid("price", 20), 1, None),
                ("seats", uid("price", 102), 3, NOW - timedelta(days=1)),
            ]
        )
    ]
    later = {**items[1], "id": uid("item", number * 10 + 2), "quantity": 5, "valid_until": None}
    later["valid_from"] = NOW - timedelta(days=1)
    invoice_rows, line_rows = _invoices(number, currency, invoices)
    return [
        (
            t.accounts,
            [
                {
                    "id": own,
                    "external_id": f"crm-{number:04}",
                    "legal_entity_id": uid("entity", 1),
                    "parent_account_id": None,
                    "name": f"Customer {number:04}",
                    "email": None,
                    "country": "DE",
                    "currency": currency,
                    "zone": "Europe/Berlin",
                    "segment": "SMB" if number % 3 else "ENTERPRISE",
                    "status": "ACTIVE",
                    "net_days": 14,
                    "is_sandbox": is_sandbox,
                    "clock_at": NOW + timedelta(days=1) if is_sandbox else None,
                    "created_at": datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=number),
                    "event_sequence": 2,
                    "tax_exemption": "NONE",
                    "is_consolidated": False,
                }
            ],
        ),
        (t.account_external_ids, [{"external_id": f"crm-{number:04}", "account_id": own}]),
        (
            t.memberships,
            [
                {
                    **key,
                    "id": uid("membership", number),
                    "user_id": uid("user", owner),
                    "role": "OWNER",
                    "created_at": NOW,
                }
            ],
        ),
        (
            t.subscriptions,
            [
                {
                    **key,
                    "id": sub,
                    "product_id": uid("product", 1),
                    "plan_id": uid("plan", 2),
                    "plan_version_id": uid("version", 2),
                    "status": "ACTIVE",
                    "interval": "MONTH",
                    "anchor_on": date(2025, 1, 1),
                    "current_period_start": start,
                    "current_period_end": end,
                    "started_at": datetime(2025, 1, 1, tzinfo=UTC),
                    "ended_at": None,
                    "plan_version_since": datetime(2025, 1, 1, tzinfo=UTC),
                    "version": 3,
                }
            ],
        ),
        (t.subscription_items, [*items, later]),
        (
            t.commitment_terms,
            [
                {
                    **key,
                    "id": uid("commitment", number),
                    "subscription_id": sub,
                    "start_at": start,
                    "months": 12,
                    "end_at": datetime(2027, 3, 1, tzinfo=UTC),
                    "notice_days": 30,
                }
            ],
        ),
        *_entitlements(number),
        *money.discounts(number),
        *money.consolidated(number, currency),
        (t.invoices, invoice_rows),
        (t.invoice_lines, line_rows),
        *money.beside_invoices(number, currency),
        *_change(number),
        *_history(number),
    ]


def _entitlements(number: int) -> Rows:
    key = {"account_id": uid("account", number)}
    kinds = ("BOOLEAN", "LIMIT", "METERED", "CONFIG")
    override = {
        **key,
        "id": uid("override", number),
        "feature_id": uid("feature", 1),
        "kind": "LIMIT",
        "is_enabled": True,
        "limit_value": 1000,
        "setting": None,
        "priority": 1,
        "reason": "Goodwill.",
        "created_at": NOW,
        "starts_at": NOW - timedelta(days=9),
        "ends_at": NOW + timedelta(hours=12),
    }
    rows = []
    for n in range(1, FEATURES + 1):
        kind = kinds[n % 4]
        metered = kind in ("LIMIT", "METERED")
        row = {
            **key,
            "id": uid("entitlement", number * 100 + n),
            "feature_id": uid("feature", n),
            "feature_code": f"feature-{n:02}",
            "kind": kind,
            "is_enabled": True,
            "limit_value": 1000 if metered else None,
            "setting": "blue" if kind == "CONFIG" else None,
            "source": "PLAN",
            "subscription_id": uid("sub", number),
            "override_id": None,
            "meter_id": uid("meter", 1 + n % 2) if metered else None,
            "window_start": date(2026, 3, 1) if kind == "METERED" else None,
            "window_end": date(2026, 4, 1) if kind == "METERED" else None,
            "valid_from": datetime(2026, 3, 1, tzinfo=UTC),
            "valid_until": None,
        }
        if n == 1:
            # an override that ends at noon on the day: the sandbox, a day ahead, is past it already
            ends = NOW + timedelta(hours=12)
            rows.append({**row, "source": "OVERRIDE", "override_id": override["id"], "valid_until": ends})
            row = {**row, "limit_value": 500, "valid_from": ends}
        rows.append(row)
    counters = [
        {
            **key,
            "meter_id": uid("meter", meter),
            "day": date(2026, 3, 19) - timedelta(days=back),
            "count": 2,
            "sum": 10 + back,
            "max": 8,
            "latest": 300 + number - back,
            "latest_at": NOW - timedelta(days=back),
            "latest_source": "crm",
            "latest_event_id": f"{meter}-{back}",
        }
        for meter in (1, 2)
        for back in range(4)
    ]
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
                **key,
                "id": invoice,
                "legal_entity_id": uid("entity", 1),
                "subscription_id": uid("sub", number),
                "number": f"AC-{number:03}-{n:03}",
                "reason": "RENEWAL",
                "status": "OPEN" if is_open else "PAID",
                "currency": currency,
                "customer_name": f"Customer {number:04}",
                "customer_address": "1 High Street\nBerlin",
                "customer_tax_id": None,
                "customer_country": "DE",
                "subtotal_minor": 10000,
                "discount_minor": 0,
                "tax_minor": 0,
                "total_minor": 10000,
                "credited_minor": 500 if is_open else 0,
                "applied_minor": 250 if is_open else 0,
                "paid_minor": 1500 if is_open else 10000,
                "returned_minor": 100 if is_open else 0,
                "period_start": start,
                "period_end": start + timedelta(days=28),
                "issued_on": issued,
                "due_on": due,
                "drafted_at": start,
                "finalised_at": start,
                "paid_at": None if is_open else start,
                "consolidated_invoice_id": uid("consolidated", number) if is_open else None,
                "consolidated_due_on": due if is_open else None,
                "payer_account_id": uid("account", number) if is_open else None,
            }
        )
        lines += [
            {
                **key,
                "id": uid("line", (number * 1000 + n) * 10 + at),
                "invoice_id": invoice,
                "position": at,
                "subscription_id": uid("sub", number),
                "item_id": uid("item", number * 10 + at - 1),
                "plan_version_id": uid("version", 2),
                "price_id": uid("price", 20),
                "kind": "CHARGE",
                "cause": UUID(int=0),
                "description": f"Line {at}",
                "quantity": at,
                "unit_minor": "2500.25",
                "amount_minor": 5000,
                "tax_minor": 0,
                "tax_inclusive": False,
                "tax_rate_id": uid("taxrate", 1),
                "currency": currency,
                "service_start": start + timedelta(seconds=n),
                "service_end": start + timedelta(days=28),
                "rule": "FLAT",
                "sentence": "One month.",
                "basis_minor": "4999.999999999999",
                "part_s": 1,
                "whole_s": 1,
                "terms": '[["base","1",null,4900],["seats","1/2","9999999999999/50000000000",0]]',
                "credited_line_id": None,
            }
            for at in range(1, LINES + 1)
        ]
    return invoices, lines


def _change(number: int) -> Rows:
    key = {"account_id": uid("account", number)}
    reason = {
        "code": "TIMING-UPGRADE",
        "verdict": "ALLOW",
        "sentence": "An upgrade takes effect at once.",
        "figures": [["seats_in_use", "3"]],
        "remedy": None,
        "effectiveAt": None,
    }
    decision = {
        **key,
        "id": uid("decision", number),
        "subscription_id": uid("sub", number),
        "quote_id": None,
        "purpose": "APPLY",
        "change_kind": "SWITCH",
        "to_plan_version_id": uid("version", 2),
        "verdict": "ALLOW",
        "effective_at": NOW,
        "policy_version": "1",
        "reasons": [reason],
        "actor_kind": "CUSTOMER",
        "actor_id": uid("user", 1),
        "created_at": NOW,
    }
    changes: list[dict[str, Any]] = [
        {
            **key,
            "id": uid("change", number * 10 + at),
            "subscription_id": uid("sub", number),
            "quote_id": None,
            "decision_id": uid("decision", number),
            "accepted_decision_id": uid("decision", number),
            "invoice_id": None,
            "kind": "SWITCH",
            "step": 1,
            "from_plan_version_id": uid("version", 2),
            "to_plan_version_id": uid("version", 1 + at),
            "from_interval": "MONTH",
            "to_interval": "MONTH",
            "direction": "DOWNGRADE",
            "status": status,
            "request": {"quantities": [["seats", 12], ["contacts", 4]]},
            "effective_at": NOW,
            "created_at": NOW,
            "applied_at": None,
        }
        for at, status in enumerate(("CANCELLED", "SCHEDULED"))
    ]
    approval = {
        **key,
        "id": uid("approval", number),
        "subscription_id": uid("sub", number),
        "decision_id": uid("decision", number),
        "request": {},
        "outcome": {
            "asked": {
                "kind": "SWITCH", "plan": None, "interval": "MONTH", "quantities": [["seats", 12]], "turn": [],
            }
        },
        "codes": ["PC-10"],
        "amount_minor": 12_000,
        "currency": "USD",
        "status": "REQUESTED",
        "reason": "Two teams less",
        "asked_by_kind": "CUSTOMER",
        "asked_by_id": uid("user", 1),
        "created_at": NOW,
        "expires_at": NOW + timedelta(days=14),
    }  # fmt: skip
    return [(t.policy_decisions, [decision]), (t.plan_changes, changes), (t.approvals, [approval])]


def _history(number: int) -> Rows:
    key = {"account_id": uid("account", number)}
    events = [
        {
            **key,
            "id": uid("event", number * 10 + at),
            "sequence": at,
            "aggregate_type": "BillingSubscription",
            "aggregate_id": uid("sub", number),
            "aggregate_sequence": at,
            "type": "SUBSCRIPTION_STARTED",
            "data": '{"at":1}',
            "occurred_at": NOW,
            "recorded_at": NOW,
        }
        for at in (1, 2)
    ]
    audit = {
        **key,
        "id": uid("audit", number),
        "actor_kind": "CUSTOMER",
        "actor_id": uid("user", 1),
        "action": "SIGN_UP",
        "subject_type": "BillingSubscription",
        "subject_id": uid("sub", number),
        "reason": None,
        "before": None,
        "after": '{"a":1}',
        "occurred_at": NOW,
        "recorded_at": NOW,
    }
    return [(t.outbox_events, events), (t.audit_entries, [audit])]
