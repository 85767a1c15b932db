"""The embedded server through what happens to it: starts, joins, kills, strangers' processes, odd folders."""

import multiprocessing
import multiprocessing.synchronize
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

from db.binaries import Account, EmbeddedDatabaseError
from db.embedded import EmbeddedPostgres

BEGIN_WRITING = """
import asyncio, sys, asyncpg
async def main():
    connection = await asyncpg.connect(sys.argv[1])
    await connection.execute("CREATE TABLE IF NOT EXISTS kept (number int PRIMARY KEY)")
    for number in range(1_000_000):
        await connection.execute("INSERT INTO kept VALUES ($1)", number)
        print(number, flush=True)
asyncio.run(main())
"""


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes through /proc")
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as somebody else")


@contextmanager
def a_home() -> Iterator[Path]:
    """A folder with a space and letters beyond ASCII in its name, where no server is left running afterwards."""
    outer = Path(tempfile.mkdtemp(prefix="billing embedded żółw "))
    outer.chmod(0o711)
    yield outer / "home"
    EmbeddedPostgres(outer / "home").remove()
    shutil.rmtree(outer)


@pytest.fixture
def empty() -> Iterator[Path]:
    """A home where nothing is yet: whoever starts a server there makes its data."""
    with a_home() as found:
        yield found


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A home whose data are made and whose server has never been asked for anything, to be copied."""
    with a_home() as found:
        with EmbeddedPostgres(found, careless=True):
            pass
        yield found


@pytest.fixture
def home(empty: Path, made: Path) -> Path:
    """A home of this test's own, with data as a first start leaves them; the server chooses a port of its own."""
    if (made / "postgres").exists():
        subprocess.run(["cp", "-a", made, empty], check=True)
        (empty / "port").unlink()
    return empty


async def ask(url: str, sql: str) -> object:
    """The one value of a query."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


def kill_everything(postgres: EmbeddedPostgres) -> None:
    """kill -9 for the postmaster and all its children, the way a machine that loses power ends them."""
    postmaster = int((postgres.folder / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    for pid in [postmaster, *map(int, children)]:
        os.kill(pid, signal.SIGKILL)


async def test_a_stopped_server_starts_again_with_its_port_and_data(empty: Path) -> None:
    home = empty
    with EmbeddedPostgres(home) as postgres:
        first = postgres.url
        assert await ask(first, "SELECT version()") != ""
        await ask(first, "CREATE TABLE kept AS SELECT 42 AS answer")
    assert not postgres._is_alive()
    with EmbeddedPostgres(home) as postgres:
        assert postgres.url == first
        assert await ask(first, "SELECT answer FROM kept") == 42


async def test_letters_beyond_ascii_have_an_upper_case(home: Path) -> None:
    with EmbeddedPostgres(home, careless=True) as postgres:
        assert await ask(postgres.url, "SELECT upper('żółć')") == "ŻÓŁĆ"


async def test_the_last_user_stops_the_server(home: Path) -> None:
    first, second = EmbeddedPostgres(home, careless=True), EmbeddedPostgres(home, careless=True)
    assert first.start() == second.start()
    first.stop()
    assert await ask(second.url, "SELECT 1") == 1
    second.stop()
    assert not second._is_alive()
    second.stop()  # once more changes nothing


@needs_proc
async def test_nothing_acknowledged_is_lost_by_kill_9(home: Path) -> None:
    postgres = EmbeddedPostgres(home)
    writer = subprocess.Popen(
        [sys.executable, "-c", BEGIN_WRITING, postgres.start()],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert writer.stdout is not None
    acknowledged = [writer.stdout.readline() for _ in range(300)]
    kill_everything(postgres)
    acknowledged += writer.stdout.readlines()
    writer.wait()
    writer.stdout.close()

    again = EmbeddedPostgres(home)
    found = await ask(again.start(), "SELECT count(*) FROM kept")
    # the last insert may have been written and its answer lost; never the other way
    assert found in {len(acknowledged), len(acknowledged) + 1}
    again.stop()
    postgres.stop()
    assert not again._is_alive()


async def test_a_server_left_by_a_killed_program_is_joined_and_stopped(home: Path) -> None:
    start_and_die = (
        "import os, sys; from pathlib import Path; from db.embedded import EmbeddedPostgres;"
        "EmbeddedPostgres(Path(sys.argv[1]), careless=True).start(); os.kill(os.getpid(), 9)"
    )
    died = subprocess.run([sys.executable, "-c", start_and_die, home], check=False)
    assert died.returncode == -signal.SIGKILL
    postgres = EmbeddedPostgres(home)
    assert await ask(postgres.start(), "SELECT 1") == 1
    postgres.stop()
    assert not postgres._is_alive()


def _start(home: Path, urls: "multiprocessing.SimpleQueue[str]", leave: "multiprocessing.synchronize.Event") -> None:
    with EmbeddedPostgres(home, careless=True) as postgres:
        urls.put(postgres.url)
        leave.wait(60)


def test_programs_started_at_once_share_one_server(empty: Path) -> None:
    home = empty
    spawn = multiprocessing.get_context("spawn")
    urls: multiprocessing.SimpleQueue[str] = spawn.SimpleQueue()
    leave = spawn.Event()
    programs = [spawn.Process(target=_start, args=(home, urls, leave)) for _ in range(3)]
    for program in programs:
        program.start()
    found = {urls.get() for _ in programs}
    leave.set()
    for program in programs:
        program.join(60)
    urls.close()
    assert len(found) == 1
    assert [program.exitcode for program in programs] == [0, 0, 0]
    assert not (home / "postgres" / "postmaster.pid").exists()


@pytest.mark.parametrize(
    ("says", "pid"),
    [("a process that is gone", None), ("some other program's process", os.getpid())],
    ids=["gone", "another's"],
)
async def test_a_stale_pid_file_is_no_obstacle(home: Path, says: str, pid: int | None) -> None:
    with EmbeddedPostgres(home, careless=True) as postgres:
        lines = (postgres.folder / "postmaster.pid").read_text().splitlines()
    if pid is None:
        gone = subprocess.Popen(["/bin/true"])
        gone.wait()
        pid = gone.pid
    (postgres.folder / "postmaster.pid").write_text("\n".join([str(pid), *lines[1:]]))
    with EmbeddedPostgres(home, careless=True) as postgres:
        assert await ask(postgres.url, "SELECT 1") == 1, says


@needs_proc
async def test_a_zombie_postmaster_is_no_obstacle(home: Path) -> None:
    """What kill -9 leaves while its parent has not asked for the exit status: a process that is there and is not."""
    with EmbeddedPostgres(home, careless=True) as postgres:
        lines = (postgres.folder / "postmaster.pid").read_text().splitlines()
    zombie = subprocess.Popen(["/bin/true"])
    while Path(f"/proc/{zombie.pid}/stat").read_text().split()[2] != "Z":
        time.sleep(0.01)
    (postgres.folder / "postmaster.pid").write_text("\n".join([str(zombie.pid), *lines[1:]]))
    with EmbeddedPostgres(home, careless=True) as postgres:
        assert await ask(postgres.url, "SELECT 1") == 1
    zombie.wait()


async def test_a_port_taken_meanwhile_is_replaced(home: Path) -> None:
    with EmbeddedPostgres(home, careless=True):
        taken = int((home / "port").read_text())
    with socket.socket() as other:
        # connections of the server that was there may linger on the port
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", taken))
        other.listen()
        with EmbeddedPostgres(home, careless=True) as postgres:
            assert int((home / "port").read_text()) != taken
            assert await ask(postgres.url, "SELECT 1") == 1


async def test_it_listens_on_this_machine_only_and_asks_for_the_password(home: Path) -> None:
    with EmbeddedPostgres(home, careless=True) as postgres:
        assert await ask(postgres.url, "SHOW listen_addresses") == "127.0.0.1"
        assert await ask(postgres.url, "SHOW unix_socket_directories") == ""
        assert (home / "password").stat().st_mode & 0o777 == 0o600
        password = (home / "password").read_text()
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(postgres.url.replace(password, "guess"))


def test_removing_it_leaves_other_files_alone_and_a_later_stop_in_peace(empty: Path) -> None:
    home = empty
    home.mkdir()
    with EmbeddedPostgres(home, careless=True):
        (home / "thesis.txt").touch()
        EmbeddedPostgres(home).remove()
        assert [path.name for path in home.iterdir()] == ["thesis.txt"]
        shutil.rmtree(home)
    assert not home.exists()


def test_data_of_another_version_are_named_in_one_line(home: Path) -> None:
    with EmbeddedPostgres(home, careless=True) as postgres:
        pass
    (postgres.folder / "PG_VERSION").write_text("12\n")
    with pytest.raises(EmbeddedDatabaseError, match=r"made by Postgres 12, this is \d+: `make clean` forgets them"):
        EmbeddedPostgres(home).start()


def test_a_start_that_fails_says_the_last_line_of_the_log(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with EmbeddedPostgres(home, careless=True) as postgres:
        pass
    with (postgres.folder / "postgresql.conf").open("a") as file:
        file.write("no_such_setting = 1\n")
    monkeypatch.setattr("db.embedded.START_PATIENCE_S", 0)
    with pytest.raises(EmbeddedDatabaseError, match=r"did not start \(.*server.log\): .*contains errors"):
        EmbeddedPostgres(home).start()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedDatabaseError, match="cannot be used .* set BILLING_HOME"):
        EmbeddedPostgres(tmp_path / "file" / "home").start()


@only_root
async def test_where_nobody_cannot_go_the_data_lie_elsewhere(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    said: list[str] = []
    postgres = EmbeddedPostgres(closed / "home", careless=True, say=said.append)
    try:
        assert await ask(postgres.start(), "SELECT 1") == 1
        assert postgres.folder.is_relative_to("/var/cache/billing-gateway")
        assert str(postgres.folder) in said[0]
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        postgres.stop()
        postgres.remove()
    assert not postgres.folder.exists()


@only_root
def test_root_runs_the_server_as_the_owner_of_its_data(tmp_path: Path) -> None:
    os.chown(tmp_path, 12345, 12346)
    assert Account.for_folder(tmp_path) == Account(12345, 12346)
    assert Account.for_folder(tmp_path / "not there").uid not in {0, None}
