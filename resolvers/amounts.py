"""Money of computed answers, as the graph's Money reads it: rows bring theirs already written."""

from dataclasses import dataclass

from domain.money import Money


@dataclass(frozen=True, slots=True)
class Amount:
    """The two fields of the graph's Money."""

    amount: str
    currency_code: str


def amount(money: Money) -> Amount:
    """A domain value as the graph's Money reads it."""
    return Amount(money.amount(), money.currency)
