"""Row <-> domain value, for decisions only: what the graph lists takes no detour through here (db/graph).

Owns one function a kind and direction. Does not own statements (db/queries, db/save).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from db.json_text import json_text
from domain.account import Account, AccountStatus, PaymentTerms
from domain.catalog import (
    ChargeTiming,
    Component,
    Feature,
    FeatureKind,
    Plan,
    PlanBound,
    PlanFeature,
    PlanVersion,
    Segment,
)
from domain.entitlement import Entitlement, EntitlementOverride, FeatureValue
from domain.errors import InvalidAmount
from domain.ids import (
    AccountId,
    CommitmentId,
    FeatureId,
    ItemId,
    LegalEntityId,
    MeterId,
    OverrideId,
    PlanId,
    PlanVersionId,
    PriceId,
    ProductId,
    SubscriptionId,
)
from domain.invoice import Invoice, InvoiceStatus
from domain.periods import BillingAnchor, BillingInterval, Period
from domain.pricing.model import Price, PriceModel, PriceTier
from domain.pricing.rated import Term
from domain.subscription import BillingSubscription, CommitmentTerm, SubscriptionItem, SubscriptionStatus
from domain.tax import TaxExemption
from domain.usage import Aggregation

AnyRow = Row[*tuple[Any, ...]]


MEASURE_DECIMALS = 6
EXACT_DECIMALS = 12


def measure(number: Fraction | int | None) -> Decimal | None:
    """An exact number as a column of six decimals holds it, unrounded. Raises InvalidAmount for a finer one."""
    return None if number is None else _decimal(number, MEASURE_DECIMALS)


def exact(number: Fraction) -> Decimal:
    """An amount before its rounding, as a column of twelve decimals holds it. Raises InvalidAmount for a finer one."""
    return _decimal(number, EXACT_DECIMALS)


def _decimal(number: Fraction | int, decimals: int) -> Decimal:
    if number.denominator == 1:
        return Decimal(number.numerator)
    scaled, rest = divmod(number.numerator * 10**decimals, number.denominator)
    if rest:
        raise InvalidAmount(f"The number has at most {decimals} decimals.", number)
    return Decimal(scaled).scaleb(-decimals)


def terms_text(terms: Sequence[Term]) -> str | None:
    """The steps of a line's arithmetic as JSON, [label, quantity, unit or null, flat] each; None without any."""
    if not terms:
        return None
    return json_text(
        [[each.label, str(each.quantity), None if each.unit is None else str(each.unit), each.flat] for each in terms]
    )


def utc(instant: datetime) -> datetime:
    """The instant in UTC proper, as periods want it, whatever zone object the driver gave."""
    return instant if instant.tzinfo is UTC else instant.astimezone(UTC)


def maybe_utc(instant: datetime | None) -> datetime | None:
    """The instant in UTC, where there is one."""
    return None if instant is None else utc(instant)


def account(row: AnyRow) -> Account:
    """An `accounts` row."""
    return Account(
        id=AccountId(row.id),
        legal_entity_id=LegalEntityId(row.legal_entity_id),
        name=row.name,
        email=row.email,
        currency=row.currency,
        zone=row.zone,
        segment=Segment(row.segment),
        terms=PaymentTerms(row.net_days),
        clock_at=utc(row.clock_at) if row.clock_at else None,
        is_sandbox=row.is_sandbox,
        status=AccountStatus(row.status),
        country=row.country,
        region=row.region,
        address=row.address,
        tax_id=row.tax_id,
        exemption=TaxExemption(row.tax_exemption),
        parent_id=AccountId(row.parent_account_id) if row.parent_account_id else None,
        payer_id=AccountId(row.parent_account_id) if row.is_consolidated else None,
    )


def feature(row: AnyRow) -> Feature:
    """A `features` row."""
    meter_id = MeterId(row.meter_id) if row.meter_id else None
    return Feature(FeatureId(row.id), row.code, row.name, FeatureKind(row.kind), meter_id)


def feature_value(row: AnyRow) -> FeatureValue:
    """The value columns of any row that has them."""
    return FeatureValue(row.is_enabled, row.limit_value, row.setting)


def plan_version(
    row: AnyRow,
    components: Iterable[AnyRow],
    prices: Iterable[Price],
    granted: Iterable[PlanFeature],
    bounds: Iterable[PlanBound],
) -> PlanVersion:
    """A `plan_versions` row joined with its plan (columns prefixed `plan_`), and its parts."""
    plan = Plan(
        id=PlanId(row.plan_id),
        product_id=ProductId(row.plan_product_id),
        code=row.plan_code,
        name=row.plan_name,
        rank=row.plan_rank,
        segment=Segment(row.plan_segment) if row.plan_segment else None,
        withdrawn_at=utc(row.plan_withdrawn_at) if row.plan_withdrawn_at else None,
        countries=None if row.plan_countries is None else frozenset(row.plan_countries),
    )
    return PlanVersion(
        id=PlanVersionId(row.id),
        plan=plan,
        number=row.number,
        components=tuple(
            Component(
                each.code,
                each.name,
                each.minimum,
                each.maximum,
                ChargeTiming(each.timing),
                MeterId(each.meter_id) if each.meter_id else None,
                Aggregation(each.aggregation) if each.aggregation else None,
            )
            for each in components
        ),
        prices=tuple(prices),
        features=tuple(granted),
        bounds=tuple(bounds),
    )


def plan_bound(row: AnyRow) -> PlanBound:
    """The columns of `plan_bounds`, prefixed `bound_`."""
    return PlanBound(
        row.bound_currency, BillingInterval(row.bound_interval), row.bound_minimum_minor, row.bound_maximum_minor
    )


def price(tiers: Sequence[AnyRow]) -> Price:
    """The rows of `prices` joined with their tiers, one price's, in the order of tiers."""
    first = tiers[0]
    return Price(
        id=PriceId(first.id),
        component=first.component,
        currency=first.currency,
        interval=BillingInterval(first.interval),
        model=PriceModel(first.model),
        tiers=tuple(PriceTier(tier.up_to, tier.unit_minor, tier.flat_minor) for tier in tiers),
        tax_inclusive=first.tax_inclusive,
        package_size=first.package_size,
        percent=first.percent,
        minimum_minor=first.minimum_minor,
        maximum_minor=first.maximum_minor,
    )


def subscription(
    row: AnyRow, version: PlanVersion, items: Iterable[SubscriptionItem], term: AnyRow | None, zone: str
) -> BillingSubscription:
    """A `subscriptions` row with the items in force and the commitment that is not over."""
    return BillingSubscription(
        id=SubscriptionId(row.id),
        account_id=AccountId(row.account_id),
        version=version,
        status=SubscriptionStatus(row.status),
        interval=BillingInterval(row.interval),
        anchor=BillingAnchor(row.anchor_on, zone),
        period=Period(utc(row.current_period_start), utc(row.current_period_end)),
        started_at=utc(row.started_at),
        items=tuple(items),
        commitment=None
        if term is None
        else CommitmentTerm(CommitmentId(term.id), utc(term.start_at), utc(term.end_at), term.months, term.notice_days),
        version_since=utc(row.plan_version_since),
        trial_end_at=maybe_utc(row.trial_end_at),
        cancel_at=maybe_utc(row.cancel_at),
        paused_at=maybe_utc(row.paused_at),
        resumes_at=maybe_utc(row.resumes_at),
        ended_at=maybe_utc(row.ended_at),
        notice_at=maybe_utc(row.notice_at),
    )


def item(row: AnyRow) -> SubscriptionItem:
    """A `subscription_items` row."""
    return SubscriptionItem(
        ItemId(row.id),
        row.component,
        PriceId(row.price_id),
        row.quantity,
        utc(row.valid_from),
        maybe_utc(row.valid_until),
    )


def override(row: AnyRow, of: Feature) -> EntitlementOverride:
    """An `entitlement_overrides` row."""
    return EntitlementOverride(
        id=OverrideId(row.id),
        feature=of,
        value=feature_value(row),
        priority=row.priority,
        created_at=utc(row.created_at),
        starts_at=utc(row.starts_at),
        ends_at=utc(row.ends_at) if row.ends_at else None,
    )


def account_columns(of: Account, external_id: str, created_at: datetime) -> dict[str, Any]:
    """A row of `accounts` as it begins, before anything happened."""
    return {
        "id": of.id,
        "external_id": external_id,
        "legal_entity_id": of.legal_entity_id,
        "parent_account_id": of.parent_id,
        "name": of.name,
        "email": of.email,
        "country": of.country,
        "region": of.region,
        "address": of.address,
        "tax_id": of.tax_id,
        "tax_exemption": of.exemption.value,
        "is_consolidated": of.payer_id is not None,
        "consolidation_day": None,
        "consolidate_at": None,
        "currency": of.currency,
        "zone": of.zone,
        "segment": of.segment.value,
        "status": of.status.value,
        "net_days": of.terms.net_days,
        "is_sandbox": of.is_sandbox,
        "clock_at": of.clock_at,
        "created_at": created_at,
        "event_sequence": 0,
    }


def subscription_columns(subscription: BillingSubscription) -> dict[str, Any]:
    """The columns of `subscriptions` that change over its life."""
    return {
        "product_id": subscription.version.plan.product_id,
        "plan_id": subscription.version.plan.id,
        "plan_version_id": subscription.version.id,
        "status": subscription.status.value,
        "interval": subscription.interval.value,
        "anchor_on": subscription.anchor.on,
        "current_period_start": subscription.period.start,
        "current_period_end": subscription.period.end,
        "plan_version_since": subscription.version_since or subscription.started_at,
        "trial_end_at": subscription.trial_end_at,
        "cancel_at": subscription.cancel_at,
        "paused_at": subscription.paused_at,
        "resumes_at": subscription.resumes_at,
        "ended_at": subscription.ended_at,
        "due_at": subscription.due_at,
        "notice_at": subscription.notice_at,
    }


def item_columns(item: SubscriptionItem, of: BillingSubscription) -> dict[str, Any]:
    """A row of `subscription_items`."""
    return {
        "account_id": of.account_id,
        "id": item.id,
        "subscription_id": of.id,
        "plan_version_id": of.version.id,
        "component": item.component,
        "price_id": item.price_id,
        "quantity": item.quantity,
        "valid_from": item.valid_from,
        "valid_until": item.valid_until,
    }


def value_columns(kind: FeatureKind, value: FeatureValue) -> dict[str, Any]:
    """The value columns of any table that has them."""
    return {
        "kind": kind.value,
        "is_enabled": value.is_enabled,
        "limit_value": value.limit,
        "setting": value.setting,
    }


def entitlement_columns(entitlement: Entitlement, account_id: AccountId, entitlement_id: UUID) -> dict[str, Any]:
    """A row of `entitlements`; the segments of one feature share an id."""
    return {
        "account_id": account_id,
        "id": entitlement_id,
        "feature_id": entitlement.feature.id,
        "feature_code": entitlement.feature.code,
        **value_columns(entitlement.feature.kind, entitlement.value),
        "source": entitlement.source.value,
        "subscription_id": entitlement.subscription_id,
        "override_id": entitlement.override_id,
        "meter_id": entitlement.feature.meter_id,
        "window_start": entitlement.window_start,
        "window_end": entitlement.window_end,
        "valid_from": entitlement.valid_from,
        "valid_until": entitlement.valid_until,
    }


def invoice_columns(invoice: Invoice, of: Account, paid_minor: int = 0) -> dict[str, Any]:
    """A row of `invoices` without its number, which is given last."""
    return {
        "account_id": of.id,
        "id": invoice.id,
        "legal_entity_id": of.legal_entity_id,
        "subscription_id": invoice.subscription_id,
        "reason": invoice.reason.value,
        "status": invoice.status.value,
        "currency": invoice.currency,
        "customer_name": of.name,
        "customer_address": of.address,
        "customer_tax_id": of.tax_id,
        "customer_country": of.country,
        "payer_account_id": of.payer_id,
        "replaces_invoice_id": invoice.replaces_invoice_id,
        "subtotal_minor": invoice.subtotal.minor,
        "discount_minor": invoice.discount.minor,
        "tax_minor": invoice.tax.minor,
        "total_minor": invoice.total.minor,
        "credited_minor": 0,
        "applied_minor": 0,
        "paid_minor": paid_minor,
        "returned_minor": 0,
        "period_start": invoice.period.start if invoice.period else None,
        "period_end": invoice.period.end if invoice.period else None,
        "issued_on": invoice.issued_on,
        "due_on": invoice.due_on,
        "drafted_at": invoice.drafted_at or invoice.finalised_at,
        "finalise_at": invoice.finalise_at,
        "finalised_at": invoice.finalised_at,
        "paid_at": invoice.finalised_at if invoice.status is InvoiceStatus.PAID else None,
    }


def line_columns(invoice: Invoice, account_id: AccountId) -> list[Mapping[str, Any]]:
    """The rows of `invoice_lines`, positions from 1."""
    return [
        {
            "account_id": account_id,
            "id": line.id,
            "invoice_id": invoice.id,
            "position": position,
            "subscription_id": line.subscription_id,
            "item_id": line.item_id,
            "plan_version_id": line.plan_version_id,
            "price_id": line.price_id,
            "kind": line.kind.value,
            "cause": line.cause,
            "description": line.description,
            "quantity": measure(line.quantity),
            "unit_minor": measure(line.unit_minor),
            "amount_minor": line.amount.minor,
            "tax_minor": line.tax_minor,
            "tax_inclusive": line.tax_inclusive,
            "tax_rate_id": line.tax_rate_id,
            "discount_id": line.discount_id,
            "discounted_line_id": line.discounted_line_id,
            "currency": line.amount.currency,
            "service_start": line.service.start,
            "service_end": line.service.end,
            "rule": line.explanation.rule,
            "sentence": line.explanation.sentence,
            "basis_minor": exact(line.explanation.basis_minor),
            "part_s": line.explanation.part_s,
            "whole_s": line.explanation.whole_s,
            "split_minor": line.explanation.split_minor,
            "credited_line_id": line.explanation.credited_line_id,
            "terms": terms_text(line.explanation.terms),
        }
        for position, line in enumerate(invoice.lines, start=1)
    ]


def tax_columns(invoice: Invoice, account_id: AccountId, ids: Sequence[UUID]) -> list[Mapping[str, Any]]:
    """The rows of `invoice_taxes` with these ids, positions from 1."""
    return [
        {
            "account_id": account_id,
            "id": tax_id,
            "invoice_id": invoice.id,
            "position": position,
            "tax_rate_id": tax.tax_rate_id,
            "treatment": tax.treatment.value,
            "label": tax.name,
            "percent": exact(tax.percent),
            "is_inclusive": tax.is_inclusive,
            "base_minor": tax.base.minor,
            "tax_minor": tax.tax.minor,
            "currency": tax.base.currency,
            "sentence": tax.sentence,
        }
        for position, (tax, tax_id) in enumerate(zip(invoice.taxes, ids, strict=True), start=1)
    ]
