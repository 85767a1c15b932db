"""Consolidated invoices: one document for a parent account over the invoices of its children."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from resolvers.downloads.links import DownloadFormat
from schema.base import Connection, Node, argument, computed, paged, related, stored
from schema.download import Download
from schema.payment import DunningStep, Payment
from schema.scalars import CurrencyCode, Date, DateTime
from schema.values import Money

if TYPE_CHECKING:
    from schema.account import Account, LegalEntity
    from schema.invoice import Invoice


@strawberry.federation.type(
    keys=["id"], description="A document for the payer over its children's invoices, which stay in their accounts."
)
class ConsolidatedInvoice(Node):
    account: Annotated["Account", strawberry.lazy("schema.account")] = related("The account that pays it.")
    legal_entity: Annotated["LegalEntity", strawberry.lazy("schema.account")] = related("Who issued it.")
    number: str | None = stored("Its number, gapless per legal entity in a series of its own.")
    currency: CurrencyCode = stored("The currency of all its amounts.")
    customer_name: str = stored("The payer's name as it was on that day.")
    customer_address: str | None = stored("The payer's address as it was on that day.")
    customer_tax_id: str | None = stored("The payer's tax id as it was on that day.")
    total: Money = stored("The sum of what its invoices asked for on that day.")
    issued_on: Date = stored("The day on the document.")
    due_on: Date = stored("The last day on which a payment is in time.")
    finalised_at: DateTime = stored("When it became final.")
    paid_at: DateTime | None = stored("When all its invoices were settled.")
    download: Download | None = computed(
        "A link to it as a file: a row an invoice, or all their lines as CSV; null where this gateway serves none.",
        format=argument(DownloadFormat, "As what."),
    )
    invoices: Connection[Annotated["Invoice", strawberry.lazy("schema.invoice")]] = paged(
        "The invoices it is over, the oldest first."
    )
    payments: list[Payment] = related("What was paid for it. At most ten.")
    dunning_steps: list[DunningStep] = related("What was done since it was due, in order. At most ten.")
