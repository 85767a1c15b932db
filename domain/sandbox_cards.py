"""The sandbox provider's test cards: the only numbers it takes, and what each of them does.

Owns the table and the turning of a number into a token. No other number is accepted, and none is kept or repeated: a
card is stored as token, brand and last four digits. Does not own the provider's books (db).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from domain.errors import InvalidInput

PROVIDER = "sandbox"
"""What a stored method's `provider` says of these cards."""


class SandboxBehaviour(StrEnum):
    """What a test card does when it is charged; in a token, so that its books need no second table."""

    SUCCEEDS = "SUCCEEDS"
    DECLINES_FUNDS = "DECLINES_FUNDS"
    DECLINES_EXPIRED = "DECLINES_EXPIRED"
    TIMES_OUT_CHARGED = "TIMES_OUT_CHARGED"
    TIMES_OUT_UNCHARGED = "TIMES_OUT_UNCHARGED"
    ASKS_THEN_SUCCEEDS = "ASKS_THEN_SUCCEEDS"
    ASKS_THEN_DECLINES = "ASKS_THEN_DECLINES"
    SUCCEEDS_ONCE = "SUCCEEDS_ONCE"


@dataclass(frozen=True, slots=True)
class SandboxCard:
    """One published test card."""

    number: str
    brand: str
    behaviour: SandboxBehaviour
    says: str


_B = SandboxBehaviour
SANDBOX_CARDS: tuple[SandboxCard, ...] = (
    SandboxCard("4242424242424242", "visa", _B.SUCCEEDS, "every charge succeeds"),
    SandboxCard("4000000000009995", "visa", _B.DECLINES_FUNDS, "declined: insufficient_funds"),
    SandboxCard("4000000000000069", "visa", _B.DECLINES_EXPIRED, "declined: expired_card"),
    SandboxCard("4000000000000119", "visa", _B.TIMES_OUT_CHARGED, "charged, but the first answer is lost"),
    SandboxCard("4000000000000127", "visa", _B.TIMES_OUT_UNCHARGED, "the first asking is lost, nothing is charged"),
    SandboxCard("4000000000003154", "visa", _B.ASKS_THEN_SUCCEEDS, "asks the customer to act, then succeeds"),
    SandboxCard("4000000000003162", "visa", _B.ASKS_THEN_DECLINES, "asks the customer to act, then declines"),
    SandboxCard("4000000000000341", "visa", _B.SUCCEEDS_ONCE, "the first charge succeeds, later ones are declined"),
)
"""The published numbers. They are nobody's: the sandbox provider is the only one that knows them."""

DECLINE_CODES: Mapping[SandboxBehaviour, str] = MappingProxyType(
    {
        _B.DECLINES_FUNDS: "insufficient_funds",
        _B.DECLINES_EXPIRED: "expired_card",
        _B.ASKS_THEN_DECLINES: "authentication_failed",
        _B.SUCCEEDS_ONCE: "insufficient_funds",
    }
)
"""What a card that declines gives as its reason."""

_BY_NUMBER = {card.number: card for card in SANDBOX_CARDS}
_BETWEEN_DIGITS = re.compile(r"[ -]")
_TOKEN = re.compile(r"sandbox_([A-Z_]+)_[0-9a-f]{32}")
_YEARS_VALID = 3


def card_of(number: str) -> SandboxCard:
    """The test card of a number, spaces and dashes allowed. Raises InvalidInput for any other, without repeating it."""
    found = _BY_NUMBER.get(_BETWEEN_DIGITS.sub("", number)) if len(number) <= 40 else None
    if found is None:
        raise InvalidInput((), "Only the sandbox's published test cards are accepted, such as 4242 4242 4242 4242.")
    return found


@dataclass(frozen=True, slots=True)
class StoredCard:
    """What is kept of a card."""

    token: str
    brand: str
    last4: str
    expires_on: date


def stored(card: SandboxCard, nonce: UUID, at: datetime) -> StoredCard:
    """The card under a new token, good for three years: the provider's name for it, which tells no number."""
    return StoredCard(
        f"{PROVIDER}_{card.behaviour.value}_{nonce.hex}",
        card.brand,
        card.number[-4:],
        date(at.year + _YEARS_VALID, 12, 31),
    )


def behaviour_of(token: str) -> SandboxBehaviour | None:
    """What the card behind a token does; None for a token that is none of ours."""
    match = _TOKEN.fullmatch(token)
    return SandboxBehaviour(match[1]) if match and match[1] in SandboxBehaviour.__members__ else None
