"""`subscriptionChangePlan` and `planChangeCancel`: their inputs and payloads."""

import strawberry

from domain.commands import ApplyQuote, CancelPlanChange
from domain.ids import PlanChangeId, QuoteId
from resolvers.mutations.idempotency_key import idempotency_key
from schema.base import stored
from schema.inputs import IDEMPOTENCY_KEY, read_id
from schema.invoice import Invoice
from schema.payment import Payment
from schema.plan_change_node import PlanChange
from schema.plan_change_preview import Decision
from schema.subscription import BillingSubscription
from schema.user_errors import UserError


@strawberry.input(
    description='A quote to keep: {quoteToken: "quot_…", idempotencyKey: "checkout-4711", confirm: ["PC-13"]}.'
)
class SubscriptionChangePlanInput:
    quote_token: strawberry.ID = strawberry.field(description="The token of a preview's quote.")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    confirm: list[str] | None = strawberry.field(
        default=None, description="The codes of the reasons that ask for confirmation and that the customer agreed to."
    )

    def command(self) -> ApplyQuote:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return ApplyQuote(
            quote_id=QuoteId(read_id("Quote", self.quote_token, "quoteToken")),
            idempotency_key=idempotency_key(self.idempotency_key),
            confirm=frozenset(self.confirm or ()),
        )


@strawberry.type(
    description=(
        "What applying a quote did. Look at `planChange.status`: APPLIED is done; SCHEDULED comes on its day; "
        "AWAITING_PAYMENT takes effect once `invoice` is paid, and lapses at `planChange.expiresAt`. Then `payment` "
        "says what is next: REQUIRES_ACTION is finished with `paymentConfirm`, FAILED or null is paid by another "
        "method with `invoicePay`, PROCESSING is waited for. `planChangeCancel` takes it back."
    )
)
class SubscriptionChangePlanPayload:
    subscription: BillingSubscription | None = stored("The subscription after the change; null when nothing was done.")
    plan_change: PlanChange | None = stored("The change, applied or waiting; null when nothing was done.")
    invoice: Invoice | None = stored("The invoice of the delta; null when nothing was billed.")
    payment: Payment | None = stored(
        "The payment of that invoice by the account's default method, where the change waits for it; else null."
    )
    action_reference: str | None = stored(
        "The provider's name for what the customer has yet to do, where there is any."
    )
    decision: Decision | None = stored("The policy's answer; a no is here, not in userErrors.")
    user_errors: list[UserError] = stored("Why nothing was done, other than by policy.")


@strawberry.input(description='A change that waits, to take back: {planChangeId: "chng_…", idempotencyKey: "undo-1"}.')
class PlanChangeCancelInput:
    plan_change_id: strawberry.ID = strawberry.field(description="The change, chng_…")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)

    def command(self) -> CancelPlanChange:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return CancelPlanChange(
            change_id=PlanChangeId(read_id("PlanChange", self.plan_change_id, "planChangeId")),
            idempotency_key=idempotency_key(self.idempotency_key),
        )


@strawberry.type(description="What taking a change back did.")
class PlanChangeCancelPayload:
    plan_change: PlanChange | None = stored("The change as it stands; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")
