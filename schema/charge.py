"""Charges that staff add by hand: billed at once, or with the next invoice."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.invoice import ChargeKind
from schema.base import Node, related, stored
from schema.scalars import DateTime
from schema.values import Money

if TYPE_CHECKING:
    from schema.account import Account
    from schema.invoice import Invoice, InvoiceLine
    from schema.subscription import BillingSubscription


@strawberry.federation.type(
    keys=["id"], description="A charge of its own, or a correction of a line on an earlier invoice."
)
class OneOffCharge(Node):
    account: Annotated["Account", strawberry.lazy("schema.account")] = related("Whose it is.")
    subscription: Annotated["BillingSubscription", strawberry.lazy("schema.subscription")] | None = related(
        "The subscription whose next invoice takes it; null for the account's."
    )
    kind: ChargeKind = stored("Which of the two.")
    description: str = stored("What it is for.")
    amount: Money = stored("The stated amount; a correction may be negative.")
    line: Annotated["InvoiceLine", strawberry.lazy("schema.invoice")] | None = related("The line it corrects.")
    created_at: DateTime = stored("When it was asked for.")
    invoice: Annotated["Invoice", strawberry.lazy("schema.invoice")] | None = related(
        "The invoice it is on; null while it waits for one."
    )
