"""The start-up check of the schema against the declaration: sound as it is, and each planted fault is named."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import strawberry
from sqlalchemy import Text, cast

from db.graph.billing import GRAPH
from db.graph.check import UnsoundGraph
from db.graph.declare import STAFF_ONLY, Money, Part, Variant, columns, computed, many, one, pages, value
from db.graph.filters import at_least, by, equals
from db.graph.whole import Graph
from db.tables import accounts, entitlements, invoice_lines, invoices, plans, subscriptions
from resolvers.check import findings, require_sound
from schema.build import build_schema
from tests.queries.ask import billing

LINES = [invoice_lines.c.position]
YES_OR_NO = Part("BooleanValue", columns(entitlements, "is_enabled"))
OWNER = invoices.c.account_id
NEWEST = [invoices.c.issued_on.desc(), invoices.c.id.desc()]


def changed(type_name: str, *, without: str = "", **added: Any) -> Graph:
    """The billing graph with one entity's fields, relations or computed fields added to, replaced or taken out."""
    entity = GRAPH.entities[type_name]

    def group(name: str) -> dict[str, Any]:
        both = {**getattr(entity, name), **added.get(name, {})}
        return {each: both[each] for each in both if each != without}

    other = replace(entity, fields=group("fields"), relations=group("relations"), computed=group("computed"))
    return Graph({**GRAPH.entities, type_name: other}.values(), GRAPH.roots)


def test_the_schema_is_sound() -> None:
    assert findings(billing().graphql, GRAPH) == []


FAULTS: list[tuple[str, Callable[[], Graph], str]] = [
    # --- fields
    (
        "a line forgotten in the schema",
        lambda: changed("Invoice", fields={"paid_until": value(invoices.c.due_on)}),
        "Invoice.paid_until: declared, but not in the schema.",
    ),
    (
        "a line forgotten in the declaration",
        lambda: changed("Invoice", without="due_on"),
        "Invoice.due_on: in the schema, but not declared.",
    ),
    (
        "a relation forgotten in the declaration",
        lambda: changed("Invoice", without="lines"),
        "Invoice.lines: in the schema, but not declared.",
    ),
    (
        "a nullable column under a non-null field",
        lambda: changed("Invoice", fields={"due_on": value(invoices.c.due_on, nullable=True)}),
        "Invoice.due_on: may be null, but the schema says it never is.",
    ),
    (
        "a column that is never null under a nullable field",
        lambda: changed("Invoice", fields={"number": value(invoices.c.number, nullable=False)}),
        "Invoice.number: is never null, but the schema says it may be.",
    ),
    (
        "a field for staff that is non-null",
        lambda: changed("Invoice", fields={"due_on": value(invoices.c.due_on, audience=STAFF_ONLY)}),
        "Invoice.due_on: may be null, but the schema says it never is.",
    ),
    (
        "another kind",
        lambda: changed("Invoice", fields={"due_on": value(invoices.c.finalised_at)}),
        "Invoice.due_on: a DateTime, but the schema says Date.",
    ),
    (
        "text instead of money",
        lambda: changed("Invoice", fields={"total": value(cast(invoices.c.total_minor, Text), nullable=False)}),
        "Invoice.total: a String, but the schema says Money.",
    ),
    (
        "money instead of a unit price",
        lambda: changed(
            "InvoiceLine", fields={"unit_price": Money(invoice_lines.c.amount_minor, invoice_lines.c.currency)}
        ),
        "InvoiceLine.unit_price: a Money, but the schema says UnitPrice.",
    ),
    (
        "an enum of other values",
        lambda: changed("Invoice", fields={"reason": value(invoices.c.status)}),
        (
            "Invoice.reason: the values of InvoiceReason are not those of its column "
            "(DRAFT, OPEN, PAID, UNCOLLECTIBLE, VOID)."
        ),
    ),
    (
        "a union with a member too few",
        lambda: changed("Entitlement", fields={"value": Variant(entitlements.c.kind, {"BOOLEAN": YES_OR_NO})}),
        "Entitlement.value: the members of EntitlementValue are not the declared ones.",
    ),
    (
        "a part with a line too few",
        lambda: changed(
            "BillingSubscription",
            fields={"current_period": Part("Period", {"start": value(subscriptions.c.current_period_start)})},
        ),
        "Period.end: in the schema, but not declared.",
    ),
    # --- relations
    (
        "one instead of many",
        lambda: changed("Invoice", relations={"lines": one("InvoiceLine", invoice_lines.c.invoice_id, order=LINES)}),
        "Invoice.lines: one row, but the schema has a list.",
    ),
    (
        "many instead of pages",
        lambda: changed(
            "Account", relations={"invoices": many("Invoice", invoices.c.account_id, order=NEWEST, most=9)}
        ),
        "Account.invoices: a Invoice, but the schema says InvoiceConnection.",
    ),
    (
        "another target",
        lambda: changed("Invoice", relations={"account": one("Plan", plans.c.id, via="id")}),
        "Invoice.account: a Plan, but the schema says Account.",
    ),
    (
        "a reference that may be missing",
        lambda: changed("Invoice", relations={"account": one("Account", accounts.c.id)}),
        "Invoice.account: may be missing, but the schema says it never is.",
    ),
    (
        "an argument forgotten in the declaration",
        lambda: changed("Account", relations={"invoice": one("Invoice", invoices.c.account_id, order=NEWEST)}),
        "Account.invoice(number:): in the schema, but not declared.",
    ),
    (
        "an argument forgotten in the schema",
        lambda: changed(
            "Account",
            relations={"invoice": one("Invoice", OWNER, by={"number": by(invoices.c.number), "year": by(OWNER)})},
        ),
        "Account.invoice(year:): declared, but not in the schema.",
    ),
    (
        "a key argument that the schema lets out",
        lambda: changed(
            "Account",
            relations={
                "subscription": one(
                    "BillingSubscription", subscriptions.c.account_id, by={"product": by(subscriptions.c.product_id)}
                )
            },
        ),
        "Account.subscription(product:): part of the key, so it must be required.",
    ),
    (
        "a filter forgotten in the schema",
        lambda: changed(
            "Account",
            relations={
                "plan_changes": replace(
                    GRAPH.entities["Account"].relations["plan_changes"], filters={"year": equals(invoices.c.issued_on)}
                )
            },
        ),
        "Account.plan_changes(filter:): its fields are not the declared ones (status, year).",
    ),
    (
        "a filter of another kind",
        lambda: changed(
            "Account",
            relations={
                "usage_by_day": replace(
                    GRAPH.entities["Account"].relations["usage_by_day"],
                    filters={
                        **GRAPH.entities["Account"].relations["usage_by_day"].filters,
                        "since": at_least(invoices.c.finalised_at),
                    },
                )
            },
        ),
        "Account.usage_by_day(since:): compares DateTime(timezone=True), but the schema says Date.",
    ),
    (
        "an order that the schema does not name",
        lambda: changed(
            "Account",
            relations={
                "invoices": pages(
                    "Invoice",
                    invoices.c.account_id,
                    orders={"NEWEST_FIRST": NEWEST, "BY_NUMBER": [invoices.c.number, invoices.c.id]},
                    filters=GRAPH.entities["Account"].relations["invoices"].filters,
                )
            },
        ),
        "Account.invoices(order_by:): its values are not the declared orders (BY_NUMBER, NEWEST_FIRST).",
    ),
    # --- computed fields
    (
        "a computed field without a batch function",
        lambda: changed("Account", computed={"standing": computed("nobody")}),
        "Account.standing: there is no batch function nobody.",
    ),
    (
        "a computed field that could erase its parent",
        lambda: changed("Account", without="name", computed={"name": computed("dues")}),
        "Account.name: in the schema, but not declared.",
    ),
    # --- types
    (
        "a Node that nobody declared",
        lambda: Graph({**GRAPH.entities, "AuditEntry": _no_type_of_its_own()}.values(), GRAPH.roots),
        "AuditEntry: a Node that is not declared.",
    ),
    (
        "an id without the interface",
        lambda: Graph({**GRAPH.entities, "Meter": replace(GRAPH.entities["Meter"], prefix=None)}.values(), GRAPH.roots),
        "Meter: a Node has a prefix, and nothing else has.",
    ),
    (
        "a root forgotten in the schema",
        lambda: Graph(GRAPH.entities.values(), {**GRAPH.roots, "vouchers": GRAPH.roots["products"]}),
        "Query.vouchers: not in the schema.",
    ),
]


def _no_type_of_its_own() -> Any:
    """Relations need their target; an internal one is no type of the schema."""
    return replace(GRAPH.entities["AuditEntry"], is_internal=True)


@pytest.mark.parametrize(("says", "graph", "finding"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_planted_fault_is_named(says: str, graph: Callable[[], Graph], finding: str) -> None:
    assert finding in findings(billing().graphql, graph()), findings(billing().graphql, graph())


def test_a_non_null_computed_field_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = changed("Account", computed={"name": computed("dues")})
    wanted = "Account.name: a computed field must be nullable, so that it cannot erase its parent."
    assert wanted in findings(billing().graphql, graph)


def test_an_unsound_schema_is_not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """A class that names a field nobody declared: the process does not start."""
    from schema.catalog import Meter

    definition = Meter.__strawberry_definition__  # type: ignore[attr-defined]
    extra: Any = strawberry.field(description="Nobody declared it.")
    extra.python_name, extra.type_annotation = "colour", strawberry.annotation.StrawberryAnnotation(str)
    monkeypatch.setattr(definition, "fields", [*definition.fields, extra])
    with pytest.raises(UnsoundGraph, match=r"Meter\.colour: in the schema, but not declared\."):
        build_schema()


def test_every_finding_is_in_the_message() -> None:
    with pytest.raises(UnsoundGraph) as caught:
        require_sound(billing().graphql, changed("Invoice", without="due_on"))
    assert "Invoice.due_on: in the schema, but not declared." in str(caught.value)
