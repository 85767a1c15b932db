"""Credit that finance gives and takes by hand: spent like any other, taken back as far as it is not spent."""

from dataclasses import replace

import pytest

from domain.commands import GrantCredit, WithdrawCredit
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.ids import CreditEntryId
from domain.money import Money
from operations.asking import KeyReused
from operations.invoices.grant_credit import CreditGranted, grant_credit
from operations.invoices.withdraw_credit import CreditWithdrawn, withdraw_credit
from tests.make import PRO, april
from tests.operations.money import FINANCE, Till, assert_balanced
from tests.stored import Customer, World


@pytest.fixture(scope="module")
async def till(world: World) -> Till:
    """The ladder of tests.make on sale."""
    return Till(world)


async def granting(till: Till, who: Customer, minor: int = 5_000, **more: object) -> CreditGranted | KeyReused:
    key = till.world.ids.new().hex
    command = replace(GrantCredit(who.id, Money(minor, "USD"), "Sorry for Tuesday", key), **more)  # type: ignore[arg-type]
    async with till.world.unit(april(1), FINANCE) as unit:
        return await grant_credit(unit, command)


async def withdrawing(till: Till, grant_id: CreditEntryId, minor: int, **more: object) -> CreditWithdrawn | KeyReused:
    command = WithdrawCredit(grant_id, Money(minor, "USD"), "Paid out", till.world.ids.new().hex)
    async with till.world.unit(april(3), FINANCE) as unit:
        return await withdraw_credit(unit, replace(command, **more))  # type: ignore[arg-type]


async def grant_of(till: Till, who: Customer, minor: int = 5_000) -> CreditEntryId:
    outcome = await granting(till, who, minor)
    assert isinstance(outcome, CreditGranted)
    return outcome.entry_id


async def test_a_grant_pays_the_next_invoice_and_what_is_left_can_be_taken_back(till: Till) -> None:
    """150.00 given, 125.00 spent on Pro with a seat, 25.00 left: all of that, and not a cent more."""
    who = await till.world.customer()
    grant_id = await grant_of(till, who, 15_000)
    await till.world.subscribe(who, PRO, at=april(2))
    (invoice,) = await till.world.of(who, "invoices")
    assert (invoice.status, invoice.applied_minor) == ("PAID", 12_500)
    before = await till.world.billing_state()
    with pytest.raises(InvalidInput) as caught:
        await withdrawing(till, grant_id, 2_501)
    assert caught.value.path == ("amount",)
    assert await till.world.billing_state() == before
    await withdrawing(till, grant_id, 2_500)
    entries = await till.world.of(who, "credit_entries", "sequence")
    assert [(each.kind, each.amount_minor, each.balance_minor) for each in entries] == [
        ("GRANTED", 15_000, 15_000), ("APPLIED", -12_500, 2_500), ("WITHDRAWN", -2_500, 0),
    ]  # fmt: skip
    assert [each.memo for each in entries] == ["Sorry for Tuesday", None, "Paid out"]
    await assert_balanced(till.world, who)


async def test_l23_the_same_request_grants_once_and_another_under_its_key_not_at_all(till: Till) -> None:
    who = await till.world.customer()
    first = await granting(till, who, idempotency_key="grant-1")
    again = await granting(till, who, idempotency_key="grant-1")
    assert isinstance(first, CreditGranted)
    assert again == replace(first, is_replay=True)
    assert isinstance(await granting(till, who, 1, idempotency_key="grant-1"), KeyReused)
    assert len(await till.world.of(who, "credit_entries")) == 1


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("amount", {"amount": Money(0, "USD")}),
        ("amount", {"amount": Money(-1, "USD")}),
        ("amount", {"amount": Money(100, "EUR")}),
        ("memo", {"memo": "  "}),
        ("memo", {"memo": "two\nlines"}),
        ("memo", {"memo": "\u202egnp"}),
        ("memo", {"memo": "x" * 501}),
    ],
)
async def test_bad_input_names_its_field_and_writes_nothing(till: Till, path: str, given: dict[str, object]) -> None:
    who = await till.world.customer()
    grant_id = await grant_of(till, who)
    before = await till.world.billing_state()
    for attempt in (granting(till, who, **given), withdrawing(till, grant_id, 1, **given)):  # type: ignore[arg-type]
        with pytest.raises(InvalidInput) as caught:
            await attempt
        assert caught.value.path == (path,)
    assert await till.world.billing_state() == before


async def test_what_is_no_grant_is_not_found_and_it_is_finances(till: Till) -> None:
    who = await till.world.customer()
    grant_id = await grant_of(till, who)
    outcome = await withdrawing(till, grant_id, 1)
    assert isinstance(outcome, CreditWithdrawn)
    with pytest.raises(NotFound):
        await withdrawing(till, outcome.entry_id, 1)
    with pytest.raises(Forbidden):
        async with till.world.unit(april(1), who.owner) as unit:
            await grant_credit(unit, GrantCredit(who.id, Money(1, "USD"), "Mine", "mine-1"))
