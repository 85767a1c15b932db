"""Printed files and their committed copies."""

from pathlib import Path

import pytest

from cli.generated import print_or_check


def test_without_check_the_text_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert print_or_check("a\nb\n", tmp_path / "none", check=False, renew="make it") == 0
    assert capsys.readouterr().out == "a\nb\n"


def test_a_current_file_passes_in_silence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("a\nb\n")
    assert print_or_check("a\nb\n", tmp_path / "file", check=True, renew="make it") == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("before", ["a\nold\n", None])
def test_a_stale_or_missing_file_fails_with_the_difference_and_the_cure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], before: str | None
) -> None:
    if before is not None:
        (tmp_path / "file").write_text(before)
    assert print_or_check("a\nb\n", tmp_path / "file", check=True, renew="make it") == 1
    said = capsys.readouterr()
    assert "+b\n" in said.out
    assert f"{tmp_path / 'file'} is stale: run `make it` and commit it" in said.err
