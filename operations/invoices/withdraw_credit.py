"""Withdraw credit by hand: a grant given in error, or a balance that is paid out elsewhere."""

from dataclasses import dataclass
from uuid import UUID

from db.queries.credits import account_of_grant, ledgers
from db.unit_of_work import UnitOfWork
from domain.commands import WithdrawCredit
from domain.errors import InvalidAmount, InvalidInput
from domain.ids import CreditEntryId
from domain.rights import is_finance
from domain.texts import one_line
from operations.asking import KeyReused, asked
from operations.invoices.write_credit import write_credit
from operations.remembering import remember

MUTATION = "creditWithdraw"


@dataclass(frozen=True, slots=True)
class CreditWithdrawn:
    """The entry that took the credit out. `is_replay`: it had been withdrawn before."""

    entry_id: CreditEntryId
    is_replay: bool


async def withdraw_credit(unit: UnitOfWork, command: WithdrawCredit) -> CreditWithdrawn | KeyReused:
    """Take an amount out of a grant; invoices it was spent on keep it.

    Raises InvalidInput naming `amount` for none, another currency, or more than the grant has left, `memo` for an
    empty one; NotFound; Forbidden for all but finance.
    """
    memo = one_line(command.memo, "memo")
    request = await asked(
        unit,
        await account_of_grant(unit.session, unit.scope, command.grant_id),
        command.grant_id,
        is_finance,
        MUTATION,
        command.idempotency_key,
        {
            "grant": command.grant_id.hex,
            "amountMinor": command.amount.minor,
            "currency": command.amount.currency,
            "memo": command.memo,
        },
    )
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return CreditWithdrawn(CreditEntryId(UUID(request.done["entry"])), is_replay=True)
    account, now = request.account, request.now
    if command.amount.currency != account.currency:
        raise InvalidInput(("amount",), f"The account is billed in {account.currency}.", command.amount.currency)
    ledger = (await ledgers(unit.session, unit.scope, [account]))[account.id]
    try:
        after = ledger.withdraw(command.grant_id, command.amount, now, unit.ids, memo)
    except InvalidAmount:
        message = "A grant gives more than nothing, and at most what it has left."
        raise InvalidInput(("amount",), message, command.amount) from None
    entry = await write_credit(unit, account, ledger, after)
    await remember(unit, request, {"entry": entry.id.hex})
    return CreditWithdrawn(entry.id, is_replay=False)
