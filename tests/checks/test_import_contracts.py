"""Each import contract of pyproject.toml notices a fault planted for it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PLANTED: list[tuple[str, str, str]] = [
    ("1.", "db/planted.py", "import resolvers.context"),
    ("1b.", "demo/planted.py", "import schema.build"),
    ("2.", "domain/planted_io.py", "import os"),
    ("3.", "operations/planted.py", "import sqlalchemy"),
    ("4.", "worker/planted.py", "import strawberry"),
    ("5.", "resolvers/planted.py", "import operations.change_plan"),
    ("6.", "domain/pricing/planted.py", "import domain.catalog"),
    ("7.", "tests/domain/planted.py", "import db.engine"),
    ("8.", "schema/planted.py", "import db.tables"),
]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the linter says of each broken contract, by its number, in a copy of the project with every fault in it."""
    copy = tmp_path_factory.mktemp("project")
    for folder in {path.partition("/")[0] for _, path, _ in PLANTED} | {"app", "cli", "checks"}:
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for _, path, source in PLANTED:
        (copy / path).write_text(f'"""Planted."""\n\n{source}\n')
    ran = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"],
        cwd=copy, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin", "COLUMNS": "200"},
    )  # fmt: skip
    assert ran.returncode == 1, ran.stdout + ran.stderr
    sections = re.split(r"^(\d+b?\.) .*\n-+\n", ran.stdout.partition("Broken contracts")[2], flags=re.MULTILINE)
    return dict(zip(sections[1::2], sections[2::2], strict=True))


@pytest.mark.parametrize(("contract", "path", "source"), PLANTED, ids=[contract for contract, _, _ in PLANTED])
def test_a_planted_import_breaks_its_contract(reports: dict[str, str], contract: str, path: str, source: str) -> None:
    module = path.removesuffix(".py").replace("/", ".")
    assert module in reports.get(contract, "")
