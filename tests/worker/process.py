"""`python -m tests.worker.process INSTANT [ACCOUNTS]`: a worker like `billing work`'s, for which time stands still.

ACCOUNTS are in one job.
"""

import asyncio
import os
import sys
from dataclasses import replace
from datetime import datetime

from app.observability import configure_logging
from db.engine import Database
from tests.worker.working import QUICK
from worker.figures import Figures
from worker.run import run


async def main() -> None:
    """Work on DATABASE_URL until a signal."""
    at = datetime.fromisoformat(sys.argv[1])
    # a look is work too, and who waits for this worker does not wait for a look
    rhythm = replace(QUICK, look_s=0.5)
    if len(sys.argv) > 2:
        rhythm = replace(rhythm, batch_accounts=int(sys.argv[2]))
    async with Database(os.environ["DATABASE_URL"]) as database:
        await run(database, database.address, rhythm, Figures(), lambda: at)


if __name__ == "__main__":
    configure_logging()
    asyncio.run(main())
