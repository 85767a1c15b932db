"""A session that writes: what waits to be written is written before anything is read.

So whoever reads finds what the same transaction has queued, and who reads first and writes last pays one statement a
table. Statements go straight to the connection: rows are tuples here, and nothing is mapped. Does not own what waits
(db/gather.py).
"""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from typing_extensions import override


class WritingSession(AsyncSession):
    """An AsyncSession of one transaction that awaits `before_reading`, where it has one, ahead of every statement."""

    before_reading: Callable[[], Awaitable[None]] | None = None
    _connected: AsyncConnection | None = None

    @override
    async def execute(self, *given: Any, **named: Any) -> Any:
        """As in AsyncSession."""
        return await (await self._ready()).execute(*given, **named)

    @override
    async def scalar(self, *given: Any, **named: Any) -> Any:
        """As in AsyncSession."""
        return await (await self._ready()).scalar(*given, **named)

    @override
    async def scalars(self, *given: Any, **named: Any) -> Any:
        """As in AsyncSession."""
        return await (await self._ready()).scalars(*given, **named)

    async def _ready(self) -> AsyncConnection:
        if self.before_reading is not None:
            await self.before_reading()
        if self._connected is None:
            self._connected = await self.connection()
        return self._connected
