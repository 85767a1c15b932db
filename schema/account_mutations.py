"""Mutations of accounts: their data, whose invoices a parent pays together."""

import strawberry

from domain.commands import SetConsolidation, UpdateAccount
from domain.ids import AccountId
from domain.tax import TaxExemption
from resolvers.mutations.idempotency_key import idempotency_key
from schema.account import Account
from schema.base import stored
from schema.inputs import IDEMPOTENCY_KEY, read_id
from schema.user_errors import UserError


@strawberry.input(
    description=(
        'Children whose invoices wait for one document: {accountId: "acct_…", day: 1, childIds: ["acct_…"], '
        'idempotencyKey: "together-1"}. None any more: {accountId: "acct_…", childIds: [], …}.'
    )
)
class ConsolidationSetInput:
    account_id: strawberry.ID = strawberry.field(description="The parent, acct_…")
    child_ids: list[strawberry.ID] = strawberry.field(description="All children whose invoices are gathered.")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    day: int | None = strawberry.field(default=None, description="The day of the month, 1 to 28; left out: no more.")

    def command(self) -> SetConsolidation:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return SetConsolidation(
            account_id=AccountId(read_id("Account", self.account_id, "accountId")),
            day=self.day,
            child_ids=tuple(
                AccountId(read_id("Account", each, "childIds", str(at))) for at, each in enumerate(self.child_ids)
            ),
            idempotency_key=idempotency_key(self.idempotency_key),
        )


@strawberry.type(description="What setting did.")
class ConsolidationSetPayload:
    account: Account | None = stored("The parent; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")


@strawberry.input(
    description=(
        'What changes; what is left out stays: {accountId: "acct_…", address: "1 Quay\\nDublin", taxId: "IE1234567X", '
        'idempotencyKey: "moved-1"}. An empty text takes away what may be missing.'
    )
)
class AccountUpdateInput:
    account_id: strawberry.ID = strawberry.field(description="The account, acct_…")
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    name: str | None = strawberry.field(default=None, description="The name on its invoices.")
    email: str | None = strawberry.field(default=None, description="Where invoices are sent.")
    address: str | None = strawberry.field(default=None, description="The address on its invoices, line by line.")
    country: str | None = strawberry.field(default=None, description="ISO 3166 code of where it is billed, and taxed.")
    region: str | None = strawberry.field(default=None, description="The region there, where taxes differ by it.")
    tax_id: str | None = strawberry.field(default=None, description="The tax id on its invoices.")
    time_zone: str | None = strawberry.field(
        default=None, description="The IANA zone its days begin in; it moves only boundaries not yet reached."
    )
    tax_exemption: TaxExemption | None = strawberry.field(
        default=None, description="What is noted of its tax. For finance."
    )

    def command(self) -> UpdateAccount:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return UpdateAccount(
            account_id=AccountId(read_id("Account", self.account_id, "accountId")),
            idempotency_key=idempotency_key(self.idempotency_key),
            name=self.name,
            email=self.email,
            country=self.country,
            region=self.region,
            address=self.address,
            tax_id=self.tax_id,
            zone=self.time_zone,
            exemption=self.tax_exemption,
        )


@strawberry.type(description="What updating did.")
class AccountUpdatePayload:
    account: Account | None = stored("The account; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")
