"""A copy of the project in which faults are planted, and the tools that must see them, run on it."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from checks.house import listed

ROOT = Path(__file__).parents[2]


class Copy:
    """The project's own files under another folder; what is planted in it never reaches the project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for path in listed(ROOT):
            if (ROOT / path).is_file():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / path, folder / path)

    @contextlib.contextmanager
    def planted(self, path: str, line: str, *, instead_of: str = "") -> Iterator[None]:
        """A line in place of a text that stands there, or at the end of a file that may be new; taken out again."""
        file = self.folder / path
        before = file.read_text(encoding="utf-8") if file.exists() else None
        if instead_of:
            assert before is not None
            assert instead_of in before, f"{path} does not say {instead_of!r} any more"
            file.write_text(before.replace(instead_of, line, 1), encoding="utf-8")
        else:
            file.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
        try:
            yield
        finally:
            if before is None:
                file.unlink()
            else:
                file.write_text(before, encoding="utf-8")

    @contextlib.contextmanager
    def all_planted(self, plants: Iterable[tuple[str, str]]) -> Iterator[None]:
        """Several (path, line) at once."""
        with contextlib.ExitStack() as planted:
            for path, line in plants:
                planted.enter_context(self.planted(path, line))
            yield

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A tool of this environment, or a module of the copy (`-m`), run in the copy; its output is text."""
        program = [sys.executable] if command[0].startswith("-") else []
        given = [str(Path(sys.executable).with_name(command[0])), *command[1:]] if not program else list(command)
        environment = {"PATH": os.environ.get("PATH", ""), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200"}
        return subprocess.run(
            [*program, *given], cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
