"""`policyEditions` and `policyShadowCounts`: what staff read of the policy itself."""

from dataclasses import dataclass
from datetime import datetime

from db.unit_of_work import unit_of_work
from domain.catalog import Segment
from domain.errors import Forbidden
from domain.plan_change.editions import BASE
from domain.plan_change.shadow import DifferenceKind
from domain.rollout import RolloutStage
from operations.policy.policy_editions import EditionState, policy_editions
from operations.policy.policy_shadow_counts import policy_shadow_counts
from resolvers.context import RequestContext


@dataclass(frozen=True, slots=True)
class StageView:
    """Where an edition stands in one segment."""

    segment: Segment
    stage: RolloutStage
    share_percent: int | None
    reason: str | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class EditionView:
    """An edition as the graph reads it."""

    version: str
    says: str
    is_base: bool
    rule_count: int
    adds: list[str]
    leaves_out: list[str]
    stages: list[StageView]


@dataclass(frozen=True, slots=True)
class KindCountView:
    """How many answers differed in this."""

    kind: DifferenceKind
    count: int


@dataclass(frozen=True, slots=True)
class CountsView:
    """How often an edition in the shadow was asked, and differed."""

    evaluated: int
    differing: int
    by_kind: list[KindCountView]


async def editions(context: RequestContext) -> list[EditionView] | None:
    """The editions, oldest first; None for all but staff."""
    try:
        async with unit_of_work(context.database, context.actor, context.ids, context.now) as unit:
            return [_edition(each) for each in await policy_editions(unit)]
    except Forbidden:
        return None


async def shadow_counts(
    context: RequestContext, version: str, segment: Segment | None = None, since: datetime | None = None
) -> CountsView | None:
    """The counts of one edition, zeros for one nobody knows; None for all but staff."""
    try:
        async with unit_of_work(context.database, context.actor, context.ids, context.now) as unit:
            counts = await policy_shadow_counts(unit, version, segment or None, since or None)
    except Forbidden:
        return None
    by_kind = [KindCountView(kind, count) for kind, count in counts.by_kind.items()]
    return CountsView(counts.evaluated, counts.differing, by_kind)


def _edition(state: EditionState) -> EditionView:
    edition = state.edition
    return EditionView(
        edition.id,
        edition.says,
        edition is BASE,
        len(edition.rules),
        sorted(edition.codes - BASE.codes),
        sorted(BASE.codes - edition.codes),
        [_stage(state, segment) for segment in Segment],
    )


def _stage(state: EditionState, segment: Segment) -> StageView:
    step = state.steps.get(segment)
    if step is None:
        stage = RolloutStage.EVERYONE if state.edition is BASE else RolloutStage.OFF
        return StageView(segment, stage, None, None, None)
    return StageView(segment, step.rollout.stage, step.rollout.share_percent, step.reason, step.set_at)
