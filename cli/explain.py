"""Show what an account would be answered to a change and why: the questions of a rule, or of all that speak."""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

from app.settings import Mode, Settings
from cli.database import database_url
from cli.held import database_of
from cli.loop import run_async
from cli.terminal import CommandError
from db.engine import Database
from db.identity import RandomIds
from db.queries.accounts import account
from db.queries.catalog import plan_id_of_code
from db.queries.subscriptions import live_subscriptions
from db.revision import check_revision
from db.unit_of_work import UnitOfWork, unit_of_work
from demo.personas import BY_SLUG
from domain.actor import Role, StaffRole, customer, staff
from domain.commands import ChangePlan
from domain.commands.plan_change import Cancel, EndTrial, Pause, Resume, Turn
from domain.ids import AccountId, SubscriptionId, UserId, parse_id_of
from domain.periods import BillingInterval
from domain.plan_change.decide import decide
from domain.plan_change.editions import BASE, RULES, Edition
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.policy import Rule
from operations.changes.plan_change_facts import load_facts
from operations.changes.preview_plan_change import pinned
from operations.policy.editions_for import editions_for

TURNS: Mapping[str, Turn] = MappingProxyType(
    {
        "end": Cancel(),
        "end-now": Cancel(is_immediate=True),
        "pause": Pause(),
        "resume": Resume(),
        "end-trial": EndTrial(),
    }
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which rule, whose account, and the change that is thought of."""
    parser.add_argument(
        "rule", metavar="RULE", nargs="?", help="a rule's code, such as PC-18; without it, the whole decision"
    )
    parser.add_argument("--account", required=True, help="a public id (acct_...), or a persona's slug")
    parser.add_argument("--plan", metavar="CODE", help="the plan to move to; without it the plan stays")
    parser.add_argument("--interval", choices=("month", "quarter", "year"))
    parser.add_argument("--seats", type=int, metavar="N")
    parser.add_argument("--turn", choices=TURNS, help="an end, a pause and the like instead of other terms")


def run(given: argparse.Namespace) -> int:
    """Ask about the account's first subscription, as its owner would be answered today, by the edition it has."""
    rule = None if given.rule is None else RULES.get(given.rule.upper())
    if given.rule is not None and rule is None:
        raise CommandError(f"there is no rule {given.rule}; there are {', '.join(RULES)}")
    settings = Settings.from_environment(os.environ, default_mode=Mode.DEMO)

    async def ask(url: str) -> tuple[PlanChangeFacts, Edition]:
        async with database_of(settings, url) as database:
            await check_revision(database)
            return await _facts(database, given)

    with database_url(settings) as url:
        facts, edition = run_async(ask(url))
    print("\n".join(the_decision(facts, edition) if rule is None else explanation(rule, facts)))
    return 0


def the_decision(facts: PlanChangeFacts, edition: Edition = BASE) -> Sequence[str]:
    """What an edition would answer, each finding with its way out; then the questions of each rule that fires."""
    decision = decide(facts, edition)
    lines = [f"{decision.verdict}, effective {decision.effective_at.isoformat()}, by edition {decision.policy_version}"]
    for reason in decision.reasons:
        lines.append(f"  {reason.code:<9}  {reason.verdict:<16}  {reason.sentence}")
        if reason.remedy is not None:
            lines.append(f"  {'':<9}  {reason.remedy.action:<16}  {reason.remedy.sentence}")
    for rule in edition.rules:
        if rule.fires(facts):
            lines += ["", *explanation(rule, facts)]
    return lines


def explanation(rule: Rule, facts: PlanChangeFacts) -> Sequence[str]:
    """The rule, each question with its answer, and what follows, a line each."""
    lines = [f"{rule.code}  {rule.sentence}"]
    for word, questions in (("when", rule.when), ("unless", rule.unless)):
        for question in questions:
            answer = "yes" if question(facts) else "no"
            meaning = (question.__doc__ or "").strip().partition("\n")[0]
            lines.append(f"  {word:<6}  {answer:<3}  {question.__name__}: {meaning}")
    lines.append("It fires." if rule.fires(facts) else "It does not fire.")
    return lines


async def _facts(database: Database, given: argparse.Namespace) -> tuple[PlanChangeFacts, Edition]:
    """What the decision on this change would look at, now by the account's clock, and the edition that would decide."""
    real_now = datetime.now(UTC)
    async with unit_of_work(database, staff(StaffRole.SYSTEM), RandomIds(), real_now) as unit:
        found = await account(unit.session, unit.scope, _account_id(given.account), for_change=False)
        if found is None:
            raise CommandError(f"there is no account {given.account}")
        subscriptions = await live_subscriptions(unit.session, unit.scope, found.account)
        if not subscriptions:
            raise CommandError(f"the account {given.account} has no subscription")
        request = await _request(unit, subscriptions[0].id, given)
        now = pinned(found.account.now(real_now))
        facts = await load_facts(unit, found, request, now, known_at=now)
        edition = (await editions_for(unit, found.account)).live
    # read as staff, since who types this is; asked as the owner would ask
    return replace(facts, actor=customer(UserId(unit.ids.new())), role=Role.OWNER), edition


def _account_id(text: str) -> AccountId:
    return BY_SLUG[text].account_id if text in BY_SLUG else AccountId(parse_id_of("Account", text))


async def _request(unit: UnitOfWork, subscription_id: SubscriptionId, given: argparse.Namespace) -> ChangePlan:
    plan_id = None
    if given.plan is not None:
        plan_id = await plan_id_of_code(unit.session, given.plan)
        if plan_id is None:
            raise CommandError(f"there is no plan {given.plan}")
    return ChangePlan(
        subscription_id=subscription_id,
        plan_id=plan_id,
        interval=BillingInterval(given.interval.upper()) if given.interval else None,
        quantities=() if given.seats is None else (("seats", given.seats),),
        turn=TURNS[given.turn] if given.turn else None,
    )
