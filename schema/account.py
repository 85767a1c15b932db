"""The account, and who invoices it."""

from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.account import AccountStatus
from domain.catalog import Segment
from domain.dunning import Standing
from domain.invoice import InvoiceReason, InvoiceStatus
from domain.plan_change.verdict import PlanChangeStatus
from domain.subscription import SubscriptionStatus
from domain.tax import TaxExemption
from schema.account_terms import AccountTerms
from schema.approval import Approval, ApprovalFilter
from schema.base import Connection, Node, argument, computed, optional, paged, related, stored
from schema.charge import OneOffCharge
from schema.consolidated import ConsolidatedInvoice
from schema.credit import CreditEntry, CreditEntryFilter, CreditNote, CreditNoteFilter
from schema.entitlement import Entitlement, EntitlementOverride
from schema.history import AuditEntry, BillingEvent
from schema.invoice import Invoice
from schema.payment import Payment, PaymentFilter, PaymentMethod, PaymentMethodFilter
from schema.plan_change_node import PlanChange
from schema.scalars import CurrencyCode, Date, DateTime
from schema.subscription import BillingSubscription
from schema.usage import UsageDay, UsageSummary
from schema.values import Money

if TYPE_CHECKING:
    from schema.people import Membership
    from schema.policy import PolicyOverride


@strawberry.input(description="Narrows an account's subscriptions.")
class BillingSubscriptionFilter:
    status: list[SubscriptionStatus] | None = strawberry.field(
        default=strawberry.UNSET, description="In one of these states."
    )


@strawberry.input(description="Narrows an account's invoices.")
class InvoiceFilter:
    status: list[InvoiceStatus] | None = strawberry.field(
        default=strawberry.UNSET, description="In one of these states."
    )
    reason: list[InvoiceReason] | None = strawberry.field(
        default=strawberry.UNSET, description="Made for one of these reasons."
    )
    issued_since: Date | None = strawberry.field(default=strawberry.UNSET, description="Issued on this day or later.")
    issued_until: Date | None = strawberry.field(default=strawberry.UNSET, description="Issued on this day or earlier.")


@strawberry.enum(description="The order of an account's invoices.")
class InvoiceOrder(Enum):
    NEWEST_FIRST = strawberry.enum_value("NEWEST_FIRST", description="By issue day, the latest first.")
    OLDEST_FIRST = strawberry.enum_value("OLDEST_FIRST", description="By issue day, the earliest first.")


@strawberry.input(description="Narrows an account's plan changes.")
class PlanChangeFilter:
    status: list[PlanChangeStatus] | None = strawberry.field(
        default=strawberry.UNSET, description="In one of these states."
    )


@strawberry.input(description="Narrows an account's events.")
class BillingEventFilter:
    type: list[str] | None = strawberry.field(default=strawberry.UNSET, description="Of one of these types.")


@strawberry.input(description="Narrows usage by day.")
class UsageDayFilter:
    since: Date | None = strawberry.field(default=strawberry.UNSET, description="On this day or later.")
    until: Date | None = strawberry.field(default=strawberry.UNSET, description="On this day or earlier.")


@strawberry.federation.type(keys=["id"], description="Who issues our invoices.")
class LegalEntity(Node):
    code: str = stored("Short and stable.")
    name: str = stored("The name on the document.")
    country: str = stored("ISO 3166 code of its seat.")
    address: str = stored("The address on the document.")
    tax_id: str | None = stored("The tax id on the document.")
    grace_hours: int = stored("How long an invoice with usage waits as a draft for usage that comes late.")


@strawberry.federation.type(
    keys=["id", "externalId"], description="One customer: what it bought, used and owes, in one currency for life."
)
class Account(Node):
    external_id: str = stored("The customer's id in other systems; unique, and a key for federated graphs.")
    name: str = stored("The name on its invoices.")
    email: str | None = stored("Where invoices are sent.")
    address: str | None = stored("The address on its invoices.")
    country: str = stored("ISO 3166 code of where it is billed, and taxed.")
    region: str | None = stored("The region there, where taxes differ by it.")
    tax_id: str | None = stored("The tax id on its invoices.")
    tax_exemption: TaxExemption = stored("What we have noted of its tax.")
    currency: CurrencyCode = stored("The one currency it is billed in.")
    time_zone: str = stored("The IANA zone in which its days and billing periods begin.")
    segment: Segment = stored("The market it belongs to.")
    status: AccountStatus = stored("Whether it is open.")
    net_days: int = stored("Days after the issue day in which an invoice may be paid; 0 is due on receipt.")
    is_sandbox: bool = stored("Whether it is for trying things out; only such an account may have a clock of its own.")
    current_time: DateTime = stored("The account's own present: its clock where it has one, else the real time.")
    created_at: DateTime = stored("When it was opened.")
    standing: Standing | None = computed("How it stands with its payments today.")
    amount_due: Money | None = computed("What its open invoices still ask for, in all.")
    credit_balance: Money | None = computed("The credit that its next invoices will spend, the oldest first.")
    legal_entity: LegalEntity = related("Who invoices it.")
    policy_override: Annotated["PolicyOverride", strawberry.lazy("schema.policy")] | None = related(
        "The edition of the policy that decides for it, whatever is rolled out. Staff only; null otherwise."
    )
    parent: Annotated["Account", strawberry.lazy("schema.account")] | None = related(
        "The account above it, where it has one."
    )
    children: Connection[Annotated["Account", strawberry.lazy("schema.account")]] = paged(
        "The accounts below it that you may see, the oldest first."
    )
    is_consolidated: bool = stored("Whether the account above it pays its invoices.")
    consolidation_day: int | None = stored("The day of the month its children's invoices are gathered on.")
    memberships: Connection[Annotated["Membership", strawberry.lazy("schema.people")]] = paged(
        "Who may look at it, and who may change it."
    )
    subscription: BillingSubscription | None = related(
        "The live subscription of a product; without `product`, the one that has run longest.",
        product=optional(str, "The product's code."),
    )
    subscriptions: Connection[BillingSubscription] = paged(
        "All subscriptions, the newest first.", filter=BillingSubscriptionFilter
    )
    entitlements: list[Entitlement] = related(
        "What it may do now, by feature code. Bounded by the number of features, about a hundred.",
        feature=optional(list[str], "Only these features, by code."),
    )
    entitlement: Entitlement | None = related(
        "What it may do with one feature now; null when nothing grants it.",
        feature=argument(str, "The feature's code."),
    )
    entitlement_overrides: Connection[EntitlementOverride] = paged("Values set by hand, the newest first.")
    usage: list[UsageSummary] = related(
        "What is used now of each metered entitlement, by feature code. Bounded by the number of meters, about fifty."
    )
    usage_by_day: Connection[UsageDay] = paged(
        "One meter's counters day by day, the newest first.",
        meter=argument(str, "The meter's code."),
        filter=UsageDayFilter,
    )
    invoices: Connection[Invoice] = paged("Its invoices.", filter=InvoiceFilter, order=InvoiceOrder)
    invoice: Invoice | None = related("The invoice of a number.", number=argument(str, "The number on the document."))
    consolidated_invoices: Connection[ConsolidatedInvoice] = paged(
        "Its documents over its children's invoices, the newest first."
    )
    waiting_charges: Connection[OneOffCharge] = paged("Charges that wait for its next invoice, the oldest first.")
    credit_notes: Connection[CreditNote] = paged("Its credit notes, the newest first.", filter=CreditNoteFilter)
    credit_entries: Connection[CreditEntry] = paged(
        "The entries of its credit balance, the newest first.", filter=CreditEntryFilter
    )
    payment_methods: Connection[PaymentMethod] = paged(
        "Its stored payment methods, the newest first.", filter=PaymentMethodFilter
    )
    payments: Connection[Payment] = paged("Its payments, the newest first.", filter=PaymentFilter)
    terms: AccountTerms | None = related(
        "What was agreed with it beyond the catalog and is in force; null for nothing."
    )
    terms_history: Connection[AccountTerms] | None = paged(
        "What was agreed with it over time, the newest first. Staff only; null for others."
    )
    approvals: Connection[Approval] = paged("Requests for approval, the newest first.", filter=ApprovalFilter)
    plan_changes: Connection[PlanChange] = paged("Accepted plan changes, the newest first.", filter=PlanChangeFilter)
    events: Connection[BillingEvent] = paged("What happened, the newest first.", filter=BillingEventFilter)
    audit_entries: Connection[AuditEntry] | None = paged("Who did what, the newest first. Staff only; null for others.")
