"""What was accepted and what became of it, counted by the database in one statement."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, cast, column, func, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import FromClause

from db.queries.outcome_groups import Began, GroupKey, OutcomesAsked, chosen, group_columns, groups_of, key_of
from db.scope import ACTOR, Scope, within
from db.tables import (
    accounts,
    charges,
    credit_notes,
    invoice_lines,
    invoices,
    plan_changes,
    plan_versions,
    policy_decisions,
    subscription_items,
)
from domain.actor import ActorKind
from domain.invoice import InvoiceStatus
from domain.invoicing.debits import WAIVED
from domain.outcomes import REVERTED_WITHIN
from domain.plan_change.verdict import ChangeKind, PlanChangeStatus


@dataclass(frozen=True, slots=True)
class ChangeCounts:
    """What was accepted, and what became of it."""

    accepted: int
    applied: int
    self_service: int
    refused_on_day: int
    asked_to_pay: int
    awaiting_payment: int
    paid: int
    not_paid: int
    reverted: int
    corrected: int


async def change_counts(session: AsyncSession, scope: Scope, asked: OutcomesAsked) -> dict[GroupKey, ChangeCounts]:
    """What was accepted. The steps of a ramp after its first are that first one's."""
    change, accepted = plan_changes.c, policy_decisions.c
    began = Began(
        change.created_at,
        accounts.c.segment,
        accounts.c.is_sandbox,
        plan_versions.c.plan_id,
        accepted.policy_version,
        change.kind,
    )
    is_applied = change.status == PlanChangeStatus.APPLIED.value
    by_the_customer = and_(accepted.actor_kind == ActorKind.CUSTOMER.value, change.approval_id.is_(None))
    each = (
        select(
            *group_columns(asked, began),
            change.status.label("status"),
            is_applied.label("is_applied"),
            change.expires_at.is_not(None).label("is_paid_first"),
            and_(is_applied, by_the_customer).label("is_self_service"),
            and_(is_applied, _is_reverted(scope)).label("is_reverted"),
            and_(is_applied, _is_corrected(scope)).label("is_corrected"),
        )
        .select_from(plan_changes)
        .join(accounts, accounts.c.id == change.account_id)
        .join(plan_versions, plan_versions.c.id == change.to_plan_version_id)
        .join(
            policy_decisions,
            and_(accepted.account_id == change.account_id, accepted.id == change.accepted_decision_id),
        )
        .where(within(scope.kind, change.account_id), change.ramp_id.is_(None), *chosen(asked, began))
        .subquery()
    )
    of = each.c
    found = await session.execute(
        select(
            *groups_of(asked, each),
            func.count().label("accepted"),
            func.count().filter(of.is_applied).label("applied"),
            func.count().filter(of.is_self_service).label("self_service"),
            func.count().filter(of.status == PlanChangeStatus.REFUSED.value).label("refused_on_day"),
            func.count().filter(of.is_paid_first).label("asked_to_pay"),
            func.count().filter(of.status == PlanChangeStatus.AWAITING_PAYMENT.value).label("awaiting_payment"),
            func.count().filter(of.is_paid_first, of.is_applied).label("paid"),
            func.count().filter(of.status == PlanChangeStatus.EXPIRED.value).label("not_paid"),
            func.count().filter(of.is_reverted).label("reverted"),
            func.count().filter(of.is_corrected).label("corrected"),
        )
        .select_from(each)
        .group_by(*groups_of(asked, each)),
        {ACTOR: scope.actor_id},
    )
    return {
        key_of(asked, row): ChangeCounts(
            row.accepted,
            row.applied,
            row.self_service,
            row.refused_on_day,
            row.asked_to_pay,
            row.awaiting_payment,
            row.paid,
            row.not_paid,
            row.reverted,
            row.corrected,
        )
        for row in found
    }


def _is_reverted(scope: Scope) -> ColumnElement[bool]:
    """Whether the next change of the subscription undoes the change, soon after it took effect."""
    change = plan_changes.c
    following, then = plan_changes.alias("following").c, plan_changes.alias("back")
    former, again = plan_versions.alias("former"), plan_versions.alias("again")
    back = then.c
    next_id = (
        select(following.id)
        .where(
            following.account_id == change.account_id,
            following.subscription_id == change.subscription_id,
            tuple_(following.created_at, following.id) > tuple_(change.created_at, change.id),
            following.status.in_([PlanChangeStatus.APPLIED.value, PlanChangeStatus.SCHEDULED.value]),
            within(scope.kind, following.account_id),
        )
        .order_by(following.created_at, following.id)
        .limit(1)
        .correlate(plan_changes)
        .scalar_subquery()
    )
    moved_terms = or_(
        change.from_plan_version_id != change.to_plan_version_id, change.from_interval != change.to_interval
    )
    goes_back = and_(
        back.kind == ChangeKind.SWITCH.value,
        back.to_interval == change.from_interval,
        # another version of the plan is the plan: who goes back gets the one on sale
        again.c.plan_id == former.c.plan_id,
        or_(moved_terms, ~_keeps_a_quantity(scope, then)),
    )
    undoes = (
        select(back.id)
        .join(again, again.c.id == back.to_plan_version_id)
        .join(former, former.c.id == change.from_plan_version_id)
        .where(
            back.account_id == change.account_id,
            back.id == next_id,
            back.created_at < change.applied_at + literal(REVERTED_WITHIN),
            or_(back.kind == ChangeKind.CANCEL.value, goes_back),
            within(scope.kind, back.account_id),
        )
        .correlate(plan_changes)
        .exists()
    )
    return and_(change.kind.in_([ChangeKind.SWITCH.value, ChangeKind.END_TRIAL.value]), undoes)


def _keeps_a_quantity(scope: Scope, then: FromClause) -> ColumnElement[bool]:
    """Whether what came after leaves a component that the change moved at anything but its quantity before."""
    change, item = plan_changes.c, subscription_items.c
    moved = _quantities(change.request, "moved")
    anew = _quantities(then.c.request, "anew")
    component = moved.c.value[0].astext
    before = (
        select(item.quantity)
        .where(
            item.account_id == change.account_id,
            item.subscription_id == change.subscription_id,
            item.component == component,
            item.valid_from < change.effective_at,
            or_(item.valid_until.is_(None), item.valid_until >= change.effective_at),
            within(scope.kind, item.account_id),
        )
        .correlate(plan_changes, moved)
        .scalar_subquery()
    )
    after = (
        select(cast(anew.c.value[1].astext, BigInteger))
        .where(anew.c.value[0].astext == component)
        .correlate(then, moved)
        .scalar_subquery()
    )
    return (
        select(moved.c.value)
        .where(after.is_distinct_from(func.coalesce(before, 0)), within(scope.kind, change.account_id))
        .correlate(plan_changes, then)
        .exists()
    )


def _quantities(request: ColumnElement[Any], name: str) -> Any:
    """The quantities of a stored request, each [component, units]."""
    return func.jsonb_array_elements(request["quantities"]).table_valued(column("value", JSONB), name=name)


def _is_corrected(scope: Scope) -> ColumnElement[bool]:
    """Whether the invoice of the change was put right by hand: void, given back in part, or a line of it adjusted."""
    change, bill, note, line, charge = plan_changes.c, invoices.c, credit_notes.c, invoice_lines.c, charges.c
    is_void = (
        select(bill.id)
        .where(
            bill.account_id == change.account_id,
            bill.id == change.invoice_id,
            bill.status == InvoiceStatus.VOID.value,
            within(scope.kind, bill.account_id),
        )
        .exists()
    )
    is_given_back = (
        select(note.id)
        .where(
            note.account_id == change.account_id,
            note.invoice_id == change.invoice_id,
            note.reason.in_(sorted(reason.value for reason in WAIVED)),
            within(scope.kind, note.account_id),
        )
        .exists()
    )
    is_adjusted = (
        select(charge.id)
        .where(
            line.account_id == change.account_id,
            line.invoice_id == change.invoice_id,
            charge.account_id == line.account_id,
            charge.line_id == line.id,
            within(scope.kind, line.account_id),
        )
        .exists()
    )
    return or_(is_void, is_given_back, is_adjusted)
