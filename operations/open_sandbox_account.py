"""Open a sandbox account on a clock of its own. Its external id is the key: asked twice, there is one."""

from dataclasses import dataclass
from datetime import UTC

from db.queries.lifecycle import account_by_external_id, is_known_user, seller_for
from db.save.accounts import new_membership
from db.unit_of_work import UnitOfWork
from domain.account import Account, PaymentTerms
from domain.account_update import account_name, country_code, email_address, zone_name
from domain.actor import ActorKind, Role
from domain.commands import OpenSandboxAccount
from domain.errors import Forbidden, InvalidInput, NotFound, UnknownCurrency
from domain.ids import AccountId
from domain.money import exponent
from operations.open_account import OpenAccount, open_account

MOST_NET_DAYS = 365
_MOST_CHARACTERS = 255


@dataclass(frozen=True, slots=True)
class SandboxOpened:
    """There is the account. `is_replay`: there was, before this was asked; nothing of it was changed."""

    account_id: AccountId
    is_replay: bool


async def open_sandbox_account(unit: UnitOfWork, command: OpenSandboxAccount) -> SandboxOpened:
    """Open it, its clock standing where it is told; a customer who asks becomes its owner, staff see it anyway.

    Raises InvalidInput naming the field at fault: `externalId` where another account has it, that is no sandbox of
    the actor's; Forbidden for who is neither a customer nor staff.
    """
    if unit.actor.kind not in (ActorKind.CUSTOMER, ActorKind.STAFF):
        raise Forbidden(unit.actor.kind)
    account = await _account(unit, command)
    clock_at = account.now(unit.recorded_at)
    existing = await account_by_external_id(unit.session, unit.scope, command.external_id)
    if existing is None:
        owner = unit.actor.user_id if unit.actor.kind is ActorKind.CUSTOMER else None
        if owner is not None and not await is_known_user(unit.session, owner):
            raise NotFound(owner)
        try:
            await open_account(unit, OpenAccount(account, command.external_id, ()), clock_at)
        except InvalidInput:
            # somebody opened it at the same time: that one is the answer, if the actor may see it
            existing = await account_by_external_id(unit.session, unit.scope, command.external_id)
            if existing is None:
                raise
        else:
            if owner is not None:
                await new_membership(unit, account.id, owner, Role.OWNER, clock_at)
            return SandboxOpened(account.id, is_replay=False)
    if not existing.is_sandbox:
        raise InvalidInput(("externalId",), "Another account has this external id.", command.external_id)
    return SandboxOpened(existing.id, is_replay=True)


async def _account(unit: UnitOfWork, command: OpenSandboxAccount) -> Account:
    """The account as it is asked for. Raises InvalidInput naming the field."""
    if not 0 < len(command.external_id.strip()) == len(command.external_id) <= _MOST_CHARACTERS:
        message = f"An external id has 1 to {_MOST_CHARACTERS} characters and no blanks around it."
        raise InvalidInput(("externalId",), message, command.external_id)
    try:
        exponent(command.currency)
    except UnknownCurrency as error:
        raise error.under("currency") from None
    if not 0 <= command.net_days <= MOST_NET_DAYS:
        raise InvalidInput(("netDays",), f"Payment terms are at most {MOST_NET_DAYS} days.", command.net_days)
    if command.clock_at.utcoffset() is None:
        raise InvalidInput(("clockAt",), "An instant has a time zone.", command.clock_at)
    country = country_code(command.country)
    seller_id = await seller_for(unit.session, country)
    if seller_id is None:
        raise NotFound("a legal entity")
    return Account(
        id=AccountId(unit.ids.new()),
        legal_entity_id=seller_id,
        name=account_name(command.name),
        email=email_address(command.email) if command.email is not None else None,
        currency=command.currency,
        zone=zone_name(command.zone),
        segment=command.segment,
        terms=PaymentTerms(command.net_days),
        clock_at=command.clock_at.astimezone(UTC).replace(microsecond=0),
        is_sandbox=True,
        country=country,
        region=command.region,
    )
