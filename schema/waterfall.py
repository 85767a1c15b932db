"""Why an invoice is more or less than the regular one before it."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.invoice import InvoiceReason
from domain.waterfall import ChangeCause
from schema.base import stored
from schema.enums import described
from schema.values import Money

if TYPE_CHECKING:
    from schema.invoice import Invoice

described(
    ChangeCause,
    "What makes a regular invoice differ from the one before, in the order in which the bars stand.",
    COMPONENT="Something is charged that was not, or no more.",
    PRICE="The same quantity costs another price.",
    QUANTITY="More or fewer units are bought.",
    USAGE="More or less was used.",
    PRORATION="A part of a period was charged, or given back.",
    MINIMUM="A minimum or a maximum took effect.",
    ADJUSTMENT="A line of an earlier invoice was corrected.",
    ONE_OFF="Something was charged once.",
    DISCOUNT="Discounts took off more or less.",
    TAX="The tax is more or less.",
)


@strawberry.type(description="One cause's part of the difference.")
class InvoiceChangeBar:
    cause: ChangeCause = stored("The cause.")
    component: str | None = stored("The component it is about, by code; null where it is about none.")
    amount: Money = stored("How much more, or, negative, less.")
    sentence: str = stored("The same for people.")


@strawberry.type(description="An invoice of its own in between, such as a plan change's. No part of the difference.")
class InvoiceBetween:
    invoice: Annotated["Invoice", strawberry.lazy("schema.invoice")] | None = stored("The invoice.")
    reason: InvoiceReason = stored("Why it was made.")
    amount: Money = stored("Its total.")


@strawberry.type(description="From the total of one regular invoice to that of the next: the bars sum to `difference`.")
class InvoiceChange:
    previous: Annotated["Invoice", strawberry.lazy("schema.invoice")] | None = stored(
        "The regular invoice before; null for the first, where everything is new."
    )
    before: Money = stored("Its total.")
    after: Money = stored("The total of this one.")
    difference: Money = stored("What this one asks for more.")
    bars: list[InvoiceChangeBar] = stored("Cause by cause, none of zero. At most a few for each component.")
    between: list[InvoiceBetween] = stored("What was billed in between on invoices of its own. About ten at most.")
