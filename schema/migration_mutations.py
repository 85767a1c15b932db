"""Moves to another plan version: preview, announce, call off. Inputs, payloads, and what a preview answers."""

import strawberry

from domain.catalog import Segment
from domain.commands import CancelMigration, MigratePlanVersion, PreviewMigration
from domain.ids import MigrationId, PlanId, PlanVersionId
from domain.periods import BillingInterval
from resolvers.mutations.idempotency_key import idempotency_key
from schema.base import stored
from schema.catalog import PlanVersion
from schema.inputs import IDEMPOTENCY_KEY, read_id
from schema.migration import PlanVersionMigration
from schema.scalars import DateTime
from schema.subscription import BillingSubscription
from schema.user_errors import UserError
from schema.values import Money

_PLAN = "The plan whose subscriptions move, plan_…"
_VERSION = "The version they move to, plnv_…; left out: the newest one."
_SEGMENT = "Only accounts of this market; left out: all."
_NOTICE = "Days between the announcement and the earliest move."


def _plan(text: strawberry.ID) -> PlanId:
    return PlanId(read_id("Plan", text, "planId"))


def _version(text: strawberry.ID | None) -> PlanVersionId | None:
    return None if text is None else PlanVersionId(read_id("PlanVersion", text, "toVersionId"))


@strawberry.input(description='A move to preview: {planId: "plan_…"}, to the newest version.')
class PlanVersionMigrationInput:
    plan_id: strawberry.ID = strawberry.field(description=_PLAN)
    to_version_id: strawberry.ID | None = strawberry.field(default=None, description=_VERSION)
    segment: Segment | None = strawberry.field(default=None, description=_SEGMENT)
    notice_days: int = strawberry.field(default=30, description=_NOTICE)

    def command(self) -> PreviewMigration:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return PreviewMigration(_plan(self.plan_id), _version(self.to_version_id), self.segment, self.notice_days)


@strawberry.type(description="What the moved subscriptions of one interval cost together, in advance, before tax.")
class MigrationMoney:
    interval: BillingInterval = stored("How often they are billed.")
    subscriptions: int = stored("How many they are.")
    before: Money = stored("What a whole period costs now.")
    after: Money = stored("What it will cost.")


@strawberry.type(description="One subscription that would be moved.")
class MigrationMove:
    subscription: BillingSubscription | None = stored("The subscription.")
    effective_at: DateTime = stored("When it would be moved.")
    before: Money = stored("What a whole period costs now.")
    after: Money = stored("What it will cost.")


@strawberry.type(description="What a move would do. Nothing is announced by looking.")
class PlanVersionMigrationPreview:
    to_version: PlanVersion | None = stored("The version they would move to.")
    subscriptions: int = stored("How many would be moved.")
    staying: int = stored("How many of the cohort would be left alone.")
    first_at: DateTime | None = stored("When the first would be moved; null when none would be.")
    last_at: DateTime | None = stored("When the last would be moved; null when none would be.")
    money: list[MigrationMoney] = stored("The sums by currency and interval. At most one for each.")
    sample: list[MigrationMove] = stored("Those whose price changes most. At most twenty.")


@strawberry.input(
    description='A move to announce: {planId: "plan_…", reason: "New prices from May.", idempotencyKey: "may-prices"}.'
)
class PlanVersionMigrateInput:
    plan_id: strawberry.ID = strawberry.field(description=_PLAN)
    reason: str = strawberry.field(description="Why, in words for the customer.")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    to_version_id: strawberry.ID | None = strawberry.field(default=None, description=_VERSION)
    segment: Segment | None = strawberry.field(default=None, description=_SEGMENT)
    notice_days: int = strawberry.field(default=30, description=_NOTICE)

    def command(self) -> MigratePlanVersion:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return MigratePlanVersion(
            plan_id=_plan(self.plan_id),
            reason=self.reason,
            idempotency_key=idempotency_key(self.idempotency_key),
            to_version_id=_version(self.to_version_id),
            segment=self.segment,
            notice_days=self.notice_days,
        )


@strawberry.type(description="What announcing did.")
class PlanVersionMigratePayload:
    migration: PlanVersionMigration | None = stored("The decision; null when nothing was done.")
    subscriptions: int | None = stored("How many will be moved; null when nothing was done, and of a replay.")
    user_errors: list[UserError] = stored("Why nothing was done.")


@strawberry.input(
    description='A move to call off: {migrationId: "pvmg_…", reason: "Not yet.", idempotencyKey: "not-yet"}.'
)
class PlanVersionMigrationCancelInput:
    migration_id: strawberry.ID = strawberry.field(description="The migration, pvmg_…")
    reason: str = strawberry.field(description="Why, in words for the customer.")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)

    def command(self) -> CancelMigration:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return CancelMigration(
            MigrationId(read_id("PlanVersionMigration", self.migration_id, "migrationId")),
            self.reason,
            idempotency_key(self.idempotency_key),
        )


@strawberry.type(description="What calling off did.")
class PlanVersionMigrationCancelPayload:
    migration: PlanVersionMigration | None = stored("The decision; null when nothing was done.")
    subscriptions: int | None = stored("How many stay after all; null when nothing was done, and of a replay.")
    user_errors: list[UserError] = stored("Why nothing was done.")
