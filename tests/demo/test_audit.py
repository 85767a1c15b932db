"""The demo company's books are sound: `billing audit` derives every document of every persona anew, without a fault."""

from collections import Counter

from cli.audit import audit_all, line_of
from db.engine import Database
from db.queries.books import account_ids, books_of, rule_book
from db.scope import scope_of
from demo.personas import PERSONAS
from domain.actor import StaffRole, staff
from domain.audit.disagreement import Disagreement
from domain.audit.history import FOLDED, OPENED, audit_history, stored_state

SCOPE = scope_of(staff(StaffRole.SYSTEM))


async def test_the_audit_finds_no_fault_with_any_persona(demo_database: Database) -> None:
    said: list[Disagreement] = []
    audited = await audit_all(demo_database, said.append, lambda done, total, doing: None)
    assert [line_of(each) for each in said] == []
    assert audited.accounts == len(PERSONAS)


async def test_l35_the_events_of_every_persona_rebuild_its_state(demo_database: Database) -> None:
    compared: Counter[str] = Counter()
    async with demo_database.snapshot() as session:
        rules = await rule_book(session)
        ids = await account_ids(session, SCOPE, None, 1_000)
        for books in await books_of(session, SCOPE, ids, rules):
            assert books.history.events[0].type == OPENED, "its history is whole"
            assert [each.sentence for each in audit_history(books, rules)] == []
            compared.update(type_ for (type_, _), _ in stored_state(books, rules))
    assert len(ids) == len(PERSONAS)
    # nobody in the demo company has a consolidated invoice
    assert compared.keys() == FOLDED - {"ConsolidatedInvoice"}
