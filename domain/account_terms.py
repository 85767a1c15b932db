"""What was agreed with one account beyond the catalog: notice, clauses, locked prices, a discount, a spend cap.

Owns what such an agreement may say and when each of its terms binds. Does not own what follows for a plan change
(plan_change/policy.py) nor the discount's lines (discounting.py).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.commands.account_terms import SetAccountTerms
from domain.discount import CouponTerms
from domain.errors import InvalidInput
from domain.ids import PREFIXES, AccountTermsId, PlanId, public_id
from domain.money import Money
from domain.percent import share_of
from domain.texts import one_line

MOST_NOTICE_DAYS = 730
AGREED_CODE, AGREED_LABEL = "AGREED", "Agreed discount"
LARGEST_DISCOUNT_PERCENT = Decimal(20)
"""An agreed discount above this is a deal that somebody looks at before its plan changes."""


@dataclass(frozen=True, slots=True)
class PriceLock:
    """Prices as they were on sale `at` an instant, for every plan chosen before `until`."""

    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class AllowedPlan:
    """A plan that an agreement lets its account choose."""

    id: PlanId
    name: str


@dataclass(frozen=True, slots=True)
class AccountTerms:
    """One agreement. What is None (for `notice_days`: 0) was not agreed; `allowed_plans` None: every plan."""

    id: AccountTermsId
    reason: str
    agreed_at: datetime
    notice_days: int = 0
    no_downgrade_until: datetime | None = None
    price_lock: PriceLock | None = None
    allowed_plans: tuple[AllowedPlan, ...] | None = None
    discount_percent: Decimal | None = None
    spend_cap: Money | None = None

    def prices_as_of(self, now: datetime) -> datetime | None:
        """The instant whose prices hold at `now`; None: those of today."""
        return self.price_lock.at if self.price_lock is not None and now < self.price_lock.until else None

    def locked_until(self, now: datetime) -> datetime | None:
        """Until when the prices of `now` stay; None where nothing locks them."""
        return self.price_lock.until if self.price_lock is not None and now < self.price_lock.until else None

    def allows(self, plan_id: PlanId) -> bool:
        """Whether the account may choose this plan."""
        return self.allowed_plans is None or any(each.id == plan_id for each in self.allowed_plans)

    @property
    def discount(self) -> CouponTerms | None:
        """What the agreement takes off every line of every subscription, for as long as it runs; None: nothing."""
        if self.discount_percent is None:
            return None
        return CouponTerms(AGREED_CODE, AGREED_LABEL, percent=self.discount_percent)


def agreed(
    asked: SetAccountTerms,
    terms_id: AccountTermsId,
    now: datetime,
    *,
    currency: str,
    plans: Mapping[PlanId, str],
    charged: Money,
) -> AccountTerms:
    """The agreement that is asked for, at an instant of the account's own time.

    `plans` are the names of those asked for that exist, `charged` is what the running billing periods have come to
    before tax. Raises InvalidInput naming the field: notice below 0 or above two years, a clause or a lock that is
    over, a lock of prices to come, one that ends before it begins or says only half, an unknown plan or none at all,
    a percent that is none, a cap in another currency or below `charged`, an empty reason.
    """
    if not 0 <= asked.notice_days <= MOST_NOTICE_DAYS:
        raise InvalidInput(("noticeDays",), f"Notice is 0 to {MOST_NOTICE_DAYS} days.", asked.notice_days)
    if asked.no_downgrade_until is not None and asked.no_downgrade_until <= now:
        raise InvalidInput(("noDowngradeUntil",), "This is over already.", asked.no_downgrade_until)
    if asked.discount_percent is not None:
        share_of(asked.discount_percent, ("discountPercent",))
        if asked.discount_percent == 0:
            message = "A discount takes something off; leave it out for none."
            raise InvalidInput(("discountPercent",), message, asked.discount_percent)
    return AccountTerms(
        id=terms_id,
        reason=one_line(asked.reason, "reason"),
        agreed_at=now,
        notice_days=asked.notice_days,
        no_downgrade_until=asked.no_downgrade_until,
        price_lock=_price_lock(asked, now),
        allowed_plans=_allowed(asked.allowed_plan_ids, plans),
        discount_percent=asked.discount_percent,
        spend_cap=_cap(asked.spend_cap, currency, charged),
    )


def _price_lock(asked: SetAccountTerms, now: datetime) -> PriceLock | None:
    at, until = asked.prices_locked_at, asked.prices_locked_until
    if at is None and until is None:
        return None
    if at is None:
        raise InvalidInput(("pricesLockedAt",), "Say whose prices are locked: as on sale at which instant.", None)
    if until is None:
        raise InvalidInput(("pricesLockedUntil",), "Say until when the prices are locked.", None)
    if at > now:
        raise InvalidInput(("pricesLockedAt",), "Prices to come cannot be locked.", at)
    if until <= at:
        raise InvalidInput(("pricesLockedUntil",), "A lock ends after it begins.", until)
    if until <= now:
        raise InvalidInput(("pricesLockedUntil",), "This lock is over already.", until)
    return PriceLock(at, until)


def _allowed(asked: Collection[PlanId] | None, plans: Mapping[PlanId, str]) -> tuple[AllowedPlan, ...] | None:
    if asked is None:
        return None
    if not asked:
        raise InvalidInput(("allowedPlanIds",), "Name one plan at least; leave it out for all of them.", None)
    for at, plan_id in enumerate(asked):
        if plan_id not in plans:
            message = "There is no such plan."
            raise InvalidInput(("allowedPlanIds", str(at)), message, public_id(PREFIXES["Plan"], plan_id))
    return tuple(AllowedPlan(plan_id, plans[plan_id]) for plan_id in dict.fromkeys(asked))


def _cap(cap: Money | None, currency: str, charged: Money) -> Money | None:
    if cap is None:
        return None
    if cap.currency != currency:
        raise InvalidInput(("spendCap",), f"The account is billed in {currency}.", cap.currency)
    if cap.minor < 0:
        raise InvalidInput(("spendCap",), "A cap is not below nothing.", cap)
    if cap.minor < charged.minor:
        message = f"The running period has come to {charged.spoken()} already; a cap is not below that."
        raise InvalidInput(("spendCap",), message, cap)
    return cap


def terms_state(terms: AccountTerms) -> dict[str, Any]:
    """What the event and the audit entry say of an agreement."""
    lock, cap = terms.price_lock, terms.spend_cap
    return {
        "noticeDays": terms.notice_days,
        "noDowngradeUntil": terms.no_downgrade_until.isoformat() if terms.no_downgrade_until else None,
        "pricesLockedAt": lock.at.isoformat() if lock else None,
        "pricesLockedUntil": lock.until.isoformat() if lock else None,
        "allowedPlans": None
        if terms.allowed_plans is None
        else [public_id(PREFIXES["Plan"], each.id) for each in terms.allowed_plans],
        "discountPercent": None if terms.discount_percent is None else format(terms.discount_percent, "f"),
        "spendCapMinor": cap.minor if cap else None,
        "currency": cap.currency if cap else None,
    }
