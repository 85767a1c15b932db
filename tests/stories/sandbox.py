"""A sandbox account of one's own, used through the public API: what stories about money begin with."""

from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx

from domain.actor import Role, StaffRole
from tests.stories.hub import Hub

_numbers = count(1)

OPEN = """mutation($input: SandboxAccountOpenInput!) { sandboxAccountOpen(input: $input) {
  account { id currency currentTime isSandbox } userErrors { code message path }
} }"""
START = """mutation($input: SubscriptionStartInput!) { subscriptionStart(input: $input) {
  subscription { id status plan { code } currentPeriod { start end } } userErrors { code message path }
} }"""
ADD_CARD = """mutation($input: PaymentMethodAddInput!) { paymentMethodAdd(input: $input) {
  paymentMethod { id brand last4 isDefault } userErrors { code message path }
} }"""
INVOICES = """query($id: ID!) { account(by: { id: $id }) {
  creditBalance { amount } amountDue { amount }
  invoices(first: 50, orderBy: OLDEST_FIRST) { nodes {
    id number status reason
    subtotal { amount } discountTotal { amount } tax { amount } total { amount }
    amountCredited { amount } creditApplied { amount } amountPaid { amount } amountReturned { amount }
    amountDue { amount }
    lines { id kind description quantity amount { amount } }
  } }
} }"""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """An account on a clock of its own, its owner, and one of our finance people."""

    account_id: str
    owner: Hub
    finance: Hub

    @classmethod
    async def open(
        cls, client: httpx.AsyncClient, currency: str = "USD", at: str = "2026-03-01T12:00:00Z"
    ) -> "Sandbox":
        """A new one, in UTC so that days are easy to count."""
        owner = Hub.of(client, "smb-monthly", Role.OWNER)
        given = {
            "externalId": f"sandbox-{currency}-{next(_numbers)}",
            "name": "Ada's Bakery",
            "currency": currency,
            "timeZone": "UTC",
            "country": "US",
            "clockAt": at,
        }
        payload = (await owner.ask(OPEN, input=given))["sandboxAccountOpen"]
        assert payload["userErrors"] == []
        return cls(payload["account"]["id"], owner, Hub.of_staff(client, StaffRole.FINANCE))

    async def start(self, plan: str, seats: int = 1, **more: Any) -> str:
        """A monthly subscription of a plan; its id."""
        found = await self.owner.ask("query($code: String!) { plan(by: { code: $code }) { id } }", code=plan)
        given = {
            "accountId": self.account_id,
            "planId": found["plan"]["id"],
            "interval": "MONTH",
            "quantities": [{"component": "seats", "quantity": seats}],
            "idempotencyKey": f"start-{plan}",
            **more,
        }
        payload = (await self.owner.ask(START, input=given))["subscriptionStart"]
        assert payload["userErrors"] == []
        return str(payload["subscription"]["id"])

    async def card(self, number: str = "4242 4242 4242 4242", key: str = "card") -> str:
        """A stored test card; its id."""
        given = {"accountId": self.account_id, "cardNumber": number, "idempotencyKey": key}
        payload = (await self.owner.ask(ADD_CARD, input=given))["paymentMethodAdd"]
        assert payload["userErrors"] == []
        return str(payload["paymentMethod"]["id"])

    async def books(self) -> Any:
        """The account's invoices, the oldest first, and what it owes and has to spend."""
        return (await self.owner.ask(INVOICES, id=self.account_id))["account"]

    async def invoice(self, at: int = 0) -> Any:
        """One of its invoices, the oldest first."""
        return (await self.books())["invoices"]["nodes"][at]
