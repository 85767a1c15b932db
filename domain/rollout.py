"""How far an edition of the policy is rolled out, segment by segment.

Owns the stages. Does not own the editions themselves (plan_change/policy.py).
"""

from enum import StrEnum


class RolloutStage(StrEnum):
    """OFF: nobody. SHADOW: evaluated beside the live edition, with no effect. SHARE: live for a share of accounts."""

    OFF = "OFF"
    SHADOW = "SHADOW"
    SHARE = "SHARE"
    EVERYONE = "EVERYONE"
