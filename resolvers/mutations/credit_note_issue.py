"""`creditNoteIssue`: correct an invoice, whole, by lines or by an amount."""

from domain.commands import CreditInvoice
from operations.asking import KeyReused, NotNow
from operations.invoices.credit_invoice import Credited
from operations.invoices.give_back import give_back
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.deed import Payload, Units, perform
from resolvers.mutations.money_written import given_back


async def credit_note_issue(context: RequestContext, input: Asks[CreditInvoice]) -> Payload:
    """Issue; what goes back by a payment method stays under way until its provider has answered."""

    async def run(units: Units, command: CreditInvoice) -> Credited | NotNow | KeyReused:
        return await give_back(units, context.provider, command)

    return await perform(context, input, "invoiceId", run, given_back)
