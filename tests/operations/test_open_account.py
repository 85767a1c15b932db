"""A customer's account is opened by us; its external id is the key, its parent an account of the same kind."""

import asyncio
from collections import Counter
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text

from domain.actor import Actor, StaffRole, staff
from domain.catalog import Segment
from domain.commands import AccountOwner, OpenAccount
from domain.errors import Forbidden, InvalidInput
from domain.ids import AccountId, UserId
from operations.accounts.open_account import AccountOpened, open_account
from tests.make import PRO, april
from tests.operations.lives import SUPPORT, Lives
from tests.stored import Customer, World

FINANCE = staff(StaffRole.FINANCE)
HUB = staff(StaffRole.SYSTEM)
ASKED = OpenAccount(
    external_id="crm-1", name="Ada's bakery", currency="USD", zone="America/New_York", country="US",
    segment=Segment.ENTERPRISE, net_days=30, email="billing@ada.example",
)  # fmt: skip


async def opening(world: World, actor: Actor = FINANCE, **fields: object) -> AccountOpened:
    async with world.unit(april(1), actor) as unit:
        return await open_account(unit, replace(ASKED, **fields))  # type: ignore[arg-type]


async def test_finance_brings_a_customer_in_and_the_owner_may_act(world: World) -> None:
    lives, who = Lives(world), await world.customer()
    owner = AccountOwner(UserId(world.ids.new()), "Ada", "ada@ada.example")
    outcome = await opening(world, external_id="with owner", owner=owner)
    (row,) = await world.rows("SELECT * FROM accounts WHERE id = :id", id=outcome.account_id)
    assert (row.is_sandbox, row.clock_at, row.segment, row.net_days, row.zone) == (
        False, None, "ENTERPRISE", 30, "America/New_York",
    )  # fmt: skip
    account = replace(
        who.account, id=outcome.account_id, zone=row.zone, is_sandbox=False, legal_entity_id=row.legal_entity_id
    )
    await lives.started(Customer(account, Actor(who.owner.kind, owner.user_id), who.viewer), PRO)
    (invoice,) = await world.rows("SELECT number FROM invoices WHERE account_id = :id", id=outcome.account_id)
    assert "TEST" not in invoice.number


async def test_a_person_who_is_known_keeps_their_name(world: World) -> None:
    owner = AccountOwner(UserId(world.ids.new()), "Ada", "known@ada.example")
    await opening(world, external_id="first of two", owner=owner)
    again = await opening(world, HUB, external_id="second of two", owner=replace(owner, name="Someone"))
    before = await world.billing_state()
    with pytest.raises(InvalidInput) as caught:  # the address is hers
        await opening(world, external_id="third", owner=replace(owner, user_id=UserId(world.ids.new())))
    assert caught.value.path == ("owner", "email")
    assert await world.billing_state() == before
    (person,) = await world.rows("SELECT name FROM users WHERE id = :id", id=owner.user_id)
    roles = await world.rows("SELECT role FROM memberships WHERE account_id = :id", id=again.account_id)
    assert (person.name, [each.role for each in roles]) == ("Ada", ["OWNER"])


async def test_l23_parallel_openings_have_one_effect_and_another_input_is_refused(world: World) -> None:
    outcomes = await asyncio.gather(*(opening(world, external_id="at once") for _ in range(8)))
    assert Counter(each.is_replay for each in outcomes) == {False: 1, True: 7}
    before = await world.billing_state()
    with pytest.raises(InvalidInput) as caught:
        await opening(world, external_id="at once", name="Another name")
    assert caught.value.path == ("externalId",)
    assert await world.billing_state() == before


async def test_a_child_names_its_parent_and_families_are_one_level_deep(world: World) -> None:
    parent = await opening(world, external_id="parent")
    child = await opening(world, external_id="child", parent_id=parent.account_id)
    (row,) = await world.rows("SELECT parent_account_id FROM accounts WHERE id = :id", id=child.account_id)
    assert row.parent_account_id == parent.account_id
    sandbox = await world.customer()
    async with world.database.write() as session:
        await session.execute(text("UPDATE accounts SET is_sandbox = true WHERE id = :id"), {"id": sandbox.id})
    before = await world.billing_state()
    for parent_id in (child.account_id, sandbox.id, AccountId(world.ids.new())):
        with pytest.raises(InvalidInput) as caught:
            await opening(world, external_id="grandchild", parent_id=parent_id)
        assert caught.value.path == ("parentId",)
    assert await world.billing_state() == before


async def test_it_is_for_finance_and_jobs(world: World) -> None:
    who = await world.customer()
    before = await world.billing_state()
    for actor in (SUPPORT, who.owner):
        with pytest.raises(Forbidden):
            await opening(world, actor, external_id="not theirs")
    assert await world.billing_state() == before


@pytest.mark.parametrize(
    ("field", "given"),
    [
        (("externalId",), {"external_id": " blank"}),
        (("currency",), {"currency": "XXX"}),
        (("owner", "email"), {"owner": AccountOwner(UserId(UUID(int=7)), "Ada", "nowhere")}),
        (("owner", "name"), {"owner": AccountOwner(UserId(UUID(int=7)), "", "a@b.example")}),
    ],
)
async def test_bad_input_names_its_field(world: World, field: tuple[str, ...], given: dict[str, object]) -> None:
    before = await world.billing_state()
    with pytest.raises(InvalidInput) as caught:
        await opening(world, FINANCE, **{"external_id": "bad", **given})
    assert caught.value.path == field
    assert await world.billing_state() == before
