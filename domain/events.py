"""What happened, in the past tense: the events of the outbox, with all the data a reader needs to follow along.

Owns their names and shapes. Does not own their numbering and delivery (db/outbox.py). Data holds integers, texts and
lists only; money is minor units beside its currency; instants are ISO 8601.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.account import Account
from domain.entitlement import EntitlementOverride
from domain.ids import PREFIXES, PlanChangeId, SubscriptionId, public_id
from domain.plan_change.verdict import PlanChangeStatus
from domain.subscription import BillingSubscription, SubscriptionItem


@dataclass(frozen=True, slots=True)
class BillingEvent:
    """One thing that happened to one aggregate, at the account's own time."""

    type: str
    aggregate_type: str
    aggregate_id: UUID
    occurred_at: datetime
    data: Mapping[str, Any]


def subscription_event(type_: str, subscription: BillingSubscription, at: datetime, **more: Any) -> BillingEvent:
    """A subscription's whole state after something happened to it: started, renewed, plan changed; and `more` of it.

    Its items are named where some begin or end (`items_said`); else they are what they were.
    """
    return BillingEvent(type_, "BillingSubscription", subscription.id, at, subscription_state(subscription) | more)


def items_said(items: Iterable[SubscriptionItem], since: datetime) -> dict[str, Any]:
    """The items in force from an instant on, for an event that opens or closes some: who is not named ended there."""
    return {
        "itemsSince": since.isoformat(),
        "items": [
            {
                "item": public_id(PREFIXES["SubscriptionItem"], item.id),
                "component": item.component,
                "price": public_id(PREFIXES["Price"], item.price_id),
                "quantity": item.quantity,
                "from": item.valid_from.isoformat(),
            }
            for item in items
        ],
    }


def subscription_state(subscription: BillingSubscription) -> dict[str, Any]:
    """The state a fold of events rebuilds, and what the audit shows before and after. What is None is left out."""
    term = subscription.commitment
    ahead = {
        "trialEndAt": subscription.trial_end_at,
        "commitmentEndAt": term.end_at if term else None,
        "cancelAt": subscription.cancel_at,
        "pausedAt": subscription.paused_at,
        "resumesAt": subscription.resumes_at,
        "endedAt": subscription.ended_at,
    }
    return {
        "plan": subscription.version.plan.code,
        "planVersion": subscription.version.number,
        "status": subscription.status.value,
        "interval": subscription.interval.value,
        "anchorOn": subscription.anchor.on.isoformat(),
        "periodStart": subscription.period.start.isoformat(),
        "periodEnd": subscription.period.end.isoformat(),
        "quantities": dict(sorted(subscription.quantities.items())),
        **{name: instant.isoformat() for name, instant in ahead.items() if instant is not None},
    }


def account_opened(account: Account, at: datetime) -> BillingEvent:
    """A customer began. Names and addresses stay out of events."""
    data = {"currency": account.currency, "segment": account.segment.value, "zone": account.zone}
    return BillingEvent("account.opened", "Account", account.id, at, data)


def account_updated(account: Account, changed: Sequence[str], at: datetime) -> BillingEvent:
    """What a customer says of itself is another: which fields, and those of them that are not personal."""
    data = {
        "changed": list(changed),
        "zone": account.zone,
        "country": account.country,
        "region": account.region,
        "exemption": account.exemption.value,
    }
    return BillingEvent("account.updated", "Account", account.id, at, data)


def entitlement_overridden(override: EntitlementOverride, at: datetime) -> BillingEvent:
    """A value was set by hand."""
    return BillingEvent("entitlement.overridden", "EntitlementOverride", override.id, at, override_state(override))


def override_state(override: EntitlementOverride) -> dict[str, Any]:
    """What the event and the audit entry say of an override."""
    return {
        "feature": override.feature.code,
        "isEnabled": override.value.is_enabled,
        "limit": override.value.limit,
        "setting": override.value.setting,
        "priority": override.priority,
        "startsAt": override.starts_at.isoformat(),
        "endsAt": override.ends_at.isoformat() if override.ends_at else None,
    }


def plan_change_event(
    status: PlanChangeStatus,
    change_id: PlanChangeId,
    subscription_id: SubscriptionId,
    at: datetime,
    data: Mapping[str, Any],
) -> BillingEvent:
    """A plan change was scheduled, applied, cancelled, or refused on its day."""
    return BillingEvent(
        f"plan_change.{status.value.lower()}",
        "PlanChange",
        change_id,
        at,
        {"subscription": public_id(PREFIXES["BillingSubscription"], subscription_id), **data},
    )


def plan_change_moved(
    change_id: PlanChangeId, subscription_id: SubscriptionId, at: datetime, effective_at: datetime
) -> BillingEvent:
    """A plan change that waits for its day has another one, because its boundary has."""
    data = {
        "subscription": public_id(PREFIXES["BillingSubscription"], subscription_id),
        "effectiveAt": effective_at.isoformat(),
    }
    return BillingEvent("plan_change.moved", "PlanChange", change_id, at, data)
