"""Change an account's own data: name, addresses, country, tax id, exemption, time zone.

What was invoiced keeps what it says; a zone moves only the boundaries that are not reached yet. Does not own what a
field may hold, nor what a zone moves (domain/account_update.py).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db import audit
from db.queries.consolidated import consolidation_day
from db.queries.lifecycle import awaits_payment, waiting_changes
from db.queries.migrations import waiting_moves
from db.queries.subscriptions import live_subscriptions
from db.save import accounts as save_accounts
from db.save import changes as save_changes
from db.save import subscriptions as save_subscriptions
from db.save.consolidated import consolidation
from db.save.migrations import migration_moved
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.account_update import PERSONAL, differences, rezoned_instant, rezoned_subscription, updated
from domain.commands import UpdateAccount
from domain.consolidation import next_consolidation_at
from domain.errors import Forbidden
from domain.events import account_updated, plan_change_moved, subscription_event
from domain.ids import AccountId
from domain.rights import acts_or_is_finance, is_finance
from domain.subscription import BillingSubscription
from operations.asking import KeyReused, NotNow, asked
from operations.remembering import remember
from operations.use.entitle import entitle

MUTATION = "accountUpdate"


@dataclass(frozen=True, slots=True)
class AccountUpdated:
    """The account says what was asked for. `is_replay`: this very request had changed it before."""

    account_id: AccountId
    is_replay: bool


async def update_account(unit: UnitOfWork, command: UpdateAccount) -> AccountUpdated | NotNow | KeyReused:
    """Write what differs; documents issued from now on say it, and are taxed by it.

    Raises InvalidInput naming the field, NotFound, and Forbidden for who neither acts for the account nor is finance;
    an exemption is finance's to give. NotNow, for a new zone: BEING_BILLED while something is due,
    CHANGE_AWAITS_PAYMENT while a plan change waits to be paid.
    """
    request = await asked(
        unit,
        command.account_id,
        command.account_id,
        acts_or_is_finance,
        MUTATION,
        command.idempotency_key,
        _payload(command),
    )
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return AccountUpdated(command.account_id, is_replay=True)
    before, now = request.account, request.now
    if command.exemption is not None and not is_finance(unit.actor, request.role):
        raise Forbidden(command.account_id)
    after = updated(before, command)
    differs = differences(before, after)
    if "zone" in differs:
        live = await live_subscriptions(unit.session, unit.scope, before)
        if any(each.due_at is not None and each.due_at <= now for each in live):
            message = "Something is due on this account and is done first; try again in a moment."
            return NotNow("BEING_BILLED", before.status, message)
        if await awaits_payment(unit.session, unit.scope, before.id):
            message = "A plan change waits to be paid and is priced in this zone: pay it, or take it back first."
            return NotNow("CHANGE_AWAITS_PAYMENT", before.status, message)
        await _move_boundaries(unit, before, after, live, now)
    if differs:
        await save_accounts.account_facts(unit, after)
        unit.emit(before.id, account_updated(after, sorted(differs), now))
        await unit.audit(
            audit.Entry(
                before.id,
                "account.update",
                "Account",
                before.id,
                now,
                before={name: _shown(name, values[0]) for name, values in differs.items()},
                after={name: _shown(name, values[1]) for name, values in differs.items()},
            )
        )
    if "zone" in differs:
        await entitle(unit, after, now)
    await remember(unit, request, {"account": before.id.hex})
    return AccountUpdated(before.id, is_replay=False)


async def _move_boundaries(
    unit: UnitOfWork, before: Account, after: Account, live: list[BillingSubscription], now: datetime
) -> None:
    """Put everything that waits for a local day on that day of the new zone."""
    old, new = before.zone, after.zone
    moved = {each.id: rezoned_subscription(each, new, now) for each in live}
    for each in live:
        subscription = moved[each.id]
        await save_subscriptions.subscription_state(unit, subscription)
        if subscription.commitment is not None and subscription.commitment != each.commitment:
            await save_subscriptions.term_moved(unit, subscription, subscription.commitment)
        unit.emit(before.id, subscription_event("subscription.rezoned", subscription, now))
    ends = {each.id: (each.period.end, moved[each.id].period.end) for each in live}
    for change in await waiting_changes(unit.session, unit.scope, before.id):
        end = ends[change.subscription_id]
        at = end[1] if change.effective_at == end[0] else rezoned_instant(change.effective_at, old, new, now)
        if at != change.effective_at:
            await save_changes.plan_change_moved(unit, before.id, change.id, at)
            unit.emit(before.id, plan_change_moved(change.id, change.subscription_id, now, at))
    for move in (await waiting_moves(unit.session, unit.scope, [before.id])).values():
        end = ends[move.subscription_id]
        at = end[1] if move.effective_at == end[0] else rezoned_instant(move.effective_at, old, new, now)
        await migration_moved(unit, before.id, move.id, at)
    day = await consolidation_day(unit.session, unit.scope, before.id)
    if day is not None:
        await consolidation(unit, before.id, day, next_consolidation_at(day, new, now))


def _shown(field: str, value: str | None) -> str | None:
    """A value as the trail may say it: of personal data only whether there is any."""
    return value if value is None or field not in PERSONAL else "(not kept)"


def _payload(command: UpdateAccount) -> dict[str, Any]:
    return {
        "account": command.account_id.hex,
        "name": command.name,
        "email": command.email,
        "country": command.country,
        "region": command.region,
        "address": command.address,
        "taxId": command.tax_id,
        "zone": command.zone,
        "exemption": command.exemption.value if command.exemption else None,
    }
