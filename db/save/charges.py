"""What finance adds by hand: charges of their own and adjustments of lines, until they are on an invoice."""

from dataclasses import dataclass
from datetime import datetime

from db.tables import charges
from db.unit_of_work import UnitOfWork
from domain.ids import AccountId, ChargeId, InvoiceId, LineId, SubscriptionId
from domain.invoice import ChargeKind
from domain.money import Money


@dataclass(frozen=True, slots=True)
class Charge:
    """One of them: `amount` in stated terms, below zero to give back of `line_id`. `invoice_id` None: it waits."""

    id: ChargeId
    kind: ChargeKind
    amount: Money
    description: str
    created_at: datetime
    subscription_id: SubscriptionId | None = None
    line_id: LineId | None = None
    invoice_id: InvoiceId | None = None


async def new_charge(unit: UnitOfWork, account_id: AccountId, charge: Charge) -> None:
    """A charge as it was asked for."""
    unit.insert(
        charges,
        {
            "account_id": account_id,
            "id": charge.id,
            "kind": charge.kind.value,
            "subscription_id": charge.subscription_id,
            "line_id": charge.line_id,
            "description": charge.description,
            "amount_minor": charge.amount.minor,
            "currency": charge.amount.currency,
            "created_at": charge.created_at,
            "invoice_id": charge.invoice_id,
        },
    )
