"""One `pytest` command with all its xdist workers: its folder, and that nothing is left of it. Needs no database."""

import asyncio
import os
import shutil
import tempfile
from pathlib import Path

from db.embedded import EmbeddedPostgres
from db.locks import AT_ONCE, EXCLUSIVE, lock

RUN_FOLDER = "TEST_RUN_FOLDER"
"""The variable by which xdist's workers learn the folder of their run."""

_PREFIX = "billing-test-"


class Run:
    """Held by the process that the user started: makes its folder, and leaves nothing behind."""

    def __init__(self) -> None:
        # locked before it has its name, so that no other run takes it for an abandoned one
        draft = Path(tempfile.mkdtemp(prefix="billing-draft-"))
        draft.chmod(0o711)
        self._alive = lock(draft / "run.lock", EXCLUSIVE)
        self.folder = draft.rename(draft.with_name(draft.name.replace("billing-draft-", _PREFIX)))
        os.environ[RUN_FOLDER] = str(self.folder)
        for other in self.folder.parent.glob(f"{_PREFIX}*"):
            _remove_if_abandoned(other)

    def end(self) -> None:
        """Stop the server whatever became of the workers, and delete the folder."""
        os.environ.pop(RUN_FOLDER, None)
        if url := os.environ.get("TEST_DATABASE_URL"):
            from tests.server import Server

            asyncio.run(Server(url, self.folder).drop_templates())
        EmbeddedPostgres(self.folder / "server").remove()
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._alive)


def _remove_if_abandoned(folder: Path) -> None:
    """A run that was killed could not clean up; the kernel dropped its lock, which tells."""
    try:
        descriptor = lock(folder / "run.lock", EXCLUSIVE | AT_ONCE)
    except OSError:  # alive, or another user's
        return
    os.close(descriptor)
    EmbeddedPostgres(folder / "server").remove()
    shutil.rmtree(folder, ignore_errors=True)
