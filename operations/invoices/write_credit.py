"""Write one entry that somebody made by hand in a credit ledger, with its event and its trail."""

from db import audit
from db.save.credits import credit_ledger
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.credit import CreditEntry
from domain.credit_ledger import Ledger
from domain.money_events import credit_event


async def write_credit(unit: UnitOfWork, account: Account, before: Ledger, after: Ledger) -> CreditEntry:
    """The one new entry of `after`, written; the account's row is locked."""
    (entry,) = after.entries
    await credit_ledger(unit, account.id, after.entries)
    unit.emit(account.id, credit_event(entry, account.id))
    await unit.audit(
        audit.Entry(
            account.id,
            f"credit.{entry.kind.value.lower()}",
            "CreditEntry",
            entry.id,
            entry.occurred_at,
            before={"balanceMinor": before.balance.minor},
            after={"balanceMinor": after.balance.minor},
            reason=entry.memo,
        )
    )
    return entry
