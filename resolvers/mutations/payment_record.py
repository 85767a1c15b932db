"""`paymentRecord`: count money that was seen to come in."""

from domain.commands import RecordPayment
from operations.payments.record_payment import PaymentRecorded, record_payment
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Wrote, in_one, perform


async def payment_record(context: RequestContext, input: Asks[RecordPayment]) -> Payload:
    """Record; the invoice is paid once nothing is due any more."""
    return await perform(context, input, "invoiceId", in_one(record_payment), _wrote)


def _wrote(outcome: PaymentRecorded) -> Wrote:
    return Wrote({"payment": ("Payment", outcome.payment_id)})
