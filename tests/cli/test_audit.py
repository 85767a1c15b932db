"""`billing audit` as a process: what it prints, and how it ends."""

import re
from pathlib import Path

import pytest
from sqlalchemy import text

from db.engine import Database
from domain.audit.disagreement import MEANINGS, Code
from domain.ids import PREFIXES, public_id
from tests.cli.terminal import ROOT, billing, refused
from tests.domain.audit.test_plants import LIFE, RULES, SOUND
from tests.written import write

ACCOUNT = public_id(PREFIXES["Account"], LIFE.account.id)


@pytest.fixture(scope="module")
async def url(database: Database) -> str:
    """Where a database with one life is."""
    await write(database, LIFE, SOUND, RULES)
    return database.address.dsn


async def test_sound_books_end_with_0(url: str) -> None:
    ran = billing("audit", DATABASE_URL=url)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "1 account, 7 invoices, 29 lines, 2 credit notes" in ran.stdout
    assert ran.stdout.endswith("No disagreement.\n")


async def test_a_finding_ends_with_1_and_is_told_in_one_line(url: str, database: Database) -> None:
    async with database.write() as session:
        await session.execute(text("UPDATE invoices SET paid_minor = 1 WHERE number = 'EU-TEST-000001'"))
    ran = billing("audit", "--account", ACCOUNT, DATABASE_URL=url)
    assert ran.returncode == 1
    (told,) = [line for line in ran.stdout.splitlines() if line.startswith("PAID")]
    paid = "EU-TEST-000001: the amount paid is 0.01 USD, but its payments come to 0.00 USD."
    assert re.fullmatch(rf"PAID  inv_[0-9a-f]{{32}}  {re.escape(paid)}", told)
    assert f"PAID  1  {MEANINGS[Code.PAID]}" in ran.stdout


async def test_what_cannot_be_looked_at_ends_with_2(url: str) -> None:
    assert refused(billing("audit", "--account", "acct_" + "0" * 32, DATABASE_URL=url)).startswith(
        "there is no account"
    )
    assert "names a Invoice" in refused(billing("audit", "--account", "inv_" + "0" * 32, DATABASE_URL=url))
    assert "One at least" in refused(billing("audit", "--limit", "0", DATABASE_URL=url))


def test_every_code_is_on_the_operators_page_and_none_else() -> None:
    page = (Path(ROOT) / "docs" / "operations.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*) \|$", page.split("## Auditing the books")[1], re.MULTILINE))
    assert listed == {code.value: meaning for code, meaning in MEANINGS.items()}
