"""What an accepted change of each kind does: one table, so that whoever adds a kind adds a row.

Owns how an effect is called. Does not own what it does, nor the record of the change (accept_change.py).
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from db.unit_of_work import UnitOfWork
from domain.ids import PlanChangeId
from domain.invoicing.documents import Documents
from domain.plan_change.prepare import Prepared
from domain.plan_change.verdict import ChangeKind
from operations.changes.switch_plan import switch_plan
from operations.changes.write_end import write_end
from operations.changes.write_pause import write_pause
from operations.changes.write_resume import write_resume

Effect = Callable[[UnitOfWork, Prepared, PlanChangeId, datetime], Awaitable[Documents]]
"""Writes what was prepared, as the change's id says, at an instant of the account's time, and returns what bills it."""

EFFECTS: Mapping[ChangeKind, Effect] = MappingProxyType(
    {
        ChangeKind.SWITCH: switch_plan,
        ChangeKind.END_TRIAL: switch_plan,
        ChangeKind.CANCEL: write_end,
        ChangeKind.PAUSE: write_pause,
        ChangeKind.RESUME: write_resume,
    }
)
