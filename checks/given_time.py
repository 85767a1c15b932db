"""given-time: time is an argument. The clock is read at the edges, never where something is decided or stored.

Sees calls that read a clock outside the rooms at the edge, in every production room SQL that reads the server's.
Measuring how long something took (perf_counter, monotonic) reads no time of day.
"""

import ast
import re
from collections.abc import Iterator
from typing import Final

from checks.check import Check, Finding, Sample
from checks.house import PRODUCTION, House, SourceFile, sample

# ids made at random begin with the real time they were made at
_EDGE: Final = ("app/", "cli/", "worker/", "db/embedded.py", "db/identity.py")
_CLOCKS: Final = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("datetime", "fromtimestamp"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
}
_SQL_FUNCTIONS: Final = {
    "now",
    "current_timestamp",
    "current_date",
    "current_time",
    "localtime",
    "localtimestamp",
    "clock_timestamp",
    "statement_timestamp",
    "transaction_timestamp",
    "sysdate",
}
_SQL: Final = re.compile(
    r"\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(\s*\)"
    r"|\b(?:current_timestamp|current_date|localtimestamp)\b",
    re.IGNORECASE,
)


def find(house: House) -> Iterator[Finding]:
    """Clocks read where time is to be given."""
    for file in house.python(*PRODUCTION):
        if not file.path.startswith(_EDGE):
            for node in _clocks(file):
                yield Finding(file.path, node.lineno, "time is an argument here: take `now` or `at`")
        for sql in _sql_clocks(file):
            message = "SQL reads no clock: bind the operation's instant (an account may live at another)"
            yield Finding(file.path, sql.lineno, message)


def _clocks(file: SourceFile) -> Iterator[ast.Attribute | ast.ImportFrom]:
    imports: list[ast.Import | ast.ImportFrom] = [*file.all(ast.Import), *file.all(ast.ImportFrom)]
    imported = {alias.asname or alias.name: alias.name for node in imports for alias in node.names}
    for node in file.all(ast.Attribute):
        match node.value:
            case ast.Name(id=owner) | ast.Attribute(attr=owner) if (imported.get(owner, owner), node.attr) in _CLOCKS:
                yield node
            case _:
                pass
    for each in file.all(ast.ImportFrom):
        if each.module == "time" and any(("time", alias.name) in _CLOCKS for alias in each.names):
            yield each


def _sql_clocks(file: SourceFile) -> Iterator[ast.expr]:
    for node in file.all(ast.Attribute):
        if node.attr in _SQL_FUNCTIONS and isinstance(node.value, ast.Name) and node.value.id == "func":
            yield node
    texts = file.all(ast.Constant) if file.room == "db" else []
    yield from (
        text
        for text in texts
        if isinstance(text.value, str) and _SQL.search(text.value) and id(text) not in file.docstrings
    )


CHECK = Check(
    "given-time",
    "Time is an argument: clocks are read at the edges only, and never by SQL.",
    find,
    (
        Sample(
            "the edge reads the clock, and measuring is no clock",
            sample(
                "app/main.py",
                "from datetime import UTC, datetime\nnow = datetime.now(UTC)\n",
                more={
                    "db/lease.py": 'import time\nstarted_s = time.perf_counter()\n"""Not SQL\'s now()."""\n',
                    "domain/some.py": "def due(now, at):\n    return at < now\n",
                },
            ),
        ),
        Sample(
            "clocks in a decision",
            sample(
                "operations/some.py",
                """
                import time
                import datetime as calendar
                from datetime import date, datetime
                from time import time_ns  # BAD

                async def decide(clock=datetime.utcnow):  # BAD
                    at = datetime.now(UTC)  # BAD
                    day = date.today()  # BAD
                    then = calendar.datetime.now()  # BAD
                    return time.time()  # BAD
                """,
            ),
        ),
        Sample(
            "clocks in SQL",
            sample(
                "db/queries/some.py",
                """
                LATE = invoices.c.due_on < func.now()  # BAD
                RECENT = text("recorded_at > now() - interval '1 day'")  # BAD
                TODAY = text("due_on < CURRENT_DATE")  # BAD
                """,
            ),
        ),
    ),
)
