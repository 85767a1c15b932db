"""The demo company's books are sound: `billing audit` derives every document of every persona anew, without a fault."""

from cli.audit import audit_all, line_of
from db.engine import Database
from demo.personas import PERSONAS
from domain.audit.disagreement import Disagreement


async def test_the_audit_finds_no_fault_with_any_persona(demo_database: Database) -> None:
    said: list[Disagreement] = []
    audited = await audit_all(demo_database, said.append, lambda done, total, doing: None)
    assert [line_of(each) for each in said] == []
    assert audited.accounts == len(PERSONAS)
