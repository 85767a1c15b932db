"""The enumerations of money as the graph shows them: tax, credit, payments, dunning.

Owns the descriptions. Does not own the values: they are the domain's, stored and sent under the same name.
"""

from domain.catalog import ChargeTiming
from domain.credit import CreditEntryKind, CreditNoteReason
from domain.dunning import DunningAction
from domain.invoice import ChargeKind
from domain.payment import AttemptStatus, PaymentKind, PaymentMethodStatus, PaymentStatus, RefundStatus
from domain.tax import TaxExemption, TaxTreatment
from schema.enums import described

described(
    ChargeTiming,
    "When a component is charged.",
    IN_ADVANCE="At the start of a period, for the time ahead.",
    IN_ARREARS="At the end of a period, for what was.",
)
described(
    TaxExemption,
    "What we have noted of an account's tax.",
    NONE="Nothing: it is taxed by the tables.",
    EXEMPT="Exempt by certificate.",
    REVERSE_CHARGE="It accounts for the tax itself.",
)
described(
    TaxTreatment,
    "How lines of an invoice are taxed.",
    STANDARD="At the rate on the tables.",
    EXEMPT="Not, because the account is exempt.",
    REVERSE_CHARGE="Not by us: the customer accounts for the tax.",
    NOT_TAXED="Not: no rate is on the tables.",
)
described(
    CreditNoteReason,
    "Why an invoice is corrected.",
    PLAN_CHANGE="A plan change gave back more than it charged.",
    PAUSE="The rest of a period was given back at a pause.",
    CANCELLATION="The rest of a period was given back at the end.",
    USAGE_CORRECTION="Usage was corrected after it had been billed.",
    BILLING_ERROR="It was wrong.",
    GOODWILL="It was right, and given back all the same.",
)
described(
    CreditEntryKind,
    "What an entry does to the credit balance.",
    GRANTED="Puts credit in.",
    APPLIED="Spends it on an invoice.",
    RESTORED="Puts back what an invoice had taken that was voided.",
    WITHDRAWN="Takes it out by hand.",
)
described(
    ChargeKind,
    "What was added by hand.",
    ONE_OFF="A charge of its own.",
    ADJUSTMENT="A correction of a line on an earlier invoice.",
)
described(
    PaymentKind,
    "How money comes in.",
    METHOD="By a stored payment method.",
    MANUAL="By hand, such as a bank transfer that we have seen.",
)
described(
    PaymentStatus,
    "The life of a payment.",
    PROCESSING="Asked for; the provider has not answered for certain.",
    REQUIRES_ACTION="The customer must confirm it.",
    SUCCEEDED="The money is here.",
    FAILED="The provider said no.",
    CANCELLED="Taken back before it was made.",
)
described(
    AttemptStatus,
    "What became of one asking of the provider.",
    SENT="Asked; no answer yet.",
    TIMED_OUT="No answer came in time; the provider's books will tell.",
    REQUIRES_ACTION="The customer must confirm it.",
    SUCCEEDED="Yes.",
    DECLINED="No; the code says why.",
)
described(
    RefundStatus,
    "The life of a refund.",
    PROCESSING="On its way.",
    SUCCEEDED="Back where it came from.",
    FAILED="The provider said no.",
)
described(
    PaymentMethodStatus,
    "Whether a payment method is in use.",
    ACTIVE="It can be charged.",
    REMOVED="Kept on record only.",
)
described(
    DunningAction,
    "What is done about an unpaid invoice.",
    COLLECT="The stored method is charged for the first time.",
    REMIND="The customer is reminded.",
    RETRY="The stored method is charged again.",
    BLOCK_CHANGES="From now on the plan cannot be changed before paying.",
    SUSPEND="From now on access is reduced.",
)
