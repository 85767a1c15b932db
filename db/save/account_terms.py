"""Agreements with accounts: a row each, the live one without an end."""

from datetime import datetime

from db.tables import account_terms
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.account_terms import AccountTerms
from domain.ids import AccountId, AccountTermsId


async def new_agreement(unit: UnitOfWork, account: Account, terms: AccountTerms) -> None:
    """An agreement in force; the one before has been ended."""
    lock, cap, allowed = terms.price_lock, terms.spend_cap, terms.allowed_plans
    unit.insert(
        account_terms,
        {
            "account_id": account.id,
            "id": terms.id,
            "notice_days": terms.notice_days,
            "no_downgrade_until": terms.no_downgrade_until,
            "prices_locked_at": lock.at if lock else None,
            "prices_locked_until": lock.until if lock else None,
            "allowed_plan_ids": None if allowed is None else [str(each.id) for each in allowed],
            "discount_percent": terms.discount_percent,
            "spend_cap_minor": cap.minor if cap else None,
            "currency": account.currency,
            "reason": terms.reason,
            "created_at": terms.agreed_at,
            "ended_at": None,
        },
    )


async def agreement_ended(unit: UnitOfWork, account_id: AccountId, terms_id: AccountTermsId, at: datetime) -> None:
    """An agreement that another one takes the place of."""
    unit.update(account_terms, {"account_id": account_id, "id": terms_id}, {"ended_at": at})
