"""The gateway as a process: it becomes ready, and whatever ends it leaves no database server behind."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from db.embedded import EmbeddedPostgres
from tests.cli.terminal import billing, gateway, refused


@contextmanager
def a_home() -> Iterator[Path]:
    """A home for an embedded database, in a folder with a space in its name."""
    outer = Path(tempfile.mkdtemp(prefix="billing home "))
    outer.chmod(0o711)
    yield outer / "home"
    EmbeddedPostgres(outer / "home").remove()
    shutil.rmtree(outer)


@pytest.fixture
def home() -> Iterator[Path]:
    """A home where nothing is yet."""
    with a_home() as found:
        yield found


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A home as `billing migrate` leaves it, to be copied."""
    with a_home() as found:
        assert billing("migrate", BILLING_HOME=str(found)).returncode == 0
        yield found


@pytest.fixture
def migrated(home: Path, made: Path) -> Path:
    """A home with its tables, of this test's own."""
    if (made / "postgres").exists():
        subprocess.run(["cp", "-a", made, home], check=True)
    else:  # its files are elsewhere, where the server's account can reach them
        assert billing("migrate", BILLING_HOME=str(home)).returncode == 0
    return home


def is_running(home: Path) -> bool:
    """Whether the home's server has left its pid file."""
    return (home / "postgres" / "postmaster.pid").exists()


def test_without_its_tables_it_does_not_start(home: Path) -> None:
    said = refused(billing("serve", BILLING_MODE="demo", BILLING_HOME=str(home), PORT="0", METRICS_PORT="0"))
    assert "run `billing migrate`" in said
    assert "run `billing migrate`" in refused(billing("explain", "PC-18", "--account", "yen", BILLING_HOME=str(home)))
    assert not is_running(home)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_stop_it_stops_itself_and_its_database(migrated: Path, number: signal.Signals) -> None:
    home = migrated
    with gateway("serve", BILLING_MODE="demo", BILLING_HOME=str(home), LOG_LEVEL="WARNING") as found:
        found.wait_until_ready()
        assert (found.status("/live"), found.status("/"), found.status("/nowhere")) == (200, 200, 404)
        assert is_running(home)
        assert found.stop(number) == 0
        assert "Traceback" not in found.output
    assert not is_running(home)


def test_killed_it_leaves_a_server_that_the_next_one_uses_and_stops(migrated: Path) -> None:
    home = migrated
    with gateway("serve", BILLING_MODE="demo", BILLING_HOME=str(home)) as found:
        found.wait_until_ready()
        found.stop(signal.SIGKILL)
    assert is_running(home)
    with gateway("serve", BILLING_MODE="demo", BILLING_HOME=str(home)) as found:
        found.wait_until_ready()
        assert found.stop() == 0
    assert not is_running(home)


def test_clean_forgets_the_database(home: Path) -> None:
    assert billing("migrate", BILLING_HOME=str(home)).returncode == 0
    assert home.exists()
    assert billing("clean", BILLING_HOME=str(home)).returncode == 0
    assert not home.exists()
