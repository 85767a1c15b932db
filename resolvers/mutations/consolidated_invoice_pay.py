"""`consolidatedInvoicePay`: pay what is due of all the invoices of a consolidated one."""

from domain.commands import PayConsolidatedInvoice
from operations.asking import KeyReused, NotNow
from operations.payments.pay import pay
from operations.payments.payment_outcome import PaymentKnown
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Units, perform
from resolvers.mutations.money_written import paid


async def consolidated_invoice_pay(context: RequestContext, input: Asks[PayConsolidatedInvoice]) -> Payload:
    """Pay; one the provider has not answered in time stays under way and is never charged twice."""

    async def run(units: Units, command: PayConsolidatedInvoice) -> PaymentKnown | NotNow | KeyReused:
        return await pay(units, context.provider, command)

    return await perform(context, input, "consolidatedInvoiceId", run, paid)
