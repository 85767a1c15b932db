"""`creditWithdraw`: credit taken back by hand."""

from domain.commands import WithdrawCredit
from operations.invoices.withdraw_credit import CreditWithdrawn, withdraw_credit
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def credit_withdraw(context: RequestContext, input: Asks[WithdrawCredit]) -> Payload:
    """Withdraw; what was spent stays spent."""
    return await perform(context, input, "grantId", in_one(withdraw_credit), _wrote)


def _wrote(outcome: CreditWithdrawn) -> Wrote:
    return Wrote({"entry": ("CreditEntry", outcome.entry_id)})
