"""The operation's loaders: one thin, safe subclass of aiodataloader, and the set of them an operation has.

Owns batching, caching and what happens to a cancelled waiter. Does not own what a batch reads (db.graph.read, or a
computed field's batch function). Loaders live as long as one operation and are made in its running loop.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar

from aiodataloader import DataLoader
from typing_extensions import override

from resolvers.recorder import Recorder

K = TypeVar("K")
V = TypeVar("V")

MOST_KEYS = 1000
"""The most keys one statement is given; more are split, so a hostile list cannot make one unbounded statement."""


class Misaligned(RuntimeError):
    """A batch function answered with another number of values than it was given keys."""


class _Shared(asyncio.Future[Any]):
    """A future many may wait for, so one waiter's cancellation must not end it for the others.

    The waiter that was cancelled stops once the batch is there, which the statement timeout bounds.
    """

    @override
    def cancel(self, msg: Any = None) -> bool:
        return False


class Loader(DataLoader[K, V], Generic[K, V]):
    """Keys asked for in one tick become one batch; a key is read once an operation.

    Safer than its base: no caller's cancellation reaches another, the key's type is checked where it is asked for, and
    a batch of the wrong length names the loader.
    """

    def __init__(
        self,
        name: str,
        read: Callable[[Sequence[K]], Awaitable[Sequence[V]]],
        recorder: Recorder,
        *,
        key_type: type | tuple[type, ...] = object,
        most_keys: int = MOST_KEYS,
    ) -> None:
        super().__init__(self._read_batch, max_batch_size=most_keys, loop=asyncio.get_running_loop())
        self.name = name
        self._read = read
        self._recorder = recorder
        self._key_type = key_type

    @override
    def load(self, key: K) -> "asyncio.Future[V]":
        """The value for a key, in the next batch. Raises TypeError for a key of a type this loader has none of."""
        if key is None or not isinstance(key, self._key_type):
            raise TypeError(f"{self.name}: {key!r} is no key of this loader.")
        known = self._cache.get(key)
        if known is not None and not known.cancelled():
            return known
        future: asyncio.Future[V] = _Shared(loop=self.loop)
        self._cache[key] = future
        self.do_resolve_reject(key, future)
        return future

    async def _read_batch(self, keys: list[K]) -> list[V]:
        self._recorder.loader_batch(self.name, len(keys))
        return aligned(self.name, keys, await self._read(keys))


def aligned(name: str, keys: Sequence[Any], values: Sequence[V]) -> list[V]:
    """The values as a list, one a key. Raises Misaligned naming the loader when they are not that many."""
    if len(values) != len(keys):
        raise Misaligned(f"{name}: {len(values)} values for {len(keys)} keys.")
    return list(values)
