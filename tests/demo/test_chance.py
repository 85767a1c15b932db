"""Chance and ids are the same on every Python: these literals were written down once."""

from datetime import UTC, datetime

from demo.chance import Chance
from demo.identity import SeededIds

AT = datetime(2025, 3, 11, 14, 40, tzinfo=UTC)


def test_a_seed_gives_the_same_numbers_on_every_python() -> None:
    chance = Chance("a story")
    assert [chance.between(1, 6) for _ in range(12)] == [6, 2, 4, 6, 4, 5, 4, 6, 2, 5, 4, 6]


def test_numbers_reach_both_ends_and_nothing_beyond() -> None:
    chance = Chance("ends")
    assert {chance.between(-1, 2) for _ in range(200)} == {-1, 0, 1, 2}
    assert {chance.between(7, 7) for _ in range(5)} == {7}


def test_a_seed_gives_the_same_ids_on_every_python() -> None:
    ids = SeededIds("a story", AT)
    assert [str(ids.new()) for _ in range(2)] == [
        "019585a5-f200-7888-ab01-c84ffee17fde",
        "019585a5-f200-7d32-9842-adfbe884b4a0",
    ]


def test_ids_carry_the_instant_of_the_story() -> None:
    # 2025-03-11T14:40Z is 1_741_704_000_000 ms after 1970
    earlier, later = SeededIds("a story", AT).new(), SeededIds("a story", AT).at(AT.replace(minute=41)).new()
    assert earlier.int >> 80 == 1_741_704_000_000
    assert later.int - earlier.int == 60_000 << 80
    assert earlier.version == 7


def test_two_seeds_share_no_id() -> None:
    one, other = SeededIds("one", AT), SeededIds("other", AT)
    assert not {one.new() for _ in range(100)} & {other.new() for _ in range(100)}
