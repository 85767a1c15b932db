"""Credit notes with their lines, and the entries of the credit ledger: both are written once and never changed."""

from collections.abc import Sequence

from db import rows
from db.numbers import CREDIT_NOTES
from db.tables import credit_entries, credit_note_lines, credit_notes
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.credit import CreditEntry, CreditNote
from domain.ids import AccountId


async def new_credit_note(unit: UnitOfWork, account: Account, note: CreditNote) -> None:
    """A credit note with its lines, and a number before the commit. What it does to its invoice is settlement's."""
    unit.insert(
        credit_notes,
        {
            "account_id": account.id,
            "id": note.id,
            "legal_entity_id": account.legal_entity_id,
            "invoice_id": note.invoice_id,
            "reason": note.reason.value,
            "memo": note.memo,
            "currency": note.currency,
            "customer_name": account.name,
            "subtotal_minor": note.subtotal.minor,
            "tax_minor": note.tax.minor,
            "total_minor": note.total.minor,
            "to_invoice_minor": note.to_invoice_minor,
            "to_balance_minor": note.to_balance_minor,
            "to_refund_minor": note.to_refund_minor,
            "issued_on": note.issued_on,
            "created_at": note.created_at,
        },
    )
    unit.insert(
        credit_note_lines,
        *(
            {
                "account_id": account.id,
                "id": line.id,
                "credit_note_id": note.id,
                "position": position,
                "invoice_line_id": line.invoice_line_id,
                "cause": line.cause,
                "description": line.description,
                "amount_minor": line.amount.minor,
                "tax_minor": line.tax_minor,
                "tax_inclusive": line.tax_inclusive,
                "currency": note.currency,
                "service_start": line.service.start if line.service else None,
                "service_end": line.service.end if line.service else None,
                "rule": line.explanation.rule,
                "sentence": line.explanation.sentence,
                "basis_minor": rows.exact(line.explanation.basis_minor),
                "part_s": line.explanation.part_s,
                "whole_s": line.explanation.whole_s,
                "split_minor": line.explanation.split_minor,
            }
            for position, line in enumerate(note.lines, start=1)
        ),
    )
    unit.number(CREDIT_NOTES, account, note.id)


async def credit_ledger(unit: UnitOfWork, account_id: AccountId, entries: Sequence[CreditEntry]) -> None:
    """New entries of an account's ledger, in the order of their sequence."""
    unit.insert(
        credit_entries,
        *(
            {
                "account_id": account_id,
                "id": entry.id,
                "sequence": entry.sequence,
                "kind": entry.kind.value,
                "amount_minor": entry.amount.minor,
                "balance_minor": entry.balance.minor,
                "currency": entry.amount.currency,
                "grant_id": entry.grant_id,
                "credit_note_id": entry.credit_note_id,
                "invoice_id": entry.invoice_id,
                "memo": entry.memo,
                "occurred_at": entry.occurred_at,
            }
            for entry in entries
        ),
    )
