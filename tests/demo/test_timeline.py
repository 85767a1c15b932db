"""Things happen in the order of their instants, and what follows from one takes its place in line."""

from datetime import UTC, datetime, timedelta

from demo.timeline import Due, play

START = datetime(2025, 1, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Diary:
    """Notes what was done when; each entry may put others in line."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, datetime]] = []

    def due(self, name: str, at: datetime, *follows: Due) -> Due:
        async def do(instant: datetime) -> list[Due]:
            self.entries.append((name, instant))
            return list(follows)

        return Due(at, do)

    @property
    def names(self) -> str:
        return "".join(name for name, _ in self.entries)


def unheard(done: int, total: int, doing: str) -> None:
    """Nobody listens."""


async def test_what_follows_takes_its_place_in_line() -> None:
    diary = Diary()
    follows = diary.due("b", START + HOUR)
    await play([diary.due("c", START + 2 * HOUR), diary.due("a", START, follows)], START + 5 * HOUR, unheard)
    assert diary.entries == [("a", START), ("b", START + HOUR), ("c", START + 2 * HOUR)]


async def test_of_two_at_one_instant_the_first_in_line_comes_first() -> None:
    diary = Diary()
    await play([diary.due(name, START) for name in "xyz"], START, unheard)
    assert diary.names == "xyz"


async def test_what_is_due_after_the_end_is_left() -> None:
    diary = Diary()
    await play([diary.due("a", START + HOUR), diary.due("b", START + HOUR + HOUR / 60)], START + HOUR, unheard)
    assert diary.names == "a"


async def test_progress_is_told_once_a_month() -> None:
    diary, told = Diary(), list[tuple[int, int, str]]()
    days = [diary.due("d", START + timedelta(days=day)) for day in range(5)]  # 30 January to 3 February
    await play(days, START + timedelta(days=40), lambda *step: told.append(step))  # until 11 March
    assert told == [(0, 3, "January 2025"), (1, 3, "February 2025"), (3, 3, "March 2025")]


async def test_an_empty_line_is_done_at_once() -> None:
    await play([], START, unheard)
