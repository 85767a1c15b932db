"""file-length: a file that has grown past a few screens wants to be two.

Counts the lines of every Python file but migrations, which are written once and never read as a whole.
"""

from collections.abc import Iterator
from typing import Final

from checks.check import WHOLE_FILE, Check, Finding, Sample
from checks.house import House, sample

MOST_LINES: Final = 450
_SKIPPED: Final = "db/migrations/versions/"


def find(house: House) -> Iterator[Finding]:
    """Files of more lines than one reads at a sitting."""
    for file in house.python():
        if len(file.lines) > MOST_LINES and not file.path.startswith(_SKIPPED):
            message = (
                f"{len(file.lines)} lines, {MOST_LINES} at most: find the second noun and give it a file of its own"
            )
            yield Finding(file.path, WHOLE_FILE, message)


CHECK = Check(
    "file-length",
    f"A file has at most {MOST_LINES} lines.",
    find,
    (
        Sample("as long as may be", sample("domain/some.py", "x = 1\n" * MOST_LINES)),
        Sample("a migration", sample("db/migrations/versions/0001.py", "x = 1\n" * (MOST_LINES + 1))),
        Sample(
            "a line too many",
            sample(
                "domain/some.py",
                "x = 1\n" * (MOST_LINES + 1),
            ),
            (f"{MOST_LINES + 1} lines",),
        ),
    ),
)
