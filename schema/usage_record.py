"""`usageRecord`: usage events in bulk, an answer for each."""

from collections.abc import Sequence

import strawberry

from domain.errors import InvalidInput
from domain.ids import AccountId
from domain.usage import UsageEvent, UsageRejection, UsageStatus
from schema.base import stored
from schema.enums import described
from schema.inputs import read_id
from schema.scalars import DateTime, Decimal
from schema.user_errors import UserError

MOST_EVENTS = 1000
"""The most events one batch takes."""
_VALUE_DECIMALS = 6
"""As finely as a meter measures; what is finer would be stored as something else than was sent."""

described(
    UsageStatus,
    "What became of an event; none vanishes.",
    ACCEPTED="Stored and counted.",
    DUPLICATE="Known already: the same id with the same content. Nothing was counted again.",
    REJECTED="Not stored; `rejection` says why.",
)
described(
    UsageRejection,
    "Why an event was refused. New reasons may be added.",
    UNKNOWN_METER="There is no such meter.",
    UNKNOWN_ACCOUNT="There is no such account in reach.",
    NEGATIVE_VALUE="A value is never negative.",
    IN_THE_FUTURE="It is said to occur later than now.",
    TOO_OLD="It occurred longer ago than events are kept.",
    ID_REUSED="The id is known with other content; the first was kept.",
)


@strawberry.input(
    description=(
        'One measured fact: {accountId: "acct_…", source: "crm", id: "evt-1", meter: "email-sends", '
        'occurredAt: "2026-06-01T12:00:00Z", value: "250"}.'
    )
)
class UsageEventInput:
    account_id: strawberry.ID = strawberry.field(description="Whose usage it is, acct_…")
    source: str = strawberry.field(description="The service that sends it, 1 to 255 characters.")
    id: str = strawberry.field(description="Unique within account and source, 1 to 255 characters; a retry repeats it.")
    meter: str = strawberry.field(description="The meter's code.")
    occurred_at: DateTime = strawberry.field(description="When it happened.")
    value: Decimal = strawberry.field(
        description="How much, in the meter's unit; at most 15 digits before the point, 6 after it."
    )


@strawberry.input(description="A batch of events, at most 1000.")
class UsageRecordInput:
    events: list[UsageEventInput] = strawberry.field(description="The events, in any order. At most 1000.")

    def command(self) -> Sequence[UsageEvent]:
        """The events in the domain's words. Raises InvalidInput with the field's path."""
        if len(self.events) > MOST_EVENTS:
            raise InvalidInput(("input", "events"), f"At most {MOST_EVENTS} events at once.", len(self.events))
        return [_event(each, str(at)) for at, each in enumerate(self.events)]


def _event(given: UsageEventInput, at: str) -> UsageEvent:
    for name, text in (("source", given.source), ("id", given.id), ("meter", given.meter)):
        if not 1 <= len(text) <= 255:
            raise InvalidInput(("input", "events", at, name), "Between 1 and 255 characters, please.", len(text))
    if abs(given.value) >= 10**15:
        raise InvalidInput(("input", "events", at, "value"), "At most 15 digits before the point.", given.value)
    if given.value * 10**_VALUE_DECIMALS % 1:
        message = f"At most {_VALUE_DECIMALS} digits after the point."
        raise InvalidInput(("input", "events", at, "value"), message, given.value)
    return UsageEvent(
        account_id=AccountId(read_id("Account", given.account_id, "events", at, "accountId")),
        source=given.source,
        id=given.id,
        meter=given.meter,
        occurred_at=given.occurred_at,
        value=given.value,
    )


@strawberry.type(description="What became of one event.")
class UsageEventResult:
    index: int = stored("The event's place in the batch, from 0.")
    status: UsageStatus = stored("What became of it.")
    rejection: UsageRejection | None = stored("Why it was refused; null when it was not.")


@strawberry.type(description="What became of a batch.")
class UsageRecordPayload:
    results: list[UsageEventResult] = stored("One result an event, in order; none when the batch was refused whole.")
    user_errors: list[UserError] = stored("Why the batch was refused as a whole. Nothing was stored.")
