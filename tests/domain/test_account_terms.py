"""What an agreement with an account may say, and when each of its terms binds."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.account_terms import AccountTerms, AllowedPlan, PriceLock, agreed, terms_state
from domain.commands.account_terms import SetAccountTerms
from domain.errors import InvalidInput
from domain.ids import AccountId, AccountTermsId
from domain.money import Money
from tests.make import ACCOUNT, PRO, SCALE, an_id, april, usd

NOW = april(16)
ASKED = SetAccountTerms(AccountId(ACCOUNT.id), "Renewal of April", "key")


def agree(charged: str = "100.00", **given: Any) -> AccountTerms:
    plans = {plan.plan.id: plan.plan.name for plan in (PRO, SCALE)}
    command = replace(ASKED, **given)
    return agreed(command, AccountTermsId(an_id("terms")), NOW, currency="USD", plans=plans, charged=usd(charged))


def test_an_agreement_of_nothing_binds_to_nothing() -> None:
    terms = agree()
    assert terms == AccountTerms(AccountTermsId(an_id("terms")), "Renewal of April", NOW)
    assert terms.allows(PRO.plan.id)
    assert (terms.prices_as_of(NOW), terms.locked_until(NOW), terms.discount) == (None, None, None)


def test_an_agreement_says_what_was_asked_for() -> None:
    terms = agree(
        notice_days=30,
        no_downgrade_until=april(30),
        prices_locked_at=april(1),
        prices_locked_until=april(20),
        allowed_plan_ids=(SCALE.plan.id, PRO.plan.id, SCALE.plan.id),
        discount_percent=Decimal("12.5"),
        spend_cap=usd("100.00"),
    )
    assert terms.allowed_plans == (AllowedPlan(SCALE.plan.id, "Scale"), AllowedPlan(PRO.plan.id, "Pro"))
    assert terms.price_lock == PriceLock(april(1), april(20))
    assert terms_state(terms) == {
        "noticeDays": 30,
        "noDowngradeUntil": "2026-04-30T00:00:00+00:00",
        "pricesLockedAt": "2026-04-01T00:00:00+00:00",
        "pricesLockedUntil": "2026-04-20T00:00:00+00:00",
        "allowedPlans": [f"plan_{SCALE.plan.id.hex}", f"plan_{PRO.plan.id.hex}"],
        "discountPercent": "12.5",
        "spendCapMinor": 10_000,
        "currency": "USD",
    }
    assert terms.discount is not None
    assert (terms.discount.name, terms.discount.words) == ("Agreed discount", "12.5 % off")


def test_a_price_lock_holds_up_to_its_end() -> None:
    terms = agree(prices_locked_at=april(1), prices_locked_until=april(20))
    assert terms.prices_as_of(april(20) - timedelta(microseconds=1)) == april(1)
    assert terms.prices_as_of(april(20)) is None
    assert (terms.locked_until(april(19)), terms.locked_until(april(20))) == (april(20), None)


def test_only_the_plans_that_are_named_are_allowed() -> None:
    terms = agree(allowed_plan_ids=(PRO.plan.id,))
    assert terms.allows(PRO.plan.id)
    assert not terms.allows(SCALE.plan.id)


@pytest.mark.parametrize(
    ("says", "path", "given"),
    [
        ("notice below nothing", ("noticeDays",), {"notice_days": -1}),
        ("notice of more than two years", ("noticeDays",), {"notice_days": 731}),
        ("a clause that is over", ("noDowngradeUntil",), {"no_downgrade_until": NOW}),
        ("a lock without its end", ("pricesLockedUntil",), {"prices_locked_at": april(1)}),
        ("a lock without its prices", ("pricesLockedAt",), {"prices_locked_until": april(20)}),
        ("a lock that ends before it begins", ("pricesLockedUntil",),
         {"prices_locked_at": april(10), "prices_locked_until": april(9)}),
        ("a lock that is over", ("pricesLockedUntil",), {"prices_locked_at": april(1), "prices_locked_until": NOW}),
        ("prices to come", ("pricesLockedAt",), {"prices_locked_at": april(17), "prices_locked_until": april(20)}),
        ("no plan at all", ("allowedPlanIds",), {"allowed_plan_ids": ()}),
        ("an unknown plan", ("allowedPlanIds", "1"), {"allowed_plan_ids": (PRO.plan.id, an_id("plan none"))}),
        ("more than everything off", ("discountPercent",), {"discount_percent": Decimal("100.1")}),
        ("nothing off", ("discountPercent",), {"discount_percent": Decimal(0)}),
        ("a percent of five decimals", ("discountPercent",), {"discount_percent": Decimal("0.00001")}),
        ("a cap below what was charged", ("spendCap",), {"spend_cap": usd("99.99")}),
        ("a cap in another currency", ("spendCap",), {"spend_cap": Money(20_000, "EUR")}),
        ("no reason", ("reason",), {"reason": " "}),
    ],
)  # fmt: skip
def test_what_cannot_be_agreed_names_its_field(says: str, path: tuple[str, ...], given: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        agree(**given)
    assert caught.value.path == path


def test_a_cap_below_nothing_is_refused_where_a_period_gave_back_more_than_it_charged() -> None:
    with pytest.raises(InvalidInput) as caught:
        agree(charged="-10.00", spend_cap=usd("-1.00"))
    assert caught.value.path == ("spendCap",)
