"""What finance asks for one account beyond the catalog."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.ids import AccountId, PlanId
from domain.money import Money


@dataclass(frozen=True, slots=True)
class SetAccountTerms:
    """Agree on these terms with an account, whole: they take the place of what was agreed before.

    What is left out is not agreed. `allowed_plan_ids` None: every plan on sale.
    """

    account_id: AccountId
    reason: str
    idempotency_key: str
    notice_days: int = 0
    no_downgrade_until: datetime | None = None
    prices_locked_at: datetime | None = None
    prices_locked_until: datetime | None = None
    allowed_plan_ids: tuple[PlanId, ...] | None = None
    discount_percent: Decimal | None = None
    spend_cap: Money | None = None
