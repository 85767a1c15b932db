"""What every test may ask for. Domain tests ask for nothing, and then no server is started.

`database`       a migrated, empty database of this module's own
`fresh_database` the same, of this one test's own
`demo_database`  the demo company, read-only, shared by this worker's tests
`demo_copy`      the demo company to write on, of this module's own
"""

import gc
import os
import signal
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, NoReturn

import hypothesis
import pytest

if TYPE_CHECKING:
    from db.engine import Database
    from tests.server import Server

# the machine is shared and examples may start a transaction: how long one takes, to draw or to try, says nothing; and
# what is red on one run is red on the next
hypothesis.settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("house")

# what is imported and collected stays to the end, and looking for cycles in it is a third of the time it takes
gc.disable()
MANY_OBJECTS = 50_000
"""New objects between two looks for cycles, as in every process of ours."""

_run = pytest.StashKey["object"]()


def pytest_configure(config: pytest.Config) -> None:
    """The process the user started makes the run's folder, before any worker asks for it."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    from tests.run import Run

    signal.signal(signal.SIGTERM, _as_interrupt)
    run = Run()
    config.stash[_run] = run
    config.add_cleanup(run.end)


def pytest_collection_finish() -> None:
    """From here on cycles are looked for again, among what the tests make."""
    gc.freeze()
    gc.set_threshold(MANY_OBJECTS, *gc.get_threshold()[1:])
    gc.enable()


def _as_interrupt(number: int, frame: object) -> NoReturn:
    """End like Ctrl-C does, with everything that was started stopped."""
    raise KeyboardInterrupt


@pytest.fixture(scope="session")
def server() -> "Iterator[Server]":
    """The run's Postgres server."""
    from tests.server import served

    with served() as found:
        yield found


@pytest.fixture(scope="session")
async def empty_template(server: "Server") -> str:
    """The name of a migrated, empty database to clone from."""
    from db.migrate import migrate

    return await server.template("empty", migrate)


@pytest.fixture(scope="session")
async def demo_template(server: "Server", empty_template: str) -> str:
    """The name of a database with the demo company to clone from."""

    async def fill(url: str) -> None:
        from db.engine import Database
        from demo import company

        async with Database(url) as database:
            await company.seed(database)

    return await server.template("demo", fill, of=empty_template)


@pytest.fixture(scope="module")
async def database(server: "Server", empty_template: str) -> "AsyncIterator[Database]":
    """A migrated, empty database of this module's own."""
    async with server.clone(empty_template) as found:
        yield found


@pytest.fixture
async def fresh_database(server: "Server", empty_template: str) -> "AsyncIterator[Database]":
    """A migrated, empty database of this one test's own."""
    async with server.clone(empty_template) as found:
        yield found


@pytest.fixture(scope="session")
async def demo_database(server: "Server", demo_template: str) -> "AsyncIterator[Database]":
    """The demo company, read-only, shared by this worker's tests."""
    async with server.clone(demo_template, read_only=True) as found:
        yield found


@pytest.fixture(scope="module")
async def demo_copy(server: "Server", demo_template: str) -> "AsyncIterator[Database]":
    """The demo company to write on, of this module's own."""
    async with server.clone(demo_template) as found:
        yield found
