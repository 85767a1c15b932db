"""`accountOpen`: a customer's account, brought in by us."""

from domain.commands import OpenAccount
from operations.accounts.open_account import AccountOpened, open_account
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def account_open(context: RequestContext, input: Asks[OpenAccount]) -> Payload:
    """Open; whoever is named owner may act for it."""
    return await perform(context, input, "externalId", in_one(open_account), _wrote)


def _wrote(outcome: AccountOpened) -> Wrote:
    return Wrote({"account": ("Account", outcome.account_id)})
