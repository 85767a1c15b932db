"""`invoiceFinalise`: make a draft final before its grace is over."""

from domain.commands import FinaliseInvoice
from operations.invoices.finalise_draft import Finalised, finalise_draft
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def invoice_finalise(context: RequestContext, input: Asks[FinaliseInvoice]) -> Payload:
    """Finalise; use that comes later is for the next invoice."""
    return await perform(context, input, "invoiceId", in_one(finalise_draft), _wrote)


def _wrote(outcome: Finalised) -> Wrote:
    return Wrote({"invoice": ("Invoice", outcome.invoice_id)})
