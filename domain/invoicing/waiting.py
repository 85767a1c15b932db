"""What finance adds by hand: a one-off charge, or an adjustment of a line on an earlier invoice.

It is billed at once or waits for the next invoice. Owns its line. Does not own who may add one (operations).
"""

from collections.abc import Iterable, Sequence
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
    """A row of `charges`, in stated terms.

    An adjustment names the line it corrects, and is taxed as that was; below zero it gives back of it.
    """

    id: ChargeId
    kind: ChargeKind
    amount: Money
    description: str
    created_at: datetime
    subscription_id: SubscriptionId | None = None
    line: DebitedLine | None = None


def charge_lines(charges: Sequence[WaitingCharge], before: Iterable[DraftLine], zone: str) -> list[DraftLine]:
    """The lines of charges, in their order. No discount touches them: an amount is what finance said.

    All that a line gives back, `before` and here, is at most what it has left; a charge of which nothing is left to
    give leaves no line.
    """
    lines: list[DraftLine] = []
    given = {draft.credited.line_id: 0 for draft in before if draft.credited}
    for draft in before:
        if draft.credited is not None:
            given[draft.credited.line_id] -= draft.stated.minor
    for charge in charges:
        line = _line(charge, given.get(charge.line.line_id, 0) if charge.line else 0, zone)
        if line.credited is not None:
            given[line.credited.line_id] = given.get(line.credited.line_id, 0) - line.stated.minor
        if not line.stated.is_zero:
            lines.append(line)
    return lines


def _line(charge: WaitingCharge, given_minor: int, zone: str) -> DraftLine:
    debit, amount = charge.line, charge.amount
    rule, says = charge.kind.value, f"{charge.description}: {amount.spoken()}."
    gives_back = debit is not None and amount.minor < 0
    if debit is not None and amount.minor < given_minor - debit.left.minor:
        amount = Money(min(0, given_minor - debit.left.minor), amount.currency)
        rule, says = "REMAINDER", f"{charge.description}: {amount.spoken()}, all that the line has left."
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
        service=debit.service if debit else _day_of(charge.created_at, zone),
        explanation=LineExplanation(
            rule, says, Fraction(amount.minor), credited_line_id=debit.line_id if debit else None
        ),
        tax_inclusive=debit.tax_inclusive if debit else False,
        taxed=debit.taxed if debit else None,
        credited=debit if gives_back else None,
        cause=charge.id,
        subscription_id=charge.subscription_id,
    )


def _day_of(instant: datetime, zone: str) -> Period:
    """The local day of an instant."""
    day = local_day(instant, zone)
    return Period(start_of_day(day, zone), start_of_day(day + timedelta(days=1), zone))
