"""Only the published test numbers pass, and nothing of a number is kept or repeated but its last four digits."""

from datetime import date

import pytest

from domain.errors import InvalidInput
from domain.sandbox_cards import DECLINE_CODES, SANDBOX_CARDS, SandboxBehaviour, behaviour_of, card_of, stored
from tests.make import an_id, april


def test_every_behaviour_has_one_published_number() -> None:
    assert sorted(card.behaviour for card in SANDBOX_CARDS) == sorted(SandboxBehaviour)
    assert len({card.number for card in SANDBOX_CARDS}) == len(SANDBOX_CARDS)


@pytest.mark.parametrize("written", ["4242424242424242", "4242 4242 4242 4242", "4242-4242-4242-4242"])
def test_a_number_is_read_as_people_write_it(written: str) -> None:
    assert card_of(written).behaviour is SandboxBehaviour.SUCCEEDS


@pytest.mark.parametrize(
    ("says", "number"),
    [
        ("another number that passes the checksum", "5555555555554444"),
        ("a digit too many", "42424242424242420"),
        ("nothing", ""),
        ("digits of another script", "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢"),
        ("a megabyte", "4" * 1_000_000),
    ],
)
def test_no_other_number_is_accepted_or_repeated(says: str, number: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        card_of(number)
    assert refused.value.value is None, says
    assert not number or number not in refused.value.message


@pytest.mark.parametrize("card", SANDBOX_CARDS, ids=lambda card: card.behaviour.value)
def test_what_is_stored_tells_the_behaviour_and_no_number(card: object) -> None:
    assert isinstance(card, type(SANDBOX_CARDS[0]))
    kept = stored(card, an_id("nonce"), april(1))
    assert behaviour_of(kept.token) is card.behaviour
    assert (kept.last4, kept.expires_on) == (card.number[-4:], date(2029, 12, 31))
    assert card.number not in kept.token
    assert card.number[:6] not in kept.token


def test_a_token_that_is_not_ours_does_nothing() -> None:
    assert behaviour_of("tok_123") is None
    assert behaviour_of(f"sandbox_FREE_{an_id('x').hex}") is None


def test_what_declines_says_why() -> None:
    assert DECLINE_CODES.keys() == {
        SandboxBehaviour.DECLINES_FUNDS,
        SandboxBehaviour.DECLINES_EXPIRED,
        SandboxBehaviour.ASKS_THEN_DECLINES,
        SandboxBehaviour.SUCCEEDS_ONCE,
    }
