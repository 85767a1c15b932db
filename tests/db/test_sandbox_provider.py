"""The sandbox provider's books: a key moves money once, however often and however many at once ask."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from db.engine import Database
from db.sandbox_provider import SandboxProvider
from domain.money import Money
from domain.provider import (
    UNKNOWN,
    Answer,
    AnswerKind,
    ChargeRequest,
    ProviderMisuse,
    ProviderTimeout,
    RefundRequest,
)
from domain.sandbox_cards import SANDBOX_CARDS, SandboxBehaviour, stored
from tests.make import an_id, april, usd

B, K = SandboxBehaviour, AnswerKind


@pytest.fixture
def provider(database: Database) -> SandboxProvider:
    """The provider with the module's books."""
    return SandboxProvider(database)


def a_charge(behaviour: SandboxBehaviour, key: str, amount: str = "10.00", card: str | None = None) -> ChargeRequest:
    """A charge by a card of its own, unless `card` names one."""
    number = next(each for each in SANDBOX_CARDS if each.behaviour is behaviour)
    return ChargeRequest(key, stored(number, an_id(card or key), april(1)).token, usd(amount), april(1))


async def moved(database: Database, key: str) -> tuple[int, int]:
    """What the books hold under a key in minor units, and how often it was asked."""
    async with database.write() as session:
        row = (
            await session.execute(
                text("SELECT amount_minor, outcome, asked FROM sandbox_charges WHERE key = :key"), {"key": key}
            )
        ).one()
    return (row.amount_minor if row.outcome == "SUCCEEDED" else 0, row.asked)


@pytest.mark.parametrize(
    ("behaviour", "kind", "code"),
    [
        (B.SUCCEEDS, K.SUCCEEDED, None),
        (B.DECLINES_FUNDS, K.DECLINED, "insufficient_funds"),
        (B.DECLINES_EXPIRED, K.DECLINED, "expired_card"),
        (B.ASKS_THEN_SUCCEEDS, K.REQUIRES_ACTION, None),
        (B.ASKS_THEN_DECLINES, K.REQUIRES_ACTION, None),
        (B.SUCCEEDS_ONCE, K.SUCCEEDED, None),
    ],
)
async def test_a_card_does_what_its_number_says(
    provider: SandboxProvider, behaviour: SandboxBehaviour, kind: AnswerKind, code: str | None
) -> None:
    answer = await provider.charge(a_charge(behaviour, behaviour.value))
    assert (answer.kind, answer.code) == (kind, code)
    assert answer.reference == f"sandbox-{behaviour.value}"
    assert await provider.status(behaviour.value, april(1)) == answer


async def test_a_key_is_charged_once_however_often_it_is_asked(database: Database, provider: SandboxProvider) -> None:
    request = a_charge(B.SUCCEEDS, "again")
    answers = await asyncio.gather(*(provider.charge(request) for _ in range(5)))
    assert {answer.kind for answer in answers} == {K.SUCCEEDED}
    assert await moved(database, "again") == (1000, 5)


async def test_a_lost_answer_is_found_in_the_books(database: Database, provider: SandboxProvider) -> None:
    with pytest.raises(ProviderTimeout):
        await provider.charge(a_charge(B.TIMES_OUT_CHARGED, "lost answer"))
    assert (await provider.status("lost answer", april(1))).kind is K.SUCCEEDED
    assert await moved(database, "lost answer") == (1000, 1)


async def test_a_lost_question_may_be_asked_again_under_its_key(database: Database, provider: SandboxProvider) -> None:
    request = a_charge(B.TIMES_OUT_UNCHARGED, "lost question")
    with pytest.raises(ProviderTimeout):
        await provider.charge(request)
    assert await provider.status("lost question", april(1)) == UNKNOWN
    assert (await provider.charge(request)).kind is K.SUCCEEDED
    assert await moved(database, "lost question") == (1000, 2)


async def test_the_customer_acts(provider: SandboxProvider) -> None:
    for behaviour, expected in (
        (B.ASKS_THEN_SUCCEEDS, Answer(K.SUCCEEDED, "sandbox-acts ASKS_THEN_SUCCEEDS")),
        (B.ASKS_THEN_DECLINES, Answer(K.DECLINED, "sandbox-acts ASKS_THEN_DECLINES", "authentication_failed")),
    ):
        key = f"acts {behaviour.value}"
        await provider.charge(a_charge(behaviour, key))
        assert await provider.confirm(key, april(1, 1)) == expected
        assert await provider.confirm(key, april(1, 2)) == expected
        assert await provider.status(key, april(5)) == expected


async def test_an_action_nobody_takes_is_off_after_a_day(provider: SandboxProvider) -> None:
    await provider.charge(a_charge(B.ASKS_THEN_SUCCEEDS, "forgotten"))
    assert (await provider.status("forgotten", april(2) - timedelta(seconds=1))).kind is K.REQUIRES_ACTION
    off = Answer(K.DECLINED, "sandbox-forgotten", "authentication_expired")
    assert await provider.status("forgotten", april(2)) == off
    assert await provider.confirm("forgotten", april(2, 1)) == off


async def test_a_card_that_succeeds_once_declines_the_next_charge(provider: SandboxProvider) -> None:
    assert (await provider.charge(a_charge(B.SUCCEEDS_ONCE, "first", card="dunning"))).kind is K.SUCCEEDED
    second = await provider.charge(a_charge(B.SUCCEEDS_ONCE, "second", card="dunning"))
    assert (second.kind, second.code) == (K.DECLINED, "insufficient_funds")


async def test_refunds_never_exceed_the_charge(database: Database, provider: SandboxProvider) -> None:
    await provider.charge(a_charge(B.SUCCEEDS, "bought"))
    asked = [RefundRequest(f"back {n}", "bought", usd("4.00"), april(2)) for n in range(3)]
    answers = [await provider.refund(request) for request in asked]
    assert [answer.kind for answer in answers] == [K.SUCCEEDED, K.SUCCEEDED, K.DECLINED]
    assert answers[2].code == "exceeds_charge"
    assert await provider.refund(asked[0]) == answers[0]
    assert [(await moved(database, request.key))[0] for request in asked] == [400, 400, 0]


async def test_a_refund_of_a_card_that_times_out_is_given_once(database: Database, provider: SandboxProvider) -> None:
    for behaviour in (B.TIMES_OUT_CHARGED, B.TIMES_OUT_UNCHARGED):
        charge = a_charge(behaviour, f"bought {behaviour.value}")
        refund = RefundRequest(f"back {behaviour.value}", charge.key, usd("10.00"), april(2))
        for _ in range(2):
            try:
                await provider.charge(charge)
            except ProviderTimeout:
                continue
        with pytest.raises(ProviderTimeout):
            await provider.refund(refund)
        if (await provider.status(refund.key, april(2))) == UNKNOWN:
            await provider.refund(refund)
        assert (await provider.status(refund.key, april(2))).kind is K.SUCCEEDED
        assert (await moved(database, refund.key))[0] == 1000


async def test_a_key_is_for_one_thing(provider: SandboxProvider) -> None:
    request = a_charge(B.SUCCEEDS, "one thing")
    await provider.charge(request)
    with pytest.raises(ProviderMisuse):
        await provider.charge(ChargeRequest(request.key, request.token, Money(1001, "USD"), request.at))
    with pytest.raises(ProviderMisuse):
        await provider.charge(ChargeRequest("another", "tok_of_somebody_else", usd("1.00"), april(1)))
    with pytest.raises(ProviderMisuse):
        await provider.refund(RefundRequest("back", "never charged", usd("1.00"), april(1)))
    assert await provider.status("never asked", april(1)) == UNKNOWN
