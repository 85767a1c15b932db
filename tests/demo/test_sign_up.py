"""What the demo's catalog refuses to somebody who comes late: a plan no longer for sale, a second of one product."""

import pytest

from db.engine import Database
from db.unit_of_work import unit_of_work
from demo import catalog
from demo.customer import JOBS
from demo.identity import SeededIds
from demo.personas import BY_SLUG, DEMO_NOW
from domain.errors import InvalidInput
from domain.periods import BillingInterval
from operations.subscriptions.sign_up import SignUp, sign_up


async def signs_up(database: Database, slug: str, plan: str) -> None:
    """A persona buys a plan by the month at the instant its clock stands at."""
    async with unit_of_work(database, JOBS, SeededIds(f"{slug}/{plan}", DEMO_NOW), DEMO_NOW) as unit:
        command = SignUp(BY_SLUG[slug].account_id, catalog.plan_id(plan), BillingInterval.MONTH)
        await sign_up(unit, command, DEMO_NOW)


async def test_nobody_signs_up_for_a_withdrawn_plan(demo_copy: Database) -> None:
    with pytest.raises(InvalidInput, match="Care Essential is no longer for sale"):
        await signs_up(demo_copy, "empty", "service-essential")


async def test_a_second_live_subscription_of_one_product_is_refused(demo_copy: Database) -> None:
    with pytest.raises(InvalidInput, match="a live subscription of this product"):
        await signs_up(demo_copy, "smb-monthly", "marketing-professional")


async def test_the_empty_persona_can_begin(demo_copy: Database) -> None:
    await signs_up(demo_copy, "empty", "sales-starter")
