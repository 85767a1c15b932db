"""`policyOutcomes`: what staff read of outcomes, with shares and hours worked out from the counts."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from db.queries.outcome_groups import OutcomesAsked
from db.queries.outcomes_approvals import ApprovalCounts
from db.queries.outcomes_changes import ChangeCounts
from db.queries.outcomes_requests import RequestCounts
from db.unit_of_work import unit_of_work
from domain.catalog import Segment
from domain.errors import Forbidden, InvalidInput
from domain.ids import PlanId, parse_id_of
from domain.outcomes import OutcomeGroup, hours_of, percent_of, window_of
from domain.plan_change.verdict import ChangeKind
from operations.policy.read_outcomes import Outcomes, read_outcomes
from resolvers.context import RequestContext


@dataclass(frozen=True, slots=True)
class RefusalsView:
    """How many requests a rule refused."""

    rule: str
    requests: int


@dataclass(frozen=True, slots=True)
class RequestsView:
    """What customers asked for."""

    previews: int
    previews_taken: int
    count: int
    taken: int
    conversion_percent: Decimal | None
    refused: int
    refusals: list[RefusalsView]
    confirmations_asked: int
    confirmations_given: int


@dataclass(frozen=True, slots=True)
class ChangesView:
    """What was accepted."""

    accepted: int
    applied: int
    self_service: int
    self_service_percent: Decimal | None
    refused_on_their_day: int
    asked_to_pay: int
    awaiting_payment: int
    paid: int
    not_paid: int
    reverted: int
    reverted_percent: Decimal | None
    invoices_corrected: int


@dataclass(frozen=True, slots=True)
class ApprovalsView:
    """What was put to approval."""

    requested: int
    granted: int
    rejected: int
    expired: int
    withdrawn: int
    open: int
    median_answer_hours: Decimal | None
    oldest_open_hours: Decimal | None


@dataclass(frozen=True, slots=True)
class OutcomesView:
    """One group's figures as the graph reads them."""

    context: RequestContext
    outcomes: Outcomes

    @property
    def week(self) -> date | None:
        """The Monday."""
        week = self.outcomes.key.week
        return week.date() if week else None

    @property
    def segment(self) -> Segment | None:
        """The market."""
        return self.outcomes.key.segment

    @property
    def plan(self) -> Awaitable[Any] | None:
        """The plan, one statement for all rows."""
        plan_id = self.outcomes.key.plan_id
        return self.context.by_id("Plan", plan_id) if plan_id else None

    @property
    def policy_version(self) -> str | None:
        """The edition."""
        return self.outcomes.key.policy_version

    @property
    def kind(self) -> ChangeKind | None:
        """What was asked."""
        return self.outcomes.key.kind

    @property
    def requests(self) -> RequestsView:
        """What customers asked for."""
        return _requests(self.outcomes.requests, self.outcomes.refusals.items())

    @property
    def changes(self) -> ChangesView:
        """What was accepted."""
        return _changes(self.outcomes.changes)

    @property
    def approvals(self) -> ApprovalsView:
        """What was put to approval."""
        return _approvals(self.outcomes.approvals)


async def policy_outcomes(
    context: RequestContext,
    since: datetime | None = None,
    until: datetime | None = None,
    segment: Segment | None = None,
    plan_id: str | None = None,
    policy_version: str | None = None,
    kind: ChangeKind | None = None,
    group_by: Sequence[OutcomeGroup] | None = None,
    include_sandbox: bool | None = None,
) -> list[OutcomesView] | None:
    """The figures; None for all but staff.

    Raises InvalidInput naming `since` for a window that is empty or too long, and `planId` for what is no id.
    """
    try:
        plan = PlanId(parse_id_of("Plan", plan_id)) if plan_id else None
    except InvalidInput as error:
        raise error.under("planId") from None
    asked = OutcomesAsked(
        window=window_of(since or None, until or None, context.now),
        groups=frozenset(group_by or ()),
        segment=segment or None,
        plan_id=plan,
        policy_version=policy_version or None,
        kind=kind or None,
        includes_sandbox=bool(include_sandbox),
    )
    try:
        async with unit_of_work(context.database, context.actor, context.ids, context.now) as unit:
            found = await read_outcomes(unit, asked)
    except Forbidden:
        return None
    context.hold(len(found))
    return [OutcomesView(context, each) for each in found]


def _requests(counts: RequestCounts, refusals: Any) -> RequestsView:
    return RequestsView(
        previews=counts.previews,
        previews_taken=counts.previews_taken,
        count=counts.requests,
        taken=counts.requests_taken,
        conversion_percent=percent_of(counts.requests_taken, counts.requests),
        refused=counts.requests_refused,
        refusals=[RefusalsView(rule, requests) for rule, requests in refusals],
        confirmations_asked=counts.confirmations_asked,
        confirmations_given=counts.confirmations_given,
    )


def _changes(counts: ChangeCounts) -> ChangesView:
    return ChangesView(
        accepted=counts.accepted,
        applied=counts.applied,
        self_service=counts.self_service,
        self_service_percent=percent_of(counts.self_service, counts.applied),
        refused_on_their_day=counts.refused_on_day,
        asked_to_pay=counts.asked_to_pay,
        awaiting_payment=counts.awaiting_payment,
        paid=counts.paid,
        not_paid=counts.not_paid,
        reverted=counts.reverted,
        reverted_percent=percent_of(counts.reverted, counts.applied),
        invoices_corrected=counts.corrected,
    )


def _approvals(counts: ApprovalCounts) -> ApprovalsView:
    return ApprovalsView(
        requested=counts.requested,
        granted=counts.granted,
        rejected=counts.rejected,
        expired=counts.expired,
        withdrawn=counts.withdrawn,
        open=counts.open,
        median_answer_hours=hours_of(counts.median_answer_time),
        oldest_open_hours=hours_of(counts.oldest_open_age),
    )
