"""The default database: a Postgres of our own, for `make demo` and the tests.

Owns: the data folder, starting, reusing and stopping the server.
Does not own: what is inside (migrations), the programs (`db.binaries`), nor any database that DATABASE_URL names.

Every process that uses the server holds a shared lock on `users.lock`; the kernel drops it however that process ends.
Who leaves last stops the server. So a process that was killed leaves nothing behind that a later one would not clear.
"""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from db.binaries import Account, EmbeddedDatabaseError, find_wheel, programs_for, root_cache_of
from db.locks import AT_ONCE, EXCLUSIVE, SHARED, lock, locked

START_PATIENCE_S = 10
"""How long a start is tried again: a killed server's processes may need a moment to be gone."""

_SUPERUSER = "billing"
_DATABASE = "postgres"
_SERVER_OPTIONS = "-c listen_addresses=127.0.0.1 -c unix_socket_directories="
_CARELESS_OPTIONS = " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class EmbeddedPostgres:
    """A Postgres server on 127.0.0.1 whose files lie below `home`; use it in a `with`, or `start()` and `stop()`.

    `careless` is for tests: quicker, and a power cut may lose everything. `say` is told what the user should know.
    """

    def __init__(self, home: Path, *, careless: bool = False, say: Callable[[str], None] = lambda _: None) -> None:
        self.home = home.expanduser().absolute()
        self._careless = careless
        self._say = say
        self._users: int | None = None

    def start(self) -> str:
        """Start the server, or join the one that runs; return its URL. Raises `EmbeddedDatabaseError`, one line."""
        if self._users is not None:
            return self.url
        try:
            # others may walk through (root's server runs as nobody) but not look around
            self.home.mkdir(mode=0o711, parents=True, exist_ok=True)
            with locked(self.home / "launch.lock"):
                self._account = Account.for_folder(self.home / "postgres")
                self._programs, version = programs_for(self._account)
                self.folder = self._choose_folder()
                if not self.folder.exists():
                    self._create()
                self._check_version(version)
                self._users = lock(self.home / "users.lock", SHARED)
                self._start_or_join()
        except OSError as problem:
            raise EmbeddedDatabaseError(
                f"the database folder {self.home} cannot be used ({problem.strerror}: {problem.filename}); "
                "set BILLING_HOME to a folder of your own"
            ) from problem
        except BaseException:
            self.stop()
            raise
        return self.url

    def stop(self) -> None:
        """Leave the server; stop it if nobody else uses it. Does nothing when not started, or removed meanwhile."""
        if self._users is None:
            return
        if not self.home.exists():
            os.close(self._users)
            self._users = None
            return
        with _no_interrupt(), locked(self.home / "launch.lock"):
            os.close(self._users)
            self._users = None
            try:
                alone = lock(self.home / "users.lock", EXCLUSIVE | AT_ONCE)
            except BlockingIOError:
                return
            self._control("stop", "-m", "fast")
            os.close(alone)

    def remove(self) -> None:
        """Stop the server whoever uses it and delete all its files. There is no way back.

        The folder goes with them when nothing else is in it: it may be one that somebody keeps other things in.
        """
        if not self.home.exists():
            return
        self._account = Account.for_folder(self.home / "postgres")
        self._programs, _ = programs_for(self._account)
        self.folder = self._choose_folder()
        if self._is_alive():
            self._control("stop", "-m", "immediate")
        if self._users is not None:
            os.close(self._users)
            self._users = None
        for folder in (self.folder, self.folder.with_name("postgres.draft"), root_cache_of(self.home)):
            shutil.rmtree(folder, ignore_errors=True)
        for name in ("password", "port", "launch.lock", "users.lock"):
            (self.home / name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.home.rmdir()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where the running server is; it contains the password, so it is not for printing."""
        password = (self.home / "password").read_text()
        return f"postgresql://{_SUPERUSER}:{password}@127.0.0.1:{self._pid_file()[3]}/{_DATABASE}"

    def _choose_folder(self) -> Path:
        inside, outside = self.home / "postgres", root_cache_of(self.home) / "postgres"
        if not outside.exists() and self._account.can_enter(self.home):
            return inside
        self._say(f"the user the database runs as cannot reach {self.home}; its files are in {outside}")
        outside.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        return outside

    def _create(self) -> None:
        """Make the data folder under another name and rename it: a half-made one is never taken for a whole."""
        draft = self.folder.with_name("postgres.draft")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        password = secrets.token_urlsafe(24)
        _write_private(self.home / "password", password)
        _write_private(draft / "password", password)
        self._account.own(draft)
        self._account.own(draft / "password")
        # initdb wants an empty folder, and the password in a file its account can read
        made = self._account.run(
            *(self._programs / "initdb", "-D", draft / "files", "-U", _SUPERUSER, "--pwfile", draft / "password"),
            *("-A", "scram-sha-256", "-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"),
            *(["--no-sync"] if self._careless else []),
        )
        (draft / "password").unlink()
        if made.returncode != 0:
            raise EmbeddedDatabaseError(f"initdb failed: {_last_line(made.stdout)}")
        (draft / "files").rename(self.folder)
        draft.rmdir()

    def _check_version(self, ours: int) -> None:
        made_by = int((self.folder / "PG_VERSION").read_text())
        if made_by != ours:
            raise EmbeddedDatabaseError(
                f"the data in {self.folder} were made by Postgres {made_by}, this is {ours}: `make clean` forgets them"
            )
        if not (self.home / "password").exists():
            raise EmbeddedDatabaseError(f"{self.home / 'password'} is gone: `make clean` starts anew")

    def _start_or_join(self) -> None:
        deadline = time.monotonic() + START_PATIENCE_S
        while not self._answers():
            outcome = "it runs but does not answer"
            if not self._is_alive():
                # A pid file whose process is gone, is a zombie or is somebody else's. The server guards its files
                # by shared memory too, so it still refuses while processes of a killed one are alive.
                (self.folder / "postmaster.pid").unlink(missing_ok=True)
                options = f"-p {self._port()} {_SERVER_OPTIONS}{_CARELESS_OPTIONS if self._careless else ''}"
                started = self._control("start", "-l", str(self.folder / "server.log"), "-o", options)
                if started == 0 and self._answers():
                    return
                outcome = _last_line((self.folder / "server.log").read_text(errors="replace"))
            if time.monotonic() > deadline:
                raise EmbeddedDatabaseError(f"Postgres did not start ({self.folder / 'server.log'}): {outcome}")
            time.sleep(0.2)

    def _control(self, action: str, *arguments: str) -> int:
        return self._account.run(
            self._programs / "pg_ctl", action, "-D", self.folder, "-w", "-t", "60", *arguments
        ).returncode

    def _pid_file(self) -> list[str]:
        """Lines of postmaster.pid (pid, data folder, start time, port, ..., state), or none."""
        try:
            return (self.folder / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _is_alive(self) -> bool:
        """Whether the pid file names a living server of this data folder, not just any process with that number."""
        match self._pid_file():
            case [pid, *_] if pid.isdigit():
                return os.fsencode(self.folder) in _command_line(pid)
        return False

    def _answers(self) -> bool:
        """Whether the server accepts our password and says that it serves this folder."""
        match self._pid_file():
            case [_, _, _, port, *_] if self._is_alive():
                asked = self._account.run(
                    *(self._programs / "psql", "-X", "-At", "-h", "127.0.0.1", "-p", port, "-U", _SUPERUSER),
                    *("-d", _DATABASE, "-c", "SHOW data_directory"),
                    env={"PGPASSWORD": (self.home / "password").read_text(), "PGCONNECT_TIMEOUT": "5"},
                )
                answer = asked.stdout.strip()
                return asked.returncode == 0 and Path(answer).exists() and self.folder.samefile(answer)
        return False

    def _port(self) -> int:
        """The port of last time if it is free, else another; remembered, so that tools keep their connection."""
        remembered = self.home / "port"
        last = int(remembered.read_text()) if remembered.exists() else 0
        for wanted in (last, 0):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", wanted))
                except OSError:
                    continue
                port: int = probe.getsockname()[1]
                remembered.write_text(str(port))
                return port
        raise EmbeddedDatabaseError("no port on 127.0.0.1 is free")


def is_installed() -> bool:
    """Whether a wheel with Postgres is here."""
    try:
        find_wheel()
    except EmbeddedDatabaseError:
        return False
    return True


@contextlib.contextmanager
def _no_interrupt() -> Iterator[None]:
    """A second Ctrl-C must not cut the stop short."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _command_line(pid: str) -> bytes:
    """The command line of a process; empty if it is gone or a zombie."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return b""
    return os.fsencode(Account().run("ps", "-o", "command=", "-p", pid).stdout)


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no output"
