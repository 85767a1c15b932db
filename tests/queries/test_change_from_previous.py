"""`changeFromPrevious` over the demo company: it sums to the cent, and reads as much for one invoice as for many."""

from decimal import Decimal
from typing import Any

import pytest

from db.engine import Database
from demo.personas import PERSONAS
from tests.queries.test_demo import ask_demo

DOCUMENT = """query($id: String!, $first: Int!) { account(by: { externalId: $id }) {
  invoices(first: $first) { nodes {
    id reason status total { amount }
    changeFromPrevious {
      previous { id total { amount } }
      before { amount } after { amount } difference { amount }
      bars { cause component amount { amount } sentence }
      between { invoice { id } reason amount { amount } }
    }
  } }
} }"""


def amount(money: Any) -> Decimal:
    return Decimal(money["amount"])


@pytest.mark.parametrize("slug", [persona.slug for persona in PERSONAS])
async def test_every_waterfall_of_the_company_sums_to_its_difference(demo_database: Database, slug: str) -> None:
    answer = await ask_demo(demo_database, DOCUMENT, id=slug, first=100)
    for invoice in answer.data["account"]["invoices"]["nodes"]:
        change = invoice["changeFromPrevious"]
        if change is None:
            assert invoice["reason"] not in ("SIGN_UP", "TRIAL_END", "RENEWAL")
            continue
        assert sum((amount(bar["amount"]) for bar in change["bars"]), Decimal(0)) == amount(change["difference"])
        assert amount(change["after"]) - amount(change["before"]) == amount(change["difference"])
        assert amount(change["after"]) == amount(invoice["total"])
        before = change["previous"]
        assert amount(change["before"]) == (amount(before["total"]) if before else 0)
        assert all(amount(bar["amount"]) for bar in change["bars"])
        assert all(each["reason"] not in ("SIGN_UP", "TRIAL_END", "RENEWAL") for each in change["between"])


async def test_a_change_in_between_is_a_bar_of_its_own(demo_database: Database) -> None:
    """Somebody of the company has changed plan between two renewals."""
    shown = [
        each
        for persona in PERSONAS
        for invoice in (await ask_demo(demo_database, DOCUMENT, id=persona.slug, first=100)).data["account"][
            "invoices"
        ]["nodes"]
        if invoice["changeFromPrevious"]
        for each in invoice["changeFromPrevious"]["between"]
    ]
    assert [each["reason"] for each in shown if each["reason"] == "PLAN_CHANGE"], "the walk must see one"
    assert all(each["invoice"]["id"] for each in shown)


async def test_it_takes_the_same_statements_for_one_as_for_many(demo_database: Database) -> None:
    counts = set()
    for first in (2, 12, 50):
        answer = await ask_demo(demo_database, DOCUMENT, id="old-customer", first=first)
        assert len(answer.data["account"]["invoices"]["nodes"]) == first
        counts.add(answer.statements)
    # account, invoices, predecessors, invoices by id, lines, items, prices, tiers; the previous ones are known by then
    assert counts == {8}, [ran.name for ran in answer.ran]
