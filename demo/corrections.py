"""What finance does to a customer's invoices by hand, each deed of the story by its real operation.

Owns which command a deed is. Does not own when it is done or to whose bills (customer.py).
"""

from typing import assert_never

from db.unit_of_work import UnitOfWork
from demo.deeds import Correction, Credits, Voids, WritesOff
from domain.actor import StaffRole, staff
from domain.commands import CreditInvoice, VoidInvoice, WriteOffInvoice
from domain.ids import InvoiceId
from domain.money import Money
from operations.asking import KeyReused, NotNow
from operations.invoices.credit_invoice import credit_invoice
from operations.invoices.void_invoice import void_invoice
from operations.invoices.write_off_invoice import write_off_invoice

FINANCE = staff(StaffRole.FINANCE)


async def correct(
    unit: UnitOfWork, deed: Correction, invoice_id: InvoiceId, currency: str, key: str
) -> NotNow | KeyReused | None:
    """Do it, at the instant the customer's clock stands at. None: it is done; else why it cannot be."""
    match deed:
        case Credits():
            command = CreditInvoice(
                invoice_id,
                deed.reason,
                key,
                amount=Money.parse(deed.amount, currency),
                destination=deed.destination,
                memo=deed.memo,
            )
            outcome = await credit_invoice(unit, command)
            return outcome if isinstance(outcome, NotNow | KeyReused) else None
        case Voids():
            voided = await void_invoice(unit, VoidInvoice(invoice_id, deed.reason, key, reissue=True))
            return voided if isinstance(voided, NotNow | KeyReused) else None
        case WritesOff():
            written_off = await write_off_invoice(unit, WriteOffInvoice(invoice_id, deed.reason, key))
            return written_off if isinstance(written_off, NotNow | KeyReused) else None
        case _:
            assert_never(deed)
