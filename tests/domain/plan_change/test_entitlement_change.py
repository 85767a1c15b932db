"""The entitlement diff: gained, lost, before and after, and whether what is in use fits."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings

from domain.catalog import PlanFeature, PlanVersion
from domain.entitlement import NOTHING, FeatureValue
from domain.plan_change.entitlement_change import EntitlementChange, entitlement_changes
from domain.plan_change.facts import PlanChangeFacts
from tests.domain.plan_change.requests import requests
from tests.domain.strategies import LAW
from tests.make import (
    CONTACTS,
    FREE,
    PRO,
    REPORTS,
    SCALE,
    SSO,
    STARTER,
    SUPPORT,
    a_subscription,
    a_version,
    an_override,
    april,
    facts,
)


def diff(asked: PlanChangeFacts) -> dict[str, EntitlementChange]:
    return {change.feature.code: change for change in entitlement_changes(asked)}


def test_a_downgrade_shows_what_is_lost_and_what_shrinks() -> None:
    changes = diff(facts(a_subscription(PRO, seats=3), STARTER, usage={"contacts": 1_200, "emails": 9_000}))
    assert list(changes) == ["contacts", "emails", "reports", "support"]  # seats stay three
    assert (changes["contacts"].before.limit, changes["contacts"].after.limit) == (10_000, 1_000)
    assert (changes["contacts"].used, changes["contacts"].excess) == (Decimal(1_200), Decimal(200))
    assert not changes["contacts"].fits
    assert changes["emails"].used == Decimal(9_000)
    assert changes["emails"].fits  # spent, not stored
    assert changes["reports"].is_lost
    assert (changes["support"].before.setting, changes["support"].after.setting) == ("chat", "mail")


def test_an_upgrade_shows_what_is_gained() -> None:
    changes = diff(facts(a_subscription(PRO), SCALE, seats=4))
    assert [code for code, change in changes.items() if change.is_gained] == ["sso"]
    assert (changes["seats"].before.limit, changes["seats"].after.limit) == (1, 4)
    assert changes["contacts"].after == FeatureValue(limit=None)  # as many as one likes
    assert all(change.fits for change in changes.values())


def test_a_plan_that_never_heard_of_a_feature_and_one_that_says_no_are_the_same() -> None:
    silent = a_version("silent", 1)
    saying_no = a_version("saying_no", 1, features=[PlanFeature(SSO, is_enabled=False), PlanFeature(REPORTS, False)])
    assert diff(facts(a_subscription(silent), saying_no)) == {}
    assert diff(facts(a_subscription(saying_no), silent)) == {}


def test_a_plan_without_any_feature_takes_them_all_away() -> None:
    changes = diff(facts(a_subscription(PRO), a_version("bare", 1), usage={"contacts": 5}))
    assert all(change.is_lost and change.after == NOTHING for change in changes.values())
    assert changes["contacts"].excess == 5


def test_a_plan_without_components_can_be_left() -> None:
    bare = replace(a_version("bare", 0), components=(), prices=())
    assert diff(facts(a_subscription(bare), PRO))["reports"].is_gained


def test_a_feature_in_use_that_the_old_plan_did_not_limit_is_measured_against_the_new_one() -> None:
    # contacts came by an override that ends; what is stored counts all the same
    asked = facts(
        a_subscription(a_version("bare", 1)), FREE, usage={"contacts": 101},
        overrides=[an_override(CONTACTS, FeatureValue(limit=500), ends_at=april(2))],
    )  # fmt: skip
    assert diff(asked)["contacts"].before == NOTHING
    assert diff(asked)["contacts"].excess == 1


def test_what_another_subscription_gives_is_not_lost() -> None:
    asked = facts(a_subscription(PRO), STARTER, others=[a_subscription(PRO, name="other")])
    assert "reports" not in diff(asked)
    assert (diff(asked)["contacts"].before.limit, diff(asked)["contacts"].after.limit) == (20_000, 11_000)


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_plans_of_one_rank_the_same_setting_wins_whatever_the_order(order: int) -> None:
    twin = a_version("twin", 2, features=[PlanFeature(SUPPORT, setting="pager")])
    younger = replace(a_subscription(twin, name="younger"), started_at=april(2))
    asked = facts(a_subscription(PRO), STARTER, others=[younger, a_subscription(FREE, name="third")][::order])
    assert "support" not in diff(asked)  # the younger of the two had the say before as well
    asked = facts(younger, STARTER, others=[a_subscription(PRO)])
    assert (diff(asked)["support"].before.setting, diff(asked)["support"].after.setting) == ("pager", "chat")


def test_an_override_hides_what_the_plan_would_change() -> None:
    fixed = an_override(CONTACTS, FeatureValue(limit=7))
    assert "contacts" not in diff(facts(a_subscription(PRO), STARTER, overrides=[fixed]))
    ended = an_override(CONTACTS, FeatureValue(limit=7), ends_at=april(16))  # half-open: over at that instant
    assert diff(facts(a_subscription(PRO), STARTER, overrides=[ended]))["contacts"].before.limit == 10_000
    to_come = an_override(CONTACTS, FeatureValue(limit=7), starts_at=april(17))
    assert diff(facts(a_subscription(PRO), STARTER, overrides=[to_come]))["contacts"].before.limit == 10_000


def test_a_paused_subscription_gives_nothing_before_or_after() -> None:
    from domain.subscription import SubscriptionStatus

    assert diff(facts(a_subscription(PRO, status=SubscriptionStatus.PAUSED), SCALE)) == {}


@settings(LAW, max_examples=30)
@given(asked=requests())
def test_l32_usage_above_a_limit_says_by_how_much(asked: PlanChangeFacts) -> None:
    for change in entitlement_changes(asked):
        assert change.before != change.after
        assert not (change.is_gained and change.is_lost)
        assert change.fits == (change.excess == 0)
        assert change.excess >= 0
        if change.excess:
            assert change.used == (change.after.limit or 0) + change.excess
        elif change.after.is_enabled and change.after.limit is not None and change.used is not None:
            assert change.used <= change.after.limit
        for value in (change.before, change.after):
            assert value.limit is None or value.limit >= 0


@pytest.mark.parametrize(
    ("says", "target", "used", "excess"),
    [
        ("unlimited", SCALE, 10**12, 0),
        ("just within", STARTER, 1_000, 0),
        ("one above", STARTER, 1_001, 1),
        ("nothing measured yet", STARTER, None, 0),
    ],
)
def test_by_how_much_it_does_not_fit(says: str, target: PlanVersion, used: int | None, excess: int) -> None:
    usage = None if used is None else {"contacts": used}
    assert diff(facts(a_subscription(PRO), target, usage=usage))["contacts"].excess == Decimal(excess), says
