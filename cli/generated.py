"""Files that are printed from the code and committed, so that a change of them is seen in review."""

import difflib
import sys
from pathlib import Path


def print_or_check(text: str, committed: Path, *, check: bool, renew: str) -> int:
    """Print the text; or, to check, compare it with the committed file and show how they differ. Returns the status."""
    if not check:
        sys.stdout.write(text)
        return 0
    before = committed.read_text(encoding="utf-8") if committed.exists() else ""
    if before == text:
        return 0
    sys.stdout.writelines(
        difflib.unified_diff(before.splitlines(True), text.splitlines(True), str(committed), "what the code says")
    )
    print(f"{committed} is stale: run `{renew}` and commit it", file=sys.stderr)
    return 1
