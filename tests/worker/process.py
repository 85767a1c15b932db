"""`python -m tests.worker.process INSTANT`: a worker as `billing work` runs it, but at an instant that stands still."""

import asyncio
import os
import sys
from datetime import datetime

from app.observability import configure_logging
from db.engine import Database
from tests.worker.working import QUICK
from worker.figures import Figures
from worker.run import run


async def main() -> None:
    """Work on DATABASE_URL until a signal."""
    at = datetime.fromisoformat(sys.argv[1])
    async with Database(os.environ["DATABASE_URL"]) as database:
        await run(database, database.address, QUICK, Figures(), lambda: at)


if __name__ == "__main__":
    configure_logging()
    asyncio.run(main())
