"""What is asked about editions of the policy."""

from dataclasses import dataclass

from domain.catalog import Segment
from domain.ids import AccountId
from domain.rollout import RolloutStage


@dataclass(frozen=True, slots=True)
class SetPolicyRollout:
    """Roll an edition out in a segment, so far; `share_percent` belongs to a SHARE and to nothing else."""

    version: str
    segment: Segment
    stage: RolloutStage
    share_percent: int | None
    reason: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class SetPolicyOverride:
    """Let this edition decide for one account, whatever is rolled out."""

    account_id: AccountId
    version: str
    reason: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class EndPolicyOverride:
    """Let the rollouts say again which edition decides for an account."""

    account_id: AccountId
    reason: str
    idempotency_key: str
