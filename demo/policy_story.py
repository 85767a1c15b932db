"""How a newer edition of the policy came to be tried: in the shadow, in the small market, since early June.

Owns which and since when. Does not own what editions say (domain/plan_change/editions.py) nor who asked for what.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from demo.corrections import FINANCE
from demo.customer import StoryError, UnitMaker
from demo.identity import SeededIds
from demo.timeline import Due
from domain.catalog import Segment
from domain.commands.policy import SetPolicyRollout
from domain.rollout import RolloutStage
from operations.asking_catalog import CatalogDeed
from operations.policy.set_policy_rollout import set_policy_rollout

TRIED = SetPolicyRollout(
    version="2026-12.1",
    segment=Segment.SMB,
    stage=RolloutStage.SHADOW,
    share_percent=None,
    reason="To see whom a confirmation before going down again would meet",
    idempotency_key="policy-2026-12.1-shadow",
)
TRIED_SINCE = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
"""After what the personas with a longer past asked for: none of it was asked of the candidate too."""


def policy_story(unit_of: UnitMaker) -> Iterator[Due]:
    """Everything that was done to the policy, each at its instant."""
    yield Due(TRIED_SINCE, partial(_try, unit_of))


async def _try(unit_of: UnitMaker, at: datetime) -> list[Due]:
    unit = unit_of(FINANCE, SeededIds("policy", at), at)
    outcome = await set_policy_rollout(unit, TRIED)
    if not isinstance(outcome, CatalogDeed):
        raise StoryError(f"{TRIED.idempotency_key}: {outcome}")
    await unit.flush()
    return []
