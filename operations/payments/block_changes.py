"""Changes are blocked while an invoice is long overdue: nothing new begins and nothing paused goes on until it is paid.

Owns the answer for deeds other than a plan change, which has its rule (PC-18). Does not own from which day that is
(domain/dunning.py).
"""

from datetime import datetime

from db.queries.plan_change import overdue
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.dunning import Standing, standing
from domain.periods import local_day
from domain.plan_change.verdict import Figure, Remedy, RemedyAction
from operations.asking import NotNow


async def blocked(unit: UnitOfWork, account: Account, now: datetime) -> NotNow | None:
    """CHANGES_BLOCKED with the invoice to pay, for an account whose row is locked; None where it stands well enough.

    One statement. `now` is the account's own time.
    """
    today = local_day(now, account.zone)
    amount, oldest = await overdue(unit.session, unit.scope, account, today)
    stands = standing(oldest.due_on if oldest else None, today)
    if oldest is None or stands not in (Standing.CHANGES_BLOCKED, Standing.SUSPENDED):
        return None
    return NotNow(
        "CHANGES_BLOCKED",
        stands,
        f"{amount.spoken()} has been overdue since {oldest.due_on.isoformat()}. This is possible once it is paid.",
        (
            Figure("amount_overdue", amount.spoken()),
            Figure("overdue_since", oldest.due_on.isoformat()),
            Figure("invoice_number", oldest.number),
        ),
        Remedy(RemedyAction.PAY_INVOICE, f"Pay invoice {oldest.number}."),
    )
