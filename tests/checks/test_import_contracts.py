"""Each import contract of pyproject.toml sees a fault planted for it."""

import re
import tomllib

import pytest

from tests.checks.planting import ROOT, Copy

# (the contract's number, a file, an import that the contract forbids there)
PLANTED = [
    ("1.", "domain/planted_rows.py", "db.tables"),
    ("1.", "db/planted_context.py", "resolvers.context"),
    ("1b.", "demo/planted.py", "schema.build"),
    ("2.", "domain/planted_io.py", "os"),
    ("3.", "operations/planted.py", "sqlalchemy"),
    ("4.", "worker/planted.py", "strawberry"),
    ("5.", "resolvers/planted.py", "operations.changes.change_plan"),
    ("6.", "domain/pricing/planted.py", "domain.catalog"),
    ("7.", "tests/domain/planted.py", "db.engine"),
    ("8.", "schema/planted.py", "db.tables"),
    ("9.", "domain/audit/planted.py", "domain.invoicing.regular"),
]


@pytest.fixture(scope="module")
def reports(copy: Copy) -> dict[str, str]:
    """What is said of each broken contract, by its number, with every fault planted at once."""
    with copy.all_planted((path, f'"""Planted."""\n\nimport {forbidden}') for _, path, forbidden in PLANTED):
        ran = copy.run("lint-imports", "--no-logo", "--no-cache")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    sections = re.split(r"^(\d+b?\.) .*\n-+\n", ran.stdout.partition("Broken contracts")[2], flags=re.MULTILINE)
    return dict(zip(sections[1::2], sections[2::2], strict=True))


@pytest.mark.parametrize(("contract", "path", "forbidden"), PLANTED)
def test_a_planted_import_breaks_its_contract(
    reports: dict[str, str], contract: str, path: str, forbidden: str
) -> None:
    importer = path.removesuffix(".py").replace("/", ".")
    assert f"{importer} -> {forbidden} " in reports.get(contract, ""), reports


def test_without_a_planted_import_every_contract_is_kept(copy: Copy) -> None:
    ran = copy.run("lint-imports", "--no-logo", "--no-cache")
    assert (ran.returncode, "0 broken" in ran.stdout) == (0, True), ran.stdout + ran.stderr


def test_every_contract_has_a_planted_fault() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert {contract["name"].split()[0] for contract in contracts} == {number for number, _, _ in PLANTED}
