"""A database as one can compare it with another: every row of every table, with ids made in the run masked.

Ids are random, and document numbers go to whoever is billed first, so each is replaced by a label, which is the same
in two databases exactly if the rows it stands in are, and theirs, to any depth. What was there before the run keeps its
id. Everything else is compared letter by letter. No table is known by name but that of the document numbers.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from db.engine import Database
from db.tables import metadata

ID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
NUMBER = re.compile(r"\b[A-Z0-9]+-[A-Z]+-[0-9]{6,}\b")
TOKEN = re.compile(f"{ID.pattern}|{NUMBER.pattern}")
ROUNDS = 8
"""As deep as references of one row to the next are followed."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Every row as text, by table, and the document numbers there are."""

    tables: Mapping[str, Sequence[str]]
    numbers: Sequence[str]

    def tokens(self) -> set[str]:
        """Every id and number in any row."""
        return {_bare(each) for rows in self.tables.values() for row in rows for each in TOKEN.findall(row)}


async def read(database: Database) -> Rows:
    """Every row of every table of ours."""
    tables: dict[str, Sequence[str]] = {}
    async with database.write() as session:
        for table in metadata.sorted_tables:
            # which document has which number is a matter of who came first; that there is no gap is not
            shown = "to_jsonb(t) - 'number'" if table.name == "document_numbers" else "to_jsonb(t)"
            found = await session.scalars(text(f'SELECT ({shown})::text FROM "{table.name}" t'))
            tables[table.name] = list(found)
        numbers = await session.scalars(
            text("SELECT concat_ws(' ', legal_entity_id, series, number) FROM document_numbers ORDER BY 1")
        )
        return Rows(tables, list(numbers))


def canonical(rows: Rows, known: Collection[str], now: Iterable[datetime] = ()) -> Mapping[str, Counter[str]]:
    """The rows with labels for ids that are not `known`, and with one word for the instants the run took place at."""
    instants = re.compile("|".join(re.escape(each.isoformat()) for each in now) or "(?!)")
    tables = {name: [instants.sub("<real time>", row) for row in found] for name, found in rows.tables.items()}
    places: dict[str, list[tuple[str, str]]] = defaultdict(list)
    there_before = frozenset(known)
    for name, found in tables.items():
        for row in found:
            for token in {_bare(each) for each in TOKEN.findall(row)} - there_before:
                places[token].append((name, row))
    labels = dict.fromkeys(places, "?")
    for _ in range(ROUNDS):
        # what an id is: all the rows it stands in, itself marked and the others as far as they are told apart already
        labels = {
            token: _digest(sorted(name + _masked(row, labels, token) for name, row in found))
            for token, found in places.items()
        }
    masked = {name: Counter(_masked(row, labels) for row in found) for name, found in tables.items()}
    return masked | {"(document numbers)": Counter(rows.numbers)}


def differences(one: Mapping[str, Counter[str]], other: Mapping[str, Counter[str]]) -> list[str]:
    """A line for each row that only one of two databases has."""
    return [
        f"{sign} {table} {row}"
        for table in sorted(one.keys() | other.keys())
        for sign, rows in (("-", one[table] - other[table]), ("+", other[table] - one[table]))
        for row in rows.elements()
    ]


def _masked(row: str, labels: Mapping[str, str], itself: str | None = None) -> str:
    def shown(found: re.Match[str]) -> str:
        token = _bare(found[0])
        return "<itself>" if token == itself else labels.get(token, token)

    return TOKEN.sub(shown, row)


def _bare(token: str) -> str:
    return token if NUMBER.fullmatch(token) else token.replace("-", "")


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
