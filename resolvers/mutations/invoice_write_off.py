"""`invoiceWriteOff`: give up on an open invoice."""

from domain.commands import WriteOffInvoice
from operations.invoices.write_off_invoice import WrittenOff, write_off_invoice
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def invoice_write_off(context: RequestContext, input: Asks[WriteOffInvoice]) -> Payload:
    """Write off; a payment that comes later still counts."""
    return await perform(context, input, "invoiceId", in_one(write_off_invoice), _wrote)


def _wrote(outcome: WrittenOff) -> Wrote:
    return Wrote({"invoice": ("Invoice", outcome.invoice_id)})
