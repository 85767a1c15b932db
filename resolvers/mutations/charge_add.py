"""`chargeAdd`: a charge by hand, on an invoice at once or on the next one."""

from domain.commands import AddCharge
from operations.invoices.add_charge import ChargeAdded, add_charge
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def charge_add(context: RequestContext, input: Asks[AddCharge]) -> Payload:
    """Charge; its tax is that of the day it is invoiced."""
    return await perform(context, input, "accountId", in_one(add_charge), _wrote)


def _wrote(outcome: ChargeAdded) -> Wrote:
    return Wrote({"charge": ("OneOffCharge", outcome.charge_id), "invoice": ("Invoice", outcome.invoice_id)})
