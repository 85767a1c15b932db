"""`subscriptionChangePlan`: apply a quote, and answer with what was written or why nothing was."""

from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any, assert_never

from db.unit_of_work import UnitOfWork, unit_of_work
from domain.commands import ApplyQuote
from domain.ids import InvoiceId, PlanChangeId, SubscriptionId
from domain.plan_change.awaiting import asks_to_pay
from domain.plan_change.outcome import Difference
from domain.plan_change.verdict import Decision, Figure, PlanChangeStatus
from operations.asking import KeyReused, NotAllowed
from operations.changes.change_and_pay import change_and_pay
from operations.changes.change_plan import Accepted, ExpiredQuote, StaleQuote
from operations.payments.payment_outcome import PaymentKnown
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.user_errors import EXPECTED, PREVIEW_AGAIN, UserError, UserErrorCode, key_reused, user_error
from resolvers.mutations.written import written
from resolvers.refusals import count_refusals
from resolvers.wire import instant_text


@dataclass(frozen=True, slots=True)
class ChangePlanPayload:
    """The payload; what was written is read by the loaders, after the commit."""

    context: RequestContext
    decision: Decision | None = None
    subscription_id: SubscriptionId | None = None
    change_id: PlanChangeId | None = None
    invoice_id: InvoiceId | None = None
    paid: PaymentKnown | None = None
    user_errors: tuple[UserError, ...] = ()

    @property
    def subscription(self) -> Awaitable[Any] | None:
        """The subscription as it is now."""
        return written(self.context, "BillingSubscription", self.subscription_id)

    @property
    def plan_change(self) -> Awaitable[Any] | None:
        """The record of the change."""
        return written(self.context, "PlanChange", self.change_id)

    @property
    def invoice(self) -> Awaitable[Any] | None:
        """The delta's invoice."""
        return written(self.context, "Invoice", self.invoice_id)

    @property
    def payment(self) -> Awaitable[Any] | None:
        """The payment that was made for a change that is paid first."""
        return written(self.context, "Payment", self.paid.payment_id if self.paid else None)

    @property
    def action_reference(self) -> str | None:
        """The provider's name for what the customer has yet to do."""
        return self.paid.action_reference if self.paid else None


async def subscription_change_plan(context: RequestContext, input: Asks[ApplyQuote]) -> ChangePlanPayload:
    """Apply; bad input is an entry of userErrors that names its field."""

    def unit() -> AbstractAsyncContextManager[UnitOfWork]:
        return unit_of_work(context.database, context.actor, context.ids, context.now)

    try:
        outcome = await change_and_pay(unit, context.provider, input.command())
    except EXPECTED as error:
        return ChangePlanPayload(context, user_errors=(user_error(error, "input", "quoteToken"),))
    match outcome:
        case Accepted(change, is_replay, payment):
            await context.renew()
            if is_replay:
                context.extensions["idempotentReplay"] = True
            decision = change.decision
            if change.status is PlanChangeStatus.AWAITING_PAYMENT and change.invoice_id and change.expires_at:
                asks = asks_to_pay(change.invoice_id, change.expires_at)
                decision = replace(decision, reasons=(*decision.reasons, asks))
            of = change.subscription_id
            return ChangePlanPayload(context, decision, of, change.id, change.invoice_id, payment)
        case NotAllowed(decision):
            count_refusals(context, decision)
            return ChangePlanPayload(context, decision)
        case StaleQuote(differences):
            return ChangePlanPayload(context, user_errors=(_stale(differences),))
        case ExpiredQuote(expired_at):
            return ChangePlanPayload(
                context,
                user_errors=(
                    UserError(
                        UserErrorCode.QUOTE_EXPIRED,
                        "This quote is past its time.",
                        ["input", "quoteToken"],
                        (Figure("expired_at", instant_text(expired_at)),),
                        PREVIEW_AGAIN,
                    ),
                ),
            )
        case KeyReused():
            return ChangePlanPayload(context, user_errors=(key_reused("input", "idempotencyKey"),))
        case _:
            assert_never(outcome)


def _stale(differences: tuple[Difference, ...]) -> UserError:
    """Which parts differ, and for each what was promised and what would be now."""
    figures: list[Figure] = []
    for each in differences:
        figures.append(Figure("differs", each.part))
        figures += [Figure(f"{each.part}Promised", each.promised)] if each.promised is not None else []
        figures += [Figure(f"{each.part}Now", each.now)] if each.now is not None else []
    return UserError(
        UserErrorCode.STALE_QUOTE,
        f"Since this quote the answer has changed: {', '.join(each.part for each in differences)}.",
        ["input", "quoteToken"],
        tuple(figures),
        PREVIEW_AGAIN,
    )
