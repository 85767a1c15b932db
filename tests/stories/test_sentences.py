"""Sentences of lines, as the public API tells them: a customer can work the amount beside them out again."""

import re
from decimal import Decimal

import httpx
import pytest

from db.engine import Database
from tests.stories.auditing import audited
from tests.stories.offering import base, offer, seats
from tests.stories.telling import Customer


@pytest.mark.parametrize("plan", ["base alone", "base and seats"])
async def test_a_fixed_discount_on_the_rest_of_a_period_says_its_seconds_and_serves_what_its_charge_serves(
    client: httpx.AsyncClient, demo_copy: Database, plan: str
) -> None:
    """1000.00 off a period, changed on 11 June at 05:06:07 of 30 days: 1709633 of 2592000 seconds, 659.58 of it."""
    name = f"fixed-{plan.replace(' ', '-')}"
    parts = [base("3000.00")] if plan == "base alone" else [base("3000.00"), seats("300.00")]
    rank = 140 + 2 * len(parts)
    await offer(client, f"{name}-1", rank, *parts)
    await offer(client, f"{name}-2", rank + 1, base("9000.00"), *parts[1:])
    customer = await Customer.opened(client, name, "2026-06-01T08:00:00Z")
    await customer.attempt(
        customer.finance, "couponCreate", code=name.upper(), name=name, amount=customer.money("1000.00"), periods=2
    )
    subscription = await customer.start(f"{name}-1", couponCode=name.upper())
    await customer.advance("2026-06-11T05:06:07Z")
    await customer.change(subscription, f"{name}-2")
    lines = (await customer.raw_documents())[0][-1]["lines"]
    charges = [line for line in lines if line["kind"] == "PRORATION_CHARGE"]
    discounts = [line for line in lines if line["kind"] == "DISCOUNT"]
    assert [line["servicePeriod"] for line in discounts] == [line["servicePeriod"] for line in charges]
    assert charges[0]["servicePeriod"]["start"].startswith("2026-06-11T05:06:07")
    assert sum(Decimal(line["amount"]["amount"]) for line in discounts) == Decimal("-659.58")
    for line in discounts:
        part, whole = map(int, re.findall(r"(\d+) of (\d+) seconds of it here", line["explanation"]["sentence"])[0])
        assert (1000 * Decimal(part) / whole).quantize(Decimal("0.01")) == Decimal("659.58")
    assert await audited(demo_copy, customer) == []


async def test_a_price_with_tax_in_it_says_so_beside_the_net_amount(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """29.99 with the Austrian 20 % inside: 24.99 and 5.00 of tax."""
    await offer(client, "with-tax", 150, base("29.99"), currency="EUR", tax_inclusive=True)
    customer = await Customer.opened(client, "with-tax", "2026-06-01T08:00:00Z", currency="EUR", country="AT")
    await customer.start("with-tax")
    line = (await customer.raw_documents())[0][-1]["lines"][-1]
    assert (line["amount"]["amount"], line["tax"]["amount"]) == ("24.99", "5.00")
    assert line["explanation"]["sentence"].endswith(": A flat fee of 29.99 EUR, including tax.")
    assert await audited(demo_copy, customer) == []


async def test_a_rate_over_both_sorts_of_price_has_two_rows_that_tell_themselves_apart(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    """20 % in 29.99 (4.998…) and on top of 4.44 (0.888): each is checked from its own row, 5.00 and 0.89."""
    await offer(client, "both-sorts", 160, base("29.99"), currency="EUR", tax_inclusive=True)
    customer = await Customer.opened(client, "both-sorts", "2026-06-01T08:00:00Z", currency="EUR", country="AT")
    await customer.start("both-sorts")
    await customer.do(
        customer.finance, "chargeAdd", accountId=customer.id, amount=customer.money("4.44", "EUR"), description="Net"
    )
    await customer.advance("2026-07-05T00:00:00Z")
    shown = await customer.look(
        "invoices(first: 2) { nodes { taxes { label isInclusive base { amount } tax { amount } } } }"
    )
    newest, first = shown["invoices"]["nodes"]
    assert sorted((each["isInclusive"], each["base"]["amount"], each["tax"]["amount"]) for each in newest["taxes"]) == [
        (False, "4.44", "0.89"),
        (True, "24.99", "5.00"),
    ]
    (name,) = (each["label"] for each in first["taxes"])
    assert sorted(each["label"] for each in newest["taxes"]) == [
        f"{name}, in the price",
        f"{name}, on top of the price",
    ]
    assert await audited(demo_copy, customer) == []
