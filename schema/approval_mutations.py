"""The mutations of approvals, `approvalRequest` to `approvalLimitSet`: their inputs and payloads."""

import strawberry

from domain.commands import AnswerApproval, RequestApproval, SetApprovalLimit, WithdrawApproval
from domain.errors import InvalidInput
from domain.ids import ApprovalId, UserId
from resolvers.mutations.idempotency_key import idempotency_key
from schema.approval import Approval
from schema.base import stored
from schema.inputs import IDEMPOTENCY_KEY, read_id
from schema.money_input import MoneyInput
from schema.plan_change_node import PlanChange
from schema.plan_change_preview import Decision, PlanChangeInput
from schema.scalars import DateTime
from schema.user_errors import UserError
from schema.values import Money

_NO = "The policy's no, where nothing was done because of it; null otherwise."


@strawberry.input(
    description=(
        'A change to ask approval for: {change: {subscriptionId: "sub_…", planId: "plan_…"}, reason: "Two teams less", '
        'idempotencyKey: "ask-1"}.'
    )
)
class ApprovalRequestInput:
    change: PlanChangeInput = strawberry.field(description="The change, as a preview takes it.")
    reason: str = strawberry.field(description="Why; one line, for whoever answers.")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    replace_open: bool = strawberry.field(
        default=False, description="Withdraw the request that is open on the subscription, where one is."
    )

    def command(self) -> RequestApproval:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        try:
            change = self.change.command()
        except InvalidInput as error:
            # its paths begin at `input`, as it stands alone in a preview
            raise type(error)(("input", "change", *error.path[1:]), error.message, error.value) from None
        return RequestApproval(change, self.reason, idempotency_key(self.idempotency_key), self.replace_open)


@strawberry.type(description="What asking did.")
class ApprovalRequestPayload:
    approval: Approval | None = stored("The request; null when nothing was done.")
    decision: Decision | None = stored(_NO)
    user_errors: list[UserError] = stored("Why nothing was done, other than by policy.")


@strawberry.input(
    description='A request to grant: {approvalId: "aprv_…", answer: "As agreed.", idempotencyKey: "a-1"}.'
)
class ApprovalApproveInput:
    approval_id: strawberry.ID = strawberry.field(description="The request, aprv_…")
    answer: str = strawberry.field(description="One line for the customer.")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)

    def command(self) -> AnswerApproval:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return _answer(self)


@strawberry.type(description="What granting did.")
class ApprovalApprovePayload:
    approval: Approval | None = stored("The request as it stands; null when nothing was done.")
    plan_change: PlanChange | None = stored(
        "The change, where it could be accepted with the grant; null where the customer confirms a new quote."
    )
    decision: Decision | None = stored(_NO)
    user_errors: list[UserError] = stored("Why nothing was done, other than by policy.")


@strawberry.input(
    description='A request to turn down: {approvalId: "aprv_…", answer: "Not before May.", idempotencyKey: "r-1"}.'
)
class ApprovalRejectInput:
    approval_id: strawberry.ID = strawberry.field(description="The request, aprv_…")
    answer: str = strawberry.field(description="One line for the customer.")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)

    def command(self) -> AnswerApproval:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return _answer(self)


@strawberry.type(description="What rejecting did.")
class ApprovalRejectPayload:
    approval: Approval | None = stored("The request as it stands; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")


@strawberry.input(
    description='A request to take back: {approvalId: "aprv_…", reason: "We stay.", idempotencyKey: "w-1"}.'
)
class ApprovalWithdrawInput:
    approval_id: strawberry.ID = strawberry.field(description="The request, aprv_…")
    reason: str = strawberry.field(description="Why; one line.")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)

    def command(self) -> WithdrawApproval:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        approval_id = ApprovalId(read_id("Approval", self.approval_id, "approvalId"))
        return WithdrawApproval(approval_id, self.reason, idempotency_key(self.idempotency_key))


@strawberry.type(description="What withdrawing did.")
class ApprovalWithdrawPayload:
    approval: Approval | None = stored("The request as it stands; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")


@strawberry.input(
    description=(
        'How much a person may approve: {userId: "user_…", limit: {amount: "5000.00", currencyCode: USD}, '
        'until: "2026-12-31T00:00:00Z", idempotencyKey: "holiday-1"}.'
    )
)
class ApprovalLimitSetInput:
    user_id: strawberry.ID = strawberry.field(description="The person, user_…; never oneself.")
    limit: MoneyInput = strawberry.field(description="The most they may approve; no more than whoever sets it may.")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    until: DateTime | None = strawberry.field(
        default=None, description="Until when, in real time; after it what everybody may counts again."
    )

    def command(self) -> SetApprovalLimit:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return SetApprovalLimit(
            user_id=UserId(read_id("User", self.user_id, "userId")),
            limit=self.limit.money("limit"),
            idempotency_key=idempotency_key(self.idempotency_key),
            until=self.until,
        )


@strawberry.type(description="What setting did.")
class ApprovalLimitSetPayload:
    user_id: strawberry.ID | None = stored("The person; null when nothing was done.")
    limit: Money | None = stored("The most they may approve in its currency.")
    until: DateTime | None = stored("Until when; null for until another is set.")
    user_errors: list[UserError] = stored("Why nothing was done.")


def _answer(given: ApprovalApproveInput | ApprovalRejectInput) -> AnswerApproval:
    approval_id = ApprovalId(read_id("Approval", given.approval_id, "approvalId"))
    return AnswerApproval(approval_id, given.answer, idempotency_key(given.idempotency_key))
