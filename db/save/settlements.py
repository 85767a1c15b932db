"""What stands beside an invoice's document: its status, what was paid, credited and returned, its next step."""

from datetime import datetime
from typing import Any

from db.tables import invoices
from db.unit_of_work import UnitOfWork
from domain.ids import AccountId, InvoiceId
from domain.invoice import InvoiceStatus
from domain.settlement import Owed

_SINCE = {
    InvoiceStatus.PAID: "paid_at",
    InvoiceStatus.VOID: "voided_at",
    InvoiceStatus.UNCOLLECTIBLE: "written_off_at",
}


async def settlement(unit: UnitOfWork, account_id: AccountId, before: Owed, after: Owed, at: datetime) -> None:
    """What became of an invoice at an instant of its account's time. One that is open no more has no next step."""
    beside = after.settlement
    values: dict[str, Any] = {
        "status": after.status.value,
        "credited_minor": beside.credited,
        "applied_minor": beside.applied,
        "paid_minor": beside.paid,
        "returned_minor": beside.returned,
    }
    if after.status is not InvoiceStatus.OPEN:
        values["next_step_at"] = None
    if after.status is not before.status and after.status in _SINCE:
        values[_SINCE[after.status]] = at
    unit.update(invoices, {"account_id": account_id, "id": after.id}, values)


async def next_step(
    unit: UnitOfWork, account_id: AccountId, invoice_id: InvoiceId, next_step_at: datetime | None
) -> None:
    """When an unpaid invoice asks for attention next; None: never again."""
    unit.update(invoices, {"account_id": account_id, "id": invoice_id}, {"next_step_at": next_step_at})
