"""How an account stands with its payments, computed from its unpaid invoices, its ledger and the dunning table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from domain.dunning import Standing, standing
from domain.money import Money
from domain.periods import local_day
from resolvers.amounts import Amount, amount

if TYPE_CHECKING:
    from resolvers.context import RequestContext


@dataclass(frozen=True, slots=True)
class Dues:
    """The standing on the account's own day, the sum of what its open invoices still ask for, the credit to spend."""

    standing: Standing
    amount_due: Amount
    credit_balance: Amount


async def dues(context: "RequestContext", account_ids: Sequence[UUID]) -> list[Dues | None]:
    """Each account's dues; None for one that is out of reach. One statement for all of them."""
    rows = await context.rows(context.graph.by_key["AccountDues", "account"]).load_many(account_ids)
    return [
        None
        if row is None
        else Dues(
            standing(row.oldest_due_on, local_day(row.now, row.zone)),
            amount(Money(row.due_minor, row.currency)),
            amount(Money(row.balance_minor, row.currency)),
        )
        for row in rows
    ]
