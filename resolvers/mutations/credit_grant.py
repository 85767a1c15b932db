"""`creditGrant`: credit by hand."""

from domain.commands import GrantCredit
from operations.invoices.grant_credit import CreditGranted, grant_credit
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def credit_grant(context: RequestContext, input: Asks[GrantCredit]) -> Payload:
    """Grant; invoices to come are paid with it first."""
    return await perform(context, input, "accountId", in_one(grant_credit), _wrote)


def _wrote(outcome: CreditGranted) -> Wrote:
    return Wrote({"entry": ("CreditEntry", outcome.entry_id)})
