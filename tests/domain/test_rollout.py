"""Which edition decides for an account: laws over any rollouts, and the cohorts worked out once."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.ids import AccountId
from domain.rollout import Rollout, RolloutStage, assigned, cohort_of, is_live_for
from tests.domain.strategies import LAW

BASE, NEXT, LATER = "2026-01.1", "2026-02.1", "2026-03.1"
CANDIDATES = (NEXT, LATER)
ACCOUNTS = [AccountId(UUID(int=number * 7919)) for number in range(4_000)]

account_ids = st.uuids().map(AccountId)
rollouts = st.one_of(
    st.sampled_from([Rollout(stage) for stage in RolloutStage if stage is not RolloutStage.SHARE]),
    st.integers(1, 99).map(lambda percent: Rollout(RolloutStage.SHARE, percent)),
)
told = st.dictionaries(st.sampled_from([BASE, NEXT, LATER, "of another release"]), rollouts)


@LAW
@given(account_id=account_ids, edition=st.text(max_size=12), share=st.integers(1, 98), more=st.integers(1, 98))
def test_a_share_that_grows_never_drops_an_account(account_id: AccountId, edition: str, share: int, more: int) -> None:
    smaller = Rollout(RolloutStage.SHARE, share)
    larger = Rollout(RolloutStage.SHARE, min(99, share + more))
    if is_live_for(account_id, edition, smaller):
        assert is_live_for(account_id, edition, larger)
        assert is_live_for(account_id, edition, Rollout(RolloutStage.EVERYONE))


def test_a_share_is_about_as_large_as_it_says() -> None:
    # of 4,000 accounts n % are 40 n, give or take four standard deviations: 4 × √(4000 × 0.5 × 0.5) = 126
    for edition in (NEXT, LATER):
        for percent in (1, 10, 50, 99):
            share = Rollout(RolloutStage.SHARE, percent)
            reached = sum(is_live_for(each, edition, share) for each in ACCOUNTS)
            assert abs(reached - 40 * percent) <= 126


def test_two_editions_draw_different_accounts() -> None:
    share = Rollout(RolloutStage.SHARE, 10)
    drawn = [{each for each in ACCOUNTS if is_live_for(each, edition, share)} for edition in CANDIDATES]
    # by chance a tenth of a tenth is in both: 40 of 400
    assert 10 <= len(drawn[0] & drawn[1]) <= 80


def test_a_cohort_is_the_same_in_every_release_and_process() -> None:
    # printf '2026-02.1' and 16 zero bytes through sha256sum; the first 16 hex digits modulo 100
    assert cohort_of(AccountId(UUID(int=0)), NEXT) == 24


@LAW
@given(account_id=account_ids, rollouts=told, override=st.sampled_from([None, BASE, NEXT, LATER, "of another release"]))
def test_one_edition_decides_and_it_is_one_of_ours(
    account_id: AccountId, rollouts: dict[str, Rollout], override: str | None
) -> None:
    found = assigned(account_id, BASE, CANDIDATES, rollouts, override)
    assert found.live in (BASE, NEXT, LATER)
    assert found == assigned(account_id, BASE, CANDIDATES, dict(reversed(rollouts.items())), override)
    # nobody is asked in the shadow who decides, or who was not sent there
    assert found.live not in found.shadows
    assert all(rollouts[each].stage is RolloutStage.SHADOW for each in found.shadows)
    if override in (BASE, NEXT, LATER):
        assert found.live == override


@LAW
@given(account_id=account_ids, rollouts=told)
def test_the_newest_edition_that_is_live_for_an_account_decides(
    account_id: AccountId, rollouts: dict[str, Rollout]
) -> None:
    live = assigned(account_id, BASE, CANDIDATES, rollouts).live
    newer = (BASE, *CANDIDATES)[(BASE, *CANDIDATES).index(live) + 1 :]
    assert not any(each in rollouts and is_live_for(account_id, each, rollouts[each]) for each in newer)
    assert live == BASE or is_live_for(account_id, live, rollouts[live])
    everyone = {**rollouts, LATER: Rollout(RolloutStage.EVERYONE)}
    assert assigned(account_id, BASE, CANDIDATES, everyone).live == LATER


def test_without_a_word_the_base_decides_alone() -> None:
    assert all(assigned(each, BASE, CANDIDATES, {}) == assigned(ACCOUNTS[0], BASE, (), {}) for each in ACCOUNTS[:50])


def test_off_and_shadow_decide_for_nobody() -> None:
    for stage in (RolloutStage.OFF, RolloutStage.SHADOW):
        assert {assigned(each, BASE, CANDIDATES, {NEXT: Rollout(stage)}).live for each in ACCOUNTS[:200]} == {BASE}
