"""The catalog of the made company, and the ids of everything in it.

One product with three plans (the lowest withdrawn, the highest for enterprises), prices in four currencies, twelve
features of all four kinds, two meters.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table

from db import tables as t

Rows = list[tuple[Table, list[dict[str, Any]]]]

NOW = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)
_KINDS = (
    "account user membership entity product plan version price feature sub item meter line invoice "
    "entitlement override quote change decision event audit tier component planfeature commitment "
    "bound taxrate coupon discount tax note noteline entry charge method payment attempt refund dunning "
    "consolidated migration waiting catalogentry terms approval rollout"
)
_KIND = {kind: number for number, kind in enumerate(_KINDS.split(), start=1)}

CURRENCIES = ("USD", "JPY", "KWD", "EUR")
FEATURES = 12
LINES = 2


def uid(kind: str, number: int) -> UUID:
    """The id of the n-th thing of a kind: 00000000-0000-70KK-8000-NNNNNNNNNNNN."""
    return UUID(f"00000000-0000-70{_KIND[kind]:02x}-8000-{number:012x}")


def catalog() -> Rows:
    """The catalog's rows, tables in an order that keeps references whole."""
    plans = [
        {
            "id": uid("plan", rank),
            "product_id": uid("product", 1),
            "code": f"crm-{name.lower()}",
            "name": name,
            "description": f"For {name.lower()} teams.",
            "rank": rank,
            "segment": "ENTERPRISE" if rank == 3 else None,
            "withdrawn_at": NOW - timedelta(days=400) if rank == 1 else None,
        }
        for rank, name in enumerate(("Starter", "Professional", "Enterprise"), start=1)
    ]
    versions = [
        {"id": uid("version", n), "plan_id": uid("plan", n), "number": 1, "published_at": NOW, "is_current": True}
        for n in (1, 2, 3)
    ]
    prices = [
        {
            "id": uid("price", n * 10 + at),
            "plan_version_id": uid("version", n),
            "component": "base",
            "currency": currency,
            "interval": "MONTH",
            "model": "FLAT",
            "tax_inclusive": currency == "EUR",
        }
        for n in (1, 2, 3)
        for at, currency in enumerate(CURRENCIES)
    ]
    seats = [
        {
            "id": uid("price", 100 + n),
            "plan_version_id": uid("version", n),
            "component": "seats",
            "currency": "USD",
            "interval": "MONTH",
            "model": "PER_UNIT",
            "tax_inclusive": False,
        }
        for n in (1, 2, 3)
    ]
    kinds = ("BOOLEAN", "LIMIT", "METERED", "CONFIG")
    features = [
        {
            "id": uid("feature", n),
            "code": f"feature-{n:02}",
            "name": f"Feature {n}",
            "description": "Useful.",
            "kind": kinds[n % 4],
            "meter_id": uid("meter", 1 + n % 2) if kinds[n % 4] in ("LIMIT", "METERED") else None,
        }
        for n in range(1, FEATURES + 1)
    ]
    return [
        (
            t.legal_entities,
            [
                {
                    "id": uid("entity", 1),
                    "code": "acme",
                    "name": "Acme Ltd",
                    "country": "IE",
                    "address": "1 Quay Street\nDublin",
                    "tax_id": "IE0000000X",
                    "grace_hours": 24,
                }
            ],
        ),
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
                    "timing": "IN_ADVANCE",
                }
                for n in (1, 2, 3)
                for at, code in enumerate(("base", "seats"))
            ],
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
            ],
        ),
        (
            t.plan_bounds,
            [
                {
                    "id": uid("bound", 2),
                    "plan_version_id": uid("version", 2),
                    "currency": "USD",
                    "interval": "MONTH",
                    "minimum_minor": 20000,
                    "maximum_minor": None,
                }
            ],
        ),
        (
            t.tax_rates,
            [
                {
                    "id": uid("taxrate", 1),
                    "country": "DE",
                    "region": None,
                    "name": "USt",
                    "percent": "19",
                    "valid_from": date(2020, 1, 1),
                    "valid_until": None,
                }
            ],
        ),
        (
            t.coupons,
            [
                {
                    "id": uid("coupon", 1),
                    "code": "WELCOME",
                    "name": "Welcome",
                    "percent": "12.5",
                    "periods": 3,
                    "redemptions": 1,
                    "max_redemptions": 100,
                    "created_at": NOW,
                }
            ],
        ),
        (
            t.plan_version_migrations,
            [
                {
                    "id": uid("migration", 1),
                    "plan_id": uid("plan", 2),
                    "to_plan_version_id": uid("version", 2),
                    "segment": None,
                    "notice_days": 30,
                    "reason": "New prices.",
                    "created_at": NOW,
                }
            ],
        ),
        (
            t.policy_rollouts,
            [
                {
                    "id": uid("rollout", 1),
                    "policy_version": "2026-12.1",
                    "segment": "SMB",
                    "stage": "OFF",
                    "reason": "Not yet.",
                    "created_at": NOW,
                }
            ],
        ),
        (
            t.catalog_entries,
            [
                {
                    "id": uid("catalogentry", 1),
                    "actor_kind": "STAFF",
                    "staff_role": "FINANCE",
                    "actor_id": None,
                    "action": "coupon.create",
                    "subject_type": "Coupon",
                    "subject_id": uid("coupon", 1),
                    "before": None,
                    "after": '{"code":"WELCOME"}',
                    "idempotency_key": None,
                    "input_hash": None,
                    "recorded_at": NOW,
                }
            ],
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
                    "event_type": "counted",
                    "value_property": None,
                    "dimensions": [],
                },
                {
                    "id": uid("meter", 2),
                    "code": "emails",
                    "name": "E-mails",
                    "unit": "e-mail",
                    "aggregation": "SUM",
                    "event_type": "counted",
                    "value_property": None,
                    "dimensions": [],
                },
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
            ],
        ),
    ]
