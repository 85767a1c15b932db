"""What the graph reads of usage: what counts against each metered entitlement now, and the counters by day."""

from sqlalchemy import Numeric, cast, func, or_, select, true

from db.figure import figure, unique_texts
from db.graph.clock import in_force
from db.graph.declare import Entity, columns, one, value
from db.tables import QUANTITY, entitlements, features, meters, usage_counters

_seen = unique_texts(
    entitlements.c.account_id, entitlements.c.meter_id, entitlements.c.window_start, entitlements.c.window_end
)
_counted = (
    select(figure(meters.c.aggregation, usage_counters, _seen).label("figure"))
    .where(
        usage_counters.c.account_id == entitlements.c.account_id,
        usage_counters.c.meter_id == entitlements.c.meter_id,
        or_(entitlements.c.window_start.is_(None), usage_counters.c.day >= entitlements.c.window_start),
        or_(entitlements.c.window_end.is_(None), usage_counters.c.day < entitlements.c.window_end),
    )
    .correlate(entitlements, meters)
    .lateral("counted")
)

usage_summaries = (
    select(
        entitlements.c.account_id,
        entitlements.c.id,
        entitlements.c.feature_id,
        entitlements.c.feature_code,
        meters.c.id.label("meter_id"),
        entitlements.c.window_start,
        entitlements.c.window_end,
        entitlements.c.limit_value,
        entitlements.c.valid_from,
        entitlements.c.valid_until,
        cast(func.coalesce(_counted.c.figure, 0), QUANTITY).label("used"),
    )
    .select_from(entitlements)
    .join(meters, meters.c.id == entitlements.c.meter_id)
    .join(_counted, true())
    .subquery("usage_summaries")
)
"""A view in the statement: each metered entitlement with the one figure its meter makes of the counters in its window.

The counters are read inside it by the entitlement's own account; the scope predicate is bound to the view.
"""

_left = usage_summaries.c.limit_value - usage_summaries.c.used

USAGE_SUMMARY = Entity(
    "UsageSummary",
    usage_summaries,
    tenant=usage_summaries.c.account_id,
    where=in_force(usage_summaries),
    fields={
        **columns(usage_summaries, "window_start window_end"),
        "used": value(usage_summaries.c.used, nullable=False),
        "limit": value(usage_summaries.c.limit_value),
        "remaining": value(cast(func.greatest(_left, 0), Numeric(26, 6)), nullable=True),
        "over_by": value(cast(func.greatest(-_left, 0), Numeric(26, 6)), nullable=True),
    },
    relations={
        "feature": one("Feature", features.c.id, via="feature_id"),
        "meter": one("Meter", meters.c.id, via="meter_id"),
    },
)

USAGE_DAY = Entity(
    "UsageDay",
    usage_counters,
    tenant=usage_counters.c.account_id,
    fields=columns(usage_counters, "day count sum max latest latest_at"),
    relations={"meter": one("Meter", meters.c.id, via="meter_id")},
)
