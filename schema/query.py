"""The root of reading: lookups by id or key, and the lists to start from."""

from enum import Enum

import strawberry

from domain.account import AccountStatus
from domain.catalog import Segment
from domain.outcomes import OutcomeGroup
from domain.plan_change.verdict import ChangeKind
from resolvers import lookups
from resolvers.previews.outcomes import policy_outcomes
from resolvers.previews.plan_change import plan_change_preview
from resolvers.previews.plan_changes import plan_change_previews
from resolvers.previews.plan_version_migration import plan_version_migration_preview
from resolvers.previews.policy import editions, shadow_counts
from resolvers.previews.upcoming_invoice import upcoming_invoice
from schema.account import Account
from schema.approval import Approval, ApprovalQueueFilter
from schema.base import Connection, Node, answered, argument, optional, paged, related
from schema.catalog import Feature, Meter, Plan, PlanFilter, PlanOrder, Product
from schema.discount import Coupon, CouponFilter
from schema.history import CatalogEntry
from schema.migration_mutations import PlanVersionMigrationInput, PlanVersionMigrationPreview
from schema.outcomes import PolicyOutcomes
from schema.people import User
from schema.plan_change_preview import PlanChangeCandidateInput, PlanChangeInput, PlanChangePreview
from schema.policy import PolicyDisagreementFilter, PolicyEdition, PolicyShadowCounts, ShadowEvaluation
from schema.scalars import CurrencyCode, DateTime
from schema.tax import TaxRate, TaxRateFilter
from schema.upcoming_invoice import UpcomingInvoice


@strawberry.input(one_of=True, description="Which account: exactly one of its keys.")
class AccountBy:
    id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="Its public id, acct_…")
    external_id: str | None = strawberry.field(default=strawberry.UNSET, description="Its id in other systems.")


@strawberry.input(one_of=True, description="Which plan: exactly one of its keys.")
class PlanBy:
    id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="Its public id, plan_…")
    code: str | None = strawberry.field(default=strawberry.UNSET, description="Its code.")


@strawberry.input(description="Narrows the accounts.")
class AccountFilter:
    segment: Segment | None = strawberry.field(default=strawberry.UNSET, description="Of this market.")
    status: AccountStatus | None = strawberry.field(default=strawberry.UNSET, description="Open or closed.")
    currency: CurrencyCode | None = strawberry.field(default=strawberry.UNSET, description="Billed in this currency.")
    search: str | None = strawberry.field(
        default=strawberry.UNSET, description="With these words in the name or the external id, in any case."
    )


@strawberry.enum(description="The order of accounts.")
class AccountOrder(Enum):
    NEWEST_FIRST = strawberry.enum_value("NEWEST_FIRST", description="By the day they were opened, the latest first.")
    OLDEST_FIRST = strawberry.enum_value("OLDEST_FIRST", description="By the day they were opened, the earliest first.")
    NAME = strawberry.enum_value("NAME", description="By name.")


@strawberry.type(description="Where reading starts. What you may not see does not exist for you.")
class Query:
    viewer: User | None = answered("The user who asks; null for whoever is no user.", lookups.viewer)
    node: Node | None = answered(
        "Anything by its public id; null when there is no such thing, or it is not yours.",
        lookups.node,
        id=argument(strawberry.ID, "The public id."),
    )
    nodes: list[Node | None] | None = answered(
        "Several things by their public ids, in the order asked; an item that is no id fails alone.",
        lookups.nodes,
        ids=argument(list[strawberry.ID], "The public ids, at most 100."),
    )
    account: Account | None = answered(
        "An account; null when there is none, or it is not yours.",
        lookups.account,
        by=argument(AccountBy, "One of its keys."),
    )
    plan: Plan | None = answered("A plan, on sale or not.", lookups.plan, by=argument(PlanBy, "One of its keys."))
    accounts: Connection[Account] | None = paged(
        "All accounts. Staff only; null for others.", filter=AccountFilter, order=AccountOrder
    )
    plans: Connection[Plan] | None = paged("The plans of the catalog.", filter=PlanFilter, order=PlanOrder)
    products: list[Product] | None = related("The products of the catalog. At most twenty.")
    features: list[Feature] | None = related("The features of the catalog, by code. At most two hundred.")
    coupons: Connection[Coupon] | None = paged(
        "All coupons, by code. Staff only; null for others.", filter=CouponFilter
    )
    tax_rates: Connection[TaxRate] | None = paged(
        "The rates on the tax tables, by country and first day.", filter=TaxRateFilter
    )
    catalog_entries: Connection[CatalogEntry] | None = paged(
        "What was done to the catalog, the newest first. Staff only; null for others."
    )
    policy_editions: list[PolicyEdition] | None = answered(
        "The editions of the plan-change policy that may decide, oldest first. Staff only; null for others.", editions
    )
    policy_disagreements: Connection[ShadowEvaluation] | None = paged(
        "Where an edition in the shadow said something else than the one that decided, the newest first. Staff only; "
        "null for others.",
        filter=PolicyDisagreementFilter,
        version=argument(str, "The edition in the shadow."),
    )
    policy_shadow_counts: PolicyShadowCounts | None = answered(
        "How often an edition in the shadow was asked, and how often it differed. Staff only; null for others.",
        shadow_counts,
        version=argument(str, "The edition."),
        segment=optional(Segment, "Only of this market."),
        since=optional(DateTime, "Only from this instant on."),
    )
    approvals: Connection[Approval] | None = paged(
        "All requests for approval, the oldest first. Staff only; null for others.", filter=ApprovalQueueFilter
    )
    policy_outcomes: list[PolicyOutcomes] | None = answered(
        "What became of the plan changes that were asked for: conversion, refusals, approvals, self-service, changes "
        "taken back. A row for each group in which anything began, one row in all where nothing is told apart. Staff "
        "only; null for others.",
        policy_outcomes,
        since=optional(DateTime, "What began from this instant on; if left out, from the Monday of 12 weeks."),
        until=optional(DateTime, "What began before this instant, now if left out; at most 53 weeks after `since`."),
        segment=optional(Segment, "Only of this market."),
        plan_id=optional(strawberry.ID, "Only to this plan, plan_…"),
        policy_version=optional(str, "Only what this edition of the policy answered."),
        kind=optional(ChangeKind, "Only of this kind."),
        group_by=optional(list[OutcomeGroup], "By what rows are told apart."),
        include_sandbox=optional(bool, "Sandbox accounts too, each by its own clock; they are left out otherwise."),
    )
    meters: list[Meter] | None = related("The meters of the catalog, by code. At most a hundred.")
    plan_change_preview: PlanChangePreview | None = answered(
        "Preview a change of plan, interval or quantities, the end of a trial, an end, a pause or a resume; null when "
        "there is no such subscription or plan, or it is not yours. Bad quantities are an error that names the field.",
        plan_change_preview,
        input=argument(PlanChangeInput, "The change."),
    )
    plan_change_previews: list[PlanChangePreview | None] | None = answered(
        "Preview several changes of one subscription to compare them, in the order asked, each with a quote of its "
        "own; null for an unknown plan, and a candidate that cannot be read fails alone. At most twenty.",
        plan_change_previews,
        subscription_id=argument(strawberry.ID, "The subscription, sub_…"),
        candidates=argument(list[PlanChangeCandidateInput], "The changes, 1 to 20."),
    )
    upcoming_invoice: UpcomingInvoice | None = answered(
        "What the next boundary of a subscription will bill, by the code that will bill it; usage until then comes on "
        "top. Null when nothing is to come, or it is not yours.",
        upcoming_invoice,
        subscription_id=argument(strawberry.ID, "The subscription, sub_…"),
    )
    plan_version_migration_preview: PlanVersionMigrationPreview | None = answered(
        "Preview the move of a plan's subscriptions to one of its versions. Finance only; null for others.",
        plan_version_migration_preview,
        input=argument(PlanVersionMigrationInput, "The move."),
    )
