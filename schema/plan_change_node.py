"""Accepted plan changes and the decisions behind them, as they are stored."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.periods import BillingInterval
from domain.plan_change.verdict import ChangeDirection, ChangeKind, PlanChangeStatus, Verdict
from schema.base import Node, computed, related, stored
from schema.catalog import PlanVersion
from schema.decision import Reason
from schema.invoice import Invoice
from schema.scalars import BigInt, DateTime
from schema.subscription import BillingSubscription

if TYPE_CHECKING:
    from schema.account import Account
    from schema.approval import Approval


@strawberry.federation.type(keys=["id"], description="What the policy answered to a request, kept as it was.")
class PolicyDecision(Node):
    verdict: Verdict = stored("The strictest of all reasons.")
    effective_at: DateTime = stored("When the change takes effect.")
    policy_version: str = stored("The edition of the policy that decided.")
    created_at: DateTime = stored("When it was decided.")
    reasons: list[Reason] | None = computed("Every finding, the timing first, the rest by code.")
    subscription: BillingSubscription = related("What it was about.")


@strawberry.type(description="How much of a component is asked for.")
class ComponentQuantity:
    component: str = stored("The component's code.")
    quantity: BigInt = stored("How many units.")


@strawberry.federation.type(
    keys=["id"], description="An accepted change of a subscription's plan, interval or quantities."
)
class PlanChange(Node):
    account: Annotated["Account", strawberry.lazy("schema.account")] = related("Whose it is.")
    subscription: BillingSubscription = related("What it changes.")
    kind: ChangeKind = stored("What it does: SWITCH changes plan, interval or quantities.")
    from_version: PlanVersion = related("The plan version it leaves.")
    to_version: PlanVersion = related("The plan version it moves to.")
    from_interval: BillingInterval = stored("How often it was billed.")
    to_interval: BillingInterval = stored("How often it is billed after.")
    quantities: list[ComponentQuantity] | None = computed(
        "The quantities it asks for, by component; a component that is not here keeps its own. At most ten."
    )
    direction: ChangeDirection = stored("Up, down or sideways in the catalog.")
    status: PlanChangeStatus = stored("Where it stands.")
    effective_at: DateTime = stored("When it takes effect.")
    applied_at: DateTime | None = stored("When it did; null while it waits.")
    expires_at: DateTime | None = stored(
        "When it lapses unless its invoice is paid: its invoice is void then, and nothing has changed. Null where it "
        "was never to be paid first."
    )
    created_at: DateTime = stored("When it was accepted.")
    decision: PolicyDecision = related("The decision that allowed it.")
    invoice: Invoice | None = related("The invoice that charged it at once, or that it waits for, where there is one.")
    step: int = stored("Which step of a ramp it is, from 1; 1 for a change that is no ramp.")
    ramp: Annotated["PlanChange", strawberry.lazy("schema.plan_change_node")] | None = related(
        "The first step of the ramp that this is a later step of; null for any other change."
    )
    later_steps: list[Annotated["PlanChange", strawberry.lazy("schema.plan_change_node")]] = related(
        "The steps of the ramp that begins with this change, in order, whatever became of them; empty where it is "
        "none. At most twelve."
    )
    approval: Annotated["Approval", strawberry.lazy("schema.approval")] | None = related(
        "The approval that it was accepted by; null where none was needed."
    )
