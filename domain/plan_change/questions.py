"""Named yes-or-no questions about a plan change; rules are made of them and read like sentences.

Owns what the facts say. Does not own what follows from an answer (policy.py), nor the numbers shown (figures.py).
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from domain.account_terms import LARGEST_DISCOUNT_PERCENT
from domain.actor import ActorKind
from domain.catalog import Segment
from domain.commands import Cancel
from domain.dunning import Standing
from domain.plan_change.course import course_at_once
from domain.plan_change.entitlement_change import SEATS, entitlement_changes
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.parts import Axis, parts_of
from domain.plan_change.spend import spend_of
from domain.plan_change.timing import ending_with_notice, instant_of, timing_of
from domain.plan_change.turning import ends_now, has_ended, is_turn
from domain.plan_change.verdict import ChangeDirection, ChangeKind, EffectiveTiming
from domain.rights import is_finance
from domain.subscription import SubscriptionStatus

Question = Callable[[PlanChangeFacts], bool]

_LADDER = (Axis.PLAN, Axis.QUANTITY)

CHANGES_A_DAY = 3
UPGRADE_COUNTS_FOR = timedelta(days=30)
"""So long after going up, going down again is asked about."""


def in_trial(facts: PlanChangeFacts) -> bool:
    """The subscription is in its trial."""
    return facts.subscription.status is SubscriptionStatus.TRIALING


def on_its_day(facts: PlanChangeFacts) -> bool:
    """The change was accepted earlier and its day has come."""
    return facts.is_due


def only_put_forward(facts: PlanChangeFacts) -> bool:
    """The request is put to approval, or answered: nobody takes it yet."""
    return facts.is_put_forward


def period_is_over(facts: PlanChangeFacts) -> bool:
    """The billing period has ended and its renewal has not run yet."""
    return facts.now >= facts.subscription.period.end


def not_running(facts: PlanChangeFacts) -> bool:
    """The subscription is paused or cancelled."""
    return facts.subscription.status in (SubscriptionStatus.PAUSED, SubscriptionStatus.CANCELLED)


def is_over(facts: PlanChangeFacts) -> bool:
    """The subscription has ended."""
    return has_ended(facts)


def not_a_billing_admin(facts: PlanChangeFacts) -> bool:
    """Whoever asks is neither owner nor billing admin of this account; staff never are."""
    return facts.actor.kind is not ActorKind.CUSTOMER or facts.role is None or not facts.role.may_change


def changes_blocked(facts: PlanChangeFacts) -> bool:
    """An invoice is so long overdue that changes are blocked."""
    return facts.standing in (Standing.CHANGES_BLOCKED, Standing.SUSPENDED)


def seats_no_longer_fit(facts: PlanChangeFacts) -> bool:
    """There would be fewer seats than now, and more of them are in use."""
    return any(change.no_longer_fits for change in entitlement_changes(facts) if change.feature.code == SEATS)


def stored_no_longer_fits(facts: PlanChangeFacts) -> bool:
    """Something other than seats may be stored less than now, and more of it is."""
    return any(change.no_longer_fits for change in entitlement_changes(facts) if change.feature.code != SEATS)


def less_on_its_day(facts: PlanChangeFacts) -> bool:
    """The day of a change has come that takes something down and nothing up."""
    ways = {part.direction for part in parts_of(facts)}
    return facts.is_due and ChangeDirection.DOWNGRADE in ways and ChangeDirection.UPGRADE not in ways


def loses_features(facts: PlanChangeFacts) -> bool:
    """A feature the account has today would be gone."""
    return any(change.is_lost for change in entitlement_changes(facts))


def another_product(facts: PlanChangeFacts) -> bool:
    """The plan asked for belongs to another product."""
    return facts.target.plan.product_id != facts.subscription.version.plan.product_id


def moves_plan(facts: PlanChangeFacts) -> bool:
    """The plan itself changes, not only its interval or quantities."""
    return any(part.axis is Axis.PLAN for part in parts_of(facts))


def withdrawn(facts: PlanChangeFacts) -> bool:
    """The plan asked for is no longer for sale."""
    return facts.target.plan.withdrawn_at is not None and facts.target.plan.withdrawn_at <= facts.known_at


def not_sold_like_this(facts: PlanChangeFacts) -> bool:
    """The plan has no price in the account's currency for this interval."""
    return not facts.target.is_sold_in(facts.account.currency, facts.interval)


def needs_a_contract(facts: PlanChangeFacts) -> bool:
    """The plan is sold to enterprise accounts and this account is none."""
    return facts.target.plan.segment is Segment.ENTERPRISE and facts.account.segment is not Segment.ENTERPRISE


def under_contract(facts: PlanChangeFacts) -> bool:
    """An enterprise account inside a commitment."""
    return facts.account.segment is Segment.ENTERPRISE and facts.subscription.committed_at(facts.now)


def asks_for_less(facts: PlanChangeFacts) -> bool:
    """A lower plan, fewer units or a shorter interval, among what is asked for."""
    return any(part.direction is ChangeDirection.DOWNGRADE for part in parts_of(facts) if part.axis is not Axis.STATUS)


def notice_is_agreed(facts: PlanChangeFacts) -> bool:
    """The account's agreement asks for notice."""
    return facts.agreement is not None and facts.agreement.notice_days > 0


def bound_not_to_go_down(facts: PlanChangeFacts) -> bool:
    """The agreement keeps the plan and its quantities up, beyond the day this would take them down."""
    until = facts.agreement.no_downgrade_until if facts.agreement is not None else None
    down = [part for part in parts_of(facts) if part.axis in _LADDER and part.direction is ChangeDirection.DOWNGRADE]
    return until is not None and bool(down) and _takes_effect_at(facts) < until


def _takes_effect_at(facts: PlanChangeFacts) -> datetime:
    """When less would be had: the day of its last part, or the end of notice."""
    at = max(timing_of(facts, part).effective_at for part in parts_of(facts))
    is_told = facts.is_due or not notice_is_agreed(facts)
    return at if is_told else max(at, instant_of(facts, EffectiveTiming.END_OF_NOTICE))


def outside_the_agreement(facts: PlanChangeFacts) -> bool:
    """The account's agreement names the plans it may choose, and this is none of them."""
    return facts.agreement is not None and not facts.agreement.allows(facts.target.plan.id)


def discounted_beyond_our_limit(facts: PlanChangeFacts) -> bool:
    """The account's agreement takes off more than we give without a second look."""
    percent = facts.agreement.discount_percent if facts.agreement is not None else None
    return percent is not None and percent > LARGEST_DISCOUNT_PERCENT


def above_spend_cap(facts: PlanChangeFacts) -> bool:
    """Other terms would take the account's billing period above its agreed cap, and above what it is without them."""
    cap = facts.agreement.spend_cap if facts.agreement is not None else None
    if cap is None or is_turn(facts):
        return False
    spend = spend_of(facts)
    return spend.is_more and spend.total > cap


def not_sold_in_country(facts: PlanChangeFacts) -> bool:
    """The plan is not sold in the account's country."""
    return not facts.target.plan.is_sold_to(facts.account.country)


def another_change_waits(facts: PlanChangeFacts) -> bool:
    """A change of this subscription is already scheduled."""
    return facts.pending is not None and facts.pending.invoice_id is None


def another_change_awaits_payment(facts: PlanChangeFacts) -> bool:
    """A change of this subscription waits for its invoice to be paid."""
    return facts.pending is not None and facts.pending.invoice_id is not None


def another_change_is_being_paid(facts: PlanChangeFacts) -> bool:
    """A payment of a change of this subscription is under way; what becomes of it is not known yet."""
    return facts.pending is not None and facts.pending.is_being_paid


def replaces_it(facts: PlanChangeFacts) -> bool:
    """The request says that it takes the place of the scheduled change."""
    return facts.request.replace_pending


def too_many_changes(facts: PlanChangeFacts) -> bool:
    """The account has changed plans often enough for one day."""
    return facts.changes_last_day >= CHANGES_A_DAY


def goes_down_after_going_up(facts: PlanChangeFacts) -> bool:
    """Fewer units or a lower plan, within 30 days of an upgrade."""
    if facts.upgraded_at is None or facts.known_at - facts.upgraded_at >= UPGRADE_COUNTS_FOR:
        return False
    return any(part.axis in _LADDER and part.direction is ChangeDirection.DOWNGRADE for part in parts_of(facts))


def plans_ahead(facts: PlanChangeFacts) -> bool:
    """The request has steps that come later."""
    return bool(facts.request.phases)


def is_enterprise(facts: PlanChangeFacts) -> bool:
    """The account is an enterprise's."""
    return facts.account.segment is Segment.ENTERPRISE


def later_step(facts: PlanChangeFacts) -> bool:
    """This is a step that comes later, looked at before its day."""
    return facts.is_ahead


def gone_by_then(facts: PlanChangeFacts) -> bool:
    """The subscription has ended by the day this takes effect."""
    ends_at = facts.subscription.cancel_at
    return ends_at is not None and ends_at <= facts.now


def outlasts_its_end(facts: PlanChangeFacts) -> bool:
    """It is to end, and what is asked for takes effect no earlier, or begins a period that is paid beyond it."""
    ends_at = facts.subscription.cancel_at
    if ends_at is None or facts.is_ahead or not parts_of(facts):
        return False
    return _takes_effect_at(facts) >= ends_at or course_at_once(facts).period.end > ends_at


def takes_a_turn(facts: PlanChangeFacts) -> bool:
    """The subscription is to end, to rest or to go on; its plan stays."""
    return is_turn(facts)


def ends(facts: PlanChangeFacts) -> bool:
    """The subscription is to end."""
    return facts.request.kind is ChangeKind.CANCEL


def pauses(facts: PlanChangeFacts) -> bool:
    """The subscription is to be interrupted."""
    return facts.request.kind is ChangeKind.PAUSE


def resumes(facts: PlanChangeFacts) -> bool:
    """The subscription is to go on after its pause."""
    return facts.request.kind is ChangeKind.RESUME


def ends_a_trial(facts: PlanChangeFacts) -> bool:
    """The trial is to end before its day."""
    return facts.request.kind is ChangeKind.END_TRIAL


def ends_at_once(facts: PlanChangeFacts) -> bool:
    """The subscription is to end now, or is paused, when there is no period to end with."""
    return ends_now(facts)


def ended_at_once_by_us(facts: PlanChangeFacts) -> bool:
    """Finance ends it at once, and knows what was agreed."""
    return ends_now(facts) and asked_by_finance(facts)


def gives_back_unused(facts: PlanChangeFacts) -> bool:
    """What the end leaves unused is to be given back."""
    turn = facts.request.turn
    return isinstance(turn, Cancel) and turn.credits_unused


def asked_by_finance(facts: PlanChangeFacts) -> bool:
    """Finance asks, in the customer's stead."""
    return is_finance(facts.actor, facts.role)


def finance_for_a_turn(facts: PlanChangeFacts) -> bool:
    """Finance ends, pauses or resumes in the customer's stead."""
    return is_turn(facts) and asked_by_finance(facts)


def is_paused(facts: PlanChangeFacts) -> bool:
    """The subscription is paused."""
    return facts.subscription.status is SubscriptionStatus.PAUSED


def about_to_end(facts: PlanChangeFacts) -> bool:
    """The subscription is cancelled already and ends at an instant to come."""
    return facts.subscription.cancel_at is not None and not is_over(facts)


def bound_by_its_term(facts: PlanChangeFacts) -> bool:
    """A commitment holds it; a pause does not let it go, because the commitment goes on with the resume."""
    return facts.subscription.committed_at(facts.subscription.paused_at or facts.now)


def outlives_what_waits(facts: PlanChangeFacts) -> bool:
    """It goes on beyond the day of the change that is scheduled."""
    is_told = not notice_is_agreed(facts) or in_trial(facts) or is_paused(facts) or ended_at_once_by_us(facts)
    if facts.pending is None or (ends_at_once(facts) and is_told):
        return False
    return ending_with_notice(facts).at > facts.pending.effective_at
