"""Mutations of a subscription's life: start, cancel, take that back, pause, resume. Their inputs and payloads."""

import strawberry

from domain.cancellation import EndReason
from domain.commands import CancelSubscription, PauseSubscription, ResumeSubscription, StartSubscription, UndoCancel
from domain.ids import AccountId, PlanId, SubscriptionId
from domain.periods import BillingInterval
from resolvers.mutations.idempotency_key import idempotency_key
from schema.base import stored
from schema.credit import CreditNote
from schema.enums import described
from schema.inputs import IDEMPOTENCY_KEY, read_id
from schema.invoice import Invoice
from schema.plan_change_preview import ComponentQuantityInput, Decision, wanted_quantities
from schema.scalars import Date, DateTime
from schema.subscription import BillingSubscription
from schema.user_errors import UserError

described(
    EndReason,
    "Why a subscription ends when it does.",
    NOW="At once, as was asked.",
    END_OF_PERIOD="With the billing period already paid.",
    END_OF_TERM="With its commitment.",
    END_OF_NEXT_TERM="With the commitment it renews into: the notice date of this one has passed.",
    END_OF_NOTICE="With the first period that ends once the notice agreed with the account has passed.",
)


CONFIRM = "The codes of the reasons that ask for confirmation and that the customer agreed to."
DECISION = "The policy's answer; a no is here, not in userErrors."


def _subscription(text: strawberry.ID) -> SubscriptionId:
    return SubscriptionId(read_id("BillingSubscription", text, "subscriptionId"))


@strawberry.input(description='A subscription that was to end: {subscriptionId: "sub_…", idempotencyKey: "stay-1"}.')
class SubscriptionUndoCancelInput:
    subscription_id: strawberry.ID = strawberry.field(description="The subscription, sub_…")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)

    def command(self) -> UndoCancel:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return UndoCancel(_subscription(self.subscription_id), idempotency_key(self.idempotency_key))


@strawberry.type(description="What taking a cancellation back did.")
class SubscriptionUndoCancelPayload:
    subscription: BillingSubscription | None = stored("The subscription, which runs on; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")


@strawberry.input(
    description=(
        'A plan to sign up for: {accountId: "acct_…", planId: "plan_…", interval: MONTH, '
        'quantities: [{component: "seats", quantity: 3}], idempotencyKey: "start-1"}.'
    )
)
class SubscriptionStartInput:
    account_id: strawberry.ID = strawberry.field(description="Who subscribes, acct_…")
    plan_id: strawberry.ID = strawberry.field(description="The plan, plan_…; its current version is what is bought.")
    interval: BillingInterval = strawberry.field(description="How often it is billed.")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    quantities: list[ComponentQuantityInput] | None = strawberry.field(
        default=None, description="How much of each component; one left out has its least quantity."
    )
    commitment_months: int = strawberry.field(default=0, description="The length of a contract; 0: none.")
    trial_days: int = strawberry.field(default=0, description="Days before the first charge; 0: no trial.")
    anchor_day: int | None = strawberry.field(
        default=None, description="The day of the month its periods begin on, 1 to 31; left out: today's."
    )
    anchor_on: Date | None = strawberry.field(
        default=None, description="The date of the year its periods are counted from; left out: today."
    )
    coupon_code: str | None = strawberry.field(default=None, description="A coupon to redeem with it.")

    def command(self) -> StartSubscription:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return StartSubscription(
            account_id=AccountId(read_id("Account", self.account_id, "accountId")),
            plan_id=PlanId(read_id("Plan", self.plan_id, "planId")),
            interval=self.interval,
            idempotency_key=idempotency_key(self.idempotency_key),
            quantities=wanted_quantities(self.quantities),
            commitment_months=self.commitment_months,
            trial_days=self.trial_days,
            anchor_day=self.anchor_day,
            anchor_on=self.anchor_on,
            coupon_code=self.coupon_code,
        )


@strawberry.type(description="What starting did.")
class SubscriptionStartPayload:
    subscription: BillingSubscription | None = stored("The subscription; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")


@strawberry.input(
    description=(
        'A subscription to end with its period: {subscriptionId: "sub_…", idempotencyKey: "cancel-1"}. Now: '
        "`isImmediate: true`."
    )
)
class SubscriptionCancelInput:
    subscription_id: strawberry.ID = strawberry.field(description="The subscription, sub_…")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    is_immediate: bool = strawberry.field(
        default=False, description="Now, instead of with its period (inside a commitment: with that)."
    )
    credit_unused: bool = strawberry.field(
        default=False, description="Give back what was charged for time after the end. For finance, and only at once."
    )
    reason: str | None = strawberry.field(default=None, description="Why.")
    confirm: list[str] | None = strawberry.field(default=None, description=CONFIRM)

    def command(self) -> CancelSubscription:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return CancelSubscription(
            subscription_id=_subscription(self.subscription_id),
            idempotency_key=idempotency_key(self.idempotency_key),
            is_immediate=self.is_immediate,
            credits_unused=self.credit_unused,
            reason=self.reason,
            confirm=frozenset(self.confirm or ()),
        )


@strawberry.type(description="What ending did.")
class SubscriptionCancelPayload:
    subscription: BillingSubscription | None = stored("The subscription; null when nothing was done.")
    ends_at: DateTime | None = stored("When it ends, or has ended; null when nothing was done.")
    reason: EndReason | None = stored("Why then; null when nothing was done.")
    invoice: Invoice | None = stored("The last invoice of one that ended now, where there is one.")
    credit_notes: list[CreditNote] | None = stored("What was given back. At most ten; null when nothing was done.")
    decision: Decision | None = stored(DECISION)
    user_errors: list[UserError] = stored("Why nothing was done, other than by policy.")


@strawberry.input(
    description=(
        'A subscription to interrupt: {subscriptionId: "sub_…", resumesAt: "2027-01-01T00:00:00Z", '
        'idempotencyKey: "pause-1"}.'
    )
)
class SubscriptionPauseInput:
    subscription_id: strawberry.ID = strawberry.field(description="The subscription, sub_…")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    resumes_at: DateTime | None = strawberry.field(
        default=None, description="When it goes on by itself; left out: when somebody resumes it."
    )
    reason: str | None = strawberry.field(default=None, description="Why.")
    confirm: list[str] | None = strawberry.field(default=None, description=CONFIRM)

    def command(self) -> PauseSubscription:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return PauseSubscription(
            subscription_id=_subscription(self.subscription_id),
            idempotency_key=idempotency_key(self.idempotency_key),
            resumes_at=self.resumes_at,
            reason=self.reason,
            confirm=frozenset(self.confirm or ()),
        )


@strawberry.type(description="What interrupting did.")
class SubscriptionPausePayload:
    subscription: BillingSubscription | None = stored("The subscription, paused; null when nothing was done.")
    credit_notes: list[CreditNote] | None = stored("What was given back. At most ten; null when nothing was done.")
    decision: Decision | None = stored(DECISION)
    user_errors: list[UserError] = stored("Why nothing was done, other than by policy.")


@strawberry.input(description='A subscription to go on with: {subscriptionId: "sub_…", idempotencyKey: "resume-1"}.')
class SubscriptionResumeInput:
    subscription_id: strawberry.ID = strawberry.field(description="The subscription, sub_…")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    confirm: list[str] | None = strawberry.field(default=None, description=CONFIRM)

    def command(self) -> ResumeSubscription:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        confirm = frozenset(self.confirm or ())
        return ResumeSubscription(_subscription(self.subscription_id), idempotency_key(self.idempotency_key), confirm)


@strawberry.type(description="What going on did.")
class SubscriptionResumePayload:
    subscription: BillingSubscription | None = stored("The subscription, in force; null when nothing was done.")
    invoice: Invoice | None = stored("The invoice of the rest of its period, where there is one.")
    decision: Decision | None = stored(DECISION)
    user_errors: list[UserError] = stored("Why nothing was done, other than by policy.")
