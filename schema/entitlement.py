"""What an account may do, and what was set by hand."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.entitlement import EntitlementSource
from schema.base import Node, related, stored
from schema.catalog import Feature
from schema.feature_value import FeatureValue
from schema.scalars import DateTime
from schema.usage import UsageSummary

if TYPE_CHECKING:
    from schema.subscription import BillingSubscription


@strawberry.federation.type(keys=["id"], description="A value set by hand for one account, over a span of time.")
class EntitlementOverride(Node):
    feature: Feature = related("The feature it sets.")
    value: FeatureValue = stored("What it sets it to.")
    priority: int = stored("Among those in force the greatest wins, then the newest.")
    reason: str = stored("Why it was set.")
    starts_at: DateTime = stored("From when it counts.")
    ends_at: DateTime | None = stored("Until when it counts; null is until it is taken back.")
    created_at: DateTime = stored("When it was set.")


@strawberry.federation.type(
    keys=["id"], description="What an account may do with one feature now, and where that comes from."
)
class Entitlement(Node):
    feature_code: str = stored("The feature's code.")
    feature: Feature = related("The feature.")
    value: FeatureValue = stored("The effective value.")
    source: EntitlementSource = stored("Where the value comes from.")
    subscription: Annotated["BillingSubscription", strawberry.lazy("schema.subscription")] | None = related(
        "The subscription whose plan grants it, where one does."
    )
    override: EntitlementOverride | None = related("The override that sets it, where one does.")
    usage: UsageSummary | None = related("What is used of it, where it is measured.")
    valid_from: DateTime = stored("Since when the value is this.")
    valid_until: DateTime | None = stored("Until when it stays so, as known today.")
