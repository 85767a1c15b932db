"""What paying and giving back wrote, for the mutations that share an outcome."""

from operations.invoices.credit_invoice import Credited
from operations.payments.payment_outcome import PaymentKnown
from resolvers.mutations.deed import Wrote


def paid(outcome: PaymentKnown) -> Wrote:
    """A payment, and the provider's name for what the customer has yet to do."""
    return Wrote({"payment": ("Payment", outcome.payment_id)}, {"action_reference": outcome.action_reference})


def given_back(outcome: Credited) -> Wrote:
    """A credit note, and the refunds it asked for."""
    return Wrote(
        {
            "credit_note": ("CreditNote", outcome.credit_note_id),
            "refunds": [("Refund", each) for each in outcome.refund_ids],
        }
    )
