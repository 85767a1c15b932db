"""What is added by hand: charges and adjustments that wait for the next invoice, coupons and discounts."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from db.engine import Database
from db.save import catalog
from domain.actor import Actor
from domain.commands import AddCharge, AdjustLine, EndDiscount, RedeemCoupon
from domain.discount import CouponTerms
from domain.errors import Forbidden, InvalidInput
from domain.ids import CouponId, LineId, ProductId, SubscriptionId
from domain.money import Money
from operations.asking import NotNow
from operations.invoices.add_charge import ChargeAdded, add_charge
from operations.invoices.adjust_line import LineAdjusted, adjust_line
from operations.invoices.end_discount import DiscountEnded, end_discount
from operations.invoices.redeem_coupon import Redeemed, redeem_coupon
from tests.make import APRIL, PRO, an_id, april, usd
from tests.operations.money import FINANCE, Till, assert_balanced
from tests.stored import Customer, a_world


@pytest.fixture(scope="module")
async def till(database: Database) -> Till:
    """A counter in a world of this module's own."""
    return Till(await a_world(database))


async def a_customer(till: Till) -> tuple[Customer, SubscriptionId]:
    """A customer on Pro with a seat: 100.00 and 25.00 for April."""
    who = await till.world.customer()
    return who, await till.world.subscribe(who, PRO)


async def adjust(till: Till, who: Customer, line: Any, amount: Money, actor: Actor = FINANCE, key: str = "") -> Any:
    """An adjustment by finance."""
    command = AdjustLine(LineId(line), amount, "a correction", key or till.world.ids.new().hex)
    async with till.world.unit(april(8), actor) as unit:
        return await adjust_line(unit, command)


async def charge(till: Till, who: Customer, amount: Money, actor: Actor = FINANCE, **more: Any) -> Any:
    """A charge by finance."""
    command = AddCharge(who.id, amount, "Onboarding", till.world.ids.new().hex, **more)
    async with till.world.unit(april(8), actor) as unit:
        return await add_charge(unit, command)


async def test_a_charge_waits_for_the_next_invoice(till: Till) -> None:
    who, subscription = await a_customer(till)
    added = await charge(till, who, usd("80.00"), subscription_id=subscription)
    assert isinstance(added, ChargeAdded)
    (row,) = await till.world.of(who, "charges")
    assert (row.kind, row.amount_minor, row.invoice_id, row.subscription_id) == ("ONE_OFF", 8_000, None, subscription)


async def test_bad_charges_name_their_field(till: Till) -> None:
    who, _ = await a_customer(till)
    for amount in (usd("0.00"), usd("-5.00"), Money(100, "EUR")):
        with pytest.raises(InvalidInput) as refused:
            await charge(till, who, amount)
        assert refused.value.path == ("amount",)
    with pytest.raises(Forbidden):
        await charge(till, who, usd("1.00"), actor=who.owner)
    assert await till.world.of(who, "charges") == []


async def test_l13_adjustments_give_back_at_most_what_their_line_has_left(till: Till) -> None:
    who, _ = await a_customer(till)
    (invoice,) = await till.world.of(who, "invoices")
    pro, seats = [line.id for line in await till.world.of(who, "invoice_lines", "position")]
    assert isinstance(await adjust(till, who, pro, usd("-60.00")), LineAdjusted)
    # 40.00 are left, since what waits counts; the others see it
    outcomes = await asyncio.gather(*(adjust(till, who, pro, usd("-30.00")) for _ in range(4)), return_exceptions=True)
    assert Counter(type(each).__name__ for each in outcomes) == {"LineAdjusted": 1, "InvalidInput": 3}
    with pytest.raises(InvalidInput) as refused:
        await till.credit(who, invoice.id, lines=((pro, "10.01"),))
    assert refused.value.path == ("lines", "0", "amount")
    await till.credited(who, invoice.id, lines=((pro, None), (seats, None)))
    with pytest.raises(InvalidInput):
        await adjust(till, who, pro, usd("-0.01"))


async def test_an_adjustment_may_ask_for_more_and_not_for_nothing(till: Till) -> None:
    who, _ = await a_customer(till)
    (pro, _seats) = [line.id for line in await till.world.of(who, "invoice_lines", "position")]
    assert isinstance(await adjust(till, who, pro, usd("500.00")), LineAdjusted)
    for amount in (usd("0.00"), Money(-100, "EUR")):
        with pytest.raises(InvalidInput) as refused:
            await adjust(till, who, pro, amount)
        assert refused.value.path == ("amount",)
    with pytest.raises(Forbidden):
        await adjust(till, who, pro, usd("-1.00"), actor=who.owner)


async def test_lines_of_a_void_invoice_are_not_adjusted(till: Till) -> None:
    who, _ = await a_customer(till)
    (invoice,) = await till.world.of(who, "invoices")
    line = (await till.world.of(who, "invoice_lines", "position"))[0]
    await till.void(who, invoice.id)
    refused = await adjust(till, who, line.id, usd("-1.00"))
    assert isinstance(refused, NotNow)
    assert refused.code == "NOT_CREDITABLE"


# --- coupons ----------------------------------------------------------------------------------------------------


async def a_coupon(
    till: Till, code: str, *, redeem_by: datetime | None = None, most: int | None = None, **terms: Any
) -> str:
    """A coupon; 10 % off for ever unless told otherwise."""
    if not terms.keys() & {"percent", "amount"}:
        terms["percent"] = Decimal(10)
    async with till.world.unit(april(1)) as unit:
        await catalog.new_coupon(
            unit, CouponId(unit.ids.new()), CouponTerms(code, code.title(), **terms), april(1), redeem_by, most
        )
    return code


async def redeem(
    till: Till, who: Customer, subscription: SubscriptionId, code: str, *, key: str = "", actor: Actor | None = None
) -> Any:
    """The owner redeems it, on 8 April."""
    command = RedeemCoupon(subscription, code, key or till.world.ids.new().hex)
    async with till.world.unit(april(8), actor or who.owner) as unit:
        return await redeem_coupon(unit, command)


async def test_a_redeemed_coupon_is_a_discount_with_the_coupons_terms(till: Till) -> None:
    who, subscription = await a_customer(till)
    await a_coupon(till, "SPRING", periods=3)
    assert isinstance(await redeem(till, who, subscription, " spring "), Redeemed)
    (row,) = await till.world.of(who, "discounts")
    assert (row.code, row.percent, row.periods, row.redeemed_at, row.ended_at) == (
        "SPRING", Decimal("10.0000"), 3, april(8), None,
    )  # fmt: skip
    (coupon,) = await till.world.rows("SELECT redemptions FROM coupons WHERE code = 'SPRING'")
    assert coupon.redemptions == 1


@pytest.mark.parametrize(
    ("says", "code", "terms"),
    [
        ("nobody knows it", "NONE", None),
        ("its day has come", "EXPIRED", {"redeem_by": april(8)}),
        ("another currency", "EURO", {"amount": Money(500, "EUR")}),
        ("another product", "OTHER", {"product_id": ProductId(an_id("product service"))}),
        ("a component the plan lacks", "PART", {"component": "contacts"}),
    ],
)
async def test_what_cannot_be_redeemed_names_the_code(
    till: Till, says: str, code: str, terms: dict[str, Any] | None
) -> None:
    who, subscription = await a_customer(till)
    if terms is not None:
        await a_coupon(till, code, **terms)
    with pytest.raises(InvalidInput) as refused:
        await redeem(till, who, subscription, code)
    assert refused.value.path == ("code",), says
    assert await till.world.of(who, "discounts") == []


async def test_the_last_coupon_goes_to_one(till: Till) -> None:
    await a_coupon(till, "LAST2", most=2)
    everybody = [await a_customer(till) for _ in range(5)]
    outcomes = await asyncio.gather(
        *(redeem(till, who, subscription, "LAST2") for who, subscription in everybody), return_exceptions=True
    )
    assert Counter(type(each).__name__ for each in outcomes) == {"Redeemed": 2, "InvalidInput": 3}
    (coupon,) = await till.world.rows("SELECT redemptions FROM coupons WHERE code = 'LAST2'")
    assert coupon.redemptions == 2


async def test_a_subscription_has_a_coupon_once_however_often_it_asks(till: Till) -> None:
    who, subscription = await a_customer(till)
    await a_coupon(till, "ONCE", most=9)
    same = await asyncio.gather(*(redeem(till, who, subscription, "ONCE", key="same") for _ in range(4)))
    assert {type(each) for each in same} == {Redeemed}
    with pytest.raises(InvalidInput):
        await redeem(till, who, subscription, "ONCE")
    assert len(await till.world.of(who, "discounts")) == 1
    (coupon,) = await till.world.rows("SELECT redemptions FROM coupons WHERE code = 'ONCE'")
    assert coupon.redemptions == 1


async def test_finance_ends_a_discount_once(till: Till) -> None:
    who, subscription = await a_customer(till)
    await a_coupon(till, "ENDING")
    redeemed = await redeem(till, who, subscription, "ENDING")

    async def end(actor: Actor) -> Any:
        async with till.world.unit(april(9), actor) as unit:
            return await end_discount(unit, EndDiscount(redeemed.discount_id, till.world.ids.new().hex))

    with pytest.raises(Forbidden):
        await end(who.owner)
    assert isinstance(await end(FINANCE), DiscountEnded)
    again = await end(FINANCE)
    assert isinstance(again, NotNow)
    assert again.code == "ALREADY_ENDED"
    (row,) = await till.world.of(who, "discounts")
    assert row.ended_at == april(9)


# --- on the next invoice ----------------------------------------------------------------------------------------


async def test_what_waits_is_on_the_next_invoice_once(till: Till) -> None:
    who, _subscription = await a_customer(till)
    (first,) = await till.world.of(who, "invoices")
    pro, _seats = [line.id for line in await till.world.of(who, "invoice_lines", "position")]
    await till.transfer(who, first.id, "125.00")
    added = await charge(till, who, usd("80.00"))
    adjusted = await adjust(till, who, pro, usd("-30.00"))
    await till.world.run_until(who, APRIL.end)
    (may,) = await till.world.of(who, "invoices", where="reason = 'RENEWAL'")
    lines = await till.world.of(who, "invoice_lines", "position", where=f"invoice_id = '{may.id}'")
    by_hand = {line.cause: (line.kind, line.amount_minor, line.credited_line_id) for line in lines if line.cause.int}
    assert by_hand == {
        added.charge_id: ("ONE_OFF", 8_000, None),
        adjusted.charge_id: ("ADJUSTMENT", -3_000, pro),
    }
    # 125.00 for May, 80.00 more, 30.00 back
    assert may.total_minor == 17_500
    assert {row.invoice_id for row in await till.world.of(who, "charges")} == {may.id}
    # what the adjustment gave back is gone from the line: 70.00 of the 100.00 are left
    with pytest.raises(InvalidInput):
        await adjust(till, who, pro, usd("-70.01"))
    assert isinstance(await adjust(till, who, pro, usd("-70.00")), LineAdjusted)
    await assert_balanced(till.world, who)


async def test_a_credit_larger_than_the_next_invoice_is_carried_on(till: Till) -> None:
    who, _ = await a_customer(till)
    (first,) = await till.world.of(who, "invoices")
    await till.transfer(who, first.id, "125.00")
    charged = await charge(till, who, usd("300.00"), is_immediate=True)
    await till.transfer(who, charged.invoice_id, "300.00")
    await till.credited(who, charged.invoice_id, "300.00", at=april(20))
    assert await till.balance(who) == 30_000
    await till.world.run_until(who, june(1))
    bills = await till.world.of(who, "invoices", "drafted_at", where="reason = 'RENEWAL'")
    # 300.00 pay May's 125.00 and June's 125.00; 50.00 are left for July
    assert [(bill.status, bill.applied_minor) for bill in bills] == [("PAID", 12_500), ("PAID", 12_500)]
    assert await till.balance(who) == 5_000
    await till.world.run_until(who, june(30) + (april(2) - april(1)))
    (july,) = await till.world.of(who, "invoices", where="status = 'OPEN'")
    assert (july.applied_minor, july.total_minor) == (5_000, 12_500)
    await assert_balanced(till.world, who)


def june(day: int) -> datetime:
    """An instant of June 2026 in UTC."""
    return datetime(2026, 6, day, tzinfo=UTC)
