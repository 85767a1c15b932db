"""What a CloudEvent tells of usage, and why another tells of none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain.cloud_event import SENTENCES, CloudEvent, EventFault, MeteredAccount, Reason, Refused, usage_of
from domain.ids import AccountId, MeterId
from domain.usage import Aggregation, Measure, Meter, UsageEvent, UsageRejection

NOW = datetime(2026, 4, 16, 12, tzinfo=UTC)
AT = datetime(2026, 4, 10, tzinfo=UTC)
ACME = MeteredAccount(AccountId(UUID(int=1)))
EVENT = CloudEvent("1.0", "prompt", "chat", "evt-1", "acme", AT, {"tokens": 7, "model": "gpt", "user": "ann"})


def a_meter(aggregation: Aggregation, value: str | None = None, *dimensions: str, code: str = "tokens") -> Meter:
    return Meter(MeterId(UUID(int=2)), code, aggregation, "prompt", value, frozenset(dimensions))


TOKENS = a_meter(Aggregation.SUM, "tokens")
USERS = a_meter(Aggregation.UNIQUE, "user", code="users")


def usage(event: CloudEvent, *meters: Meter, account: MeteredAccount | None = ACME) -> UsageEvent:
    found = usage_of(event, account, meters or (TOKENS,), NOW)
    assert isinstance(found, UsageEvent), found
    return found


def test_an_event_is_measured_by_every_meter_of_its_type() -> None:
    prompts = a_meter(Aggregation.COUNT, None, "model", "region", code="prompts")
    assert usage(EVENT, TOKENS, USERS, prompts) == UsageEvent(
        ACME.id,
        "chat",
        "evt-1",
        AT,
        (
            Measure("tokens", Decimal(7)),
            Measure("users", Decimal(1), "ann"),
            # it says no region
            Measure("prompts", Decimal(1), None, (("model", "gpt"),)),
        ),
    )


@pytest.mark.parametrize(
    ("given", "counted"),
    [
        (7, "7"),
        (Decimal("0.1"), "0.1"),
        (Decimal("1E+3"), "1000"),
        ("2.5", "2.5"),
        ("-3", "-3"),  # negative is a matter of counting
        (0, "0"),
        (999_999_999_999_999, "999999999999999"),
        (Decimal("0.0000010"), "0.000001"),
    ],
)
def test_a_value_is_a_number_or_a_text_that_is_one(given: object, counted: str) -> None:
    (measure,) = usage(replace(EVENT, data={"tokens": given})).measures
    assert measure.value == Decimal(counted)


@pytest.mark.parametrize(("given", "text"), [("ann", "ann"), (7, "7"), (True, "true"), (Decimal("1.50"), "1.50")])
def test_what_is_counted_once_is_a_text(given: object, text: str) -> None:
    assert [each.text for each in usage(replace(EVENT, data={"user": given}), USERS).measures] == [text]


def test_a_meter_that_does_not_say_where_reads_value() -> None:
    (measure,) = usage(replace(EVENT, data={"value": 4}), a_meter(Aggregation.MAX)).measures
    assert measure.value == 4


def test_an_event_without_a_time_is_of_now_or_of_the_clock_that_stands() -> None:
    untimed = replace(EVENT, time=None)
    assert (usage(untimed).occurred_at, usage(untimed).is_timed) == (NOW, False)
    standing = MeteredAccount(ACME.id, AT)
    assert usage(untimed, account=standing).occurred_at == AT
    assert usage(replace(EVENT, time=NOW), account=standing).occurred_at == NOW


def test_one_that_does_not_say_when_is_the_same_whenever_it_is_sent_again() -> None:
    untimed = replace(EVENT, time=None)
    first, later = usage(untimed), usage_of(untimed, ACME, (TOKENS,), NOW + timedelta(hours=1))
    assert isinstance(later, UsageEvent)
    assert first.content.agrees(later.content)
    assert usage(EVENT).content.agrees(later.content)
    assert not first.content.agrees(usage(EVENT).content)
    assert not first.content.agrees(usage(replace(untimed, data={"tokens": 8})).content)


def test_the_same_instant_elsewhere_is_the_same() -> None:
    elsewhere = replace(EVENT, time=AT.astimezone(timezone(timedelta(hours=9))))
    assert usage(elsewhere).content == usage(EVENT).content


MALFORMED, TOO_LARGE, NO_VALUE = EventFault.MALFORMED, EventFault.TOO_LARGE, UsageRejection.NO_VALUE


@pytest.mark.parametrize(
    ("changes", "reason", "message"),
    [
        ({"specversion": "0.3"}, MALFORMED, "`specversion` is not 1.0."),
        ({"subject": None}, MALFORMED, "`subject` is missing: it names the account."),
        ({"subject": ""}, MALFORMED, "`subject` is missing: it names the account."),
        ({"time": datetime(2026, 4, 10)}, MALFORMED, "`time` has no offset from UTC."),
        ({"source": ""}, MALFORMED, "`source` is empty."),
        ({"id": ""}, MALFORMED, "`id` is empty."),
        ({"id": "a\0b"}, MALFORMED, "`id` contains the character U+0000."),
        ({"id": "i" * 256}, TOO_LARGE, "`id` is longer than 255 characters."),
        ({"source": "s" * 256}, TOO_LARGE, "`source` is longer than 255 characters."),
        ({"data": None}, NO_VALUE, "`data.tokens` is missing."),
        ({"data": ["tokens"]}, NO_VALUE, "`data.tokens` is missing."),
        ({"data": {"tokens": None}}, NO_VALUE, "`data.tokens` is missing."),
        ({"data": {"tokens": "many"}}, NO_VALUE, "`data.tokens` is not a number."),
        ({"data": {"tokens": "NaN"}}, NO_VALUE, "`data.tokens` is not a number."),
        ({"data": {"tokens": True}}, NO_VALUE, "`data.tokens` is not a number."),
        ({"data": {"tokens": [7]}}, NO_VALUE, "`data.tokens` is not a number."),
        ({"data": {"tokens": 10**15}}, TOO_LARGE, "`data.tokens` has more than 15 digits before the point or 6 after"),
        ({"data": {"tokens": Decimal("1E+999999")}}, TOO_LARGE, "`data.tokens` has more than 15 digits before"),
        ({"data": {"tokens": Decimal("0.0000001")}}, TOO_LARGE, "`data.tokens` has more than 15 digits before"),
        ({"data": {"tokens": Decimal("1E-999999")}}, TOO_LARGE, "`data.tokens` has more than 15 digits before"),
    ],
)
def test_an_event_that_tells_of_no_usage_says_why(changes: dict[str, Any], reason: Reason, message: str) -> None:
    found = usage_of(replace(EVENT, **changes), ACME, (TOKENS,), NOW)
    assert isinstance(found, Refused)
    assert found.reason is reason
    assert found.message.startswith(message)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({}, NO_VALUE),
        ({"user": ""}, NO_VALUE),
        ({"user": {"id": 1}}, NO_VALUE),
        ({"user": "u" * 256}, TOO_LARGE),
        ({"user": "u\0"}, MALFORMED),
        ({"user": "ann", "model": ["gpt"]}, MALFORMED),
        ({"user": "ann", "model": "m" * 256}, TOO_LARGE),
    ],
)
def test_a_text_that_cannot_be_kept_is_refused(data: dict[str, Any], reason: Reason) -> None:
    users = a_meter(Aggregation.UNIQUE, "user", "model")
    found = usage_of(replace(EVENT, data=data), ACME, (users,), NOW)
    assert isinstance(found, Refused)
    assert found.reason is reason


@pytest.mark.parametrize("missing", [{"model": None}, {"model": ""}, {}])
def test_a_dimension_that_is_not_said_is_left_out(missing: dict[str, Any]) -> None:
    prompts = a_meter(Aggregation.COUNT, None, "model")
    assert [each.dimensions for each in usage(replace(EVENT, data=missing), prompts).measures] == [()]


def test_one_meter_that_cannot_count_it_refuses_it_whole() -> None:
    found = usage_of(replace(EVENT, data={"tokens": 7}), ACME, (TOKENS, USERS), NOW)
    assert found == Refused(NO_VALUE, "`data.user` is missing.")


def test_an_account_or_a_meter_that_nobody_knows() -> None:
    assert usage_of(EVENT, None, (TOKENS,), NOW) == Refused(
        UsageRejection.UNKNOWN_ACCOUNT, "There is no such account in reach."
    )
    assert usage_of(EVENT, ACME, (), NOW) == Refused(
        UsageRejection.UNKNOWN_METER, "No meter counts events of this type."
    )


def test_every_reason_has_its_sentence() -> None:
    assert set(SENTENCES) == set(UsageRejection)
