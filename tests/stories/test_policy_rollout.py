"""An edition of the policy goes from the shadow to a share of a segment, and back, through the public API.

The live edition lets a subscription go down soon after it went up; 2026-12.1 asks first (PC-40).
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from domain.actor import StaffRole
from domain.ids import AccountId
from domain.plan_change.editions import BASE
from domain.rollout import cohort_of
from tests.stories.hub import Hub
from tests.stories.telling import PREVIEW, Customer

NEXT = "2026-12.1"
EDITIONS = "{ policyEditions { version isBase adds leavesOut stages { segment stage sharePercent reason } } }"
DISAGREEMENTS = """query(
  $version: String!, $first: Int!, $after: Cursor, $filter: PolicyDisagreementFilter, $since: DateTime
) {
  policyDisagreements(version: $version, first: $first, after: $after, filter: $filter) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { account { id } liveVersion candidateVersion segment liveVerdict candidateVerdict
      decision { verdict policyVersion reasons { code } }
      difference { kind onlyLive onlyCandidate liveEffectiveAt candidateEffectiveAt } }
  }
  policyShadowCounts(version: $version, since: $since) { evaluated differing byKind { kind count } } }"""
FORTY, THREE = 40, 3


@pytest.fixture
async def finance(client: httpx.AsyncClient) -> Hub:
    return Hub.of_staff(client, StaffRole.FINANCE)


async def rolled_out(who: Customer, stage: str, share: int | None = None, segment: str = "SMB") -> None:
    given: dict[str, Any] = {"version": NEXT, "segment": segment, "stage": stage, "reason": "A trial of the rule"}
    given |= {} if share is None else {"sharePercent": share}
    done = await who.do(
        who.finance,
        "policyRolloutSet",
        "rollout { stage sharePercent policyVersion segment }",
        **given,
    )
    assert done["rollout"] == {"stage": stage, "sharePercent": share, "policyVersion": NEXT, "segment": segment}


async def moved_up(who: Customer) -> str:
    """The customer's subscription, moved up today; it could go down again."""
    await who.card()
    subscription = await who.start("sales-starter", seats=2)
    await who.change(subscription, "sales-professional")
    return subscription


async def asked(who: Customer, subscription: str, plan: str) -> tuple[str, list[str]]:
    """The verdict on a change, and the codes of its reasons."""
    given = {"subscriptionId": subscription, "planId": await who.plan(plan)}
    decision = (await who.owner.ask(PREVIEW, input=given))["planChangePreview"]["decision"]
    return decision["verdict"], [each["code"] for each in decision["reasons"]]


def is_in(who: Customer, share: int) -> bool:
    return cohort_of(AccountId(UUID(who.id.removeprefix("acct_"))), NEXT) < share


async def one_of(client: httpx.AsyncClient, name: str, *, drawn: bool, segment: str = "SMB") -> Customer:
    """An account that the share of ten percent reaches, or one that it does not."""
    for number in range(400):
        who = await Customer.opened(client, f"{name}-{number}", "2026-06-10T08:00:00Z", segment=segment)
        if is_in(who, 10) is drawn:
            return who
    raise AssertionError("no such account among four hundred")


async def test_an_edition_goes_from_the_shadow_to_a_tenth_and_back(client: httpx.AsyncClient, finance: Hub) -> None:
    who = await Customer.opened(client, "shadowed", "2026-06-10T08:00:00Z")
    # the demo's own requests were asked of the shadow long before
    since = datetime.now(UTC).isoformat()
    await rolled_out(who, "SHADOW")
    # 35 times the way up is only looked at, then it is taken (looked at and applied), and three times the way down
    await who.card()
    subscription = await who.start("sales-starter", seats=2)
    for _ in range(FORTY - 2 - THREE):
        assert await asked(who, subscription, "sales-professional") == ("ALLOW", ["T-07"])
    await who.change(subscription, "sales-professional")
    live = [await asked(who, subscription, "sales-starter") for _ in range(THREE)]
    assert live == [live[0]] * THREE
    assert "PC-40" not in live[0][1], "the shadow changes no answer"

    ours = {"version": NEXT, "first": 2, "since": since, "filter": {"since": since}}
    page = await finance.ask(DISAGREEMENTS, **ours)
    assert page["policyShadowCounts"] == {
        "evaluated": FORTY,
        "differing": THREE,
        "byKind": [{"kind": "STRICTER" if live[0][0] == "ALLOW" else "REASONS", "count": THREE}],
    }
    listed = page["policyDisagreements"]
    assert (listed["totalCount"], len(listed["nodes"]), listed["pageInfo"]["hasNextPage"]) == (THREE, 2, True)
    first = listed["nodes"][0]
    assert (first["account"]["id"], first["segment"]) == (who.id, "SMB")
    assert (first["liveVersion"], first["candidateVersion"]) == (BASE.id, NEXT)
    assert (first["liveVerdict"], first["candidateVerdict"]) == (live[0][0], "ASK_CONFIRMATION")
    assert first["decision"]["policyVersion"] == BASE.id
    assert [each["code"] for each in first["decision"]["reasons"]] == live[0][1]
    assert (first["difference"]["onlyLive"], first["difference"]["onlyCandidate"]) == ([], ["PC-40"])
    rest = await finance.ask(DISAGREEMENTS, **ours, after=listed["pageInfo"]["endCursor"])
    assert len(rest["policyDisagreements"]["nodes"]) == 1
    for narrowed in ({"segment": "ENTERPRISE"}, {"since": "2999-01-01T00:00:00Z"}):
        none = await finance.ask(DISAGREEMENTS, version=NEXT, first=2, filter=narrowed)
        assert none["policyDisagreements"]["totalCount"] == 0

    # to a tenth of SMB: the cohort gets the rule and nobody else, least of all an enterprise of the same cohort
    drawn = await one_of(client, "drawn", drawn=True)
    others = [
        await one_of(client, "not-drawn", drawn=False),
        await one_of(client, "enterprise", drawn=True, segment="ENTERPRISE"),
    ]
    subscriptions = {each.id: await moved_up(each) for each in (drawn, *others)}
    await rolled_out(who, "SHARE", 10)
    assert "PC-40" in (await asked(drawn, subscriptions[drawn.id], "sales-starter"))[1]
    for each in others:
        assert "PC-40" not in (await asked(each, subscriptions[each.id], "sales-starter"))[1]
    # one account by hand, whatever its cohort
    await who.do(who.finance, "policyOverrideSet", accountId=others[0].id, version=NEXT, reason="They want it")
    assert "PC-40" in (await asked(others[0], subscriptions[others[0].id], "sales-starter"))[1]
    await who.do(who.finance, "policyOverrideEnd", accountId=others[0].id, reason="Enough")
    assert "PC-40" not in (await asked(others[0], subscriptions[others[0].id], "sales-starter"))[1]
    (base, next_) = (await finance.ask(EDITIONS))["policyEditions"]
    assert (base["version"], base["isBase"], base["adds"]) == (BASE.id, True, [])
    assert [(each["segment"], each["stage"], each["sharePercent"]) for each in next_["stages"]] == [
        ("SMB", "SHARE", 10),
        ("ENTERPRISE", "OFF", None),
    ]
    assert (next_["adds"], next_["leavesOut"]) == (["PC-40"], [])

    # a quote that the newer edition made is taken under the older one where both promise the same
    await rolled_out(who, "OFF")
    assert "PC-40" not in (await asked(drawn, subscriptions[drawn.id], "sales-starter"))[1]


async def test_what_cannot_be_rolled_out_is_refused_by_field(client: httpx.AsyncClient) -> None:
    who = await Customer.opened(client, "odd-rollouts", "2026-06-10T08:00:00Z")
    ways: list[tuple[dict[str, Any], str]] = [
        ({"version": BASE.id, "stage": "OFF"}, "version"),
        ({"version": "1999-01.1", "stage": "EVERYONE"}, "version"),
        ({"version": NEXT, "stage": "SHARE"}, "sharePercent"),
        ({"version": NEXT, "stage": "SHARE", "sharePercent": 100}, "sharePercent"),
        ({"version": NEXT, "stage": "SHADOW", "sharePercent": 10}, "sharePercent"),
        ({"version": NEXT, "stage": "OFF", "reason": " "}, "reason"),
    ]
    for given, field in ways:
        asked_for: dict[str, Any] = {"segment": "SMB", "reason": "Why not", **given}
        done = await who.attempt(who.finance, "policyRolloutSet", **asked_for)
        assert [(each["code"], each["path"]) for each in done["userErrors"]] == [("INVALID_INPUT", ["input", field])]
    done = await who.attempt(who.finance, "policyOverrideSet", accountId=who.id, version="1999-01.1", reason="Old")
    assert done["userErrors"][0]["path"] == ["input", "version"]
    done = await who.attempt(who.finance, "policyOverrideEnd", accountId=who.id, reason="There is none")
    assert done["userErrors"][0]["code"] == "ALREADY_ENDED"


async def test_only_finance_rolls_out_and_only_staff_reads(client: httpx.AsyncClient) -> None:
    who = await Customer.opened(client, "no-staff", "2026-06-10T08:00:00Z")
    given: dict[str, Any] = {"version": NEXT, "segment": "SMB", "stage": "EVERYONE", "reason": "For me"}
    done = await who.attempt(who.owner, "policyRolloutSet", **given)
    assert [each["code"] for each in done["userErrors"]] == ["FORBIDDEN"]
    seen = await who.owner.ask(DISAGREEMENTS, version=NEXT, first=1)
    assert seen == {"policyDisagreements": None, "policyShadowCounts": None}
    assert (await who.owner.ask(EDITIONS))["policyEditions"] is None
    await who.do(who.finance, "policyOverrideSet", accountId=who.id, version=NEXT, reason="To see who sees it")
    assert (await who.look("policyOverride { policyVersion }"))["policyOverride"] is None
    support = Hub.of_staff(client, StaffRole.SUPPORT)
    query = "query($id: ID!) { account(by: { id: $id }) { policyOverride { policyVersion reason } } }"
    found = await support.ask(query, id=who.id)
    assert found["account"]["policyOverride"] == {"policyVersion": NEXT, "reason": "To see who sees it"}
