"""Mutations that open accounts: a customer's, and a sandbox of one's own."""

import strawberry

from domain.catalog import Segment
from domain.commands import AccountOwner, OpenAccount, OpenSandboxAccount
from domain.ids import AccountId, UserId
from schema.account import Account
from schema.base import stored
from schema.inputs import read_id
from schema.scalars import CurrencyCode, DateTime
from schema.user_errors import UserError


def _parent_id(text: str | None) -> AccountId | None:
    return None if text is None else AccountId(read_id("Account", text, "parentId"))


@strawberry.input(description="Who will own the account, and may act for it from the start.")
class AccountOwnerInput:
    user_id: strawberry.ID = strawberry.field(description="The person as their tokens name them, user_…")
    name: str = strawberry.field(description="What the person is called, unless they are known already.")
    email: str = strawberry.field(description="Where the person has their mail, unless they are known already.")


@strawberry.input(
    description=(
        'A customer\'s account: {externalId: "crm-4711", name: "Ada\'s bakery", currency: USD, '
        'timeZone: "America/New_York", country: "US", netDays: 30}.'
    )
)
class AccountOpenInput:
    external_id: str = strawberry.field(
        description="What you call it, and the key of this deed: the same input again finds the same account."
    )
    name: str = strawberry.field(description="The name on its invoices.")
    currency: CurrencyCode = strawberry.field(description="The one currency it is billed in, for life.")
    time_zone: str = strawberry.field(description="The IANA zone its days begin in.")
    country: str = strawberry.field(description="ISO 3166 code of where it is billed, and taxed.")
    segment: Segment = strawberry.field(default=Segment.SMB, description="The market it belongs to.")
    net_days: int = strawberry.field(default=0, description="Days after the issue day in which an invoice may be paid.")
    region: str | None = strawberry.field(default=None, description="The region there, where taxes differ by it.")
    email: str | None = strawberry.field(default=None, description="Where invoices are sent.")
    parent_id: strawberry.ID | None = strawberry.field(
        default=None, description="An account whose people will read this one, acct_…; it may pay for it."
    )
    owner: AccountOwnerInput | None = strawberry.field(default=None, description="Who will own it.")

    def command(self) -> OpenAccount:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        owner = self.owner
        return OpenAccount(
            external_id=self.external_id,
            name=self.name,
            currency=self.currency,
            zone=self.time_zone,
            country=self.country,
            segment=self.segment,
            net_days=self.net_days,
            region=self.region,
            email=self.email,
            parent_id=_parent_id(self.parent_id),
            owner=None
            if owner is None
            else AccountOwner(UserId(read_id("User", owner.user_id, "owner", "userId")), owner.name, owner.email),
        )


@strawberry.type(description="What opening did.")
class AccountOpenPayload:
    account: Account | None = stored("The account; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")


@strawberry.input(
    description=(
        'An account to try things out on: {externalId: "my-sandbox", name: "Ada\'s bakery", currency: USD, '
        'timeZone: "America/New_York", country: "US", clockAt: "2027-01-31T12:00:00Z"}.'
    )
)
class SandboxAccountOpenInput:
    external_id: str = strawberry.field(
        description="Yours to choose; asked again, the account that has it is the answer."
    )
    name: str = strawberry.field(description="The name on its invoices.")
    currency: CurrencyCode = strawberry.field(description="The one currency it is billed in.")
    time_zone: str = strawberry.field(description="The IANA zone its days begin in.")
    country: str = strawberry.field(description="ISO 3166 code of where it is billed, and taxed.")
    clock_at: DateTime = strawberry.field(description="The instant its clock stands at until somebody advances it.")
    segment: Segment = strawberry.field(default=Segment.SMB, description="The market it belongs to.")
    net_days: int = strawberry.field(default=0, description="Days after the issue day in which an invoice may be paid.")
    region: str | None = strawberry.field(default=None, description="The region there, where taxes differ by it.")
    email: str | None = strawberry.field(default=None, description="Where invoices would be sent.")
    parent_id: strawberry.ID | None = strawberry.field(
        default=None, description="A sandbox account of yours whose child it is, acct_…"
    )

    def command(self) -> OpenSandboxAccount:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return OpenSandboxAccount(
            external_id=self.external_id,
            name=self.name,
            currency=self.currency,
            zone=self.time_zone,
            country=self.country,
            clock_at=self.clock_at,
            segment=self.segment,
            net_days=self.net_days,
            region=self.region,
            email=self.email,
            parent_id=_parent_id(self.parent_id),
        )


@strawberry.type(description="What opening did.")
class SandboxAccountOpenPayload:
    account: Account | None = stored("The account; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")
