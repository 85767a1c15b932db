"""Whether a line of an invoice has been corrected already, by a document that stands or by one that is to come."""

from sqlalchemy import and_, exists, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.scope import ACTOR, Scope, within
from db.tables import charges, credit_note_lines, invoice_lines, invoices
from domain.ids import AccountId, InvoiceId
from domain.invoice import InvoiceStatus
from domain.settlement import Corrected


async def corrected(session: AsyncSession, scope: Scope, account_id: AccountId, invoice_id: InvoiceId) -> Corrected:
    """What was given back of the lines of an invoice, and what waits to be adjusted of them; one statement.

    A credit on an invoice that is void gives nothing back. A line that asks for more of another stands for itself.
    """
    own, later, head = invoice_lines.c, invoice_lines.alias("later"), invoices.c
    note, charge = credit_note_lines.c, charges.c
    mine = select(own.id).where(
        own.account_id == account_id, own.invoice_id == invoice_id, within(scope.kind, own.account_id)
    )
    on_an_invoice = exists(
        select(literal(1))
        .select_from(later.join(invoices, and_(head.account_id == later.c.account_id, head.id == later.c.invoice_id)))
        .where(
            later.c.account_id == account_id,
            later.c.credited_line_id.in_(mine),
            later.c.amount_minor + later.c.tax_minor <= 0,
            head.status != InvoiceStatus.VOID.value,
            within(scope.kind, later.c.account_id),
        )
    )
    by_a_note = exists(
        select(literal(1)).where(
            note.account_id == account_id, note.invoice_line_id.in_(mine), within(scope.kind, note.account_id)
        )
    )
    waits = exists(
        select(literal(1)).where(
            charge.account_id == account_id,
            charge.line_id.in_(mine),
            charge.invoice_id.is_(None),
            within(scope.kind, charge.account_id),
        )
    )
    found = (
        await session.execute(
            select((on_an_invoice | by_a_note).label("is_credited"), waits.label("is_waiting")),
            {ACTOR: scope.actor_id},
        )
    ).one()
    return Corrected(found.is_credited, found.is_waiting)
