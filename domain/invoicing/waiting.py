"""What finance adds by hand: a one-off charge, or an adjustment of a line on an earlier invoice.

It is billed at once or waits for the next invoice. Owns its line. Does not own who may add one (operations).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from domain.ids import ChargeId, SubscriptionId
from domain.invoice import ChargeKind, LineExplanation, LineKind
from domain.invoicing.debited import DebitedLine
from domain.invoicing.draft import DraftLine
from domain.money import Money
from domain.periods import Period, local_day, start_of_day


@dataclass(frozen=True, slots=True)
class WaitingCharge:
    """A row of `charges`. An adjustment names the line it corrects, and is taxed as that was; below zero it gives back
    of it, at most what it has left."""

    id: ChargeId
    kind: ChargeKind
    amount: Money
    description: str
    created_at: datetime
    subscription_id: SubscriptionId | None = None
    line: DebitedLine | None = None


def charge_line(charge: WaitingCharge, zone: str) -> DraftLine:
    """The line of a charge. No discount touches it: its amount is what finance said."""
    debit = charge.line
    amount = charge.amount
    rule, says = charge.kind.value, f"{charge.description}: {amount.spoken()}."
    if debit is not None and amount.minor < -debit.left.minor:
        amount = -debit.left
        rule, says = "REMAINDER", f"{charge.description}: {amount.spoken()}, all that the line has left."
    day = local_day(charge.created_at, zone)
    return DraftLine(
        component=debit.component if debit else None,
        item_id=debit.item_id if debit else None,
        plan_version_id=debit.plan_version_id if debit else None,
        price_id=None,
        kind=LineKind.ONE_OFF if charge.kind is ChargeKind.ONE_OFF else LineKind.ADJUSTMENT,
        description=charge.description,
        quantity=1,
        unit_minor=None,
        stated=amount,
        service=debit.service
        if debit
        else Period(start_of_day(day, zone), start_of_day(day + timedelta(days=1), zone)),
        explanation=LineExplanation(
            rule, says, Fraction(amount.minor), credited_line_id=debit.line_id if debit and amount.minor < 0 else None
        ),
        tax_inclusive=debit.tax_inclusive if debit else False,
        taxed=debit.taxed if debit else None,
        credited=debit if debit and amount.minor < 0 else None,
        cause=charge.id,
        subscription_id=charge.subscription_id,
    )
