"""What is still open once it is known from which plan to which a subscription goes: the decision tree of that move.

Owns which questions the two plans answer by themselves, and the tree that the others leave. Does not own the tables it
is read from (timing.py, editions.py), nor its layout (tree_document.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from uuid import UUID

from domain.account import Account, PaymentTerms
from domain.account_terms import AccountTerms
from domain.actor import Role, customer
from domain.catalog import PlanVersion, Segment
from domain.commands import ChangePlan
from domain.commands.plan_change import Turn
from domain.dunning import Standing
from domain.ids import AccountId, AccountTermsId, ItemId, LegalEntityId, SubscriptionId, UserId
from domain.invoicing.terms import untaxed
from domain.money import Money
from domain.periods import BillingAnchor, BillingInterval, period_at
from domain.plan_change import questions, timing
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.parts import parts_of
from domain.plan_change.policy import Rule
from domain.plan_change.questions import Question
from domain.plan_change.timing import TIMING, PartQuestion, TimingRow
from domain.subscription import BillingSubscription, SubscriptionItem, SubscriptionStatus

SETTLED: frozenset[Question] = frozenset(
    {
        questions.another_product,
        questions.moves_plan,
        questions.withdrawn,
        questions.not_sold_like_this,
        questions.asks_for_less,
        questions.takes_a_turn,
        questions.ends,
        questions.ends_at_once,
        questions.gives_back_unused,
        questions.pauses,
        questions.resumes,
        questions.ends_a_trial,
        questions.on_its_day,
        questions.less_on_its_day,
        questions.only_put_forward,
        questions.plans_ahead,
        questions.later_step,
    }
)
"""What a request answers by itself: from which plan and interval to which, by whom it is not yet taken."""
SETTLED_BY_NO: frozenset[Question] = frozenset(
    {
        questions.loses_features,
        questions.needs_a_contract,
        questions.not_sold_in_country,
        questions.bound_not_to_go_down,
    }
)
"""Asked of a small account in no country, bound to the utmost: where these say no of that, they say no of any."""
TIMING_OPEN: frozenset[PartQuestion] = frozenset(
    {timing.in_trial, timing.in_commitment, timing.term_can_still_be_ended, timing.term_renews_first}
)
"""What TIMING asks of the subscription rather than of the request."""

_SINCE, _AT = date(2026, 1, 1), datetime(2026, 1, 1, 12, tzinfo=UTC)
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Branch:
    """A row of TIMING that may decide: where every open question says yes. `asks` empty: it decides what is left."""

    row: TimingRow
    asks: tuple[PartQuestion, ...]


@dataclass(frozen=True, slots=True)
class OpenRule:
    """A rule that may speak: where every `when` says yes and no `unless` does. Without either, it always does."""

    rule: Rule
    when: tuple[Question, ...]
    unless: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """When a move takes effect, by what is asked of the subscription; and what may stand against it."""

    branches: tuple[Branch, ...]
    rules: tuple[OpenRule, ...]


def tree_of(move: PlanChangeFacts, rules: Iterable[Rule]) -> Tree:
    """The tree of a move of one thing: a plan, an interval, or a turn. `move` is what `a_move` gives."""
    return Tree(tuple(_branches(move)), tuple(_open(move, sorted(rules, key=lambda rule: rule.code))))


def _branches(move: PlanChangeFacts) -> Iterator[Branch]:
    # what a plan sells at least or at most moves with it
    part = parts_of(move)[0]
    for row in TIMING:
        asks = tuple(question for question in row.when if question in TIMING_OPEN)
        if all(question(move, part) for question in row.when if question not in TIMING_OPEN):
            yield Branch(row, asks)
            if not asks:
                return


def _open(move: PlanChangeFacts, rules: Iterable[Rule]) -> Iterator[OpenRule]:
    for rule in rules:
        may_fire = all(question(move) for question in rule.when if question in SETTLED | SETTLED_BY_NO)
        if may_fire and not any(question(move) for question in rule.unless if question in SETTLED):
            yield OpenRule(rule, _unsettled(rule.when), _unsettled(rule.unless))


def _unsettled(asked: Iterable[Question]) -> tuple[Question, ...]:
    return tuple(question for question in asked if question not in SETTLED)


def a_move(
    old: PlanVersion,
    new: PlanVersion,
    interval: BillingInterval,
    wanted: BillingInterval | None = None,
    *,
    turn: Turn | None = None,
    currency: str = "USD",
) -> PlanChangeFacts:
    """The request to go from one plan to another of an account of which nothing else is known."""
    account = Account(
        AccountId(_NOBODY), LegalEntityId(_NOBODY), "", None, currency, "UTC", Segment.SMB, PaymentTerms(0)
    )
    subscription = _on(old, interval, account)
    return PlanChangeFacts(
        now=_AT,
        known_at=_AT,
        request=ChangePlan(subscription.id, new.plan.id, wanted, turn=turn),
        actor=customer(UserId(_NOBODY)),
        role=Role.OWNER,
        account=account,
        subscription=subscription,
        target=new,
        others=(),
        overrides=(),
        usage={},
        debits=(),
        standing=Standing.GOOD,
        overdue=Money.zero(currency),
        oldest_overdue=None,
        pending=None,
        changes_last_day=0,
        terms=untaxed(account),
        agreement=AccountTerms(AccountTermsId(_NOBODY), "", _AT, no_downgrade_until=_AT.replace(year=9999)),
    )


def _on(version: PlanVersion, interval: BillingInterval, account: Account) -> BillingSubscription:
    anchor = BillingAnchor(_SINCE, account.zone)
    period = period_at(anchor, interval, _AT)
    bare = BillingSubscription(
        SubscriptionId(_NOBODY),
        account.id,
        version,
        SubscriptionStatus.ACTIVE,
        interval,
        anchor,
        period,
        period.start,
        (),
    )
    return replace(
        bare,
        items=tuple(
            SubscriptionItem(ItemId(_NOBODY), component, price.id, quantity, period.start)
            for component, quantity in version.quantities({}).items()
            if (price := version.price(component, account.currency, interval)) is not None
        ),
    )
