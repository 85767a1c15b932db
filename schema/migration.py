"""Moves of subscriptions to another version of their plan: what was announced, and what waits for its day."""

from typing import Annotated

import strawberry

from domain.catalog import Segment
from schema.base import Node, related, stored
from schema.catalog import Plan, PlanVersion
from schema.scalars import DateTime


@strawberry.federation.type(
    keys=["id"], description="Our decision to move the subscriptions of a plan to one of its versions, with notice."
)
class PlanVersionMigration(Node):
    plan: Plan = related("The plan.")
    to_version: PlanVersion = related("The version its subscriptions move to.")
    segment: Segment | None = stored("Only accounts of this market; null is all.")
    notice_days: int = stored("Days between the announcement and the earliest move.")
    reason: str = stored("Why, in words for the customer.")
    created_at: DateTime = stored("When it was decided.")


@strawberry.type(description="The plan version a subscription moves to, and when.")
class NextPlanVersion:
    plan_version: Annotated["PlanVersion", strawberry.lazy("schema.catalog")] = related("The version it moves to.")
    effective_at: DateTime = stored("When it moves: at the first renewal after the notice.")
    announced_at: DateTime = stored("When the customer was told.")
    migration: PlanVersionMigration = related("The decision behind it.")
