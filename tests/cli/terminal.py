"""The `billing` command as a person meets it: a process, its output, its exit status."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


def environment(**settings: str) -> dict[str, str]:
    """The settings and nothing else of ours, whatever the developer has set."""
    return {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "PYTHONPATH": str(ROOT), **settings}


def billing(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `billing` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=ROOT,
    )


def refused(outcome: subprocess.CompletedProcess[str]) -> str:
    """The one line on stderr of a command that could not; fails on a traceback or a wrong status."""
    lines = outcome.stderr.strip().splitlines()
    assert outcome.returncode == 2, outcome
    assert len(lines) == 1, lines
    assert lines[0].startswith("billing: ")
    return lines[0].removeprefix("billing: ")


class Gateway:
    """A gateway that runs."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port
        self.output = ""

    def status(self, path: str) -> int:
        """What a GET answers; 0 while nobody listens."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as problem:
            problem.close()
            return problem.code
        except OSError:
            return 0

    def wait_until_ready(self, patience_s: float = 60) -> None:
        """Until /ready says 200."""
        deadline = time.monotonic() + patience_s
        while self.status("/ready") != 200:
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < deadline, "it did not become ready"
            time.sleep(0.05)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Signal it, wait for its end, and return its status."""
        self.process.send_signal(number)
        self.output, _ = self.process.communicate(timeout=30)
        return self.process.returncode


def free_port() -> int:
    """A port nobody listens on now.

    It is below those that the system gives to whoever connects, so that nobody is given it before it is used; and two
    processes that look at once begin apart.
    """
    first, last = 20_000, 30_000
    for step in range(last - first):
        port = first + (os.getpid() * 97 + step) % (last - first)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is free")


@contextmanager
def gateway(*arguments: str, **settings: str) -> Iterator[Gateway]:
    """Start `billing serve` or `billing demo` on a free port; killed at the end if it still runs."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", *arguments],
        env=environment(PORT=str(port), METRICS_PORT="0", **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        yield Gateway(process, port)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
