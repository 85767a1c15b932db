"""Credit notes of accounts for the audit, with their lines and the number each was given."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.queries.books_documents import arithmetic, maybe_period, number_on_file
from db.rows import utc
from db.scope import ACTOR, Scope, within
from db.tables import credit_note_lines, credit_notes, document_numbers
from domain.audit.documents import NoteLineOnFile, NoteOnFile
from domain.credit import CreditNoteReason
from domain.ids import AccountId


async def notes_of(session: AsyncSession, scope: Scope, ids: Sequence[AccountId]) -> dict[UUID, list[NoteOnFile]]:
    """The credit notes of each account in the order in which they were made."""
    note = credit_notes.c
    heads = await session.execute(
        select(
            *(column for column in note if not column.info.get("personal") and column.key != "memo"),
            document_numbers.c.legal_entity_id.label("given_by"),
            document_numbers.c.series,
            document_numbers.c.number.label("given"),
        )
        .outerjoin(
            document_numbers,
            and_(document_numbers.c.document_id == note.id, document_numbers.c.account_id == note.account_id),
        )
        .where(note.account_id.in_(ids), within(scope.kind, note.account_id))
        .order_by(note.account_id, note.created_at, note.id),
        {ACTOR: scope.actor_id},
    )
    lines = await _lines(session, scope, ids)
    found: dict[UUID, list[NoteOnFile]] = {}
    for row in heads:
        found.setdefault(row.account_id, []).append(
            NoteOnFile(
                id=row.id,
                number=row.number,
                given=number_on_file(row),
                legal_entity_id=row.legal_entity_id,
                invoice_id=row.invoice_id,
                reason=CreditNoteReason(row.reason),
                currency=row.currency,
                subtotal_minor=row.subtotal_minor,
                tax_minor=row.tax_minor,
                total_minor=row.total_minor,
                to_invoice_minor=row.to_invoice_minor,
                to_balance_minor=row.to_balance_minor,
                to_refund_minor=row.to_refund_minor,
                issued_on=row.issued_on,
                created_at=utc(row.created_at),
                lines=tuple(lines.get(row.id, ())),
            )
        )
    return found


async def _lines(session: AsyncSession, scope: Scope, ids: Sequence[AccountId]) -> dict[UUID, list[NoteLineOnFile]]:
    line = credit_note_lines.c
    left_out = {"account_id", "description", "sentence"}
    found = await session.execute(
        select(*(column for column in line if column.key not in left_out))
        .where(line.account_id.in_(ids), within(scope.kind, line.account_id))
        .order_by(line.credit_note_id, line.position),
        {ACTOR: scope.actor_id},
    )
    by_note: dict[UUID, list[NoteLineOnFile]] = {}
    for row in found:
        by_note.setdefault(row.credit_note_id, []).append(
            NoteLineOnFile(
                id=row.id,
                position=row.position,
                invoice_line_id=row.invoice_line_id,
                cause=row.cause,
                amount_minor=row.amount_minor,
                tax_minor=row.tax_minor,
                tax_inclusive=row.tax_inclusive,
                service=maybe_period(row.service_start, row.service_end),
                arithmetic=arithmetic(row),
            )
        )
    return by_note
