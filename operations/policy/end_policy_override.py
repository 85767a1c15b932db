"""End an account's own edition of the policy: the rollouts say again which one decides."""

from dataclasses import dataclass

from db import audit
from db.queries.rollouts import live_override
from db.save import policy
from db.unit_of_work import UnitOfWork
from domain.commands.policy import EndPolicyOverride
from domain.ids import AccountId
from domain.rights import is_finance
from domain.texts import one_line
from operations.asking import KeyReused, NotNow, asked
from operations.remembering import remember

MUTATION = "policyOverrideEnd"


@dataclass(frozen=True, slots=True)
class OverrideEnded:
    """The account has no edition of its own. `is_replay`: this very request had ended it."""

    account_id: AccountId
    is_replay: bool


async def end_policy_override(unit: UnitOfWork, command: EndPolicyOverride) -> OverrideEnded | NotNow | KeyReused:
    """End the override that lives. NotNow: ALREADY_ENDED where none does.

    Raises NotFound, Forbidden for all but finance, InvalidInput naming `reason` for none.
    """
    account_id = command.account_id
    request = await asked(
        unit,
        account_id,
        account_id,
        is_finance,
        MUTATION,
        command.idempotency_key,
        {"account": account_id.hex, "reason": command.reason},
    )
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return OverrideEnded(account_id, is_replay=True)
    reason = one_line(command.reason, "reason")
    before = await live_override(unit.session, unit.scope, account_id)
    if before is None:
        return NotNow("ALREADY_ENDED", "NONE", "This account has no edition of its own.")
    await policy.override_ended(unit, account_id, before.id, unit.recorded_at)
    await unit.audit(
        audit.Entry(
            account_id,
            "policy.override_end",
            "Account",
            account_id,
            request.now,
            before={"version": before.version},
            after={"version": None},
            reason=reason,
        )
    )
    await remember(unit, request, {"override": before.id.hex})
    return OverrideEnded(account_id, is_replay=False)
