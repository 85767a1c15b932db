"""`accountUpdate`: change who is billed, where and how it is taxed."""

from domain.commands import UpdateAccount
from operations.accounts.update_account import AccountUpdated, update_account
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def account_update(context: RequestContext, input: Asks[UpdateAccount]) -> Payload:
    """Update; documents issued before keep what they say."""
    return await perform(context, input, "accountId", in_one(update_account), _wrote)


def _wrote(outcome: AccountUpdated) -> Wrote:
    return Wrote({"account": ("Account", outcome.account_id)})
