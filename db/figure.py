"""The figure of a meter over some days, as one aggregate expression: the counters keep every aggregation's part.

Owns how daily counters combine. Whoever reads usage, for a decision or for the graph, takes the figure from here.
"""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, case, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from db.tables import QUANTITY, usage_texts
from domain.usage import Aggregation


def figure(aggregation: ColumnElement[Any], counters: FromClause, unique: ColumnElement[Any]) -> ColumnElement[Any]:
    """What a meter of this aggregation reads over the joined rows of `usage_counters` (or an alias of it).

    LATEST is the value of the greatest (occurredAt, source, id), whatever order events arrived in. `unique` is how many
    texts the same days have seen (`unique_texts`), which no day's own figure tells.
    """
    day = counters.c
    newest_first = aggregate_order_by(
        day.latest, day.latest_at.desc(), day.latest_source.desc(), day.latest_event_id.desc()
    )
    return case(
        (aggregation == Aggregation.COUNT.value, func.sum(day["count"])),
        (aggregation == Aggregation.SUM.value, func.sum(day["sum"])),
        (aggregation == Aggregation.MAX.value, func.max(day["max"])),
        (aggregation == Aggregation.UNIQUE.value, unique),
        else_=func.array_agg(newest_first, type_=ARRAY(QUANTITY))[1],
    )


def unique_texts(
    account_id: ColumnElement[Any], meter_id: ColumnElement[Any], since: ColumnElement[Any], until: ColumnElement[Any]
) -> ColumnElement[Any]:
    """How many texts a UNIQUE meter has seen on the days of [since, until), each once; null ends are open."""
    seen = usage_texts.c
    return (
        select(func.count(seen.text_value.distinct()))
        .where(
            seen.account_id == account_id,
            seen.meter_id == meter_id,
            or_(since.is_(None), seen.day >= since),
            or_(until.is_(None), seen.day < until),
        )
        .correlate_except(usage_texts)
        .scalar_subquery()
    )
