"""A session that writes: what waits to be written is written before anything is read.

So whoever reads finds what the same transaction has queued, and who reads first and writes last pays one statement a
table. Does not own what waits (db/gather.py).
"""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from typing_extensions import override


class WritingSession(AsyncSession):
    """An AsyncSession that awaits `before_reading`, where it has one, ahead of every statement."""

    before_reading: Callable[[], Awaitable[None]] | None = None

    @override
    async def execute(self, *given: Any, **named: Any) -> Any:
        """As in AsyncSession."""
        await self._ready()
        return await super().execute(*given, **named)

    @override
    async def scalar(self, *given: Any, **named: Any) -> Any:
        """As in AsyncSession."""
        await self._ready()
        return await super().scalar(*given, **named)

    @override
    async def scalars(self, *given: Any, **named: Any) -> Any:
        """As in AsyncSession."""
        await self._ready()
        return await super().scalars(*given, **named)

    async def _ready(self) -> None:
        if self.before_reading is not None:
            await self.before_reading()
