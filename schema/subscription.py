"""A customer's subscription, its items over time and its commitment."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.periods import BillingInterval
from domain.subscription import SubscriptionStatus
from schema.base import Connection, Node, paged, related, stored
from schema.catalog import Plan, PlanVersion, Price, Product
from schema.discount import Discount
from schema.scalars import BigInt, Date, DateTime
from schema.values import Period

if TYPE_CHECKING:
    from schema.account import Account
    from schema.approval import Approval
    from schema.migration import NextPlanVersion
    from schema.plan_change_node import PlanChange


@strawberry.federation.type(
    keys=["id"], description="One component of a subscription: a price and a quantity, over a span of time."
)
class SubscriptionItem(Node):
    component: str = stored("The component's code.")
    quantity: BigInt = stored("How many units.")
    valid_from: DateTime = stored("Since when.")
    valid_until: DateTime | None = stored("Until when; null while it is in force.")
    price: Price = related("The price it is charged at.")
    plan_version: PlanVersion = related("The plan version it is part of.")
    subscription: Annotated["BillingSubscription", strawberry.lazy("schema.subscription")] = related(
        "Its subscription."
    )


@strawberry.type(description="The length of a contract, apart from how often it is billed.")
class CommitmentTerm:
    start_at: DateTime = stored("When it began.")
    end_at: DateTime = stored("When it ends; lower tiers wait for this.")
    months: int = stored("Its length.")
    notice_days: int = stored("Days before its end until which it can be ended; else it renews.")


@strawberry.federation.type(keys=["id"], description="What an account subscribes to of one product.")
class BillingSubscription(Node):
    account: Annotated["Account", strawberry.lazy("schema.account")] = related("Whose it is.")
    product: Product = related("The product.")
    plan: Plan = related("The plan it is on.")
    plan_version: PlanVersion = related("The edition of the plan it is on, kept until it is moved.")
    status: SubscriptionStatus = stored("Where it stands.")
    interval: BillingInterval = stored("How often it is billed.")
    anchor_on: Date = stored("The local day whose day of the month begins its billing periods.")
    current_period: Period = stored("The billing period it is in.")
    started_at: DateTime = stored("When it began.")
    ended_at: DateTime | None = stored("When it ended; null while it lives.")
    plan_version_since: DateTime = stored("Since when it is on that edition.")
    next_plan_version: Annotated["NextPlanVersion", strawberry.lazy("schema.migration")] | None = related(
        "The edition it will be moved to, where a move is announced."
    )
    trial_end_at: DateTime | None = stored("When its trial ends, or ended; null when it never had one.")
    cancel_at: DateTime | None = stored("When it will end, where somebody has asked for it.")
    paused_at: DateTime | None = stored("Since when it is paused.")
    resumes_at: DateTime | None = stored("When a pause ends by itself.")
    version: int = stored("Goes up with each change.")
    discounts: list[Discount] = related("Its discounts, ended ones too, the oldest first. At most twenty.")
    items: list[SubscriptionItem] = related("Its items in force now, by component. At most ten.")
    item_history: Connection[SubscriptionItem] = paged("All its items, former ones too, by component.")
    commitment: CommitmentTerm | None = related("The contract in force now, where there is one.")
    pending_change: Annotated["PlanChange", strawberry.lazy("schema.plan_change_node")] | None = related(
        "The plan change that waits for its day."
    )
    phases: list[Annotated["PlanChange", strawberry.lazy("schema.plan_change_node")]] = related(
        "What is still to come, in order: the pending change, then the steps of its ramp that are planned. When one of "
        "them is refused on its day, or taken back, those after it are cancelled. At most thirteen."
    )
    open_approval: Annotated["Approval", strawberry.lazy("schema.approval")] | None = related(
        "The request for approval that waits for its answer, or was granted and waits to be used."
    )
    plan_changes: Connection[Annotated["PlanChange", strawberry.lazy("schema.plan_change_node")]] = paged(
        "Its accepted plan changes, the newest first."
    )
