"""What `billing demo` does once there is a database: the tables, the demo company, the gateway over it."""

import socket

from app.settings import Settings
from cli.gateway import serve
from cli.listening import address_of
from cli.loop import run_async
from cli.personas import NextSteps, demo_pages, first_request, next_steps
from cli.terminal import Steps, Tell
from db.engine import Database
from db.revision import newest, revision_of
from demo import company


def open_shop(settings: Settings, direct_url: str, listening: socket.socket, steps: Steps) -> None:
    """Make what is not there yet, then serve until told to stop."""
    url = address_of(listening)
    with steps.step("Bringing the tables up to date") as became:
        became(f"Tables at revision {run_async(_up_to_date(direct_url))}")
    with steps.bar("The demo company's history") as tell:
        made, steps_of = run_async(_seed(direct_url, tell))
    if not made:
        steps.say("✓ The demo company is there")

    def started() -> None:
        steps.say(f"\nOpen {url}\n\nOr paste this:\n\n{first_request(url)}\n")
        steps.say("Another token: .venv/bin/billing token PERSONA. Ctrl-C stops; the data stay.")

    run_async(serve(settings, direct_url, listening, pages=demo_pages(steps_of), started=started))


async def _up_to_date(url: str) -> str:
    async with Database(url) as database:
        found = await revision_of(database)
    if found == newest():
        return found
    from db.migrate import migrate

    return await migrate(url)


async def _seed(url: str, tell: Tell) -> tuple[bool, NextSteps]:
    async with Database(url) as database:
        return await company.seed(database, tell), await next_steps(database)
