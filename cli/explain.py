"""Show why a plan-change rule fires for an account, or does not: each of its questions with the answer."""

import argparse
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from domain.plan_change.facts import PlanChangeFacts
    from domain.plan_change.policy import Rule

HELP = "show why a plan-change rule fires, or does not"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which rule, whose account, and the change that is thought of."""
    parser.add_argument("rule", metavar="RULE", help="a rule's code, such as PC-03; docs/rules.md lists them")
    parser.add_argument("--account", required=True, help="a public id (acct_...), or a persona's slug")
    parser.add_argument("--plan", metavar="CODE", help="the plan to move to; without it the plan stays")
    parser.add_argument("--interval", choices=("month", "quarter", "year"))
    parser.add_argument("--seats", type=int, metavar="N")


def run(given: argparse.Namespace) -> int:
    """Ask the rule's questions about the account's first subscription, as its owner would be answered."""
    from app.settings import Mode, Settings
    from cli.database import database_of, database_url
    from cli.loop import run_async
    from cli.terminal import CommandError
    from domain.plan_change.policy import POLICY

    rule = next((rule for rule in POLICY if rule.code == given.rule.upper()), None)
    if rule is None:
        raise CommandError(f"there is no rule {given.rule}; there are {', '.join(rule.code for rule in POLICY)}")
    settings = Settings.from_environment(os.environ, default_mode=Mode.DEMO)

    async def ask(url: str) -> "PlanChangeFacts":
        async with database_of(settings, url) as database:
            return await _facts(database, given)

    with database_url(settings) as url:
        facts = run_async(ask(url))
    print("\n".join(explanation(rule, facts)))
    return 0


def explanation(rule: "Rule", facts: "PlanChangeFacts") -> Sequence[str]:
    """The rule, each question with its answer, and what follows, a line each."""
    lines = [f"{rule.code}  {rule.sentence}"]
    for word, questions in (("when", rule.when), ("unless", rule.unless)):
        for question in questions:
            answer = "yes" if question(facts) else "no"
            meaning = (question.__doc__ or "").strip().partition("\n")[0]
            lines.append(f"  {word:<6}  {answer:<3}  {question.__name__}: {meaning}")
    lines.append("It fires." if rule.fires(facts) else "It does not fire.")
    return lines
