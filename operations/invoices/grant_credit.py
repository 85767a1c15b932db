"""Grant credit by hand: it is spent on invoices to come, oldest grant first."""

from dataclasses import dataclass
from uuid import UUID

from db.queries.credits import ledgers
from db.unit_of_work import UnitOfWork
from domain.commands import GrantCredit
from domain.errors import InvalidInput
from domain.ids import CreditEntryId
from domain.rights import is_finance
from domain.texts import one_line
from operations.asking import KeyReused, asked
from operations.invoices.write_credit import write_credit
from operations.remembering import remember

MUTATION = "creditGrant"


@dataclass(frozen=True, slots=True)
class CreditGranted:
    """The entry that put the credit in, which is the grant. `is_replay`: it had been granted before."""

    entry_id: CreditEntryId
    is_replay: bool


async def grant_credit(unit: UnitOfWork, command: GrantCredit) -> CreditGranted | KeyReused:
    """Put an amount into the account's credit balance; no document says so, the memo does.

    Raises InvalidInput naming `amount` for none, less than nothing or another currency, `memo` for an empty one;
    NotFound; Forbidden for all but finance.
    """
    memo = one_line(command.memo, "memo")
    request = await asked(
        unit,
        command.account_id,
        command.account_id,
        is_finance,
        MUTATION,
        command.idempotency_key,
        {
            "account": command.account_id.hex,
            "amountMinor": command.amount.minor,
            "currency": command.amount.currency,
            "memo": command.memo,
        },
    )
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return CreditGranted(CreditEntryId(UUID(request.done["entry"])), is_replay=True)
    account, now = request.account, request.now
    if command.amount.currency != account.currency:
        raise InvalidInput(("amount",), f"The account is billed in {account.currency}.", command.amount.currency)
    if command.amount.minor <= 0:
        raise InvalidInput(("amount",), "A grant is more than nothing.", command.amount)
    ledger = (await ledgers(unit.session, unit.scope, [account]))[account.id]
    granted = ledger.grant(command.amount, now, unit.ids, memo=memo)
    entry = await write_credit(unit, account, ledger, granted)
    await remember(unit, request, {"entry": entry.id.hex})
    return CreditGranted(entry.id, is_replay=False)
