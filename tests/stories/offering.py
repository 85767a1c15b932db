"""What finance puts on sale for a story: plans with round prices, published through the public API.

Owns how an edition is written down shortly. Each plan is made once a database, however often it is asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from domain.actor import StaffRole
from tests.stories.hub import Hub

CREATE = """mutation($input: PlanCreateInput!) { planCreate(input: $input) {
  plan { id } userErrors { code message path } } }"""
PUBLISH = """mutation($input: PlanVersionPublishInput!) { planVersionPublish(input: $input) {
  planVersion { id number } userErrors { code message path } } }"""


@dataclass(frozen=True, slots=True)
class Sold:
    """One component of a plan and what it costs: in advance by the unit, or by what a meter counted."""

    code: str
    amount: str = "0"
    name: str = ""
    is_flat: bool = False
    tiers: tuple[dict[str, str], ...] = ()
    meter: str | None = None
    least: int = 0
    most: int | None = None
    timing: str = "IN_ADVANCE"

    def component(self) -> dict[str, Any]:
        """As an edition lists it."""
        return {
            "code": self.code, "name": self.name or self.code.capitalize(), "minimum": self.least, "maximum": self.most,
            "timing": "IN_ARREARS" if self.meter else self.timing, "meter": self.meter,
        }  # fmt: skip

    def price(self, currency: str, interval: str, tax_inclusive: bool) -> dict[str, Any]:
        """What it costs there."""
        model = "FLAT" if self.is_flat else "GRADUATED" if self.tiers else "PER_UNIT"
        alone = {"flatAmount": self.amount} if self.is_flat else {"unitPrice": self.amount}
        return {
            "component": self.code, "currency": currency, "interval": interval, "model": model,
            "taxInclusive": tax_inclusive, "tiers": list(self.tiers) or [alone],
        }  # fmt: skip


def base(amount: str) -> Sold:
    """The fee that every plan has."""
    return Sold("base", amount, "Base fee", is_flat=True, least=1, most=1)


def seats(amount: str, least: int = 1) -> Sold:
    """What each person costs."""
    return Sold("seats", amount, "Seats", least=least, most=100)


def sends(amount: str = "0", *tiers: dict[str, str]) -> Sold:
    """What e-mails cost that were sent, counted and charged at the period's end."""
    return Sold("sends", amount, "E-mails", tiers=tiers, meter="email-sends")


async def offer(
    client: httpx.AsyncClient,
    code: str,
    rank: int,
    *sold: Sold,
    interval: str = "MONTH",
    currency: str = "USD",
    product: str = "sales",
    tax_inclusive: bool = False,
    bounds: Sequence[dict[str, str]] = (),
    edition: int = 1,
) -> str:
    """Put a plan on sale, called by its code; the id of its edition. A later `edition` replaces the one on sale."""
    finance = Hub.of_staff(client, StaffRole.FINANCE)
    products = (await finance.ask("{ products { id code } }"))["products"]
    product_id = next(each["id"] for each in products if each["code"] == product)
    name = code.replace("-", " ").capitalize()
    given = {"productId": product_id, "code": code, "name": name, "rank": rank, "idempotencyKey": code}
    made = (await finance.ask(CREATE, input=given))["planCreate"]
    assert made["userErrors"] == [], made
    given = {
        "planId": made["plan"]["id"],
        "components": [each.component() for each in sold],
        "prices": [each.price(currency, interval, tax_inclusive) for each in sold],
        "bounds": [{"currency": currency, "interval": interval, **bound} for bound in bounds],
        "idempotencyKey": f"{code}-{edition}",
    }
    done = (await finance.ask(PUBLISH, input=given))["planVersionPublish"]
    assert done["userErrors"] == [], done
    return str(done["planVersion"]["id"])
