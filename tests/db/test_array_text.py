"""Columns as array texts: what goes in comes out, whatever is in it."""

from typing import Any

import pytest
from sqlalchemy import ARRAY, Integer, Text, bindparam, cast, select

from db.array_text import array_of, array_of_maybe, array_of_texts
from db.engine import Database

ODD = ['"', "\\", '\\"', "{a,b}", "NULL", "", " ", "a,b", "\n\t", "é 漢 🎈", "'); DROP TABLE users; --"]


async def read(database: Database, written: str, kind: Any) -> Any:
    async with database.snapshot() as session:
        return await session.scalar(select(cast(bindparam("given", written, Text), ARRAY(kind))))


@pytest.mark.parametrize("texts", [ODD, ["a"], [], ["plain", "words"]])
async def test_texts_come_back_as_they_are(database: Database, texts: list[str]) -> None:
    assert await read(database, array_of_texts(texts), Text) == texts


async def test_nulls_are_told_from_the_word(database: Database) -> None:
    assert await read(database, array_of_maybe([None, "NULL", *ODD]), Text) == [None, "NULL", *ODD]


async def test_numbers_need_no_quotes(database: Database) -> None:
    assert await read(database, array_of(["1", "-2"]), Integer) == [1, -2]
