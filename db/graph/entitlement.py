"""What the graph reads of what an account may do: the values in force now, and what was set by hand."""

from sqlalchemy import Table

from db.graph.clock import in_force
from db.graph.declare import Entity, Part, Variant, columns, one, value
from db.graph.usage import usage_summaries
from db.tables import entitlement_overrides, entitlements, features, subscriptions


def feature_value(table: Table) -> Variant:
    """The union of a feature's value: which columns of the row speak is told by its kind."""
    return Variant(
        table.c.kind,
        {
            "BOOLEAN": Part("BooleanValue", columns(table, "is_enabled")),
            "LIMIT": Part("LimitValue", {"limit": value(table.c.limit_value)}),
            "METERED": Part("MeteredValue", {"limit": value(table.c.limit_value)}),
            "CONFIG": Part("ConfigValue", columns(table, "setting")),
        },
    )


ENTITLEMENT = Entity(
    "Entitlement",
    entitlements,
    prefix="enti",
    tenant=entitlements.c.account_id,
    # the timeline is laid out ahead, so an expiry takes effect at its instant even if no job has run
    where=in_force(entitlements),
    fields={
        **columns(entitlements, "feature_code source valid_from valid_until"),
        "value": feature_value(entitlements),
    },
    relations={
        "feature": one("Feature", features.c.id, via="feature_id"),
        "usage": one("UsageSummary", usage_summaries.c.id, order=[usage_summaries.c.id]),
        "subscription": one("BillingSubscription", subscriptions.c.id, via="subscription_id"),
        "override": one("EntitlementOverride", entitlement_overrides.c.id, via="override_id"),
    },
)

ENTITLEMENT_OVERRIDE = Entity(
    "EntitlementOverride",
    entitlement_overrides,
    prefix="ovrd",
    tenant=entitlement_overrides.c.account_id,
    fields={
        **columns(entitlement_overrides, "priority reason starts_at ends_at created_at"),
        "value": feature_value(entitlement_overrides),
    },
    relations={"feature": one("Feature", features.c.id, via="feature_id")},
)
