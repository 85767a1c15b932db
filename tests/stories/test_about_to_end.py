"""What is about to end can be had more of until then, and is neither changed for a day it does not reach nor paid for
beyond its end. Pipeline Starter is 10.00 a month and 15.00 a seat, Professional 90.00 and 75.00.
"""

from typing import Any

import httpx
import pytest

from db.engine import Database
from tests.stories.auditing import audited
from tests.stories.telling import APPLY, Customer

PREVIEW = """query($input: PlanChangeInput!) { planChangePreview(input: $input) {
  decision { verdict reasons { code sentence remedy { action target } } } quote { token } } }"""


async def shown(who: Customer, subscription: str, **asked: Any) -> Any:
    return (await who.owner.ask(PREVIEW, input={"subscriptionId": subscription, **asked}))["planChangePreview"]


async def ending(client: httpx.AsyncClient, name: str, plan: str, **more: Any) -> tuple[Customer, str]:
    """A customer who has cancelled on the day of the sign-up."""
    who = await Customer.opened(client, name, "2026-06-01T08:00:00Z")
    await who.card()
    subscription = await who.start(plan, **more)
    await who.do(who.owner, "subscriptionCancel", subscriptionId=subscription)
    return who, subscription


def no(seen: Any) -> Any:
    (reason,) = [each for each in seen["decision"]["reasons"] if each["code"] == "PC-44"]
    assert (seen["decision"]["verdict"], seen["quote"]) == ("REFUSE", None)
    return reason


async def test_a_month_that_ends_is_not_made_a_year_and_the_end_can_be_taken_back(
    client: httpx.AsyncClient, demo_copy: Database
) -> None:
    who, subscription = await ending(client, "no-year-for-a-month", "sales-professional", seats=3)
    starter = await who.plan("sales-starter")
    for asked in ({"interval": "YEAR"}, {"planId": starter}):
        assert no(await shown(who, subscription, **asked)) == {
            "code": "PC-44",
            "sentence": "This subscription ends on 2026-07-01; what you ask for would outlast it.",
            "remedy": {"action": "UNDO_CANCEL", "target": subscription},
        }
    # a seat more until the end is nobody's surprise
    seat = await shown(who, subscription, quantities=[{"component": "seats", "quantity": 4}])
    done = await who.owner.ask(APPLY, input={"quoteToken": seat["quote"]["token"], "idempotencyKey": who.key()})
    assert done["subscriptionChangePlan"]["planChange"]["status"] == "APPLIED"
    await who.do(who.owner, "subscriptionUndoCancel", subscriptionId=subscription)
    assert (await shown(who, subscription, interval="YEAR"))["decision"]["verdict"] == "ALLOW"
    assert await audited(demo_copy, who) == []


@pytest.mark.parametrize(
    ("name", "plan", "more"),
    [("free-to-the-end", "sales-free", {}), ("tried-and-left", "sales-starter", {"trialDays": 14})],
)
async def test_a_period_that_would_begin_today_is_not_paid_for_beyond_the_end(
    client: httpx.AsyncClient, name: str, plan: str, more: Any
) -> None:
    who, subscription = await ending(client, name, plan, **more)
    await who.advance("2026-06-10T00:00:00Z")
    no(await shown(who, subscription, planId=await who.plan("sales-professional")))
