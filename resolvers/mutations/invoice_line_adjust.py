"""`invoiceLineAdjust`: correct a line of an earlier invoice on the next one."""

from domain.commands import AdjustLine
from operations.invoices.adjust_line import LineAdjusted, adjust_line
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def invoice_line_adjust(context: RequestContext, input: Asks[AdjustLine]) -> Payload:
    """Ask for the adjustment; it waits for the next invoice."""
    return await perform(context, input, "lineId", in_one(adjust_line), _wrote)


def _wrote(outcome: LineAdjusted) -> Wrote:
    return Wrote({"charge": ("OneOffCharge", outcome.charge_id)})
