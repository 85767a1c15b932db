"""Customers beside the demo company to whom, between them, everything happens that happens by itself.

Each is brought through the public API to where the worker has to go on: an end, a pause, a change that waits for its
day, a family, a new edition, a contract, use, cards that hang. Owns who they are; what follows is the worker's.
"""

import httpx
import structlog

from db.engine import Database
from tests.stories.hub import gateway
from tests.stories.offering import base, offer, sends
from tests.stories.telling import Customer

JUNE = "2026-06-01T08:00:00Z"
HANGS, DECLINES = "4000 0000 0000 0119", "4000 0000 0000 9995"
PLAN = "sales-starter"

HAPPENS = {
    *("subscription.renewed", "subscription.trial_ending", "subscription.trial_ended", "subscription.cancelled"),
    *("subscription.resumed", "subscription.migrated", "subscription.commitment_renewing"),
    *("plan_change.applied", "plan_change.refused", "invoice.drafted", "invoice.finalised", "invoice.paid"),
    *("invoice.reminded", "invoice.changes_blocked", "invoice.suspended", "invoice.credit_applied", "credit.applied"),
    *("payment.processing", "payment.succeeded", "payment.failed", "refund.succeeded"),
    *("consolidated_invoice.finalised", "consolidated_invoice.paid", "consolidated_invoice.reminded"),
}
"""What has to happen to somebody in a run; the calm run is held to it."""


async def lived(database: Database) -> None:
    """Bring them all to June 2026, before the instant that the demo company stands at."""
    with structlog.testing.capture_logs():
        async with gateway(database) as client:
            await _lived(client)


async def _lived(client: httpx.AsyncClient) -> None:
    for life in LIVES:
        who = await Customer.opened(client, life.__name__.replace("_", "-"), JUNE)
        await life(who)
    await family(client, "pays", "4242 4242 4242 4242")
    await family(client, "owes", DECLINES)


async def ends(who: Customer) -> None:
    """It ends with June; what was charged by hand is on its last bill."""
    subscription = await who.start(PLAN)
    await who.do(
        who.finance, "chargeAdd", accountId=who.id, subscriptionId=subscription, amount=who.money("12.00"),
        description="Training",
    )  # fmt: skip
    await who.do(who.owner, "subscriptionCancel", subscriptionId=subscription)


async def rests(who: Customer) -> None:
    """It pauses and goes on by itself in July."""
    subscription = await who.start(PLAN, seats=2)
    await who.advance("2026-06-11T00:00:00Z")
    await who.do(who.owner, "subscriptionPause", subscriptionId=subscription, resumesAt="2026-07-10T09:00:00Z")


async def wants_less(who: Customer) -> None:
    """Two seats fewer from July on."""
    await who.card()
    subscription = await who.start(PLAN, seats=3)
    await who.change(subscription, quantities=[{"component": "seats", "quantity": 1}])


async def may_not_have_less(who: Customer) -> None:
    """The same; but by July all of them are in use."""
    await wants_less(who)
    await who.advance("2026-06-12T00:00:00Z")
    await who.use("seats", ("used", "2026-06-11T00:00:00Z", "3"))


async def is_trying(who: Customer) -> None:
    """A trial of 20 days, with a tenth off afterwards."""
    await who.do(who.finance, "couponCreate", code="TRYING", name="A tenth", percent="10", periods=1)
    await who.start(PLAN, trialDays=20, couponCode="TRYING")


async def is_bound(who: Customer) -> None:
    """A contract of two months, which is announced to renew, and does."""
    await who.start(PLAN, commitmentMonths=2)


async def moves(who: Customer) -> None:
    """On an edition that is replaced from the first boundary after its notice on."""
    await offer(who.client, "to-be-replaced", 81, base("20.00"))
    await who.start("to-be-replaced")
    await offer(who.client, "to-be-replaced", 81, base("25.00"), edition=2)
    plan = await who.plan("to-be-replaced")
    await who.do(who.finance, "planVersionMigrate", planId=plan, reason="Dearer.", noticeDays=10)


async def measures(who: Customer) -> None:
    """What it sent is drafted in July and final a day later."""
    await who.card()
    await offer(who.client, "by-what-is-sent", 82, base("5.00"), sends("0.01"))
    await who.start("by-what-is-sent")
    await who.advance("2026-06-12T00:00:00Z")
    await who.use("email-sends", ("june", "2026-06-11T00:00:00Z", "1234"))


async def hangs(who: Customer) -> None:
    """Money on its way back to a card whose first answer is always lost.

    It buys nothing more: whether a worker dies before or after such an answer says when it learns of the money.
    """
    await who.card(HANGS)
    subscription = await who.start(PLAN)
    await who.advance("2026-06-12T00:00:00Z")
    found = await who.look("payments(first: 2) { nodes { id status } }")
    (payment,) = found["payments"]["nodes"]
    assert payment["status"] == "SUCCEEDED"
    await who.do(who.owner, "subscriptionCancel", subscriptionId=subscription)
    await who.do(who.finance, "paymentRefund", paymentId=payment["id"], amount=who.money("3.00"))


async def is_owed(who: Customer) -> None:
    """Credit that its next bills spend."""
    await who.card()
    await who.start(PLAN)
    await who.advance("2026-06-02T00:00:00Z")
    found = await who.look("invoices(first: 1) { nodes { id } }")
    invoice = found["invoices"]["nodes"][0]["id"]
    await who.do(who.finance, "creditNoteIssue", invoiceId=invoice, reason="GOODWILL", amount=who.money("20.00"))


async def was_late(who: Customer) -> None:
    """It has ended, and some of what it used comes in after its last bill was final."""
    await offer(who.client, "by-what-is-sent", 82, base("5.00"), sends("0.01"))
    subscription = await who.start("by-what-is-sent")
    await who.advance("2026-06-05T00:00:00Z")
    await who.do(who.finance, "subscriptionCancel", subscriptionId=subscription, isImmediate=True)
    await who.advance("2026-06-12T00:00:00Z")
    assert await who.use("email-sends", ("late", "2026-06-03T00:00:00Z", "500")) == ["ACCEPTED"]


LIVES = (
    ends, rests, wants_less, may_not_have_less, is_trying, is_bound, moves, measures, hangs, is_owed, was_late,
)  # fmt: skip


async def family(client: httpx.AsyncClient, name: str, card: str) -> None:
    """A parent that is asked for its children's invoices on the 10th."""
    parent = await Customer.opened(client, f"parent-{name}", JUNE)
    await parent.card(card)
    children = [await Customer.opened(client, f"child-{n}-{name}", JUNE, parentId=parent.id) for n in (1, 2)]
    ids = [child.id for child in children]
    await parent.do(parent.finance, "consolidationSet", accountId=parent.id, childIds=ids, day=10)
    for child in children:
        await child.start(PLAN)
