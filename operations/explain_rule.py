"""Answer "why does this rule (not) fire?" for one subscription and one request, question by question."""

from dataclasses import dataclass
from inspect import getdoc

from db.queries.accounts import account as account_for
from db.queries.accounts import account_of_subscription
from db.unit_of_work import UnitOfWork
from domain.commands import ChangePlan
from domain.errors import NotFound
from domain.plan_change.policy import POLICY, Rule
from domain.plan_change.questions import Question
from operations.plan_change_facts import load_facts
from operations.preview_plan_change import pinned


@dataclass(frozen=True, slots=True)
class Answer:
    """One question, what it asks, whether it is an exception, and what the facts say."""

    question: str
    asks: str
    is_exception: bool
    says_yes: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """A rule with the answers that decide whether it fires."""

    rule: Rule
    fires: bool
    answers: tuple[Answer, ...]


async def explain_rules(unit: UnitOfWork, request: ChangePlan, codes: frozenset[str]) -> tuple[Explained, ...]:
    """Each rule asked for (all of them when none is), by code. Reads only. Raises NotFound, InvalidInput."""
    account_id = await account_of_subscription(unit.session, unit.scope, request.subscription_id)
    found = account_id and await account_for(unit.session, unit.scope, unit.actor, account_id, for_change=False)
    if not found:
        raise NotFound(request.subscription_id)
    facts = await load_facts(unit, found, request, pinned(found.account.now(unit.recorded_at)))

    def answers(questions: tuple[Question, ...], *, is_exception: bool) -> list[Answer]:
        return [
            Answer(each.__name__, (getdoc(each) or "").partition("\n")[0], is_exception, each(facts))
            for each in questions
        ]

    return tuple(
        Explained(
            rule,
            rule.fires(facts),
            (*answers(rule.when, is_exception=False), *answers(rule.unless, is_exception=True)),
        )
        for rule in POLICY
        if not codes or rule.code in codes
    )
