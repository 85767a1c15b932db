"""`paymentMethodAdd`: store a test card."""

from domain.commands import AddPaymentMethod
from operations.payments.add_payment_method import MethodAdded, add_payment_method
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def payment_method_add(context: RequestContext, input: Asks[AddPaymentMethod]) -> Payload:
    """Store; the number goes no further than here."""
    return await perform(context, input, "accountId", in_one(add_payment_method), _wrote)


def _wrote(outcome: MethodAdded) -> Wrote:
    return Wrote({"payment_method": ("PaymentMethod", outcome.payment_method_id)})
