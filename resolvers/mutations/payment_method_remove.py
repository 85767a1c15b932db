"""`paymentMethodRemove`: forget a stored payment method."""

from domain.commands import RemovePaymentMethod
from operations.payments.remove_payment_method import MethodRemoved, remove_payment_method
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def payment_method_remove(context: RequestContext, input: Asks[RemovePaymentMethod]) -> Payload:
    """Remove; another one becomes the default, if any is left."""
    return await perform(context, input, "paymentMethodId", in_one(remove_payment_method), _wrote)


def _wrote(outcome: MethodRemoved) -> Wrote:
    return Wrote({"payment_method": ("PaymentMethod", outcome.payment_method_id)})
