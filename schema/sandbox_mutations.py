"""Time that can be moved: the clock of a sandbox account, and what happened on the way."""

import strawberry

from domain.commands import AdvanceClock
from domain.ids import AccountId
from schema.account import Account
from schema.base import Node, stored
from schema.inputs import read_id
from schema.scalars import DateTime
from schema.user_errors import UserError


@strawberry.input(
    description='An instant ahead: {accountId: "acct_…", to: "2026-04-01T00:00:00Z"}. Sandbox accounts only.'
)
class TestClockAdvanceInput:
    account_id: strawberry.ID = strawberry.field(description="The sandbox account, acct_…")
    to: DateTime = strawberry.field(description="Where its clock is to stand: ahead of where it stands now.")

    def command(self) -> AdvanceClock:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return AdvanceClock(AccountId(read_id("Account", self.account_id, "accountId")), self.to)


@strawberry.type(description="One thing that happened as the clock moved.")
class ClockStep:
    at: DateTime = stored("When, by the account's own clock.")
    type: str = stored("What happened, as an event's type says it: invoice.finalised.")
    node: Node | None = stored("What it happened to, as it is now; null for what is no node.")


@strawberry.type(description="What moving the clock did.")
class TestClockAdvancePayload:
    account: Account | None = stored("The account at its new present; null when nothing was done.")
    happened: list[ClockStep] | None = stored("What happened on the way, in order.")
    is_complete: bool | None = stored("Whether the clock stands where it was told to; else the same call goes on.")
    user_errors: list[UserError] = stored("Why nothing was done.")
