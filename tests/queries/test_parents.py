"""A parent's members read its children, one level down; the children's members do not read up or sideways."""

import pytest
from sqlalchemy import update

from db import tables as t
from db.engine import Database
from domain.ids import public_id
from tests.queries.ask import ask_well, user
from tests.queries.catalog import NOW, uid
from tests.queries.company import account, make_company, write

# account 1 is the parent, 2 and 3 its children, 4 the child of 2; each has a member of its own
PARENT, CHILD, SIBLING, GRANDCHILD = (uid("account", number) for number in (1, 2, 3, 4))
DOCUMENT = """query($id: ID!) { account(by: { id: $id }) {
  parent { id } children(first: 9) { totalCount nodes { id invoices(first: 1) { nodes { id } } } }
} }"""


@pytest.fixture(scope="module")
async def family(database: Database) -> None:
    await make_company(database, accounts=1, invoices=1)
    people = [
        {"id": uid("user", n), "name": f"Member {n}", "email": f"member{n}@example.test", "created_at": NOW}
        for n in (12, 13, 14)
    ]
    await write(database, [(t.users, people)])
    for number in (2, 3, 4):
        await write(database, account(number, 1, owner=10 + number))
    async with database.write() as session:
        for child, parent in ((CHILD, PARENT), (SIBLING, PARENT), (GRANDCHILD, CHILD)):
            await session.execute(update(t.accounts).where(t.accounts.c.id == child).values(parent_account_id=parent))


async def seen(database: Database, number: int, account_number: int) -> bool:
    answer = await ask_well(
        database, DOCUMENT, user(uid("user", number)), id=public_id("acct", uid("account", account_number))
    )
    return answer.data["account"] is not None


@pytest.mark.parametrize(
    ("says", "member", "reads"),
    [
        ("the parent's owner reads the children, and not theirs", 1, {1, 2, 3}),
        ("a child that is a parent itself reads down only", 12, {2, 4}),
        ("a child reads neither its parent nor its sibling", 13, {3}),
        ("nor does a grandchild", 14, {4}),
    ],
)
async def test_l38_who_reads_whom(database: Database, family: None, says: str, member: int, reads: set[int]) -> None:
    assert {number for number in (1, 2, 3, 4) if await seen(database, member, number)} == reads, says


async def test_a_parents_children_are_listed_with_their_invoices(database: Database, family: None) -> None:
    answer = await ask_well(database, DOCUMENT, user(uid("user", 1)), id=public_id("acct", PARENT))
    assert answer.data["account"]["children"] == {
        "totalCount": 2,
        "nodes": [
            {
                "id": public_id("acct", uid("account", n)),
                "invoices": {"nodes": [{"id": public_id("inv", uid("invoice", n * 1000))}]},
            }
            for n in (2, 3)
        ],
    }
    assert answer.statements == 4, [ran.name for ran in answer.ran]


async def test_a_child_is_not_told_who_its_parent_is(database: Database, family: None) -> None:
    answer = await ask_well(database, DOCUMENT, user(uid("user", 13)), id=public_id("acct", SIBLING))
    assert answer.data["account"] == {"parent": None, "children": {"totalCount": 0, "nodes": []}}
