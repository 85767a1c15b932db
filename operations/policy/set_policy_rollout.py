"""Roll an edition of the policy out in a segment, or take it back: decisions from then on follow it."""

from datetime import timedelta
from typing import Any

from db.catalog_entries import Deed
from db.queries.rollouts import RolloutStep, newest_steps
from db.save import policy
from db.unit_of_work import UnitOfWork
from domain.commands.policy import SetPolicyRollout
from domain.errors import InvalidInput
from domain.ids import RolloutId
from domain.plan_change.editions import BASE, CANDIDATES
from domain.rollout import Rollout, RolloutStage
from domain.texts import one_line
from operations.asking import KeyReused
from operations.asking_catalog import CatalogDeed, asked_of_catalog

MUTATION = "policyRolloutSet"
_TICK = timedelta(microseconds=1)


async def set_policy_rollout(unit: UnitOfWork, command: SetPolicyRollout) -> CatalogDeed | KeyReused:
    """Write the step. No quote and no accepted change is touched: they are decided again when they are taken.

    Raises Forbidden for all but finance, and InvalidInput naming `version` for one that cannot be rolled out,
    `sharePercent` for a share without a size or a size without a share, `reason` for none.
    """
    request = await asked_of_catalog(unit, MUTATION, command)
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return request.done
    reason = one_line(command.reason, "reason")
    _ensure_sound(command)
    before = (await newest_steps(unit.session)).get((command.version, command.segment))
    # whatever the clocks of processes say: the step that was set last is the newest
    at = unit.recorded_at if before is None else max(unit.recorded_at, before.set_at + _TICK)
    step = RolloutStep(
        command.version, command.segment, Rollout(command.stage, command.share_percent), reason, set_at=at
    )
    rollout_id = RolloutId(unit.ids.new())
    await policy.new_rollout(unit, rollout_id, step)
    deed = Deed("policy.rollout", "PolicyRollout", rollout_id, _state(step), None if before is None else _state(before))
    return request.record(unit, deed)


def _ensure_sound(command: SetPolicyRollout) -> None:
    if command.version not in {edition.id for edition in CANDIDATES}:
        known = ", ".join(edition.id for edition in CANDIDATES) or "none"
        message = f"An edition newer than {BASE.id}, which decides where none is rolled out: {known}."
        raise InvalidInput(("version",), message, command.version)
    if command.stage is not RolloutStage.SHARE and command.share_percent is not None:
        raise InvalidInput(("sharePercent",), f"{command.stage} has no share.", command.share_percent)
    if command.stage is RolloutStage.SHARE and not 1 <= (command.share_percent or 0) <= 99:
        raise InvalidInput(("sharePercent",), "A share is 1 to 99 percent.", command.share_percent)


def _state(step: RolloutStep) -> dict[str, Any]:
    return {
        "version": step.version,
        "segment": step.segment.value,
        "stage": step.rollout.stage.value,
        "sharePercent": step.rollout.share_percent,
        "reason": step.reason,
    }
