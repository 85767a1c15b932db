"""Which outcomes are asked for, and by what they are told apart: what the statements about them share.

Owns the window, the filters and the groups as SQL. Does not own what is counted (outcomes_*.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, func, literal
from sqlalchemy.sql.selectable import FromClause

from db import rows
from domain.catalog import Segment
from domain.ids import PlanId
from domain.outcomes import OutcomeGroup, Window
from domain.plan_change.verdict import ChangeKind


@dataclass(frozen=True, slots=True)
class OutcomesAsked:
    """Which outcomes: of a window, narrowed where a value is given, and by what they are told apart."""

    window: Window
    groups: frozenset[OutcomeGroup] = frozenset()
    segment: Segment | None = None
    plan_id: PlanId | None = None
    policy_version: str | None = None
    kind: ChangeKind | None = None
    includes_sandbox: bool = False


@dataclass(frozen=True, slots=True)
class GroupKey:
    """What a row is of; None in each respect that outcomes are not told apart by."""

    week: datetime | None = None
    segment: Segment | None = None
    plan_id: PlanId | None = None
    policy_version: str | None = None
    kind: ChangeKind | None = None


@dataclass(frozen=True, slots=True)
class Began:
    """Where a thing began: the columns that say when, of whose account, to which plan, by which edition, and what."""

    at: ColumnElement[Any]
    segment: ColumnElement[Any]
    is_sandbox: ColumnElement[Any]
    plan_id: ColumnElement[Any]
    policy_version: ColumnElement[Any]
    kind: ColumnElement[Any]


_COLUMNS: dict[OutcomeGroup, tuple[str, Callable[[Began], ColumnElement[Any]]]] = {
    OutcomeGroup.WEEK: ("week", lambda began: truncated("week", began.at)),
    OutcomeGroup.SEGMENT: ("segment", lambda began: began.segment),
    OutcomeGroup.PLAN: ("plan_id", lambda began: began.plan_id),
    OutcomeGroup.POLICY_VERSION: ("policy_version", lambda began: began.policy_version),
    OutcomeGroup.CHANGE_KIND: ("kind", lambda began: began.kind),
}


def truncated(unit: str, at: ColumnElement[Any]) -> ColumnElement[Any]:
    """The start of the day or the ISO week of an instant, in UTC.

    Written into the statement: what it is grouped by has to be seen to be what it selects, which two parameters of one
    value are not.
    """
    return func.date_trunc(literal(unit, Text, literal_execute=True), at, literal("UTC", Text, literal_execute=True))


def group_columns(asked: OutcomesAsked, began: Began) -> list[ColumnElement[Any]]:
    """What rows are told apart by, each under its name in GroupKey."""
    return [read(began).label(name) for group, (name, read) in _COLUMNS.items() if group in asked.groups]


def groups_of(asked: OutcomesAsked, each: FromClause) -> list[ColumnElement[Any]]:
    """The same columns, of what selected them."""
    return [each.c[name] for name in _names(asked)]


def chosen(asked: OutcomesAsked, began: Began) -> list[ColumnElement[bool]]:
    """Which rows are counted: those of the window, and of what is asked for."""
    which: list[ColumnElement[bool]] = [began.at >= asked.window.since, began.at < asked.window.until]
    if not asked.includes_sandbox:
        which.append(began.is_sandbox.is_(False))
    if asked.segment is not None:
        which.append(began.segment == asked.segment.value)
    if asked.plan_id is not None:
        which.append(began.plan_id == asked.plan_id)
    if asked.policy_version is not None:
        which.append(began.policy_version == asked.policy_version)
    if asked.kind is not None:
        which.append(began.kind == asked.kind.value)
    return which


def key_of(asked: OutcomesAsked, row: Any) -> GroupKey:
    """What a row that was read is of."""
    given: dict[str, Any] = {name: getattr(row, name) for name in _names(asked)}
    return GroupKey(
        week=rows.maybe_utc(given.get("week")),
        segment=Segment(given["segment"]) if "segment" in given else None,
        plan_id=PlanId(UUID(str(given["plan_id"]))) if "plan_id" in given else None,
        policy_version=given.get("policy_version"),
        kind=ChangeKind(given["kind"]) if "kind" in given else None,
    )


def _names(asked: OutcomesAsked) -> list[str]:
    return [name for group, (name, _) in _COLUMNS.items() if group in asked.groups]
