"""Which regular invoice came before another of the same subscription, and what was billed between the two.

Read for the computed field `changeFromPrevious` only. Regular is what a period is billed by; one that was withdrawn, or
is a draft, came before nothing.
"""

from typing import Final

from sqlalchemy import ColumnElement, FromClause, Text, and_, cast, func, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by

from db.graph.declare import Entity
from db.graph.filters import by
from db.tables import invoices

REGULAR: Final = ("SIGN_UP", "TRIAL_END", "RENEWAL")
_STANDING: Final = ("OPEN", "PAID", "UNCOLLECTIBLE")

_before = invoices.alias("before")
_other = invoices.alias("other")


def _of_the_same(table: FromClause) -> ColumnElement[bool]:
    return and_(
        table.c.account_id == invoices.c.account_id,
        table.c.subscription_id == invoices.c.subscription_id,
        table.c.status.in_(_STANDING),
    )


_previous = (
    select(_before.c.id, _before.c.drafted_at)
    .where(_of_the_same(_before), _before.c.reason.in_(REGULAR), _before.c.period_start < invoices.c.period_start)
    .order_by(_before.c.period_start.desc(), _before.c.id.desc())
    .limit(1)
    .correlate(invoices)
    .lateral("previous")
)

_document = func.json_build_array(_other.c.id, _other.c.reason, _other.c.total_minor)
_between = (
    select(
        cast(func.json_agg(aggregate_order_by(_document, _other.c.drafted_at, _other.c.id)), Text).label("documents")
    )
    .where(
        _of_the_same(_other),
        _other.c.reason.not_in(REGULAR),
        _other.c.drafted_at > _previous.c.drafted_at,
        _other.c.drafted_at < invoices.c.drafted_at,
    )
    .correlate(invoices, _previous)
    .lateral("between")
)

invoice_predecessors = (
    select(
        invoices.c.account_id,
        invoices.c.id,
        _previous.c.id.label("previous_id"),
        _between.c.documents,
    )
    .select_from(invoices)
    .outerjoin(_previous, true())
    .outerjoin(_between, true())
    .where(invoices.c.reason.in_(REGULAR), invoices.c.subscription_id.is_not(None))
    .subquery("invoice_predecessors")
)
"""A view in the statement: each regular invoice with the one before it; the scope is bound to it."""

INVOICE_PREDECESSOR = Entity(
    "InvoicePredecessor",
    invoice_predecessors,
    is_internal=True,
    tenant=invoice_predecessors.c.account_id,
    keys={"invoice": by(invoice_predecessors.c.id)},
    raw={
        "invoice_id": invoice_predecessors.c.id,
        "previous_id": invoice_predecessors.c.previous_id,
        "documents": invoice_predecessors.c.documents,
    },
    fields={},
)
