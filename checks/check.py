"""What a check is: a rule, the function that sees it broken, and the samples that prove both."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from checks.house import House

WHOLE_FILE = 0
"""The line of a finding that is about a file and not about a place in it."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One breach: where it is, and what to do about it, in one line."""

    path: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A small project that shows a rule kept or broken.

    What must be found is said twice over: lines of its files that end in `# BAD` are found, and no others; each of
    `finds` is part of the message of a finding of its own. A sample with neither must pass.
    """

    says: str
    house: House
    finds: tuple[str, ...] = ()

    @property
    def bad_lines(self) -> set[tuple[str, int]]:
        """(path, line) of every line marked as bad."""
        return {
            (file.path, number)
            for file in self.house.files
            for number, line in enumerate(file.lines, start=1)
            if line.endswith("# BAD")
        }

    @property
    def is_good(self) -> bool:
        """Whether nothing may be found in it."""
        return not self.finds and not self.bad_lines


def _nothing(house: House) -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Check:
    """A rule of the house. `name` is the word an excuse uses; `notes` are printed at each run, they are no findings."""

    name: str
    law: str
    find: Callable[[House], Iterable[Finding]]
    samples: tuple[Sample, ...]
    notes: Callable[[House], Iterable[str]] = _nothing
