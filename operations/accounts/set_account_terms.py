"""Set what was agreed with an account: the terms take the place of those in force, whole.

Owns the order: the old agreement and its discounts end, the new ones begin. Does not own what an agreement may say
(domain/account_terms.py) nor the discounts themselves (agree_discount.py).
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db import audit
from db.queries.account_terms import agreement_of, plan_names
from db.queries.debits import debits_since
from db.queries.subscriptions import live_subscriptions
from db.save.account_terms import agreement_ended, new_agreement
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.account_terms import agreed, terms_state
from domain.commands.account_terms import SetAccountTerms
from domain.ids import PREFIXES, AccountTermsId, public_id
from domain.invoicing.charged import charged_in
from domain.money import Money
from domain.money_events import money_event
from domain.rights import is_finance
from domain.subscription import BillingSubscription
from operations.accounts.agree_discount import agree_discount
from operations.accounts.end_agreed_discounts import end_agreed_discounts
from operations.asking import KeyReused, asked
from operations.remembering import remember

MUTATION = "accountTermsSet"


@dataclass(frozen=True, slots=True)
class AccountTermsSet:
    """The agreement in force. `is_replay`: this very request had set it before."""

    terms_id: AccountTermsId
    is_replay: bool


async def set_account_terms(unit: UnitOfWork, command: SetAccountTerms) -> AccountTermsSet | KeyReused:
    """Agree on these terms from now on.

    Raises InvalidInput naming the field (`agreed` says which), NotFound, Forbidden for all but finance.
    """
    request = await asked(
        unit, command.account_id, command.account_id, is_finance, MUTATION, command.idempotency_key, _payload(command)
    )
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return AccountTermsSet(AccountTermsId(UUID(request.done["terms"])), is_replay=True)
    account, now = request.account, request.now
    live = await live_subscriptions(unit.session, unit.scope, account)
    before = await agreement_of(unit.session, unit.scope, account.id)
    terms = agreed(
        command,
        AccountTermsId(unit.ids.new()),
        now,
        currency=account.currency,
        plans=await plan_names(unit.session, command.allowed_plan_ids) if command.allowed_plan_ids else {},
        charged=await _charged(unit, account, live),
    )
    covered = await end_agreed_discounts(unit, account, live, now)
    if before is not None:
        await agreement_ended(unit, account.id, before.id, now)
    await new_agreement(unit, account, terms)
    for subscription in live:
        await agree_discount(unit, account, terms, subscription, now, is_covered=subscription.id in covered)
    after = terms_state(terms)
    unit.emit(account.id, money_event("account_terms.set", "AccountTerms", terms.id, now, **after))
    await unit.audit(
        audit.Entry(
            account.id,
            "account_terms.set",
            "AccountTerms",
            terms.id,
            now,
            before=terms_state(before) if before is not None else None,
            after=after,
            reason=terms.reason,
        )
    )
    await remember(unit, request, {"terms": terms.id.hex})
    return AccountTermsSet(terms.id, is_replay=False)


async def _charged(unit: UnitOfWork, account: Account, live: list[BillingSubscription]) -> Money:
    """What the running billing periods of all live subscriptions have come to, before tax."""
    since = {(account.id, each.id): each.period.start for each in live}
    debits = await debits_since(unit.session, unit.scope, since)
    of_each = (charged_in(each.period, debits.get(each.id, ()), account.currency) for each in live)
    return Money.total(of_each, account.currency)


def _payload(command: SetAccountTerms) -> dict[str, Any]:
    cap, allowed = command.spend_cap, command.allowed_plan_ids
    until, lock_at, lock_until = command.no_downgrade_until, command.prices_locked_at, command.prices_locked_until
    return {
        "account": command.account_id.hex,
        "reason": command.reason,
        "noticeDays": command.notice_days,
        "noDowngradeUntil": until.isoformat() if until else None,
        "pricesLockedAt": lock_at.isoformat() if lock_at else None,
        "pricesLockedUntil": lock_until.isoformat() if lock_until else None,
        "allowedPlans": None if allowed is None else [public_id(PREFIXES["Plan"], each) for each in allowed],
        "discountPercent": None if command.discount_percent is None else str(command.discount_percent.normalize()),
        "spendCapMinor": cap.minor if cap else None,
        "currency": cap.currency if cap else None,
    }
