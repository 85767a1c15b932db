"""Open a sandbox account on a clock of its own. Its external id is the key: asked twice, there is one."""

from dataclasses import dataclass

from db.queries.lifecycle import is_known_user
from db.save.accounts import new_membership
from db.unit_of_work import UnitOfWork
from domain.actor import Actor, ActorKind, Role
from domain.commands import OpenSandboxAccount
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.ids import AccountId
from domain.rights import acts_for_the_account
from operations.accounts.opening import opened


@dataclass(frozen=True, slots=True)
class SandboxOpened:
    """There is the account. `is_replay`: there was, before this was asked; nothing of it was changed."""

    account_id: AccountId
    is_replay: bool


async def open_sandbox_account(unit: UnitOfWork, command: OpenSandboxAccount) -> SandboxOpened:
    """Open it, its clock standing where it is told; a customer who asks becomes its owner, staff see it anyway.

    Raises InvalidInput naming the field at fault: `externalId` where another account has it, that is no sandbox of
    the actor's, `parentId` for no sandbox of the actor's; Forbidden for who is neither a customer nor staff.
    """
    if unit.actor.kind not in (ActorKind.CUSTOMER, ActorKind.STAFF):
        raise Forbidden(unit.actor.kind)
    owner = unit.actor.user_id if unit.actor.kind is ActorKind.CUSTOMER else None
    if owner is not None and not await is_known_user(unit.session, owner):
        raise NotFound(owner)
    outcome = await opened(unit, command, (), _may_be_its_parent, command.clock_at)
    if not outcome.is_sandbox:
        raise InvalidInput(("externalId",), "Another account has this external id.", command.external_id)
    if outcome.is_new and owner is not None:
        await new_membership(unit, outcome.account_id, owner, Role.OWNER, command.clock_at)
    return SandboxOpened(outcome.account_id, is_replay=not outcome.is_new)


def _may_be_its_parent(actor: Actor, role: Role | None) -> bool:
    return actor.kind is ActorKind.STAFF or acts_for_the_account(actor, role)
