"""Requests for approval: what is asked, why, where it stands."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.actor import ActorKind
from domain.approval import ApprovalStatus
from domain.catalog import Segment
from domain.periods import BillingInterval
from domain.plan_change.verdict import ChangeKind
from schema.base import Node, computed, related, stored
from schema.catalog import Plan
from schema.enums import described
from schema.plan_change_node import ComponentQuantity, PlanChange, PolicyDecision
from schema.scalars import DateTime
from schema.subscription import BillingSubscription
from schema.values import Money

if TYPE_CHECKING:
    from schema.account import Account
    from schema.people import User

described(
    ApprovalStatus,
    "Where a request for approval stands.",
    REQUESTED="Waiting for its answer.",
    APPROVED="Granted; the customer takes the change by a new quote.",
    REJECTED="Turned down.",
    WITHDRAWN="Taken back, or replaced by another request.",
    EXPIRED="Not answered in time, or granted and not used in time.",
    USED="The change was accepted by it.",
)


@strawberry.type(description="What is asked of a subscription, with everything said that it leaves as it is.")
class RequestedChange:
    kind: ChangeKind = stored("What is asked for.")
    plan: Plan | None = stored("The plan it is then on, also where that stays.")
    interval: BillingInterval = stored("How often to be billed.")
    quantities: list[ComponentQuantity] = stored("How much of each component. At most ten.")


@strawberry.federation.type(
    keys=["id"], description="A request for what the policy allows only with somebody's approval."
)
class Approval(Node):
    account: Annotated["Account", strawberry.lazy("schema.account")] = related("Whose it is.")
    subscription: BillingSubscription = related("What is to be changed.")
    change: RequestedChange | None = computed("What is asked. Another plan, interval or quantity is another request.")
    status: ApprovalStatus = stored("Where it stands by the account's own time.")
    reason: str | None = stored("Why it is asked.")
    decision: PolicyDecision = related("What the policy said when it was asked: the reasons that ask for approval.")
    amount: Money = stored(
        "What an approver's limit is of: the greater of what it moves at once and of the regular invoice it comes to."
    )
    asked_by_kind: ActorKind = stored("Whether the customer asked, or one of us proposed it.")
    asked_by: Annotated["User", strawberry.lazy("schema.people")] | None = related(
        "Who asked. Staff only; null for others."
    )
    requested_at: DateTime = stored("When it was asked, in the account's own time.")
    waited_hours: int = stored("Whole hours it has waited for its answer, or did.")
    expires_at: DateTime = stored("Until when it can be answered; once granted, until when it can be used.")
    answered_at: DateTime | None = stored("When it was answered; null while it waits.")
    answer: str | None = stored("What was answered, for the customer.")
    answered_by: Annotated["User", strawberry.lazy("schema.people")] | None = related(
        "Who answered. Staff only; null for others."
    )
    plan_change: PlanChange | None = related("The change that was accepted by it; null for none.")


@strawberry.input(description="Narrows requests for approval.")
class ApprovalFilter:
    status: list[ApprovalStatus] | None = strawberry.field(default=strawberry.UNSET, description="In one of these.")


@strawberry.input(description="Narrows the queue of requests for approval.")
class ApprovalQueueFilter:
    status: list[ApprovalStatus] | None = strawberry.field(default=strawberry.UNSET, description="In one of these.")
    segment: Segment | None = strawberry.field(default=strawberry.UNSET, description="Of accounts of this market.")
