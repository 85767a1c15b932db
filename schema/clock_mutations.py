"""`testClockAdvance`: its input and payload."""

import strawberry

from domain.commands import AdvanceClock
from domain.ids import AccountId
from schema.account import Account
from schema.base import stored
from schema.inputs import read_id
from schema.scalars import BigInt, DateTime
from schema.user_errors import UserError


@strawberry.input(
    description='An account and an instant ahead of its clock: {accountId: "acct_…", to: "2027-03-01T00:00:00Z"}.'
)
class TestClockAdvanceInput:
    account_id: strawberry.ID = strawberry.field(description="The account, acct_…; it has a clock of its own.")
    to: DateTime = strawberry.field(description="Where its clock is to stand. It only moves forward.")

    def command(self) -> AdvanceClock:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return AdvanceClock(AccountId(read_id("Account", self.account_id, "accountId")), self.to)


@strawberry.type(description="One thing that happened on the way.")
class ClockEvent:
    sequence: BigInt = stored("Its number among the account's events.")
    type: str = stored("What happened, such as invoice.finalised.")
    subject_id: strawberry.ID = stored("The id of what it happened to; `node` finds it.")
    occurred_at: DateTime = stored("When, by the account's clock.")


@strawberry.type(description="What moving the clock did.")
class TestClockAdvancePayload:
    account: Account | None = stored("The account at its new present; null when nothing was done.")
    clock_at: DateTime | None = stored("Where its clock stands now; null when nothing was done.")
    is_complete: bool | None = stored(
        "Whether it stands where it was to; false: there is more on the way, ask again. Null when nothing was done."
    )
    happened: list[ClockEvent] | None = stored("What happened, in order. At most what one answer holds.")
    user_errors: list[UserError] = stored("Why nothing was done.")
