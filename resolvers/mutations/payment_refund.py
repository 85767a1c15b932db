"""`paymentRefund`: send money of a payment back, and credit its invoice by as much."""

from domain.commands import RefundPayment
from operations.asking import KeyReused, NotNow
from operations.invoices.credit_invoice import Credited
from operations.invoices.give_back import give_back
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Units, perform
from resolvers.mutations.money_written import given_back


async def payment_refund(context: RequestContext, input: Asks[RefundPayment]) -> Payload:
    """Refund; one the provider has not answered in time stays under way."""

    async def run(units: Units, command: RefundPayment) -> Credited | NotNow | KeyReused:
        return await give_back(units, context.provider, command)

    return await perform(context, input, "paymentId", run, given_back)
