"""What was agreed with one account beyond the catalog."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.base import Node, related, stored
from schema.catalog import Plan
from schema.scalars import DateTime, Decimal
from schema.values import Money

if TYPE_CHECKING:
    from schema.account import Account


@strawberry.type(description="A plan that an agreement lets its account choose.")
class AllowedPlan:
    plan: Plan = related("The plan.")


@strawberry.federation.type(
    keys=["id"],
    description="What was agreed with one account beyond the catalog. A plan change is decided by what is in force.",
)
class AccountTerms(Node):
    account: Annotated["Account", strawberry.lazy("schema.account")] = related("Whose they are.")
    notice_days: int = stored("So many days pass before less than today takes effect; 0: none.")
    no_downgrade_until: DateTime | None = stored("Before this the plan and its quantities do not go down.")
    prices_locked_at: DateTime | None = stored("Plans are chosen at the prices that were on sale at this instant.")
    prices_locked_until: DateTime | None = stored("Until when; null where no prices are locked.")
    allowed_plans: list[AllowedPlan] = related("The only plans it may choose; none named: all that are on sale.")
    discount_percent: Decimal | None = stored("What is taken off every line, in percent.")
    spend_cap: Money | None = stored(
        "The most that its running billing periods come to together before tax, unless somebody approves more."
    )
    reason: str | None = stored("Why it was agreed. Staff only; null for others.")
    created_at: DateTime = stored("Since when it is in force, in the account's own time.")
    ended_at: DateTime | None = stored("When other terms took its place; null while it is in force.")
