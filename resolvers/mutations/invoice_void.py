"""`invoiceVoid`: withdraw an open invoice, and issue it again where that is asked for."""

from domain.commands import VoidInvoice
from operations.invoices.void_invoice import Voided, void_invoice
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def invoice_void(context: RequestContext, input: Asks[VoidInvoice]) -> Payload:
    """Void; what was spent of the credit balance on it comes back."""
    return await perform(context, input, "invoiceId", in_one(void_invoice), _wrote)


def _wrote(outcome: Voided) -> Wrote:
    return Wrote({"invoice": ("Invoice", outcome.invoice_id), "replaced_by": ("Invoice", outcome.replaced_by)})
