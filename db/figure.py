"""The figure of a meter over some days, as one aggregate expression: the counters keep every aggregation's part.

Owns how daily counters combine. Whoever reads usage, for a decision or for the graph, takes the figure from here.
"""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, case, func
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from db.tables import QUANTITY
from domain.usage import Aggregation


def figure(aggregation: ColumnElement[Any], counters: FromClause) -> ColumnElement[Any]:
    """What a meter of this aggregation reads over the joined rows of `usage_counters` (or an alias of it).

    LATEST is the value of the greatest (occurredAt, source, id), whatever order events arrived in.
    """
    day = counters.c
    newest_first = aggregate_order_by(
        day.latest, day.latest_at.desc(), day.latest_source.desc(), day.latest_event_id.desc()
    )
    return case(
        (aggregation == Aggregation.COUNT.value, func.sum(day["count"])),
        (aggregation == Aggregation.SUM.value, func.sum(day["sum"])),
        (aggregation == Aggregation.MAX.value, func.max(day["max"])),
        else_=func.array_agg(newest_first, type_=ARRAY(QUANTITY))[1],
    )
