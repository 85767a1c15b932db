"""An excuse lets the finding beside it stand, when it says why; every other excuse is a finding."""

from collections.abc import Iterable, Iterator

import pytest

from checks.check import WHOLE_FILE, Check, Finding
from checks.house import House, sample
from checks.run import run


def _find_foul_words(house: House) -> Iterator[Finding]:
    for file in house.files:
        for number, line in enumerate(file.lines, start=1):
            if line.startswith("foul"):
                yield Finding(file.path, number, "a foul word")
        if "rotten" in file.text:
            yield Finding(file.path, WHOLE_FILE, "a rotten file")


FOUL = Check("foul", "No foul words.", _find_foul_words, ())


def found(text: str, path: str = "domain/some.py") -> list[tuple[str, int]]:
    return [(name, finding.line) for name, finding in run([FOUL], sample(path, text))]


@pytest.mark.parametrize(
    ("says", "text", "left"),
    [
        ("nothing excused", "foul = 1\n", [("foul", 1)]),
        ("excused on the line", "foul = 1  # check: allow foul because it is quoted literally\n", []),
        ("excused above", "# check: allow foul because it is quoted literally\n# and more\n\nfoul = 1\n", []),
        ("the next line only", "# check: allow foul because it is quoted here\nfoul = 1\nfoul = 2\n", [("foul", 3)]),
        ("a whole file, from anywhere in it", "x = 1\ny = 'rotten'\n# check: allow foul because it is a museum\n", []),
        ("no reason", "foul = 1  # check: allow foul\n", [("foul", 1), ("allow", 1)]),
        ("a reason too short", "foul = 1  # check: allow foul because reasons\n", [("foul", 1), ("allow", 1)]),
        ("another check", "foul = 1  # check: allow fair because it is quoted here\n", [("foul", 1), ("allow", 1)]),
        ("nothing to excuse", "x = 1  # check: allow foul because it is quoted here\n", [("allow", 1)]),
        ("an excuse inside a string", "x = '# check: allow foul because it is quoted here'\nfoul = 1\n", [("foul", 2)]),
    ],
)
def test_an_excuse_covers_its_line_and_says_why(says: str, text: str, left: list[tuple[str, int]]) -> None:
    assert found(text) == left, says


def test_other_languages_excuse_in_their_own_comments() -> None:
    assert found("foul <!-- check: allow foul because it is quoted here -->\n", "app/static/index.html") == []
    assert found("// check: allow foul because it is quoted here\nfoul\n", "app/static/home.js") == []


def test_a_file_that_cannot_be_parsed_is_named_and_ends_the_run() -> None:
    assert found("def foul(:\nfoul\n") == [("syntax", 1)]


def test_findings_come_once_and_in_order() -> None:
    def twice(house: House) -> Iterable[Finding]:
        return [Finding("b", 2, "x"), Finding("a", 9, "x"), Finding("b", 2, "x")]

    assert [each.path for _, each in run([Check("twice", "", twice, ())], sample())] == ["a", "b"]
