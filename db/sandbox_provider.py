"""The built-in sandbox provider: another company's interface in miniature, with books and transactions of its own.

Owns what a test card does when asked, once a key however often it is asked. It knows none of our tables and we read
none of its books: they meet in the answers alone. Which card does what is a table (domain/sandbox_cards.py).
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import sandbox_charges
from domain.money import Money
from domain.payment import ACTION_WITHIN
from domain.provider import (
    UNKNOWN,
    Answer,
    AnswerKind,
    ChargeRequest,
    ProviderMisuse,
    ProviderTimeout,
    RefundRequest,
)
from domain.sandbox_cards import DECLINE_CODES, SandboxBehaviour, behaviour_of

_CHARGE, _REFUND = "CHARGE", "REFUND"
_TIMES_OUT = (SandboxBehaviour.TIMES_OUT_CHARGED, SandboxBehaviour.TIMES_OUT_UNCHARGED)
_B = SandboxBehaviour


class Books(Protocol):
    """Where the provider's books are kept: a database gives it transactions of its own."""

    def write(self) -> AbstractAsyncContextManager[AsyncSession]:
        """A transaction over the books."""
        ...


@dataclass(frozen=True, slots=True)
class OneTransaction:
    """Books within a transaction that is under way already, for a past that is made whole or not at all."""

    session: AsyncSession

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """That transaction; whoever began it ends it."""
        yield self.session


class SandboxProvider:
    """A `PaymentProvider` for sandboxes, demos and tests: no money moves, everything else is as it would be."""

    def __init__(self, database: Books) -> None:
        self._database = database

    async def charge(self, request: ChargeRequest) -> Answer:
        """Charge a test card. A repeated key gives its first answer again and charges nothing.

        Raises ProviderTimeout when a card that times out is asked first, ProviderMisuse for an unknown token or a key
        that was used for something else.
        """
        behaviour = _known(request.token)
        async with self._database.write() as session:
            entry = await _ask(session, _CHARGE, request.key, request.token, None, request.amount, request.at)
            if entry.asked == 1:
                answer = await _enter(session, request.key, await _first_answer(session, behaviour, request.token))
            elif entry.outcome == AnswerKind.UNKNOWN.value:
                # the first asking was lost on its way here
                answer = await _enter(session, request.key, Answer(AnswerKind.SUCCEEDED))
            else:
                answer = _answer(entry)
        # the books are closed: an answer that is lost now is lost after the deed
        if entry.asked == 1 and behaviour in _TIMES_OUT:
            raise ProviderTimeout("The provider did not answer in time.", request.key)
        return answer

    async def refund(self, request: RefundRequest) -> Answer:
        """Give back a part of a charge; declined as `exceeds_charge` beyond what is left of it.

        Times out like the card's charge did; raises as `charge` does.
        """
        async with self._database.write() as session:
            charged = (
                await session.execute(
                    select(sandbox_charges).where(sandbox_charges.c.key == request.charged_key).with_for_update()
                )
            ).one_or_none()
            if charged is None or charged.outcome != AnswerKind.SUCCEEDED.value:
                raise ProviderMisuse("There is no such charge to give back.", request.charged_key)
            behaviour = _known(charged.token)
            entry = await _ask(
                session, _REFUND, request.key, charged.token, request.charged_key, request.amount, request.at
            )
            if entry.asked == 1 and behaviour is _B.TIMES_OUT_UNCHARGED:
                answer = UNKNOWN
            elif entry.outcome == AnswerKind.UNKNOWN.value:
                answer = await _enter(session, request.key, await _refund_answer(session, charged, request))
            else:
                answer = _answer(entry)
        if entry.asked == 1 and behaviour in _TIMES_OUT:
            raise ProviderTimeout("The provider did not answer in time.", request.key)
        return answer

    async def status(self, key: str, at: datetime) -> Answer:
        """What the books say. An action that nobody took within a day has become a decline."""
        async with self._database.write() as session:
            entry = await _entry(session, key)
            if entry is None:
                return UNKNOWN
            if _is_waiting(entry) and at >= entry.created_at + ACTION_WITHIN:
                return await _enter(session, key, Answer(AnswerKind.DECLINED, code="authentication_expired"))
            return _answer(entry)

    async def confirm(self, key: str, at: datetime) -> Answer:
        """The customer acts: the charge succeeds, or is declined by a card that asks and then refuses."""
        async with self._database.write() as session:
            entry = await _entry(session, key)
            if entry is None:
                return UNKNOWN
            if not _is_waiting(entry):
                return _answer(entry)
            behaviour = _known(entry.token)
            if behaviour is _B.ASKS_THEN_DECLINES:
                return await _enter(session, key, Answer(AnswerKind.DECLINED, code=DECLINE_CODES[behaviour]))
            return await _enter(session, key, Answer(AnswerKind.SUCCEEDED))


def _known(token: str) -> SandboxBehaviour:
    behaviour = behaviour_of(token)
    if behaviour is None:
        raise ProviderMisuse("The sandbox provider gave out no such token.")
    return behaviour


async def _ask(
    session: AsyncSession, kind: str, key: str, token: str, charged_key: str | None, amount: Money, at: datetime
) -> Row[Any]:
    """Count one more asking of a key; the row it has then, locked. It is UNKNOWN until an answer is entered."""
    asked = postgresql.insert(sandbox_charges).values(
        key=key,
        kind=kind,
        token=token,
        charged_key=charged_key,
        amount_minor=amount.minor,
        currency=amount.currency,
        outcome=AnswerKind.UNKNOWN.value,
        code=None,
        asked=1,
        created_at=at,
    )
    again = asked.on_conflict_do_update(index_elements=["key"], set_={"asked": sandbox_charges.c.asked + 1}).returning(
        sandbox_charges
    )
    entry: Row[Any] = (await session.execute(again)).one()
    first = (entry.kind, entry.token, entry.charged_key, entry.amount_minor, entry.currency)
    if first != (kind, token, charged_key, amount.minor, amount.currency):
        raise ProviderMisuse("This key was used for something else.", key)
    return entry


async def _first_answer(session: AsyncSession, behaviour: SandboxBehaviour, token: str) -> Answer:
    match behaviour:
        case _B.SUCCEEDS | _B.TIMES_OUT_CHARGED:
            return Answer(AnswerKind.SUCCEEDED)
        case _B.TIMES_OUT_UNCHARGED:
            return UNKNOWN
        case _B.DECLINES_FUNDS | _B.DECLINES_EXPIRED:
            return Answer(AnswerKind.DECLINED, code=DECLINE_CODES[behaviour])
        case _B.ASKS_THEN_SUCCEEDS | _B.ASKS_THEN_DECLINES:
            return Answer(AnswerKind.REQUIRES_ACTION)
        case _B.SUCCEEDS_ONCE:
            earlier = await session.scalar(
                select(func.count())
                .select_from(sandbox_charges)
                .where(
                    sandbox_charges.c.token == token,
                    sandbox_charges.c.kind == _CHARGE,
                    sandbox_charges.c.outcome == AnswerKind.SUCCEEDED.value,
                )
            )
            if earlier:
                return Answer(AnswerKind.DECLINED, code=DECLINE_CODES[behaviour])
            return Answer(AnswerKind.SUCCEEDED)


async def _refund_answer(session: AsyncSession, charged: Row[Any], request: RefundRequest) -> Answer:
    returned = await session.scalar(
        select(func.coalesce(func.sum(sandbox_charges.c.amount_minor), 0)).where(
            sandbox_charges.c.charged_key == request.charged_key,
            sandbox_charges.c.outcome == AnswerKind.SUCCEEDED.value,
        )
    )
    if int(returned or 0) + request.amount.minor > charged.amount_minor:
        return Answer(AnswerKind.DECLINED, code="exceeds_charge")
    return Answer(AnswerKind.SUCCEEDED)


async def _entry(session: AsyncSession, key: str) -> Row[Any] | None:
    found = await session.execute(select(sandbox_charges).where(sandbox_charges.c.key == key).with_for_update())
    return found.one_or_none()


async def _enter(session: AsyncSession, key: str, answer: Answer) -> Answer:
    """Write down what became of a key; the answer as it is given from then on."""
    entered = (
        update(sandbox_charges)
        .where(sandbox_charges.c.key == key)
        .values(outcome=answer.kind.value, code=answer.code)
        .returning(sandbox_charges)
    )
    return _answer((await session.execute(entered)).one())


def _is_waiting(entry: Row[Any]) -> bool:
    return bool(entry.outcome == AnswerKind.REQUIRES_ACTION.value)


def _answer(entry: Row[Any]) -> Answer:
    kind = AnswerKind(entry.outcome)
    return UNKNOWN if kind is AnswerKind.UNKNOWN else Answer(kind, f"sandbox-{entry.key}", entry.code)
