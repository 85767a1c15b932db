"""Each rule of the policy in words a customer reads: when it speaks, and when it is silent though it might have.

A rule without both cases fails here.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from domain.account_terms import AllowedPlan
from domain.actor import Role, StaffRole, staff
from domain.catalog import Segment
from domain.commands import Cancel, EndTrial, Pause, Resume
from domain.dunning import Standing
from domain.entitlement import FeatureValue
from domain.plan_change.decide import decide, finding
from domain.plan_change.editions import RULES, Edition
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.figures import FIGURES
from domain.plan_change.policy import POLICY, Refuse, Rule, WaitUntil, assert_table_is_whole
from domain.plan_change.verdict import EffectiveTiming, Reason, Remedy, RemedyAction, Verdict
from domain.subscription import SubscriptionStatus
from tests.domain.plan_change.ramps import a_ramp, on
from tests.make import (
    A_CHANGE_BEING_PAID,
    A_CHANGE_TO_PAY,
    A_PENDING_CHANGE,
    ACCOUNT,
    AN_OVERDUE_INVOICE,
    APRIL,
    CONTACTS,
    CONTRACT,
    FREE,
    MID_APRIL,
    MONTH,
    PRO,
    QUARTER,
    REPORTS,
    SCALE,
    STARTER,
    YEAR,
    a_commitment,
    a_subscription,
    a_version,
    an_account,
    an_agreement,
    an_id,
    an_override,
    april,
    facts,
    usd,
)


def in_arrears(standing: Standing = Standing.CHANGES_BLOCKED) -> PlanChangeFacts:
    """A request to go up, of an account that owes 12.00 dollars."""
    return facts(target=SCALE, standing=standing, overdue="12.00", oldest_overdue=AN_OVERDUE_INVOICE)


@dataclass(frozen=True)
class Case:
    code: str
    says: str
    asked: PlanChangeFacts
    sentence: str | None = None
    """What the customer reads; None where the rule is silent."""


STATUS = SubscriptionStatus
ENTERPRISE = an_account(segment=Segment.ENTERPRISE)
TWO_SEATS = a_subscription(PRO, seats=2)
IN_2028 = datetime(2028, 1, 1, tzinfo=UTC)
UNTIL_JUNE = an_agreement(no_downgrade_until=datetime(2026, 6, 1, tzinfo=UTC))
UNTIL_MAY = an_agreement(no_downgrade_until=APRIL.end)
HALF_OFF = an_agreement(discount_percent=Decimal(50))
UNDER_NOTICE = an_agreement(notice_days=30)
PRO_OR_STARTER = an_agreement(allowed_plans=(AllowedPlan(STARTER.plan.id, "Starter"), AllowedPlan(PRO.plan.id, "Pro")))
IN_FRANCE = replace(ACCOUNT, country="FR")
ONLY_IN_DE = replace(SCALE, plan=replace(SCALE.plan, countries=frozenset({"DE"})))
THREE_SEATS = a_subscription(PRO, seats=3)
FINANCE = staff(StaffRole.FINANCE)
PAUSED = replace(a_subscription(status=STATUS.PAUSED), items=(), paused_at=april(10))
OVER = replace(a_subscription(status=STATUS.CANCELLED), items=(), ended_at=april(10))
ENDING = replace(a_subscription(), cancel_at=APRIL.end)
IN_TERM = a_subscription(commitment=a_commitment())
GO_ON = facts(PAUSED, turn=Resume()).request
GONE = replace(SCALE, plan=replace(SCALE.plan, withdrawn_at=april(10)))
CHEAP_AND_HIGHER = a_version("bargain", 3, 1_000)
HELP_DESK = a_version("help_desk", 1, 5_000, product="service")

CASES = [
    Case("PC-01", "a paused one", facts(a_subscription(status=STATUS.PAUSED), SCALE),
         "This subscription is paused, so its plan cannot change."),
    Case("PC-01", "a cancelled one", facts(OVER, SCALE),
         "This subscription is cancelled, so its plan cannot change."),
    Case("PC-01", "a trial runs", facts(a_subscription(status=STATUS.TRIALING), SCALE)),
    Case("PC-01", "a paused one goes on", facts(a_subscription(status=STATUS.PAUSED), turn=Resume())),
    Case("PC-02", "finance pauses in the customer's stead", facts(turn=Pause(), role=None, actor=FINANCE)),
    Case("PC-02", "finance changes no plan", facts(target=SCALE, role=None, actor=FINANCE),
         "Your role on this account does not allow plan changes."),
    Case("PC-02", "a viewer looks", facts(target=SCALE, role=Role.VIEWER),
         "Your role on this account does not allow plan changes."),
    Case("PC-02", "so does support", facts(target=SCALE, role=None, actor=staff(StaffRole.SUPPORT)),
         "Your role on this account does not allow plan changes."),
    Case("PC-02", "support puts a change forward, to be approved",
         replace(facts(target=SCALE, role=None, actor=staff(StaffRole.SUPPORT)), is_put_forward=True)),
    Case("PC-02", "a billing admin changes", facts(target=SCALE, role=Role.BILLING_ADMIN)),
    Case("PC-02", "the job changes what was agreed before",
         facts(target=STARTER, role=None, actor=staff(StaffRole.SYSTEM), now=APRIL.end, is_due=True)),
    Case("PC-18", "two weeks overdue", in_arrears(),
         "12.00 USD has been overdue since 2026-03-15. Changes are possible once it is paid."),
    Case("PC-18", "and so much that access is reduced",
         in_arrears(Standing.SUSPENDED),
         "12.00 USD has been overdue since 2026-03-15. Changes are possible once it is paid."),
    Case("PC-18", "who goes on pays first", replace(in_arrears(), subscription=PAUSED, target=PRO, request=GO_ON),
         "12.00 USD has been overdue since 2026-03-15. Changes are possible once it is paid."),
    Case("PC-18", "one may always leave", replace(in_arrears(), target=PRO, request=facts(turn=Cancel()).request)),
    Case("PC-18", "one may always rest", replace(in_arrears(), target=PRO, request=facts(turn=Pause()).request)),
    Case("PC-18", "finance lets it go on",
         replace(in_arrears(), subscription=PAUSED, target=PRO, request=GO_ON, role=None, actor=FINANCE)),
    Case("PC-18", "overdue since yesterday", in_arrears(Standing.OVERDUE)),
    Case("PC-16", "three people, two seats", facts(THREE_SEATS, seats=2, usage={"seats": 3}),
         "3 seats are in use and Pro would have 2."),
    Case("PC-16", "three people on the free plan", facts(THREE_SEATS, FREE, usage={"seats": 3}),
         "3 seats are in use and Free would have 2."),
    Case("PC-16", "two people, two seats", facts(THREE_SEATS, seats=2, usage={"seats": 2})),
    Case("PC-16", "who leaves frees no seats first", facts(THREE_SEATS, usage={"seats": 3}, turn=Cancel())),
    Case("PC-17", "who leaves removes nothing first", facts(usage={"contacts": 1_001}, turn=Cancel())),
    Case("PC-17", "more contacts than Starter holds", facts(target=STARTER, usage={"contacts": 1_001}),
         "Starter does not hold what you store. Contacts: 1001 in use, 1000 in the new plan."),
    Case("PC-17", "exactly as many as it holds", facts(target=STARTER, usage={"contacts": 1_000})),
    Case("PC-17", "as many as one likes", facts(target=SCALE, usage={"contacts": 10**9})),
    Case("PC-17", "e-mails are spent, not stored", facts(target=STARTER, usage={"emails": 49_000})),
    Case("PC-17", "an override holds them", facts(
        target=STARTER, usage={"contacts": 5_000}, overrides=[an_override(CONTACTS, FeatureValue(limit=6_000))])),
    Case("PC-06", "another hub", facts(target=HELP_DESK),
         "Help_desk belongs to another product and is bought beside Pro, not instead of it."),
    Case("PC-06", "the same hub", facts(target=SCALE)),
    Case("PC-07", "withdrawn", facts(target=GONE), "Scale is no longer for sale."),
    Case("PC-07", "withdrawn since the quote", facts(target=GONE, now=april(9), known_at=april(10)),
         "Scale is no longer for sale."),
    Case("PC-07", "withdrawn tomorrow", facts(target=GONE, now=april(9))),
    Case("PC-07", "who has it may take more of it", facts(a_subscription(GONE), seats=2)),
    Case("PC-08", "not by the quarter", facts(target=SCALE, interval=QUARTER),
         "Scale is not sold in USD by the quarter."),
    Case("PC-08", "by the year", facts(target=SCALE, interval=YEAR)),
    Case("PC-09", "a small business", facts(target=CONTRACT), "Contract comes with a contract. We will get in touch."),
    Case("PC-09", "an enterprise", facts(target=CONTRACT, account=ENTERPRISE)),
    Case("PC-09", "more seats on what one has", facts(a_subscription(CONTRACT), seats=2)),
    Case("PC-10", "in its term",
         facts(a_subscription(account=ENTERPRISE, commitment=a_commitment()), SCALE, account=ENTERPRISE),
         "Your contract runs until 2027-04-01; your contract manager approves changes."),
    Case("PC-10", "who gives notice needs no approval",
         facts(a_subscription(account=ENTERPRISE, commitment=a_commitment()), account=ENTERPRISE, turn=Cancel())),
    Case("PC-10", "without a contract", facts(target=SCALE, account=ENTERPRISE)),
    Case("PC-10", "a small business in a commitment", facts(a_subscription(commitment=a_commitment()), SCALE)),
    Case("PC-11", "one waits", facts(target=SCALE, pending=A_PENDING_CHANGE),
         "A change to Starter is scheduled for 2026-05-01."),
    Case("PC-11", "this one takes its place", facts(target=SCALE, pending=A_PENDING_CHANGE, replace_pending=True)),
    Case("PC-11", "it is the one that waited",
         facts(target=STARTER, pending=A_PENDING_CHANGE, now=APRIL.end, is_due=True)),
    Case("PC-11", "who leaves is not held by it", facts(turn=Cancel(), pending=A_PENDING_CHANGE)),
    Case("PC-11", "what waits to be paid is another matter", facts(target=SCALE, pending=A_CHANGE_TO_PAY)),
    Case("PC-41", "a ramp of anybody", a_ramp(on("2026-07-01", seats=9), seats=3),
         "Later steps planned: 1. We agree on such a plan with you first."),
    Case("PC-41", "an enterprise plans ahead", a_ramp(on("2026-07-01", seats=9), seats=3, account=ENTERPRISE)),
    Case("PC-41", "nothing comes later", facts(seats=3)),
    Case("PC-42", "it has ended by then", replace(facts(ENDING, SCALE, now=APRIL.end, is_due=True), is_ahead=True),
         "This subscription ends on 2026-05-01, before this step."),
    Case("PC-42", "it ends later", replace(facts(ENDING, SCALE), is_ahead=True)),
    Case("PC-43", "fewer seats, 30 days from 16 April", replace(
         facts(THREE_SEATS, seats=2, known_at=MID_APRIL, now=APRIL.end, is_due=True, agreement=UNDER_NOTICE),
         is_ahead=True), "With 30 days' notice this step takes effect on 2026-06-01."),
    Case("PC-43", "more seats", replace(facts(THREE_SEATS, seats=4, agreement=UNDER_NOTICE), is_ahead=True)),
    Case("PC-43", "its day has come", facts(THREE_SEATS, seats=2, is_due=True, agreement=UNDER_NOTICE)),
    Case("PC-44", "it is over already", facts(replace(OVER, cancel_at=april(10)), STARTER)),
    Case("PC-44", "less waits for the day it ends", facts(ENDING, STARTER),
         "This subscription ends on 2026-05-01; what you ask for would outlast it."),
    Case("PC-44", "a year from today", facts(ENDING, interval=YEAR),
         "This subscription ends on 2026-05-01; what you ask for would outlast it."),
    Case("PC-44", "more until it ends", facts(ENDING, SCALE)),
    Case("PC-44", "its end once more is told otherwise", facts(ENDING, turn=Cancel())),
    Case("PC-44", "what was agreed before", facts(ENDING, STARTER, now=APRIL.end, is_due=True)),
    Case("PC-50", "one waits to be paid", facts(target=SCALE, pending=A_CHANGE_TO_PAY),
         "A change to Starter waits to be paid."),
    Case("PC-50", "one waits for its day", facts(target=SCALE, pending=A_PENDING_CHANGE)),
    Case("PC-50", "this one takes its place", facts(target=SCALE, pending=A_CHANGE_TO_PAY, replace_pending=True)),
    Case("PC-50", "who leaves need not pay first", facts(turn=Cancel(), pending=A_CHANGE_TO_PAY)),
    Case("PC-51", "nobody knows yet", facts(target=SCALE, pending=A_CHANGE_BEING_PAID, replace_pending=True),
         "A payment for the change to Starter is under way."),
    Case("PC-51", "nor may one leave then", facts(turn=Cancel(), pending=A_CHANGE_BEING_PAID),
         "A payment for the change to Starter is under way."),
    Case("PC-51", "nobody pays", facts(target=SCALE, pending=A_CHANGE_TO_PAY, replace_pending=True)),
    Case("PC-52", "who leaves is told", facts(turn=Cancel(), pending=A_CHANGE_TO_PAY),
         "The change to Starter that waits to be paid is not made."),
    Case("PC-52", "what waits for its day is another matter", facts(turn=Cancel(), pending=A_PENDING_CHANGE)),
    Case("PC-12", "a pause is no change of plan", facts(turn=Pause(), changes_last_day=3)),
    Case("PC-12", "a fourth", facts(target=SCALE, changes_last_day=3), "The plan has changed 3 times in a day."),
    Case("PC-12", "a third", facts(target=SCALE, changes_last_day=2)),
    Case("PC-12", "a trial may try",
         facts(a_subscription(status=STATUS.TRIALING), SCALE, changes_last_day=9)),
    Case("PC-12", "what was agreed before does not count again",
         facts(target=STARTER, changes_last_day=9, now=APRIL.end, is_due=True)),
    Case("PC-13", "reports go", facts(target=STARTER), "You would lose: Reports."),
    Case("PC-13", "nothing goes on the way up", facts(target=SCALE)),
    Case("PC-13", "an override keeps them",
         facts(target=STARTER, overrides=[an_override(REPORTS, FeatureValue())])),
    Case("PC-13", "who leaves asks for that", facts(turn=Cancel())),
    Case("PC-13", "a trial may lose", facts(a_subscription(status=STATUS.TRIALING), STARTER)),
    Case("PC-15", "the renewal has not run", facts(target=SCALE, now=APRIL.end),
         "The billing period ended on 2026-05-01 and is being renewed."),
    Case("PC-15", "the last second", facts(target=SCALE, now=datetime(2026, 4, 30, 23, 59, 59, tzinfo=UTC))),
    Case("PC-15", "the renewal itself", facts(target=STARTER, now=APRIL.end, is_due=True)),
    Case("PC-15", "nothing renews what is over", facts(OVER, SCALE, now=APRIL.end)),
    Case("PC-15", "a pause outlives its period", facts(PAUSED, now=APRIL.end, turn=Resume())),
    Case("PC-16", "three people, a third seat more helps", facts(TWO_SEATS, seats=3, usage={"seats": 4})),
    Case("PC-16", "as many seats on another plan", facts(TWO_SEATS, SCALE, usage={"seats": 4})),
    Case("PC-17", "more room than now, not enough", facts(a_subscription(STARTER), PRO, usage={"contacts": 10_001})),
    Case("PC-17", "no limit before, one now", facts(a_subscription(SCALE), PRO, usage={"contacts": 10_001}),
         "Pro does not hold what you store. Contacts: 10001 in use, 10000 in the new plan."),
    Case("PC-18", "less, agreed before, on its day",
         facts(target=STARTER, standing=Standing.CHANGES_BLOCKED, overdue="12.00", oldest_overdue=AN_OVERDUE_INVOICE,
               now=APRIL.end, is_due=True)),
    Case("PC-18", "more, agreed before, on its day",
         facts(target=SCALE, standing=Standing.CHANGES_BLOCKED, overdue="12.00", oldest_overdue=AN_OVERDUE_INVOICE,
               now=APRIL.end, is_due=True),
         "12.00 USD has been overdue since 2026-03-15. Changes are possible once it is paid."),
    Case("PC-19", "a lower plan before the day", facts(target=STARTER, agreement=UNTIL_JUNE),
         "By your agreement the plan and its quantities do not go down before 2026-06-01."),
    Case("PC-19", "fewer seats before the day", facts(THREE_SEATS, seats=2, agreement=UNTIL_JUNE),
         "By your agreement the plan and its quantities do not go down before 2026-06-01."),
    Case("PC-19", "it would take effect on the day", facts(target=STARTER, agreement=UNTIL_MAY)),
    Case("PC-19", "notice takes it beyond the day",
         facts(target=STARTER, agreement=replace(UNTIL_JUNE, notice_days=30))),
    Case("PC-19", "a higher plan", facts(target=SCALE, agreement=UNTIL_JUNE)),
    Case("PC-19", "a shorter interval is no downgrade",
         facts(a_subscription(interval=YEAR), interval=MONTH, agreement=an_agreement(no_downgrade_until=IN_2028))),
    Case("PC-19", "a trial changes freely",
         facts(a_subscription(status=STATUS.TRIALING), STARTER, agreement=UNTIL_JUNE)),
    Case("PC-20", "a lower plan under 30 days' notice", facts(target=STARTER, agreement=UNDER_NOTICE),
         "With 30 days' notice this takes effect on 2026-06-01."),
    Case("PC-20", "a shorter interval too",
         facts(a_subscription(interval=YEAR), interval=MONTH, agreement=UNDER_NOTICE),
         "With 30 days' notice this takes effect on 2027-04-01."),
    Case("PC-20", "more needs no notice", facts(target=SCALE, agreement=UNDER_NOTICE)),
    Case("PC-20", "none is agreed", facts(target=STARTER, agreement=an_agreement())),
    Case("PC-20", "notice was given", facts(target=STARTER, agreement=UNDER_NOTICE, now=APRIL.end, is_due=True)),
    Case("PC-20", "a trial changes freely",
         facts(a_subscription(status=STATUS.TRIALING), STARTER, agreement=UNDER_NOTICE)),
    Case("PC-21", "a plan that is not named", facts(target=SCALE, agreement=PRO_OR_STARTER),
         "Scale is not among the plans of your agreement."),
    Case("PC-21", "one that is", facts(target=STARTER, agreement=PRO_OR_STARTER)),
    Case("PC-21", "more seats on what one has", facts(a_subscription(SCALE), seats=2, agreement=PRO_OR_STARTER)),
    Case("PC-21", "every plan is allowed", facts(target=SCALE, agreement=an_agreement())),
    # Pro with a seat has been charged 125.00; half of April is left: Scale with a seat costs (340.00 - 125.00) / 2 more
    Case("PC-23", "a cent above the cap", facts(target=SCALE, agreement=an_agreement(spend_cap=usd("232.49"))),
         "With 107.50 USD for this a billing period comes to 232.50 USD, above 232.49 USD."),
    Case("PC-23", "exactly the cap", facts(target=SCALE, agreement=an_agreement(spend_cap=usd("232.50")))),
    Case("PC-23", "the account's other subscriptions count",
         facts(target=SCALE, agreement=an_agreement(spend_cap=usd("232.50")), others_charged="0.01"),
         "With 107.50 USD for this a billing period comes to 232.51 USD, above 232.50 USD."),
    Case("PC-23", "a year begins today and counts alone",
         facts(interval=YEAR, agreement=an_agreement(spend_cap=usd("1249.99"))),
         "With 1250.00 USD for this a billing period comes to 1250.00 USD, above 1249.99 USD."),
    Case("PC-23", "less is never above", facts(target=STARTER, agreement=an_agreement(spend_cap=usd("1.00")))),
    Case("PC-23", "no cap is agreed", facts(target=SCALE, agreement=an_agreement())),
    Case("PC-22", "more than a fifth", facts(target=SCALE, agreement=an_agreement(discount_percent=Decimal("20.1"))),
         "Your agreed discount of 20.1 % is above 20 %; we look at this."),
    Case("PC-22", "a fifth off", facts(target=SCALE, agreement=an_agreement(discount_percent=Decimal(20)))),
    Case("PC-22", "a trial changes freely",
         facts(a_subscription(status=STATUS.TRIALING), SCALE, agreement=HALF_OFF)),
    Case("PC-22", "it was agreed to before",
         facts(target=STARTER, agreement=HALF_OFF, now=APRIL.end, is_due=True)),
    Case("PC-22", "who pauses keeps the plan", facts(agreement=HALF_OFF, turn=Pause())),
    Case("PC-24", "not sold there", facts(target=ONLY_IN_DE, account=IN_FRANCE), "Scale is not sold in FR."),
    Case("PC-24", "sold there", facts(target=ONLY_IN_DE, account=replace(IN_FRANCE, country="DE"))),
    Case("PC-24", "who has it may take more of it", facts(a_subscription(ONLY_IN_DE), seats=2, account=IN_FRANCE)),
    Case("PC-24", "sold everywhere", facts(target=SCALE, account=IN_FRANCE)),
    Case("PC-25", "an end of what is over", facts(OVER, turn=Cancel()), "This subscription has ended."),
    Case("PC-25", "a pause of what is over", facts(OVER, turn=Pause()), "This subscription has ended."),
    Case("PC-25", "it is about to", facts(ENDING, turn=Cancel())),
    Case("PC-25", "another plan is another rule's", facts(OVER, SCALE)),
    Case("PC-26", "thirty days from the middle of April", facts(agreement=UNDER_NOTICE, turn=Cancel()),
         "With 30 days' notice this ends on 2026-06-01."),
    Case("PC-26", "at once is not before it either", facts(agreement=UNDER_NOTICE, turn=Cancel(is_immediate=True)),
         "With 30 days' notice this ends on 2026-06-01."),
    Case("PC-26", "none is agreed", facts(agreement=an_agreement(), turn=Cancel())),
    Case("PC-26", "a trial is free to go",
         facts(a_subscription(status=STATUS.TRIALING), agreement=UNDER_NOTICE, turn=Cancel())),
    Case("PC-26", "nothing is billed in a pause", facts(PAUSED, agreement=UNDER_NOTICE, turn=Cancel())),
    Case("PC-26", "finance knows what was agreed",
         facts(agreement=UNDER_NOTICE, turn=Cancel(is_immediate=True), role=None, actor=FINANCE)),
    Case("PC-26", "a pause is no end", facts(agreement=UNDER_NOTICE, turn=Pause())),
    Case("PC-30", "a year from April on", facts(IN_TERM, turn=Cancel(is_immediate=True)),
         "This subscription is committed until 2027-04-01 and ends with its term."),
    Case("PC-30", "a pause does not let it go", facts(replace(PAUSED, commitment=a_commitment()), turn=Cancel()),
         "This subscription is committed until 2027-04-01 and ends with its term."),
    Case("PC-30", "finance lets it go",
         facts(IN_TERM, turn=Cancel(is_immediate=True), role=None, actor=FINANCE)),
    Case("PC-30", "it ends with its term", facts(IN_TERM, turn=Cancel())),
    Case("PC-30", "nothing holds it", facts(turn=Cancel(is_immediate=True))),
    Case("PC-31", "cancelled already", facts(ENDING, turn=Cancel()), "This subscription ends on 2026-05-01 already."),
    Case("PC-31", "now after all", facts(ENDING, turn=Cancel(is_immediate=True))),
    Case("PC-31", "the first time", facts(turn=Cancel())),
    Case("PC-32", "about to end", facts(ENDING, turn=Pause()),
         "This subscription ends on 2026-05-01, so it cannot be paused."),
    Case("PC-32", "in force", facts(turn=Pause())),
    Case("PC-33", "a trial", facts(a_subscription(status=STATUS.TRIALING), turn=Pause()),
         "This subscription is in its trial until 2026-05-01; there is nothing to pause yet."),
    Case("PC-33", "in force", facts(turn=Pause())),
    Case("PC-34", "paused already", facts(PAUSED, turn=Pause()), "This subscription is paused already."),
    Case("PC-34", "in force", facts(turn=Pause())),
    Case("PC-35", "in force", facts(turn=Resume()), "This subscription is active, not paused."),
    Case("PC-35", "a trial", facts(a_subscription(status=STATUS.TRIALING), turn=Resume()),
         "This subscription is trialing, not paused."),
    Case("PC-35", "paused", facts(PAUSED, turn=Resume())),
    Case("PC-36", "in force", facts(turn=EndTrial()), "This subscription is active, not in a trial."),
    Case("PC-36", "a trial", facts(a_subscription(status=STATUS.TRIALING), turn=EndTrial())),
    Case("PC-37", "a customer", facts(turn=Cancel(is_immediate=True, credits_unused=True)),
         "What is left of the period is given back by finance only."),
    Case("PC-37", "finance",
         facts(turn=Cancel(is_immediate=True, credits_unused=True), role=None, actor=FINANCE)),
    Case("PC-37", "nothing is given back", facts(turn=Cancel(is_immediate=True))),
    Case("PC-38", "it ends on the day of the change", facts(turn=Cancel(), pending=A_PENDING_CHANGE),
         "The change to Starter scheduled for 2026-05-01 is not made."),
    Case("PC-38", "it ends before", facts(turn=Cancel(is_immediate=True), pending=A_PENDING_CHANGE),
         "The change to Starter scheduled for 2026-05-01 is not made."),
    Case("PC-38", "it ends a year later", facts(IN_TERM, turn=Cancel(), pending=A_PENDING_CHANGE)),
    Case("PC-38", "nothing waits", facts(turn=Cancel())),
    Case("PC-39", "one waits", facts(turn=Pause(), pending=A_PENDING_CHANGE),
         "The change to Starter scheduled for 2026-05-01 waits until the subscription goes on."),
    Case("PC-39", "nothing waits", facts(turn=Pause())),
    Case("PC-40", "up on the 2nd, down on the 16th", facts(target=STARTER, upgraded_at=april(2)),
         "You moved up on 2026-04-02. This takes you down again."),
    Case("PC-40", "up, and up again", facts(target=SCALE, upgraded_at=april(2))),
    Case("PC-40", "an end is no way down", facts(turn=Cancel(), upgraded_at=april(2))),
    Case("PC-40", "a pause is none", facts(turn=Pause(), upgraded_at=april(2))),
    Case("PC-40", "thirty days are over", facts(target=STARTER, upgraded_at=MID_APRIL - timedelta(days=30))),
    Case("PC-40", "never went up", facts(target=STARTER)),
    Case("PC-40", "a trial goes up and down",
         facts(a_subscription(status=STATUS.TRIALING), STARTER, upgraded_at=april(2))),
    Case("PC-40", "it was agreed to before",
         facts(target=STARTER, upgraded_at=april(2), now=APRIL.end, is_due=True)),
]  # fmt: skip
EVERYTHING = Edition("every rule of every edition", "", tuple(RULES.values()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code} {case.says}")
def test_a_rule_speaks_or_is_silent(case: Case) -> None:
    found = {reason.code: reason for reason in decide(case.asked, EVERYTHING).reasons}
    if case.sentence is None:
        assert case.code not in found
        assert not RULES[case.code].fires(case.asked)
    else:
        assert found[case.code].sentence == case.sentence
        assert found[case.code].verdict is RULES[case.code].then.verdict


def test_every_rule_has_a_firing_and_a_silent_case() -> None:
    firing = Counter(case.code for case in CASES if case.sentence is not None)
    silent = Counter(case.code for case in CASES if case.sentence is None)
    assert firing.keys() == silent.keys() == RULES.keys()


def test_every_exception_of_a_rule_has_its_case() -> None:
    for rule in RULES.values():
        silent = [case.asked for case in CASES if case.code == rule.code and case.sentence is None]
        for exception in rule.unless:
            excused = [asked for asked in silent if all(each(asked) for each in rule.when) and exception(asked)]
            assert excused, f"{rule.code}: no case in which {exception.__name__} is what keeps it silent"


def test_all_findings_come_back_and_the_strictest_wins() -> None:
    asked = facts(THREE_SEATS, FREE, usage={"seats": 3}, role=Role.VIEWER, changes_last_day=3)
    decision = decide(asked)
    assert [reason.code for reason in decision.reasons] == ["T-05", "PC-02", "PC-12", "PC-13", "PC-16"]
    assert decision.verdict is Verdict.REFUSE
    assert decision.effective_at == APRIL.end


def _reason(code: str, asked: PlanChangeFacts) -> Reason:
    return finding(RULES[code], asked)


def test_a_remedy_names_what_to_act_on() -> None:
    pay = _reason("PC-18", in_arrears()).remedy
    assert pay == Remedy(RemedyAction.PAY_INVOICE, "Pay invoice ACME-INV-000007.", f"inv_{AN_OVERDUE_INVOICE.id.hex}")
    to_pay = _reason("PC-50", facts(target=SCALE, pending=A_CHANGE_TO_PAY)).remedy
    assert to_pay is not None
    assert to_pay.target == f"inv_{an_id('to pay').hex}"
    cancel = _reason("PC-11", facts(target=SCALE, pending=A_PENDING_CHANGE)).remedy
    assert cancel is not None
    assert cancel.target == f"chng_{A_PENDING_CHANGE.id.hex}"
    assert _reason("PC-16", facts(THREE_SEATS, seats=1, usage={"seats": 3})).remedy == Remedy(
        RemedyAction.REDUCE_SEATS, "Seats to free first: 2. Or keep more of them."
    )


def test_figures_come_with_the_sentence() -> None:
    reason = _reason("PC-16", facts(THREE_SEATS, seats=1, usage={"seats": 3}))
    assert [(figure.name, figure.value) for figure in reason.figures] == [
        ("seats_in_use", "3"),
        ("seats_in_new_plan", "1"),
        ("seats_too_many", "2"),
        ("new_plan", "Pro"),
    ]


def test_every_figure_is_a_text_whatever_the_facts() -> None:
    for asked in (facts(), facts(target=FREE), facts(target=SCALE, pending=A_PENDING_CHANGE), in_arrears()):
        assert all(type(figure_of(asked)) is str for figure_of in FIGURES.values())


def test_a_rule_that_refuses_says_what_would_help() -> None:
    assert not [
        rule.code for rule in RULES.values() if rule.then.verdict is not Verdict.ALLOW and rule.then.remedy is None
    ]


def _yes(asked: PlanChangeFacts) -> bool:
    return True


@pytest.mark.parametrize(
    ("says", "table"),
    [
        ("a code twice", (POLICY[0], POLICY[0])),
        ("a rule that asks nothing", (Rule("PX-1", "", (), WaitUntil(EffectiveTiming.END_OF_TERM, "")),)),
        ("a figure nobody knows", (Rule("PX-1", "", (_yes,), Refuse("", show=("height",))),)),
    ],
)
def test_a_table_that_would_fail_later_is_refused_at_import(says: str, table: tuple[Rule, ...]) -> None:
    with pytest.raises(AssertionError):
        assert_table_is_whole(table)


def test_a_sentence_whose_figure_is_not_shown_is_refused_at_import() -> None:
    with pytest.raises(KeyError, match="new_plan"):
        assert_table_is_whole((Rule("PX-1", "", (_yes,), Refuse("{new_plan} is too large.")),))
