"""`usageRecord`: usage events in bulk, an answer for each."""

import decimal
from collections.abc import Sequence

import strawberry

from domain.errors import InvalidInput
from domain.ids import AccountId
from domain.usage import Measure, UsageEvent, UsageRejection, UsageStatus
from schema.base import stored
from schema.enums import described
from schema.inputs import read_id
from schema.scalars import DateTime, Decimal
from schema.user_errors import UserError

MOST_EVENTS = 1000
"""The most events one batch takes."""
MOST_DIMENSIONS = 10
_LONGEST, _LENGTH = 255, "Between 1 and 255 characters, please."
_ONE = decimal.Decimal(1)
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
    NO_VALUE="Its meter counts something that the event does not have.",
    UNKNOWN_DIMENSION="It is told apart by a name that its meter does not know.",
)


@strawberry.input(description="What an event is told apart by.")
class UsageDimensionInput:
    name: str = strawberry.field(description="One of the meter's dimensions.")
    value: str = strawberry.field(description="1 to 255 characters.")


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
        default=_ONE, description="How much, in the meter's unit; at most 15 digits before the point, 6 after it."
    )
    text: str | None = strawberry.field(
        default=None, description="What a UNIQUE meter counts once, 1 to 255 characters; of no use to any other."
    )
    dimensions: list[UsageDimensionInput] = strawberry.field(
        default_factory=list, description="What the meter's figure is told apart by, at most 10."
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
    path = ("input", "events", at)
    for name, text in (("source", given.source), ("id", given.id), ("meter", given.meter), ("text", given.text)):
        if text is not None and not 1 <= len(text) <= _LONGEST:
            raise InvalidInput((*path, name), _LENGTH, len(text))
    if len(given.dimensions) > MOST_DIMENSIONS:
        raise InvalidInput((*path, "dimensions"), f"At most {MOST_DIMENSIONS} of them.", len(given.dimensions))
    dimensions = {each.name: each.value for each in given.dimensions}
    if len(dimensions) < len(given.dimensions):
        raise InvalidInput((*path, "dimensions"), "One value for each name, please.", None)
    for number, each in enumerate(given.dimensions):
        if not 1 <= len(each.value) <= _LONGEST:
            raise InvalidInput((*path, "dimensions", str(number), "value"), _LENGTH, len(each.value))
    if abs(given.value) >= 10**15:
        raise InvalidInput(("input", "events", at, "value"), "At most 15 digits before the point.", given.value)
    if given.value * 10**_VALUE_DECIMALS % 1:
        message = f"At most {_VALUE_DECIMALS} digits after the point."
        raise InvalidInput(("input", "events", at, "value"), message, given.value)
    return UsageEvent(
        account_id=AccountId(read_id("Account", given.account_id, "events", at, "accountId")),
        source=given.source,
        id=given.id,
        occurred_at=given.occurred_at,
        measures=(Measure(given.meter, given.value, given.text, tuple(sorted(dimensions.items()))),),
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
