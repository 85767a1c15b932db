"""Every check finds what its bad samples hold and nothing in its good ones, so one that cannot fail is noticed."""

from importlib import import_module
from pathlib import Path

import pytest

import checks
from checks.check import Check, Sample
from checks.every import CHECKS
from checks.run import run

SAMPLES = [
    pytest.param(check, sample, id=f"{check.name}: {sample.says}") for check in CHECKS for sample in check.samples
]


@pytest.mark.parametrize(("check", "sample"), SAMPLES)
def test_a_sample_shows_what_it_says(check: Check, sample: Sample) -> None:
    found = [finding for _, finding in run([check], sample.house)]
    said = "\n".join(f"{each.path}:{each.line}: {each.message}" for each in found)
    if sample.is_good:
        assert found == [], said
    if sample.bad_lines:
        assert {(each.path, each.line) for each in found} == sample.bad_lines, said
    unmatched = list(found)
    for part in sample.finds:
        match = next((each for each in unmatched if part in each.message), None)
        assert match is not None, f"{part!r} is not in:\n{said}"
        unmatched.remove(match)
    if sample.finds:
        assert unmatched == [], said


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_check_has_samples_of_both_kinds(check: Check) -> None:
    assert {sample.is_good for sample in check.samples} == {True, False}


def test_every_check_is_run() -> None:
    folder = Path(checks.__file__).parent
    modules = [import_module(f"checks.{path.stem}") for path in folder.glob("*.py") if path.stem != "__main__"]
    declared = [module.CHECK for module in modules if hasattr(module, "CHECK")]
    assert sorted(check.name for check in CHECKS) == sorted(check.name for check in declared)
    assert len({check.name for check in CHECKS}) == len(CHECKS)


def test_a_check_is_called_like_its_file() -> None:
    assert [
        check.name for check in CHECKS if not hasattr(import_module(f"checks.{check.name.replace('-', '_')}"), "CHECK")
    ] == []
