"""Set whose invoices a parent account's consolidated invoice collects, and on which day of the month."""

from dataclasses import dataclass

from db import audit
from db.queries.consolidated import children
from db.save.consolidated import consolidated_child, consolidation
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.commands import SetConsolidation
from domain.consolidation import next_consolidation_at
from domain.errors import InvalidInput
from domain.ids import PREFIXES, AccountId, public_id
from domain.money_events import money_event
from domain.rights import is_finance
from operations.accounts.lock_children import lock_children
from operations.asking import KeyReused, asked
from operations.invoices.consolidate_invoices import consolidate_invoices
from operations.remembering import remember

MUTATION = "consolidationSet"


@dataclass(frozen=True, slots=True)
class ConsolidationSet:
    """So it is from now on. `is_replay`: this very request had set it before."""

    account_id: AccountId
    is_replay: bool


async def set_consolidation(unit: UnitOfWork, command: SetConsolidation) -> ConsolidationSet | KeyReused:
    """From now on invoices of these children wait for the parent's document; those they have stay their own.

    Whoever leaves, and everybody where `day` is None, has what waits put on a last document at once. Raises
    InvalidInput naming `day` for one that some month lacks or that is missing, and the position in `childIds` of an
    account that is no child of it, has another currency or another seller. NotFound; Forbidden for all but finance.
    """
    request = await asked(
        unit,
        command.account_id,
        command.account_id,
        is_finance,
        MUTATION,
        command.idempotency_key,
        {"account": command.account_id.hex, "day": command.day, "children": [each.hex for each in command.child_ids]},
    )
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return ConsolidationSet(command.account_id, is_replay=True)
    payer, now = request.account, request.now
    if command.child_ids and command.day is None:
        raise InvalidInput(("day",), "Say on which day of the month to consolidate.", None)
    next_at = None if command.day is None else next_consolidation_at(command.day, payer.zone, now)
    before = set(await children(unit.session, unit.scope, payer.id))
    accounts = await lock_children(unit, before | set(command.child_ids))
    for position, child_id in enumerate(command.child_ids):
        _ensure_child(accounts[child_id], payer, position)
    if before - set(command.child_ids):
        await consolidate_invoices(unit, payer, now)
    await consolidation(unit, payer.id, command.day, next_at)
    for account_id in sorted(before ^ set(command.child_ids)):
        await consolidated_child(unit, account_id, is_consolidated=account_id in command.child_ids)
    state = {"day": command.day, "children": [public_id(PREFIXES["Account"], each) for each in command.child_ids]}
    unit.emit(payer.id, money_event("account.consolidation_set", "Account", payer.id, now, **state))
    await unit.audit(audit.Entry(payer.id, "account.set_consolidation", "Account", payer.id, now, after=state))
    await remember(unit, request, {"account": payer.id.hex})
    return ConsolidationSet(payer.id, is_replay=False)


def _ensure_child(child: Account, payer: Account, position: int) -> None:
    path = ("childIds", str(position))
    if child.parent_id != payer.id:
        raise InvalidInput(path, "This account is no child of the one that consolidates.", child.id)
    if (child.currency, child.legal_entity_id) != (payer.currency, payer.legal_entity_id):
        raise InvalidInput(path, "A consolidated invoice is in one currency, from one seller.", child.currency)
