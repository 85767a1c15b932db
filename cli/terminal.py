"""What a person at the terminal sees: steps with their time, and errors meant for them."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console


class CommandError(Exception):
    """A subcommand cannot do what was asked; the text is one line for the person who asked."""


class Steps:
    """Shows what is being done while it is done; on a terminal with a spinner, elsewhere a line when it is over."""

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
        took_s = time.monotonic() - started
        self._console.print(f"[green]✓[/] {outcome[0]} [dim]({took_s:.1f} s)[/]")
