"""What a change of each kind that is paid first does: one table, so that whoever adds a kind adds a row.

A kind without a row never waits for money: it gives back, or its day bills it. Owns how the two halves are called.
Does not own what they do, nor which change waits (domain/plan_change/awaiting.py).
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from db.unit_of_work import UnitOfWork
from domain.ids import PlanChangeId
from domain.invoicing.documents import Documents
from domain.plan_change.awaiting import LaidOut
from domain.plan_change.prepare import Prepared
from domain.plan_change.verdict import ChangeKind
from operations.changes.bill_switch import bill_switch
from operations.changes.make_switch import make_switch

Bill = Callable[[UnitOfWork, Prepared, PlanChangeId, datetime, date], Awaitable[tuple[Documents, LaidOut]]]
"""Issues the invoice that is void by a day unless it is paid, and lays out what it speaks of; nothing else moves."""
Take = Callable[[UnitOfWork, Prepared, LaidOut, datetime], Awaitable[None]]
"""Does what was prepared, now that it is paid."""


@dataclass(frozen=True, slots=True)
class PaidEffect:
    """The two halves of a change: its bill, and what it does once that is paid."""

    bill: Bill
    take: Take


PAID_EFFECTS: Mapping[ChangeKind, PaidEffect] = MappingProxyType(
    {
        ChangeKind.SWITCH: PaidEffect(bill_switch, make_switch),
        ChangeKind.END_TRIAL: PaidEffect(bill_switch, make_switch),
    }
)
