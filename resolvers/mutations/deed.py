"""The shell that every mutation of money shares: read the input, do it in a unit of work, answer what was written.

Owns the turning of an operation's outcome into a payload: bad input, what cannot be done as things stand, a policy's
no, a key used for something else, a replay. Does not own any deed: a mutation names its operation and what it wrote, in
a file of its own.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from db.unit_of_work import UnitOfWork, unit_of_work
from domain.errors import InvalidInput
from domain.plan_change.verdict import Figure
from operations.asking import KeyReused, NotAllowed, NotNow
from resolvers.asked import Asks
from resolvers.context import RequestContext
from resolvers.mutations.user_errors import EXPECTED, UserError, UserErrorCode, key_reused, user_error
from resolvers.refusals import count_refusals

C = TypeVar("C")
O = TypeVar("O")  # noqa: E741 - an outcome

Units: TypeAlias = Callable[[], AbstractAsyncContextManager[UnitOfWork]]
"""Opens a unit of work of who asks; each is one transaction."""
Run: TypeAlias = Callable[[Units, C], Awaitable[O | NotNow | NotAllowed | KeyReused]]


@dataclass(frozen=True, slots=True)
class Wrote:
    """What a deed wrote: the nodes by payload field, as (type, id) or a list of them, and plain values."""

    nodes: Mapping[str, tuple[str, UUID | None] | list[tuple[str, UUID]]] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


class Payload:
    """What a mutation answers. A field is a node read back by the loaders after the commit, a value, or None.

    Nothing was written where there are `user_errors`: every other field is None then.
    """

    def __init__(self, context: RequestContext, wrote: Wrote | None = None, *errors: UserError) -> None:
        self._context = context
        self._wrote = wrote or Wrote()
        self.user_errors = errors

    def __getattr__(self, name: str) -> Any:
        """A field of the payload by its Python name."""
        if name.startswith("__"):
            raise AttributeError(name)
        node = self._wrote.nodes.get(name)
        if isinstance(node, list):
            return [self._context.by_id(type_name, uuid) for type_name, uuid in node]
        if node is not None:
            type_name, uuid = node
            return None if uuid is None else self._context.by_id(type_name, uuid)
        return self._wrote.values.get(name)


def in_one(operation: Callable[[UnitOfWork, C], Awaitable[O | NotNow | NotAllowed | KeyReused]]) -> Run[C, O]:
    """An operation that is one transaction, in one of its own."""

    async def run(units: Units, command: C) -> O | NotNow | NotAllowed | KeyReused:
        async with units() as unit:
            return await operation(unit, command)

    return run


async def perform(
    context: RequestContext, input: Asks[C], named: str, run: Run[C, O], wrote: Callable[[O], Wrote]
) -> Payload:
    """Do what an input asks for. `named` is the field of the input that names the thing: what is not there, or not
    allowed, or not now, is said of it.
    """

    def unit() -> AbstractAsyncContextManager[UnitOfWork]:
        return unit_of_work(context.database, context.actor, context.ids, context.now)

    try:
        command = input.command()
    except InvalidInput as error:
        return Payload(context, None, user_error(error))
    try:
        outcome = await run(unit, command)
    except InvalidInput as error:
        return Payload(context, None, user_error(error.under("input")))
    except EXPECTED as error:
        return Payload(context, None, user_error(error, "input", named))
    if isinstance(outcome, KeyReused):
        return Payload(context, None, key_reused("input", "idempotencyKey"))
    if isinstance(outcome, NotNow):
        return Payload(context, None, _not_now(outcome, named))
    if isinstance(outcome, NotAllowed):
        count_refusals(context, outcome.decision)
        return Payload(context, Wrote(values={"decision": outcome.decision}))
    await context.renew()
    if getattr(outcome, "is_replay", False):
        context.extensions["idempotentReplay"] = True
    return Payload(context, wrote(outcome))


def _not_now(outcome: NotNow, named: str) -> UserError:
    figures = (Figure("status", outcome.status), *outcome.figures)
    return UserError(UserErrorCode(outcome.code), outcome.message, ["input", named], figures, outcome.remedy)
