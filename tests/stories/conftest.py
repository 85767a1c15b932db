"""Stories are told through the public API, over the demo company."""

from collections.abc import AsyncIterator

import httpx
import pytest

from db.engine import Database
from tests.stories.hub import gateway


@pytest.fixture(scope="module")
async def client(demo_copy: Database) -> AsyncIterator[httpx.AsyncClient]:
    """The gateway over this module's own copy of the demo company."""
    async with gateway(demo_copy) as found:
        yield found
