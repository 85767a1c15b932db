"""Open a customer's account, in real time. Its external id is the key: asked twice, there is one."""

from dataclasses import asdict, dataclass

from db import idempotency
from db.unit_of_work import UnitOfWork
from domain.account_opening import owner_to_be
from domain.actor import Role
from domain.commands import OpenAccount
from domain.errors import Forbidden, InvalidInput
from domain.ids import AccountId
from domain.rights import opens_accounts
from operations.accounts.opening import opened
from operations.accounts.write_account import Member

MUTATION = "accountOpen"


@dataclass(frozen=True, slots=True)
class AccountOpened:
    """There is the account. `is_replay`: this very request had opened it."""

    account_id: AccountId
    is_replay: bool


async def open_account(unit: UnitOfWork, command: OpenAccount) -> AccountOpened:
    """Open it in its currency for life, invoiced by the seller of its country; `owner` may act for it from now on.

    Raises InvalidInput naming the field at fault: `externalId` where another account has it, or this one was opened
    with another input; Forbidden for all but finance and jobs.
    """
    if not opens_accounts(unit.actor, None):
        raise Forbidden(unit.actor.kind)
    owner = None if command.owner is None else owner_to_be(command.owner)
    members = () if owner is None else (Member(owner.user_id, owner.name, owner.email, Role.OWNER),)
    outcome = await opened(unit, command, members, opens_accounts)
    # the external id is as good as a key of its own: nobody else can have it
    key, digest = command.external_id, idempotency.input_hash(MUTATION, _payload(command))
    if outcome.is_new:
        await idempotency.remember(unit, outcome.account_id, key, MUTATION, digest, {"account": outcome.account_id.hex})
        return AccountOpened(outcome.account_id, is_replay=False)
    known = await idempotency.replay(unit, outcome.account_id, key, digest)
    if known is None or known.outcome is None:
        raise InvalidInput(("externalId",), "Another account has this external id.", command.external_id)
    return AccountOpened(outcome.account_id, is_replay=True)


def _payload(command: OpenAccount) -> dict[str, object]:
    return {
        **asdict(command),
        "segment": command.segment.value,
        "parent_id": command.parent_id and command.parent_id.hex,
        "owner": command.owner and [command.owner.user_id.hex, command.owner.name, command.owner.email],
    }
