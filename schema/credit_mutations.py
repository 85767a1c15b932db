"""Mutations of the credit balance: finance puts in and takes out by hand."""

import strawberry

from domain.commands import GrantCredit, WithdrawCredit
from domain.ids import AccountId, CreditEntryId
from resolvers.mutations.idempotency_key import idempotency_key
from schema.base import stored
from schema.credit import CreditEntry
from schema.inputs import IDEMPOTENCY_KEY, read_id
from schema.money_input import MoneyInput
from schema.user_errors import UserError

_MEMO = "Why; the customer reads it in the ledger."


@strawberry.input(
    description=(
        'Credit by hand: {accountId: "acct_…", amount: {amount: "25.00", currencyCode: USD}, memo: "Sorry for '
        'Tuesday", idempotencyKey: "sorry-1"}.'
    )
)
class CreditGrantInput:
    account_id: strawberry.ID = strawberry.field(description="Who gets it, acct_…")
    amount: MoneyInput = strawberry.field(description="How much; invoices to come are paid with it first.")
    memo: str = strawberry.field(description=_MEMO)
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)

    def command(self) -> GrantCredit:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return GrantCredit(
            account_id=AccountId(read_id("Account", self.account_id, "accountId")),
            amount=self.amount.money("amount"),
            memo=self.memo,
            idempotency_key=idempotency_key(self.idempotency_key),
        )


@strawberry.type(description="What granting did.")
class CreditGrantPayload:
    entry: CreditEntry | None = stored("The entry that put it in, the grant; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")


@strawberry.input(
    description=(
        'Credit taken back: {grantId: "cren_…", amount: {amount: "5.00", currencyCode: USD}, memo: "Paid out by '
        'bank transfer", idempotencyKey: "out-1"}.'
    )
)
class CreditWithdrawInput:
    grant_id: strawberry.ID = strawberry.field(description="The entry that put it in, cren_…")
    amount: MoneyInput = strawberry.field(description="How much, at most what the grant has left.")
    memo: str = strawberry.field(description=_MEMO)
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)

    def command(self) -> WithdrawCredit:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return WithdrawCredit(
            grant_id=CreditEntryId(read_id("CreditEntry", self.grant_id, "grantId")),
            amount=self.amount.money("amount"),
            memo=self.memo,
            idempotency_key=idempotency_key(self.idempotency_key),
        )


@strawberry.type(description="What withdrawing did.")
class CreditWithdrawPayload:
    entry: CreditEntry | None = stored("The entry that took it out; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")
