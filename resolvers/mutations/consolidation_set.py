"""`consolidationSet`: whose invoices a parent pays together, and on which day."""

from domain.commands import SetConsolidation
from operations.accounts.set_consolidation import ConsolidationSet, set_consolidation
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def consolidation_set(context: RequestContext, input: Asks[SetConsolidation]) -> Payload:
    """Set; invoices that wait for a document of the old setting are put on a last one."""
    return await perform(context, input, "accountId", in_one(set_consolidation), _wrote)


def _wrote(outcome: ConsolidationSet) -> Wrote:
    return Wrote({"account": ("Account", outcome.account_id)})
