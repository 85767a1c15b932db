"""What stands of charges: lines of invoices with their discounts and whatever gave back of them, as debits.

Owns which rows are needed for that. Does not own how they count (domain/invoicing/debits.py).
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Row, Uuid, and_, column, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from db import document_rows, rows
from db.among import among
from db.scope import ACTOR, Scope, within
from db.tables import (
    credit_note_lines,
    credit_notes,
    invoice_lines,
    invoice_taxes,
    invoices,
    plan_changes,
    subscription_items,
)
from domain.ids import AccountId, InvoiceId, ItemId, LineId, PriceId, SubscriptionId
from domain.invoice import InvoiceStatus
from domain.invoicing.debited import DebitedLine
from domain.invoicing.debits import debits_of
from domain.subscription import SubscriptionItem


async def debits_since(
    session: AsyncSession,
    scope: Scope,
    since: Mapping[tuple[AccountId, SubscriptionId], datetime],
    *,
    but: Collection[InvoiceId] = (),
    with_forgiven: bool = False,
) -> dict[SubscriptionId, tuple[DebitedLine, ...]]:
    """The charges of each subscription whose service reaches beyond an instant, less what came back. Three statements.

    Oldest document first, each in the order of its lines. `but` leaves invoices out, as if they were not written.
    `with_forgiven`: also what invoices asked for that are void and were not issued again.
    """
    if not since:
        return {}
    asked = (
        func.unnest(
            literal([account_id for account_id, _ in since], ARRAY(Uuid)),
            literal([subscription_id for _, subscription_id in since], ARRAY(Uuid)),
            literal(list(since.values()), ARRAY(DateTime(timezone=True))),
        )
        .table_valued(
            column("account_id", Uuid), column("subscription_id", Uuid), column("since", DateTime(timezone=True)),
            name="asked",
        )
        .render_derived()
    )  # fmt: skip
    line = invoice_lines.c
    wanted = select(line.id).where(
        line.account_id == asked.c.account_id,
        line.subscription_id == asked.c.subscription_id,
        line.service_end > asked.c.since,
        line.invoice_id.not_in(but),
        within(scope.kind, line.account_id),
    )
    accounts = {account_id for account_id, _ in since}
    return await _debits(session, scope, accounts, line.id.in_(wanted), with_forgiven=with_forgiven)


async def debits_by_line(
    session: AsyncSession, scope: Scope, lines: Mapping[LineId, AccountId]
) -> dict[LineId, DebitedLine]:
    """Single charges by their line's id, less what came back. Three statements."""
    if not lines:
        return {}
    line, ids = invoice_lines.c, list(lines)
    concerned = or_(among(line.id, ids), among(line.discounted_line_id, ids), among(line.credited_line_id, ids))
    found = await _debits(session, scope, set(lines.values()), concerned)
    return {each.line_id: each for own in found.values() for each in own if each.line_id in lines}


async def _debits(
    session: AsyncSession,
    scope: Scope,
    account_ids: Collection[AccountId],
    which: ColumnElement[bool],
    *,
    with_forgiven: bool = False,
) -> dict[SubscriptionId, tuple[DebitedLine, ...]]:
    line, head, item = invoice_lines.c, invoices.c, subscription_items.c
    counts = head.status != InvoiceStatus.VOID.value
    if with_forgiven:
        again = invoices.alias("again")
        counts |= ~exists(
            select(literal(1)).where(
                again.c.account_id == head.account_id,
                again.c.replaces_invoice_id == head.id,
                within(scope.kind, again.c.account_id),
            )
        )
    of = {ACTOR: scope.actor_id}
    heads = [head[name].label(f"of_{name}") for name in _HEAD]
    items = [item.component, item.quantity.label("item_quantity"), item.valid_from, item.valid_until]
    found = (
        await session.execute(
            select(invoice_lines, *heads, *items)
            .join(invoices, and_(head.account_id == line.account_id, head.id == line.invoice_id))
            .outerjoin(subscription_items, and_(item.account_id == line.account_id, item.id == line.item_id))
            .where(
                among(line.account_id, account_ids),
                which,
                counts,
                ~never_in_effect(head, scope),
                within(scope.kind, line.account_id),
            )
            .order_by(head.drafted_at, head.id, line.position),
            of,
        )
    ).all()
    if not found:
        return {}
    tax = invoice_taxes.c
    taxes = await session.execute(
        select(invoice_taxes)
        .where(
            among(tax.account_id, account_ids),
            among(tax.invoice_id, {row.invoice_id for row in found}),
            within(scope.kind, tax.account_id),
        )
        .order_by(tax.invoice_id, tax.position),
        of,
    )
    given, note = credit_note_lines.c, credit_notes.c
    note_lines = await session.execute(
        select(credit_note_lines, *(note[name].label(f"of_{name}") for name in _NOTE))
        .join(credit_notes, and_(note.account_id == given.account_id, note.id == given.credit_note_id))
        .where(
            among(given.account_id, account_ids),
            among(given.invoice_line_id, [row.id for row in found]),
            within(scope.kind, given.account_id),
        )
        .order_by(note.created_at, note.id, given.position),
        of,
    )
    return _put_together(found, taxes.all(), note_lines.all())


def never_in_effect(head: Any, scope: Scope) -> ColumnElement[bool]:
    """Whether the invoices of these columns are of changes that wait for their money, or never had it: they bill
    nothing that has come.
    """
    change = plan_changes.c
    return exists(
        select(literal(1)).where(
            change.account_id == head.account_id,
            change.invoice_id == head.id,
            change.applied_at.is_(None),
            within(scope.kind, change.account_id),
        )
    )


_HEAD = (
    "id", "reason", "currency", "issued_on", "due_on", "finalised_at", "status", "number", "subscription_id",
    "period_start", "period_end", "drafted_at", "finalise_at", "replaces_invoice_id",
)  # fmt: skip
_NOTE = (
    "id", "invoice_id", "reason", "memo", "currency", "issued_on", "created_at", "to_invoice_minor",
    "to_balance_minor", "to_refund_minor",
)  # fmt: skip


class _Of:
    """The columns of a row that are prefixed `of_`, without their prefix."""

    def __init__(self, row: Any) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, f"of_{name}")


def _grouped(found: Collection[Row[Any]], by: str) -> dict[Any, list[Any]]:
    grouped: dict[Any, list[Any]] = {}
    for row in found:
        grouped.setdefault(getattr(row, by), []).append(row)
    return grouped


def _put_together(
    lines: Collection[Row[Any]], taxes: Collection[Row[Any]], note_lines: Collection[Row[Any]]
) -> dict[SubscriptionId, tuple[DebitedLine, ...]]:
    taxes_of = _grouped(taxes, "invoice_id")
    documents = [
        document_rows.invoice(_as_row(own[0]), own, taxes_of.get(invoice_id, ()))
        for invoice_id, own in _grouped(lines, "invoice_id").items()
    ]
    notes = [document_rows.credit_note(_as_row(own[0]), own) for own in _grouped(note_lines, "credit_note_id").values()]
    items = {
        ItemId(row.item_id): SubscriptionItem(
            ItemId(row.item_id),
            row.component,
            PriceId(row.price_id),
            row.item_quantity,
            rows.utc(row.valid_from),
            rows.maybe_utc(row.valid_until),
        )
        for row in lines
        if row.component is not None
    }
    owner = {row.id: row.subscription_id for row in lines}
    debits: dict[SubscriptionId, tuple[DebitedLine, ...]] = {}
    void = {invoice.id for invoice in documents if invoice.status is InvoiceStatus.VOID}
    for each in debits_of(documents, notes, items, forgiven=void):
        of = SubscriptionId(owner[each.line_id])
        debits[of] = (*debits.get(of, ()), each)
    return debits


def _as_row(row: Row[Any]) -> Any:
    return _Of(row)
