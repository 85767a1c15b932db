"""Set how much one of us may approve, above what their role has. From then on they may give others as much."""

import argparse
import os
from datetime import UTC, date, datetime, time

from app.settings import Mode, Settings
from cli.database import database_url
from cli.held import database_of
from cli.loop import run_async
from db.identity import RandomIds
from db.revision import check_revision
from db.unit_of_work import unit_of_work
from domain.actor import StaffRole, staff
from domain.approval_limits import PersonalLimit
from domain.ids import UserId, parse_id_of
from domain.money import Money
from operations.approvals.place_approval_limit import place_approval_limit


def arguments(parser: argparse.ArgumentParser) -> None:
    """Who, how much, until when, and who says so."""
    parser.add_argument("user", metavar="USER", help="whose limit: a public id, user_...")
    parser.add_argument("--limit", required=True, metavar="AMOUNT", help="such as 50000.00, with the currency's digits")
    parser.add_argument("--currency", required=True, metavar="CODE", help="such as USD")
    parser.add_argument(
        "--until", type=date.fromisoformat, metavar="DAY", help="from 00:00 UTC of it the role's counts"
    )
    parser.add_argument("--by", required=True, metavar="USER", help="who has decided it: another person's public id")


def run(given: argparse.Namespace) -> int:
    """Set it, and say what was set."""
    settings = Settings.from_environment(os.environ, default_mode=Mode.DEMO)
    personal = PersonalLimit(
        UserId(parse_id_of("User", given.user)),
        Money.parse(given.limit, given.currency),
        datetime.combine(given.until, time(), UTC) if given.until else None,
        UserId(parse_id_of("User", given.by)),
    )

    async def place(url: str) -> None:
        async with database_of(settings, url) as database:
            await check_revision(database)
            now = datetime.now(UTC)
            async with unit_of_work(database, staff(StaffRole.SYSTEM), RandomIds(), now) as unit:
                await place_approval_limit(unit, personal)

    with database_url(settings) as url:
        run_async(place(url))
    until = f", until {given.until}" if given.until else ""
    print(f"{given.user} may approve up to {personal.limit.amount()} {personal.limit.currency}{until}")
    return 0
