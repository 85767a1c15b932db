"""The start-up check of the declaration against the tables: sound as it is, and each planted fault is named."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, Table, Text, Uuid

from db.graph.billing import GRAPH
from db.graph.check import findings
from db.graph.declare import Entity, Money, columns, many, one, pages, value
from db.graph.filters import by
from db.graph.whole import Graph
from db.tables import accounts, invoice_lines, invoices, plans, users


def planted(name: str, **changes: Any) -> Graph:
    """The billing graph with one entity changed; relations and fields are added to the declared ones."""
    entity = GRAPH.entities[name]
    for group in ("fields", "relations", "keys"):
        if group in changes:
            changes[group] = {**getattr(entity, group), **changes[group]}
    entities = {**GRAPH.entities, name: replace(entity, **changes)}
    return Graph(entities.values(), GRAPH.roots)


def test_the_billing_graph_is_sound() -> None:
    assert findings(GRAPH) == []


NEWEST = [invoices.c.issued_on.desc(), invoices.c.id.desc()]
STRAY = Table("strays", MetaData(), Column("id", Uuid, nullable=False), Column("name", Text, nullable=False))


@pytest.mark.parametrize(
    ("says", "graph", "finding"),
    [
        (
            "a tenant's table without a tenant",
            lambda: planted("Invoice", tenant=None),
            "Invoice: `tenant` must be its own account_id.",
        ),
        (
            "the tenant of another table",
            lambda: planted("Invoice", tenant=accounts.c.id),
            "Invoice: `tenant` must be its own account_id.",
        ),
        (
            "people without a predicate",
            lambda: planted("User", visible=None),
            "User: rows of no account need `visible`.",
        ),
        (
            "a table that says nothing about its tenants",
            lambda: Graph(
                [*GRAPH.entities.values(), Entity("Stray", STRAY, fields=columns(STRAY, "name"))], GRAPH.roots
            ),
            "Stray: its table has neither an account nor a mark that it needs none.",
        ),
        ("another's prefix", lambda: planted("Invoice", prefix="acct"), "Invoice: its ids begin with inv, not acct."),
        (
            "a column of another table",
            lambda: planted("Invoice", fields={"plan": value(plans.c.name)}),
            "Invoice.plan: name is no column of its table.",
        ),
        (
            "a name twice",
            lambda: planted("Invoice", fields={"lines": value(invoices.c.number)}),
            "Invoice.lines: declared twice.",
        ),
        (
            "an order that ties",
            lambda: planted("Account", relations={"x": pages("Invoice", invoices.c.account_id, order=NEWEST[:1])}),
            "Invoice.pages(account_id): the order issued_on does not end in what makes a row unique.",
        ),
        (
            "an order without its index",
            lambda: planted(
                "Account",
                relations={"x": pages("Invoice", invoices.c.account_id, order=[invoices.c.due_on, invoices.c.id])},
            ),
            "Invoice.pages(account_id): no index is sorted by account_id, due_on, id.",
        ),
        (
            "an order by what may be null",
            lambda: planted(
                "Account",
                relations={"x": pages("Invoice", invoices.c.account_id, order=[invoices.c.paid_at, invoices.c.id])},
            ),
            "Invoice.pages(account_id): sorts by paid_at, which may be null.",
        ),
        (
            "one of many",
            lambda: planted("Account", relations={"x": one("Invoice", invoices.c.account_id)}),
            "Invoice.one(account_id): nothing makes account_id unique.",
        ),
        (
            "a key without an index",
            lambda: planted(
                "User", relations={"x": many("Account", accounts.c.email, via="email", order=[accounts.c.id], most=9)}
            ),
            "Account.many(email): no index begins with email.",
        ),
        (
            "a key of another table",
            lambda: planted("Invoice", keys={"x": by(users.c.email)}),
            "Invoice.one(x): users.email is no column of Invoice.",
        ),
        (
            "money without a currency",
            lambda: planted("Account", fields={"x": Money(accounts.c.event_sequence, accounts.c.email)}),
            "Account.x: an amount that is never null has a currency that may be.",
        ),
        (
            "a page of a view",
            lambda: planted(
                "Account",
                relations={
                    "x": pages(
                        "UsageSummary",
                        GRAPH.entities["UsageSummary"].table.c.account_id,
                        order=[GRAPH.entities["UsageSummary"].table.c.feature_code],
                    )
                },
            ),
            "UsageSummary.pages(account_id): a view has no index to page by.",
        ),
        (
            "an internal entity as a field",
            lambda: planted(
                "Account",
                relations={"x": one("AccountDues", GRAPH.entities["AccountDues"].table.c.account_id)},
            ),
            "Account.x: an internal entity is no field.",
        ),
    ],
)
def test_a_planted_fault_is_named(says: str, graph: Callable[[], Graph], finding: str) -> None:
    assert finding in findings(graph()), says


@pytest.mark.parametrize(
    ("says", "order"),
    [
        ("two directions", [invoices.c.issued_on.desc(), invoices.c.id]),
        ("two texts", [invoices.c.number, invoices.c.status]),
        ("a number of any scale", [invoice_lines.c.basis_minor]),
    ],
)
def test_an_order_that_no_cursor_can_follow_is_refused_at_import(says: str, order: list[Any]) -> None:
    with pytest.raises(TypeError):
        planted("Account", relations={"x": pages("Invoice", invoices.c.account_id, order=order)})


def test_a_typing_error_in_a_column_fails_at_import() -> None:
    with pytest.raises(KeyError):
        columns(invoices, "number statsu")


def test_a_relation_to_no_type_fails_at_import() -> None:
    with pytest.raises(KeyError):
        planted("Account", relations={"x": one("Invocie", invoices.c.account_id)})
