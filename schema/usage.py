"""Usage: what counts against an entitlement now, and counters by day."""

import strawberry

from schema.base import related, stored
from schema.catalog import Feature, Meter
from schema.scalars import BigInt, Date, DateTime, Decimal


@strawberry.type(description="What is used now of one metered entitlement.")
class UsageSummary:
    feature: Feature = related("The feature it counts against.")
    meter: Meter = related("What is measured.")
    used: Decimal = stored("The meter's figure over the window.")
    limit: BigInt | None = stored("The most that may be used; null is unlimited.")
    remaining: Decimal | None = stored("What is left below the limit, never negative; null is unlimited.")
    over_by: Decimal | None = stored("By how much the limit is passed, 0 while it is not; null is unlimited.")
    window_start: Date | None = stored("The first day that counts; null counts from the beginning.")
    window_end: Date | None = stored("The first day that no longer counts; null counts to the end.")


@strawberry.type(description="One meter's counters of one day in the account's own zone.")
class UsageDay:
    meter: Meter = related("What is measured.")
    day: Date = stored("The day.")
    count: BigInt = stored("How many events there were.")
    sum: Decimal = stored("The sum of their values.")
    max: Decimal = stored("The greatest value.")
    latest: Decimal = stored("The newest value.")
    latest_at: DateTime = stored("When the newest event happened.")
