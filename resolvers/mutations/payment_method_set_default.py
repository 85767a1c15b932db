"""`paymentMethodSetDefault`: collect by this payment method from now on."""

from domain.commands import SetDefaultPaymentMethod
from operations.payments.set_default_payment_method import DefaultSet, set_default_payment_method
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def payment_method_set_default(context: RequestContext, input: Asks[SetDefaultPaymentMethod]) -> Payload:
    """Choose."""
    return await perform(context, input, "paymentMethodId", in_one(set_default_payment_method), _wrote)


def _wrote(outcome: DefaultSet) -> Wrote:
    return Wrote({"payment_method": ("PaymentMethod", outcome.payment_method_id)})
