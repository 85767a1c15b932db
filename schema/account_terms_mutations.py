"""`accountTermsSet`: its input and payload."""

import strawberry

from domain.commands.account_terms import SetAccountTerms
from domain.ids import AccountId, PlanId
from resolvers.mutations.idempotency_key import idempotency_key
from schema.account_terms import AccountTerms
from schema.base import stored
from schema.inputs import IDEMPOTENCY_KEY, read_id
from schema.money_input import MoneyInput, maybe_money
from schema.scalars import DateTime, Decimal
from schema.user_errors import UserError


@strawberry.input(
    description=(
        "What is agreed from now on, whole; what is left out is not agreed: "
        '{accountId: "acct_…", noticeDays: 30, discountPercent: "15", spendCap: {amount: "90.00", currencyCode: USD}, '
        'reason: "Renewal of November", idempotencyKey: "terms-1"}.'
    )
)
class AccountTermsSetInput:
    account_id: strawberry.ID = strawberry.field(description="The account, acct_…")
    reason: str = strawberry.field(description="Why; one line, for staff.")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    notice_days: int = strawberry.field(default=0, description="Days before less than today takes effect, 0 to 730.")
    no_downgrade_until: DateTime | None = strawberry.field(
        default=None, description="Before this the plan and its quantities do not go down."
    )
    prices_locked_at: DateTime | None = strawberry.field(
        default=None, description="Plans are chosen at the prices on sale at this instant, not one to come."
    )
    prices_locked_until: DateTime | None = strawberry.field(default=None, description="Until when, with the instant.")
    allowed_plan_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="The only plans it may choose, plan_…; left out: all that are on sale."
    )
    discount_percent: Decimal | None = strawberry.field(
        default=None, description="Taken off every line of every subscription, from the next one billed on."
    )
    spend_cap: MoneyInput | None = strawberry.field(
        default=None,
        description="The most that its running billing periods come to together before tax, in its own currency.",
    )

    def command(self) -> SetAccountTerms:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        allowed = self.allowed_plan_ids
        return SetAccountTerms(
            account_id=AccountId(read_id("Account", self.account_id, "accountId")),
            reason=self.reason,
            idempotency_key=idempotency_key(self.idempotency_key),
            notice_days=self.notice_days,
            no_downgrade_until=self.no_downgrade_until,
            prices_locked_at=self.prices_locked_at,
            prices_locked_until=self.prices_locked_until,
            allowed_plan_ids=None
            if allowed is None
            else tuple(PlanId(read_id("Plan", each, "allowedPlanIds", str(at))) for at, each in enumerate(allowed)),
            discount_percent=self.discount_percent,
            spend_cap=maybe_money(self.spend_cap, "spendCap"),
        )


@strawberry.type(description="What setting did.")
class AccountTermsSetPayload:
    terms: AccountTerms | None = stored("The terms in force; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")
