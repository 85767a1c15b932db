"""What the door asks of the context that resolvers receive; it neither makes nor knows the real one.

Owns two protocols. The context is resolvers.context.RequestContext; whoever starts the gateway says how one is made.
"""

from datetime import datetime
from typing import Any, Protocol

from domain.actor import Actor


class OperationContext(Protocol):
    """What the door needs of the context that resolvers receive."""

    @property
    def actor(self) -> Actor:
        """Who asks."""
        ...

    @property
    def statements(self) -> int:
        """How many statements that read or write rows the operation ran."""
        ...

    @property
    def extensions(self) -> dict[str, Any]:
        """What resolvers put beside the data, such as `idempotentReplay`."""
        ...

    async def close(self) -> None:
        """Give back what the operation leased. Called exactly once, also after an error or a cancellation."""
        ...


class MakeContext(Protocol):
    """Whoever makes the context of one operation; it opens nothing until the first read."""

    def __call__(self, *, actor: Actor, request_id: str, now: datetime) -> OperationContext:
        """`now` is aware and UTC: the one instant the whole operation reckons with."""
        ...
