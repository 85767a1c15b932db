"""What a person at the terminal sees: steps with their time, progress bars, and errors meant for them."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Tell(Protocol):
    """Told how far a long task is."""

    def __call__(self, done: int, total: int, doing: str) -> None:
        """`done` of `total` steps; `doing` is what it is at now."""
        ...


class CommandError(Exception):
    """A subcommand cannot do what was asked; the text is one line for the person who asked."""


class Steps:
    """Shows what is being done while it is done; on a terminal it moves, elsewhere it is a line when it is over."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, soft_wrap=True)

    def say(self, text: str) -> None:
        """Print a line as it is."""
        self._console.print(text, markup=False)

    @contextmanager
    def step(self, doing: str) -> Iterator[Callable[[str], None]]:
        """Time a block; it may call the yielded function to say what became of it."""
        outcome = [doing]
        started = time.monotonic()
        with self._console.status(doing):
            yield lambda text: outcome.__setitem__(0, text)
        self._done(outcome[0], time.monotonic() - started)

    @contextmanager
    def bar(self, title: str) -> Iterator[Tell]:
        """Time a block that says how far it is: (done, total, what it is at). Silent if it never does."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        started = time.monotonic()
        told = [0]
        with Progress(*columns, console=self._console, transient=True) as progress:
            task = progress.add_task(title, visible=False)

            def tell(done: int, total: int, doing: str) -> None:
                told[0] = total
                progress.update(task, completed=done, total=total, description=f"{title}: {doing}", visible=True)

            yield tell
        if told[0]:
            self._done(title, time.monotonic() - started)

    def _done(self, what: str, took_s: float) -> None:
        self._console.print(f"[green]✓[/] {what} [dim]({took_s:.1f} s)[/]")
