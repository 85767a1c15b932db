"""The loader: batches in a tick, shares what it read, and lets no caller's cancellation reach another."""

import asyncio
from collections.abc import Sequence

import pytest

from resolvers.loaders import Loader, Misaligned
from resolvers.recorder import SILENT


class Counted:
    """A recorder that remembers batches."""

    def __init__(self) -> None:
        self.batches: list[tuple[str, int]] = []

    def loader_batch(self, loader: str, keys: int) -> None:
        self.batches.append((loader, keys))

    def refusal(self, rule: str) -> None:
        raise AssertionError(rule)

    def preview(self, kind: str, verdict: str) -> None:
        raise AssertionError

    def shadow(self, edition: str, outcome: str) -> None:
        pass


async def doubled(keys: Sequence[int]) -> list[int]:
    await asyncio.sleep(0)
    return [key * 2 for key in keys]


async def test_keys_of_one_tick_are_one_batch_and_are_read_once() -> None:
    counted = Counted()
    loader: Loader[int, int] = Loader("doubled", doubled, counted)
    assert await asyncio.gather(*(loader.load(key) for key in (1, 2, 1, 3))) == [2, 4, 2, 6]
    assert await loader.load(2) == 4
    assert counted.batches == [("doubled", 3)]


async def test_two_levels_are_two_batches() -> None:
    counted = Counted()
    first: Loader[int, int] = Loader("first", doubled, counted)
    second: Loader[int, int] = Loader("second", doubled, counted)

    async def both(key: int) -> int:
        return await second.load(await first.load(key))

    assert await asyncio.gather(*(both(key) for key in range(10))) == [key * 4 for key in range(10)]
    assert counted.batches == [("first", 10), ("second", 10)]


async def test_a_cancelled_waiter_does_not_reach_another() -> None:
    ready = asyncio.Event()

    async def slow(keys: Sequence[int]) -> list[int]:
        await ready.wait()
        return [key * 2 for key in keys]

    loader: Loader[int, int] = Loader("slow", slow, SILENT)

    async def wait() -> int:
        return await loader.load(1)

    impatient, patient = asyncio.create_task(wait()), asyncio.create_task(wait())
    await asyncio.sleep(0.01)
    impatient.cancel()
    ready.set()
    assert await patient == 2
    with pytest.raises(asyncio.CancelledError):
        await impatient
    # the key was not poisoned either
    assert await loader.load(1) == 2


async def test_a_failed_batch_fails_its_callers_and_is_tried_again() -> None:
    answers: list[Exception | None] = [OSError("gone"), None]

    async def flaky(keys: Sequence[int]) -> list[int]:
        error = answers.pop(0)
        if error:
            raise error
        return list(keys)

    loader: Loader[int, int] = Loader("flaky", flaky, SILENT)
    results = await asyncio.gather(loader.load(1), loader.load(2), return_exceptions=True)
    assert [type(each) for each in results] == [OSError, OSError]
    assert await loader.load(1) == 1


async def test_a_batch_of_the_wrong_length_names_the_loader() -> None:
    async def short(keys: Sequence[int]) -> list[int]:
        return list(keys)[1:]

    loader: Loader[int, int] = Loader("short", short, SILENT)
    with pytest.raises(Misaligned, match="short: 0 values for 1 keys"):
        await loader.load(1)


@pytest.mark.parametrize("key", [None, "1", 1.5])
async def test_a_key_of_another_type_is_refused_where_it_is_asked_for(key: object) -> None:
    loader: Loader[object, int] = Loader("typed", doubled, SILENT, key_type=int)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="typed"):
        loader.load(key)


async def test_a_batch_has_a_most() -> None:
    counted = Counted()
    loader: Loader[int, int] = Loader("doubled", doubled, counted, most_keys=4)
    assert await loader.load_many(range(10)) == [key * 2 for key in range(10)]
    assert counted.batches == [("doubled", 4), ("doubled", 4), ("doubled", 2)]


def test_a_loader_is_made_in_a_running_loop() -> None:
    with pytest.raises(RuntimeError):
        Loader("early", doubled, SILENT)
