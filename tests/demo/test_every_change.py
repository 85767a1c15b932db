"""Every change of plan the demo's catalog allows to ask for, in every state it may be asked in: what is answered.

The answers stand in a page of their own, a line each, to be read. `SAVE=1 pytest tests/demo/test_every_change.py`
writes it anew; look at the diff before committing it.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from difflib import unified_diff
from pathlib import Path
from typing import Any

from demo.catalog import PLANS, PRODUCTS, published
from domain.account import Account
from domain.catalog import PlanVersion, Segment
from domain.dunning import Standing
from domain.invoicing.draft import DraftLine
from domain.money import Money
from domain.periods import BillingInterval, local_day
from domain.plan_change.decide import decide
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.prepare import Prepared, prepare
from domain.plan_change.verdict import Verdict
from domain.subscription import SubscriptionStatus
from tests.make import ACCOUNT, AN_OVERDUE_INVOICE, MONTH, YEAR, a_commitment, a_subscription, facts

PAGE = Path(__file__).parent / "every_change.txt"
SINCE = date(2026, 4, 1)
NOW = datetime(2026, 4, 16, tzinfo=UTC)  # half of the month is left, 350 of the 365 days of the year


@dataclass(frozen=True, slots=True)
class State:
    """How an account and its subscription stand when a change is asked for."""

    name: str
    says: str
    account: Account = ACCOUNT
    of_subscription: Mapping[str, Any] = field(default_factory=dict)
    of_request: Mapping[str, Any] = field(default_factory=dict)


STATES = (
    State("plain", "an account of the segment SMB in good standing, without a contract"),
    State("trial", "in its trial", of_subscription={"status": SubscriptionStatus.TRIALING}),
    State("in term", "bound for twelve months since 1 April", of_subscription={"commitment": a_commitment(12, SINCE)}),
    State(
        "overdue",
        "an invoice so long overdue that changes are blocked",
        of_request={
            "standing": Standing.CHANGES_BLOCKED,
            "overdue": "12.00",
            "oldest_overdue": AN_OVERDUE_INVOICE,
        },
    ),
    State(
        "enterprise",
        "an account of the segment ENTERPRISE, bound for twelve months since 1 April",
        account=replace(ACCOUNT, segment=Segment.ENTERPRISE),
        of_subscription={"commitment": a_commitment(12, SINCE)},
    ),
)


def newest() -> dict[str, PlanVersion]:
    """The version of each plan that is on sale, by the plan's code; withdrawn plans say so."""
    withdrawn = {copy.code: copy.withdrawn_at for copy in PLANS}
    found = {each.version.plan.code: each.version for each in published()}
    return {
        code: replace(version, plan=replace(version.plan, withdrawn_at=withdrawn[code]))
        for code, version in found.items()
    }


def seats_of(version: PlanVersion) -> int:
    """Five, or as few as the plan is sold with."""
    return max([5, *(each.minimum for each in version.components if each.code == "seats")])


def asked(
    old: PlanVersion, new: PlanVersion, now_billed: BillingInterval, wanted: BillingInterval, state: State
) -> PlanChangeFacts:
    """What is looked at halfway through April 2026 to who asks to go from one plan to another."""
    subscription = a_subscription(
        old, seats=seats_of(old), since=SINCE, interval=now_billed, account=state.account, **state.of_subscription
    )
    usage = {"seats": 3, "contacts": 1_500}
    found = facts(subscription, new, now=NOW, interval=wanted, account=state.account, usage=usage, **state.of_request)
    # a trial was charged nothing that a change could give back
    return replace(found, debits=()) if state.name == "trial" else found


def told(prepared: Prepared) -> str:
    """The answer on one line: verdict, day, reasons, what it costs now and next."""
    decision = prepared.decision
    codes = " ".join(reason.code for reason in decision.reasons)
    if decision.verdict is Verdict.REFUSE:
        return f"{decision.verdict:<16}  {'':<10}  {codes}"
    on = local_day(decision.effective_at, prepared.facts.account.zone).isoformat()
    money = f"next {plain(prepared.next_invoice.total)}"
    if prepared.is_immediate:
        lines = ", ".join(f"{line.component} {short(line)}" for line in prepared.delta.lines)
        money = f"now {plain(prepared.delta.net)} ({lines or 'no lines'}); {money}"
    return f"{decision.verdict:<16}  {on}  {codes:<24}  {money}"


def plain(money: Money) -> str:
    """Only the number: all is in dollars."""
    return money.amount()


def short(line: DraftLine) -> str:
    """A line's amount with its sign."""
    return f"{'+' if line.stated.minor > 0 else ''}{plain(line.stated)}"


def page() -> Iterator[str]:
    """Every line of the page."""
    yield "Every change of plan within a product, asked for on 16 April 2026 of a subscription since 1 April with five"
    yield "seats, or as few as the plan has (three in use, 1,500 contacts stored), in USD without tax. A line: to which"
    yield "plan, billed how, what is answered, on which day, by which rows and rules, what is charged or given back at"
    yield "once, and the next regular invoice."
    yield ""
    for state in STATES:
        yield f"  {state.name}: {state.says}"
    plans = newest()
    for product in PRODUCTS:
        of_product = [version for code, version in plans.items() if version.plan.product_id == product.id]
        for old in sorted(of_product, key=lambda version: version.plan.rank):
            for now_billed in (MONTH, YEAR):
                for state in STATES:
                    yield ""
                    yield f"{old.plan.code}, by the {now_billed.lower()}, {state.name}"
                    for new in sorted(of_product, key=lambda version: version.plan.rank):
                        for wanted in (MONTH, YEAR):
                            answered = told(prepare(asked(old, new, now_billed, wanted, state)))
                            yield f"  {new.plan.code:<22} {wanted.lower():<6} {answered}".rstrip()


def test_every_change_of_plan_is_answered_as_the_page_says() -> None:
    now = list(page())
    if "SAVE" in os.environ:
        PAGE.write_text("\n".join(now) + "\n")
    before = PAGE.read_text().splitlines()
    assert now == before, "\n".join(unified_diff(before, now, "the page", "the answers", lineterm="", n=0))


def test_a_plan_of_another_product_is_another_subscription_and_no_change() -> None:
    plans = newest()
    for old in plans.values():
        for new in plans.values():
            found = {reason.code for reason in decide(asked(old, new, MONTH, MONTH, STATES[0])).reasons}
            assert ("PC-06" in found) == (old.plan.product_id != new.plan.product_id)
