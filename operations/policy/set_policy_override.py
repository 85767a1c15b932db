"""Let one edition of the policy decide for an account, whatever is rolled out to others."""

from dataclasses import dataclass
from uuid import UUID

from db import audit
from db.queries.rollouts import live_override
from db.save import policy
from db.unit_of_work import UnitOfWork
from domain.commands.policy import SetPolicyOverride
from domain.errors import InvalidInput
from domain.ids import AccountId
from domain.plan_change.editions import BASE, CANDIDATES
from domain.rights import is_finance
from domain.texts import one_line
from operations.asking import KeyReused, asked
from operations.remembering import remember

MUTATION = "policyOverrideSet"


@dataclass(frozen=True, slots=True)
class OverrideSet:
    """The account has an edition of its own. `is_replay`: this very request had given it."""

    account_id: AccountId
    is_replay: bool


async def set_policy_override(unit: UnitOfWork, command: SetPolicyOverride) -> OverrideSet | KeyReused:
    """Write the override, in the place of one that lives.

    Raises NotFound, Forbidden for all but finance, InvalidInput naming `version` for one that may not decide (any
    more), `reason` for none.
    """
    account_id = command.account_id
    request = await asked(
        unit,
        account_id,
        account_id,
        is_finance,
        MUTATION,
        command.idempotency_key,
        {"account": account_id.hex, "version": command.version, "reason": command.reason},
    )
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return OverrideSet(account_id, is_replay=True)
    reason = one_line(command.reason, "reason")
    known = [edition.id for edition in (BASE, *CANDIDATES)]
    if command.version not in known:
        raise InvalidInput(("version",), f"One of {', '.join(known)}.", command.version)
    before = await live_override(unit.session, unit.scope, account_id)
    if before is not None:
        await policy.override_ended(unit, account_id, before.id, unit.recorded_at)
    override_id: UUID = unit.ids.new()
    await policy.new_override(unit, account_id, override_id, command.version, reason, unit.recorded_at)
    await unit.audit(
        audit.Entry(
            account_id,
            "policy.override",
            "Account",
            account_id,
            request.now,
            before=None if before is None else {"version": before.version},
            after={"version": command.version},
            reason=reason,
        )
    )
    await remember(unit, request, {"override": override_id.hex})
    return OverrideSet(account_id, is_replay=False)
