"""CloudEvents out of a request's body: decimals as sent, and each event for itself."""

from decimal import Decimal

import pytest

from app.cloud_events import NotJson, decode
from domain.cloud_event import CloudEvent, Unreadable

GOOD = b'{"specversion": "1.0", "type": "prompt", "source": "chat", "id": "evt-1"}'
EVENT = CloudEvent("1.0", "prompt", "chat", "evt-1")


def with_data(data: bytes) -> bytes:
    return GOOD[:-1] + b', "data": ' + data + b"}"


def test_one_event_or_several() -> None:
    assert decode(GOOD) == [EVENT]
    assert decode(b" \n[" + GOOD + b"," + GOOD + b"]") == [EVENT, EVENT]
    assert decode(b"[]") == []


def test_what_is_not_ours_to_read_is_passed_over() -> None:
    extended = GOOD[:-1] + b', "traceparent": "00-1", "datacontenttype": "application/json", "dataschema": null}'
    assert decode(extended) == [EVENT]


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (b"0.1", Decimal("0.1")),
        # no binary fraction holds it
        (b"123456789012345.678901", Decimal("123456789012345.678901")),
        (b"123456789012345678901234567890", 123456789012345678901234567890),
        (b"1e400", Decimal("1E+400")),
        (b"1.0e99999999999999999999", "1.0e99999999999999999999"),
    ],
)
def test_a_number_is_read_exactly(sent: bytes, read: object) -> None:
    body = with_data(b'{"value": ' + sent + b"}")
    event = CloudEvent("1.0", "prompt", "chat", "evt-1", data={"value": read})
    assert decode(body) == [event]
    assert decode(b"[" + body + b"]") == [event]


@pytest.mark.parametrize(
    ("sent", "unreadable"),
    [
        (b'{"specversion": "1.0"}', Unreadable("Object missing required field `type`.")),
        (
            b'{"specversion": "1.0", "type": "t", "source": "chat", "id": 5}',
            Unreadable("Expected `str`, got `int` at `id`.", "chat"),
        ),
        (
            GOOD[:-1] + b', "time": "yesterday"}',
            Unreadable("Invalid RFC3339 encoded datetime at `time`.", "chat", "evt-1"),
        ),
        (b"5", Unreadable("Expected `object`, got `int`.")),
        (b"null", Unreadable("Expected `object`, got `null`.")),
        (with_data(b"9" * 6000), Unreadable("Integer value out of range at `data`.")),
    ],
)
def test_one_that_is_no_event_says_why_and_spoils_no_other(sent: bytes, unreadable: Unreadable) -> None:
    assert decode(b"[" + GOOD + b"," + sent + b"," + GOOD + b"]") == [EVENT, unreadable, EVENT]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"usage",
        b"[",
        GOOD[:-1],
        b"[" + GOOD + b",]",
        GOOD + b"x",
        b"[" + GOOD + b"] [",
        with_data(b"NaN"),
        with_data(b'"\xff"'),
        with_data(b'"\\ud800"'),
        with_data(b"[" * 100_000 + b"]" * 100_000),
        # what is wrong elsewhere changes nothing about it
        b'[{}, "\xff"]',
        b"[{}, " + with_data(b'"\xff"') + b"]",
        b"[{}, " + with_data(b"[" * 100_000 + b"]" * 100_000) + b"]",
    ],
)
def test_what_is_no_json_is_refused_whole(body: bytes) -> None:
    with pytest.raises(NotJson):
        decode(body)
