"""What a change comes to for whoever approves it: the amount that their limit is of."""

from domain.money import Money
from domain.plan_change.prepare import Prepared


def amount_asked(prepared: Prepared) -> Money:
    """The greater of what moves now, whichever way, and of the largest regular invoice it commits to, in whichever
    step; with tax, in full.
    """
    currency = prepared.facts.account.currency
    now, regular = prepared.delta.bill.total.minor, prepared.next_invoice.total.minor
    steps = (each.regular_invoice.total.minor for each in prepared.steps)
    return Money(max(abs(now), regular, *steps), currency)
