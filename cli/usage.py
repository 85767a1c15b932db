"""Bring in usage from a file: CloudEvents, a JSON object a line. Events known already count nothing, so an import that
was cut short is simply run again."""

import argparse
import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

import orjson

from app.cloud_events import NotJson, decode, is_list
from app.settings import Mode, Settings
from cli.database import database_url
from cli.held import database_of
from cli.loop import run_async
from cli.terminal import CommandError, Steps, Tell
from db.engine import Database
from db.identity import RandomIds
from db.revision import check_revision
from db.unit_of_work import unit_of_work
from domain.actor import StaffRole, staff
from domain.cloud_event import CloudEvent, Unreadable
from domain.usage import UsageStatus
from operations.use.record_cloud_events import record_cloud_events

AT_ONCE: Final = 1000
"""Events in one transaction; what was imported before a cut is kept."""

Counts = Counter[str]


def arguments(parser: argparse.ArgumentParser) -> None:
    """From where."""
    deeds = parser.add_subparsers(metavar="DEED", required=True)
    importing = deeds.add_parser("import", help="count the events of a file")
    importing.add_argument("file", type=Path, metavar="FILE.ndjson", help="CloudEvents, a JSON object a line")


def run(given: argparse.Namespace) -> int:
    """Count them, and say what became of how many; 1 where some were rejected, which stand in FILE.rejected.ndjson."""
    source: Path = given.file
    if not source.is_file():
        raise CommandError(f"{source}: there is no such file")
    settings = Settings.from_environment(os.environ, default_mode=Mode.DEMO)
    steps = Steps()
    rejected = rejected_beside(source)

    async def bring(url: str) -> Counts:
        async with database_of(settings, url) as database:
            await check_revision(database)
            with steps.bar(source.name) as tell:
                return await import_events(database, source, rejected, tell)

    with database_url(settings, steps.say) as url:
        counts = run_async(bring(url))
    for name, number in sorted(counts.items()):
        steps.say(f"{number:>12,} {name}")
    if not rejected.exists():
        return 0
    steps.say(f"The rejected lines, with their reasons, are in {rejected}")
    return 1


def rejected_beside(source: Path) -> Path:
    """Where the rejected lines of a file go."""
    return source.with_name(f"{source.name.removesuffix('.ndjson')}.rejected.ndjson")


async def import_events(database: Database, source: Path, rejected: Path, tell: Tell) -> Counts:
    """Count the events of a file, a thousand a transaction; how many of each outcome, a rejection by its reason.

    `rejected` is written anew, a line for each: the line's number, why, and what it said; it is there only if there
    are any.
    """
    counts: Counts = Counter()
    size = _begin(source, rejected)
    with source.open("rb") as lines:
        for batch in _batches(lines):
            refusals = await _record(database, batch, counts)
            if refusals:
                with rejected.open("ab") as file:
                    file.writelines(refusals)
            tell(lines.tell(), size, f"{counts.total():,} events, bytes")
    return counts


def _begin(source: Path, rejected: Path) -> int:
    """The size of the file, in bytes; what was rejected before is forgotten."""
    rejected.unlink(missing_ok=True)
    return source.stat().st_size


def _batches(lines: BinaryIO) -> Iterator[list[tuple[int, bytes]]]:
    """The lines that say something, with their numbers from 1."""
    numbered = ((number, line) for number, line in enumerate(iter(lines.readline, b""), 1) if line.strip())
    while batch := list(islice(numbered, AT_ONCE)):
        yield batch


async def _record(database: Database, batch: list[tuple[int, bytes]], counts: Counts) -> list[bytes]:
    """Record a batch and note what became of it; the lines for the file of the rejected."""
    events = [_event(line) for _, line in batch]
    async with unit_of_work(database, staff(StaffRole.SYSTEM), RandomIds(), datetime.now(UTC)) as unit:
        outcomes = await record_cloud_events(unit, events)
    refusals: list[bytes] = []
    for (number, line), outcome in zip(batch, outcomes, strict=True):
        if outcome.refused is None:
            counts[outcome.status.value] += 1
            continue
        reason = outcome.refused.reason.value
        counts[f"{UsageStatus.REJECTED.value} {reason}"] += 1
        sent = line.strip().decode("utf-8", "replace")
        told = {"line": number, "reason": reason, "message": outcome.refused.message, "sent": sent}
        refusals.append(orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE))
    return refusals


def _event(line: bytes) -> CloudEvent | Unreadable:
    if is_list(line):
        return Unreadable("The line is an array: an event a line, please.")
    try:
        (event,) = decode(line)
    except NotJson:
        return Unreadable("The line is not JSON that can be read.")
    return event
