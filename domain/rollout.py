"""How far an edition of the policy is rolled out, segment by segment, and which one decides for an account.

Owns the stages and the cohorts. Does not own the editions themselves (plan_change/editions.py): here they are ids.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.ids import AccountId


class RolloutStage(StrEnum):
    """OFF: nobody. SHADOW: evaluated beside the live edition, with no effect. SHARE: live for a share of accounts."""

    OFF = "OFF"
    SHADOW = "SHADOW"
    SHARE = "SHARE"
    EVERYONE = "EVERYONE"


@dataclass(frozen=True, slots=True)
class Rollout:
    """How far one edition is rolled out in one segment; `share_percent` (1 to 99) where it is a share."""

    stage: RolloutStage
    share_percent: int | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """The edition that decides for an account, and those asked beside it, by id."""

    live: str
    shadows: tuple[str, ...] = ()


def cohort_of(account_id: AccountId, edition_id: str) -> int:
    """The cohort of an account for an edition, 0 to 99: a share of n percent is the cohorts below n.

    It hangs on the account and the edition alone, so a share that grows keeps whom it had, and two editions draw
    different accounts.
    """
    digest = hashlib.sha256(edition_id.encode() + account_id.bytes).digest()
    return int.from_bytes(digest[:8]) % 100


def is_live_for(account_id: AccountId, edition_id: str, rollout: Rollout) -> bool:
    """Whether this rollout lets the edition decide for the account."""
    if rollout.stage is RolloutStage.SHARE:
        return cohort_of(account_id, edition_id) < (rollout.share_percent or 0)
    return rollout.stage is RolloutStage.EVERYONE


def assigned(
    account_id: AccountId,
    base: str,
    candidates: Sequence[str],
    rollouts: Mapping[str, Rollout],
    override: str | None = None,
) -> Assigned:
    """Which edition decides for an account and which are only asked: the newest that is live for it, else `base`.

    `candidates` are the editions newer than `base`, oldest first; `rollouts` those of the account's segment, by
    edition; one that is not there is OFF. `override` names the edition for this account, whatever the rollouts say.
    What names no edition of ours (any more) counts as not said.
    """
    live = override if override in (base, *candidates) else None
    if live is None:
        reached = (each for each in reversed(candidates) if each in rollouts)
        live = next((each for each in reached if is_live_for(account_id, each, rollouts[each])), base)
    shadows = tuple(
        each for each in candidates if each != live and each in rollouts and rollouts[each].stage is RolloutStage.SHADOW
    )
    return Assigned(live, shadows)
