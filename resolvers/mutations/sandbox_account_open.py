"""`sandboxAccountOpen`: an account to try things out on, with a clock of its own."""

from domain.commands import OpenSandboxAccount
from operations.accounts.open_sandbox_account import SandboxOpened, open_sandbox_account
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def sandbox_account_open(context: RequestContext, input: Asks[OpenSandboxAccount]) -> Payload:
    """Open; whoever asks becomes its owner."""
    return await perform(context, input, "externalId", in_one(open_sandbox_account), _wrote)


def _wrote(outcome: SandboxOpened) -> Wrote:
    return Wrote({"account": ("Account", outcome.account_id)})
