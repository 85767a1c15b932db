"""How far the editions of the policy are rolled out, and which account has one of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, SmallInteger, Text, Uuid, bindparam, cast, literal, null, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.scope import ACTOR, Scope, within
from db.tables import policy_overrides, policy_rollouts
from domain.account import Account
from domain.catalog import Segment
from domain.ids import AccountId
from domain.rollout import Rollout, RolloutStage

_OVERRIDE = "OVERRIDE"


@dataclass(frozen=True, slots=True)
class RolloutsForAccount:
    """What decides which edition is an account's: the rollouts of its segment by edition, and its own override."""

    by_edition: Mapping[str, Rollout]
    override: str | None


async def rollouts_for(session: AsyncSession, scope: Scope, account: Account) -> RolloutsForAccount:
    """The rollouts that concern an account; one statement."""
    given = {ACTOR: scope.actor_id, "of": account.id, "segment": account.segment.value}
    by_edition: dict[str, Rollout] = {}
    override: str | None = None
    for row in await session.execute(_for_account(scope.of_anyone), given):
        if row.stage == _OVERRIDE:
            override = row.policy_version
        else:
            by_edition[row.policy_version] = Rollout(RolloutStage(row.stage), row.share_percent)
    return RolloutsForAccount(by_edition, override)


@lru_cache
def _for_account(scope: Scope) -> CompoundSelect[Any]:
    step, override = policy_rollouts.c, policy_overrides.c
    newest = (
        select(step.policy_version, step.stage, step.share_percent)
        .where(step.segment == bindparam("segment"))
        .ext(distinct_on(step.policy_version))
        .order_by(step.policy_version, step.created_at.desc(), step.id.desc())
        .subquery()
    )
    own = select(override.policy_version, literal(_OVERRIDE, Text), cast(null(), SmallInteger)).where(
        override.account_id == bindparam("of", type_=Uuid),
        override.ended_at.is_(None),
        within(scope.kind, override.account_id),
    )
    return union_all(select(newest), own)


@dataclass(frozen=True, slots=True)
class RolloutStep:
    """One step of a rollout, as it was set."""

    version: str
    segment: Segment
    rollout: Rollout
    reason: str
    set_at: datetime


async def newest_steps(session: AsyncSession) -> dict[tuple[str, Segment], RolloutStep]:
    """The step that counts for each edition and segment that has one; one statement. The catalog is everyone's."""
    step = policy_rollouts.c
    found = await session.execute(
        select(policy_rollouts)
        .ext(distinct_on(step.policy_version, step.segment))
        .order_by(step.policy_version, step.segment, step.created_at.desc(), step.id.desc())
    )
    return {
        (row.policy_version, Segment(row.segment)): RolloutStep(
            row.policy_version,
            Segment(row.segment),
            Rollout(RolloutStage(row.stage), row.share_percent),
            row.reason,
            rows.utc(row.created_at),
        )
        for row in found
    }


@dataclass(frozen=True, slots=True)
class Override:
    """The edition that decides for one account, whatever is rolled out."""

    id: UUID
    version: str


async def live_override(session: AsyncSession, scope: Scope, account_id: AccountId) -> Override | None:
    """The account's own edition, where it has one."""
    override = policy_overrides.c
    row = (
        await session.execute(
            select(override.id, override.policy_version).where(
                override.account_id == account_id,
                override.ended_at.is_(None),
                within(scope.kind, override.account_id),
            ),
            {ACTOR: scope.actor_id},
        )
    ).one_or_none()
    return None if row is None else Override(row.id, row.policy_version)
