"""`paymentConfirm`: go on with a payment that waits for the customer."""

from domain.commands import ConfirmPayment
from operations.asking import KeyReused, NotNow
from operations.payments.confirm_payment import confirm_payment
from operations.payments.payment_outcome import PaymentKnown
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Units, perform
from resolvers.mutations.money_written import paid


async def payment_confirm(context: RequestContext, input: Asks[ConfirmPayment]) -> Payload:
    """Confirm; the provider says what becomes of it."""

    async def run(units: Units, command: ConfirmPayment) -> PaymentKnown | NotNow | KeyReused:
        return await confirm_payment(units, context.provider, command)

    return await perform(context, input, "paymentId", run, paid)
