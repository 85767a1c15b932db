"""Steps taken against unpaid documents, each once: the database refuses a second of the same day."""

from datetime import datetime

from db.tables import dunning_steps
from db.unit_of_work import UnitOfWork
from domain.dunning import DunningStep
from domain.ids import AccountId, ConsolidatedInvoiceId, InvoiceId


async def new_step(
    unit: UnitOfWork,
    account_id: AccountId,
    step: DunningStep,
    at: datetime,
    *,
    invoice_id: InvoiceId | None = None,
    consolidated_id: ConsolidatedInvoiceId | None = None,
) -> None:
    """A step of one document; its actions are kept as a list with commas."""
    unit.insert(
        dunning_steps,
        {
            "account_id": account_id,
            "id": unit.ids.new(),
            "invoice_id": invoice_id,
            "consolidated_invoice_id": consolidated_id,
            "day": step.day,
            "actions": ",".join(action.value for action in step.actions),
            "occurred_at": at,
        },
    )
