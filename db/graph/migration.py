"""What the graph reads of moves to another version of the same plan: what staff announced, and what waits."""

from db.graph.declare import Entity, columns, one
from db.tables import plan_version_migrations, plan_versions, plans, subscription_migrations

PLAN_VERSION_MIGRATION = Entity(
    "PlanVersionMigration",
    plan_version_migrations,
    prefix="pvmg",
    fields=columns(plan_version_migrations, "segment notice_days reason created_at"),
    relations={
        "plan": one("Plan", plans.c.id, via="plan_id"),
        "to_version": one("PlanVersion", plan_versions.c.id, via="to_plan_version_id"),
    },
)

NEXT_PLAN_VERSION = Entity(
    "NextPlanVersion",
    subscription_migrations,
    tenant=subscription_migrations.c.account_id,
    fields=columns(subscription_migrations, "effective_at announced_at"),
    relations={
        "plan_version": one("PlanVersion", plan_versions.c.id, via="to_plan_version_id"),
        "migration": one("PlanVersionMigration", plan_version_migrations.c.id, via="migration_id"),
    },
)
