"""bundles: the project holds what people wrote, not what was built or fetched.

Looks at the size of every file. Locks and the schema grow with the project and are read by tools.
"""

from collections.abc import Iterator
from typing import Final

from checks.check import WHOLE_FILE, Check, Finding, Sample
from checks.house import House, sample

MOST_BYTES: Final = 700_000


def find(house: House) -> Iterator[Finding]:
    """Files too large to have been written."""
    for file in house.files:
        if file.size_bytes > MOST_BYTES:
            message = f"{file.size_bytes:,} bytes: what is built or fetched is made at set-up, not committed"
            yield Finding(file.path, WHOLE_FILE, message)


CHECK = Check(
    "bundles",
    f"No file is larger than {MOST_BYTES:,} bytes.",
    find,
    (
        Sample("a page of our own", sample("app/static/home.js", "x" * MOST_BYTES)),
        Sample("a bundle of others", sample("app/static/ide.js", "x" * (MOST_BYTES + 1)), ("700,001 bytes",)),
    ),
)
