"""From the body of a request to the CloudEvents in it, each by itself.

Owns the decoding: compiled, with decimals exactly as they were sent, and an event that is none never spoils the others.
Does not own what an event means (domain.cloud_event) nor reading the body (body.py).
"""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import msgspec

from domain.cloud_event import CloudEvent, Unreadable


class NotJson(Exception):
    """The body is no JSON, or not of the shape its media type says; the text is a sentence for who sent it."""


def _exactly(digits: str) -> Decimal | str:
    """A number with a point or an exponent; one that no decimal holds stays a text, which is no number later."""
    try:
        return Decimal(digits)
    except InvalidOperation:
        return digits


_ALL: Final = msgspec.json.Decoder(list[CloudEvent], float_hook=_exactly)
_ONE: Final = msgspec.json.Decoder(CloudEvent, float_hook=_exactly)
_EACH: Final = msgspec.json.Decoder(list[msgspec.Raw])
_ANYTHING: Final = msgspec.json.Decoder(dict[str, Any])


def decode(body: bytes) -> Sequence[CloudEvent | Unreadable]:
    """The event of a JSON object, or those of an array. Raises NotJson."""
    try:
        return _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NotJson("The request is not JSON that can be read: an event, or an array of events.") from None


def is_list(body: bytes) -> bool:
    """Whether the body is an array, by its first character."""
    return body.lstrip(b" \t\r\n")[:1] == b"["


def _decode(body: bytes) -> Sequence[CloudEvent | Unreadable]:
    if not is_list(body):
        return [_event(body)]
    try:
        return _ALL.decode(body)
    except msgspec.ValidationError:
        return [_event(each) for each in _EACH.decode(body)]


def _event(raw: bytes | msgspec.Raw) -> CloudEvent | Unreadable:
    try:
        return _ONE.decode(raw)
    except msgspec.ValidationError as fault:
        message = str(fault).replace(" - at `$.", " at `").replace(" - at `$`", "")
    bytes(raw).decode()  # where the fault came first, nobody has looked whether it is UTF-8
    try:
        attributes = _ANYTHING.decode(raw)
    except msgspec.ValidationError:
        attributes = {}
    source, name = attributes.get("source"), attributes.get("id")
    return Unreadable(
        f"{message}.", source if isinstance(source, str) else None, name if isinstance(name, str) else None
    )
