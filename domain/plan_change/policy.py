"""The plan-change policy: a table a product manager can read aloud.

Every row is read and every finding comes back; the strictest verdict and the latest date win, so the order of rows
never changes the answer. A row can only make the answer stricter or later than TIMING; an exception is an `unless` on
the row it softens. A row is never edited in meaning: retire its code and add a new one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from domain.ids import PREFIXES, public_id
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.figures import FIGURES
from domain.plan_change.questions import (
    Question,
    about_to_end,
    above_spend_cap,
    another_change_awaits_payment,
    another_change_is_being_paid,
    another_change_waits,
    another_product,
    asked_by_finance,
    asks_for_less,
    bound_by_its_term,
    bound_not_to_go_down,
    changes_blocked,
    discounted_beyond_our_limit,
    ended_at_once_by_us,
    ends,
    ends_a_trial,
    ends_at_once,
    finance_for_a_turn,
    gives_back_unused,
    gone_by_then,
    in_trial,
    is_enterprise,
    is_over,
    is_paused,
    later_step,
    less_on_its_day,
    loses_features,
    moves_plan,
    needs_a_contract,
    not_a_billing_admin,
    not_running,
    not_sold_in_country,
    not_sold_like_this,
    notice_is_agreed,
    on_its_day,
    only_put_forward,
    outlasts_its_end,
    outlives_what_waits,
    outside_the_agreement,
    pauses,
    period_is_over,
    plans_ahead,
    replaces_it,
    resumes,
    seats_no_longer_fit,
    stored_no_longer_fits,
    takes_a_turn,
    too_many_changes,
    under_contract,
    withdrawn,
)
from domain.plan_change.verdict import EffectiveTiming, RemedyAction, Verdict


def _oldest_overdue(facts: PlanChangeFacts) -> str | None:
    return public_id(PREFIXES["Invoice"], facts.oldest_overdue.id) if facts.oldest_overdue else None


def _subscription(facts: PlanChangeFacts) -> str | None:
    return public_id(PREFIXES["BillingSubscription"], facts.subscription.id)


def _pending(facts: PlanChangeFacts) -> str | None:
    return public_id(PREFIXES["PlanChange"], facts.pending.id) if facts.pending else None


def _pending_invoice(facts: PlanChangeFacts) -> str | None:
    invoice_id = facts.pending.invoice_id if facts.pending else None
    return public_id(PREFIXES["Invoice"], invoice_id) if invoice_id else None


@dataclass(frozen=True, slots=True)
class WayOut:
    """What the customer can do about a finding; `target` finds the public id of what to act on."""

    action: RemedyAction
    sentence: str
    target: Callable[[PlanChangeFacts], str | None] = lambda facts: None


PAY_INVOICE = WayOut(RemedyAction.PAY_INVOICE, "Pay invoice {invoice_number}.", _oldest_overdue)
REDUCE_SEATS = WayOut(RemedyAction.REDUCE_SEATS, "Seats to free first: {seats_too_many}. Or keep more of them.")
REDUCE_USAGE = WayOut(RemedyAction.REDUCE_USAGE, "Remove what does not fit, or keep a larger plan.")
ASK_BILLING_ADMIN = WayOut(RemedyAction.ASK_BILLING_ADMIN, "Ask an owner or billing admin of this account.")
CHOOSE_ANOTHER_PLAN = WayOut(RemedyAction.CHOOSE_ANOTHER_PLAN, "Choose a plan that is on sale for this account.")
CHOOSE_AN_ALLOWED_PLAN = WayOut(RemedyAction.CHOOSE_ANOTHER_PLAN, "Choose one of these: {allowed_plans}.")
WAIT_FOR_CLAUSE = WayOut(RemedyAction.WAIT_UNTIL, "Ask for what takes effect on {no_downgrade_until} or later.")
CONTACT_SALES = WayOut(RemedyAction.REQUEST_APPROVAL, "Ask for approval; a contract manager answers.", _subscription)
REACTIVATE = WayOut(RemedyAction.REACTIVATE, "Resume the subscription or start a new one.")
START_ANEW = WayOut(RemedyAction.REACTIVATE, "Start a new subscription.")
CONFIRM = WayOut(RemedyAction.CONFIRM, "Confirm that these features may go.")
CANCEL_PENDING = WayOut(RemedyAction.CANCEL_PENDING_CHANGE, "Replace or cancel the scheduled change.", _pending)
PAY_FOR_PENDING = WayOut(RemedyAction.PAY_INVOICE, "Pay its invoice, or replace or cancel it.", _pending_invoice)
TRY_TOMORROW = WayOut(RemedyAction.WAIT_UNTIL, "Try again a day after the first of them.")
UNDO_CANCEL = WayOut(RemedyAction.UNDO_CANCEL, "Take the cancellation back.", _subscription)
RESUME_IT = WayOut(RemedyAction.REACTIVATE, "Resume the subscription.", _subscription)
END_WITH_TERM = WayOut(
    RemedyAction.WAIT_UNTIL,
    "Let it end with its term, on {ends_on} if cancelled today; resume it first if it is paused.",
)
WAIT_FOR_TRIAL = WayOut(RemedyAction.WAIT_UNTIL, "Wait for the end of the trial on {period_ends_on}, or cancel it.")
LEAVE_UNUSED = WayOut(RemedyAction.CONTACT_SUPPORT, "Let it end with its period, or ask support for the rest.")
LOOK_AGAIN = WayOut(RemedyAction.PREVIEW_AGAIN, "Look at the subscription again; there is nothing to resume.")
CHANGE_TERMS = WayOut(RemedyAction.CHOOSE_ANOTHER_PLAN, "Choose another plan, interval or quantity instead.")
TRY_SOON = WayOut(RemedyAction.WAIT_UNTIL, "Try again in a few minutes.")


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a firing rule asks for. `wait_until` moves the date, and only ever to a later one."""

    verdict: Verdict
    says: str = ""
    """A sentence for the customer; {figures} are named in `show`."""
    show: tuple[str, ...] = ()
    remedy: WayOut | None = None
    wait_until: EffectiveTiming | None = None


def Refuse(says: str, *, show: tuple[str, ...] = (), remedy: WayOut | None = None) -> Consequence:  # noqa: N802
    """No, and what would make it a yes."""
    return Consequence(Verdict.REFUSE, says, show, remedy)


def AskApproval(says: str, *, show: tuple[str, ...] = (), remedy: WayOut | None = None) -> Consequence:  # noqa: N802
    """Only with somebody's approval."""
    return Consequence(Verdict.ASK_APPROVAL, says, show, remedy)


def AskConfirmation(  # noqa: N802
    says: str, *, show: tuple[str, ...] = (), remedy: WayOut = CONFIRM
) -> Consequence:
    """Yes, once the customer has confirmed this code."""
    return Consequence(Verdict.ASK_CONFIRMATION, says, show, remedy)


def Tell(says: str, *, show: tuple[str, ...] = (), remedy: WayOut | None = None) -> Consequence:  # noqa: N802
    """Yes, and the customer should know this first."""
    return Consequence(Verdict.ALLOW, says, show, remedy)


def WaitUntil(timing: EffectiveTiming, says: str, *, show: tuple[str, ...] = ()) -> Consequence:  # noqa: N802
    """Yes, but not before this."""
    return Consequence(Verdict.ALLOW, says, show, None, timing)


@dataclass(frozen=True, slots=True)
class Rule:
    """When every `when` says yes and no `unless` does, `then` follows."""

    code: str
    sentence: str
    when: tuple[Question, ...]
    then: Consequence
    unless: tuple[Question, ...] = ()

    def fires(self, facts: PlanChangeFacts) -> bool:
        """Whether this rule has something to say about these facts."""
        return all(question(facts) for question in self.when) and not any(question(facts) for question in self.unless)


# fmt: off
POLICY: tuple[Rule, ...] = (
    Rule("PC-01", "Only a running subscription can change plan.",
         when=(not_running,), unless=(takes_a_turn,),
         then=Refuse("This subscription is {status}, so its plan cannot change.",
                     show=("status",), remedy=REACTIVATE)),
    Rule("PC-02", "Only owners and billing admins of the account change its plan; viewers and staff look.",
         when=(not_a_billing_admin,), unless=(on_its_day, only_put_forward, finance_for_a_turn),
         then=Refuse("Your role on this account does not allow plan changes.",
                     show=("role",), remedy=ASK_BILLING_ADMIN)),
    Rule("PC-06", "A plan of another product is another subscription.",
         when=(another_product,),
         then=Refuse("{new_plan} belongs to another product and is bought beside {current_plan}, not instead of it.",
                     show=("new_plan", "current_plan"), remedy=CHOOSE_ANOTHER_PLAN)),
    Rule("PC-07", "A plan that is no longer for sale cannot be chosen.",
         when=(moves_plan, withdrawn),
         then=Refuse("{new_plan} is no longer for sale.",
                     show=("new_plan",), remedy=CHOOSE_ANOTHER_PLAN)),
    Rule("PC-08", "A plan is chosen only where it has a price in the account's currency and interval.",
         when=(not_sold_like_this,),
         then=Refuse("{new_plan} is not sold in {currency} by the {interval}.",
                     show=("new_plan", "currency", "interval"), remedy=CHOOSE_ANOTHER_PLAN)),
    Rule("PC-09", "A plan made for enterprise contracts needs approval for any other account.",
         when=(moves_plan, needs_a_contract),
         then=AskApproval("{new_plan} comes with a contract. We will get in touch.",
                          show=("new_plan",), remedy=CONTACT_SALES)),
    Rule("PC-10", "An enterprise account under contract changes with approval.",
         when=(under_contract,), unless=(takes_a_turn,),
         then=AskApproval("Your contract runs until {term_ends_on}; your contract manager approves changes.",
                          show=("term_ends_on",), remedy=CONTACT_SALES)),
    Rule("PC-11", "A second change is refused while one waits, unless it takes its place.",
         when=(another_change_waits,), unless=(replaces_it, on_its_day, takes_a_turn),
         then=Refuse("A change to {pending_plan} is scheduled for {pending_on}.",
                     show=("pending_plan", "pending_on"), remedy=CANCEL_PENDING)),
    Rule("PC-12", "An account changes plan at most three times in a day, except in a trial.",
         when=(too_many_changes,), unless=(in_trial, on_its_day, takes_a_turn),
         then=Refuse("The plan has changed {changes_last_day} times in a day.",
                     show=("changes_last_day",), remedy=TRY_TOMORROW)),
    Rule("PC-13", "Losing a feature is confirmed first, except in a trial.",
         when=(loses_features,), unless=(in_trial, takes_a_turn),
         then=AskConfirmation("You would lose: {features_lost}.",
                              show=("features_lost",))),
    Rule("PC-15", "A period that is over is renewed before anything changes.",
         when=(period_is_over,), unless=(on_its_day, is_paused, is_over),
         then=Refuse("The billing period ended on {period_ends_on} and is being renewed.",
                     show=("period_ends_on",), remedy=TRY_SOON)),
    Rule("PC-16", "Where a change leaves fewer seats than now, those in use must fit them.",
         when=(seats_no_longer_fit,), unless=(takes_a_turn,),
         then=Refuse("{seats_in_use} seats are in use and {new_plan} would have {seats_in_new_plan}.",
                     show=("seats_in_use", "seats_in_new_plan", "seats_too_many", "new_plan"), remedy=REDUCE_SEATS)),
    Rule("PC-17", "Where a change leaves less room than now, what is stored must fit it.",
         when=(stored_no_longer_fits,), unless=(takes_a_turn,),
         then=Refuse("{new_plan} does not hold what you store. {does_not_fit}.",
                     show=("does_not_fit", "new_plan"), remedy=REDUCE_USAGE)),
    Rule("PC-18", "An account whose changes are blocked pays first; less, agreed before, it gets on its day.",
         when=(changes_blocked,), unless=(less_on_its_day, ends, pauses, finance_for_a_turn),
         then=Refuse("{amount_overdue} has been overdue since {overdue_since}. Changes are possible once it is paid.",
                     show=("amount_overdue", "overdue_since", "invoice_number"), remedy=PAY_INVOICE)),
    Rule("PC-19", "An account that agreed not to go down keeps its plan and quantities up until that day.",
         when=(bound_not_to_go_down,), unless=(in_trial,),
         then=Refuse("By your agreement the plan and its quantities do not go down before {no_downgrade_until}.",
                     show=("no_downgrade_until",), remedy=WAIT_FOR_CLAUSE)),
    Rule("PC-20", "Where notice is agreed, less waits for the first boundary after it, except in a trial.",
         when=(notice_is_agreed, asks_for_less), unless=(in_trial, on_its_day),
         then=WaitUntil(EffectiveTiming.END_OF_NOTICE,
                        "With {notice_days} days' notice this takes effect on {notice_ends_on}.",
                        show=("notice_days", "notice_ends_on"))),
    Rule("PC-21", "An account whose agreement names its plans chooses among them.",
         when=(moves_plan, outside_the_agreement),
         then=Refuse("{new_plan} is not among the plans of your agreement.",
                     show=("new_plan", "allowed_plans"), remedy=CHOOSE_AN_ALLOWED_PLAN)),
    Rule("PC-22", "Where an agreed discount is above our limit, its plan changes with approval, except in a trial.",
         when=(discounted_beyond_our_limit,), unless=(in_trial, on_its_day, takes_a_turn),
         then=AskApproval("Your agreed discount of {agreed_discount} is above {largest_discount}; we look at this.",
                          show=("agreed_discount", "largest_discount"), remedy=CONTACT_SALES)),
    Rule("PC-23", "What takes a billing period above the account's agreed cap needs approval.",
         when=(above_spend_cap,),
         then=AskApproval("With {this_change} for this a billing period comes to {charged_in_all}, above {spend_cap}.",
                          show=("spend_cap", "charged_so_far", "this_change", "charged_in_all"), remedy=CONTACT_SALES)),
    Rule("PC-24", "A plan is chosen only in the countries it is sold in.",
         when=(moves_plan, not_sold_in_country),
         then=Refuse("{new_plan} is not sold in {country}.",
                     show=("new_plan", "country"), remedy=CHOOSE_ANOTHER_PLAN)),
    Rule("PC-25", "What has ended is not ended, paused or resumed.",
         when=(takes_a_turn, is_over),
         then=Refuse("This subscription has ended.",
                     remedy=START_ANEW)),
    Rule("PC-26", "Where notice is agreed, an end waits for the first boundary after it, except in a trial or a pause.",
         when=(notice_is_agreed, ends), unless=(in_trial, is_paused, ended_at_once_by_us),
         then=WaitUntil(EffectiveTiming.END_OF_NOTICE,
                        "With {notice_days} days' notice this ends on {notice_ends_on}.",
                        show=("notice_days", "notice_ends_on"))),
    Rule("PC-30", "A subscription inside a commitment ends with it; only finance ends it at once.",
         when=(ends_at_once, bound_by_its_term), unless=(asked_by_finance,),
         then=Refuse("This subscription is committed until {term_ends_on} and ends with its term.",
                     show=("term_ends_on", "ends_on"), remedy=END_WITH_TERM)),
    Rule("PC-31", "What is about to end is not cancelled once more, unless it is to end at once.",
         when=(ends, about_to_end), unless=(ends_at_once,),
         then=Refuse("This subscription ends on {cancelled_on} already.",
                     show=("cancelled_on",), remedy=UNDO_CANCEL)),
    Rule("PC-32", "What is about to end is not paused.",
         when=(pauses, about_to_end),
         then=Refuse("This subscription ends on {cancelled_on}, so it cannot be paused.",
                     show=("cancelled_on",), remedy=UNDO_CANCEL)),
    Rule("PC-33", "A trial is not paused.",
         when=(pauses, in_trial),
         then=Refuse("This subscription is in its trial until {period_ends_on}; there is nothing to pause yet.",
                     show=("period_ends_on",), remedy=WAIT_FOR_TRIAL)),
    Rule("PC-34", "What is paused is not paused once more.",
         when=(pauses, is_paused),
         then=Refuse("This subscription is paused already.", remedy=RESUME_IT)),
    Rule("PC-35", "Only what is paused goes on.",
         when=(resumes,), unless=(is_paused,),
         then=Refuse("This subscription is {status}, not paused.",
                     show=("status",), remedy=LOOK_AGAIN)),
    Rule("PC-36", "Only a trial is ended before its day.",
         when=(ends_a_trial,), unless=(in_trial,),
         then=Refuse("This subscription is {status}, not in a trial.",
                     show=("status",), remedy=CHANGE_TERMS)),
    Rule("PC-37", "Only finance gives back what an end leaves unused.",
         when=(gives_back_unused,), unless=(asked_by_finance,),
         then=Refuse("What is left of the period is given back by finance only.",
                     remedy=LEAVE_UNUSED)),
    Rule("PC-38", "Who ends a subscription is told that the change scheduled for it is not made.",
         when=(ends, another_change_waits), unless=(outlives_what_waits,),
         then=Tell("The change to {pending_plan} scheduled for {pending_on} is not made.",
                   show=("pending_plan", "pending_on"), remedy=CANCEL_PENDING)),
    Rule("PC-39", "Who pauses a subscription is told that the change scheduled for it waits.",
         when=(pauses, another_change_waits),
         then=Tell("The change to {pending_plan} scheduled for {pending_on} waits until the subscription goes on.",
                   show=("pending_plan", "pending_on"), remedy=CANCEL_PENDING)),
    Rule("PC-41", "Steps that are planned ahead are agreed on with us, except for an enterprise account.",
         when=(plans_ahead,), unless=(is_enterprise,),
         then=AskApproval("Later steps planned: {steps_ahead}. We agree on such a plan with you first.",
                          show=("steps_ahead",), remedy=CONTACT_SALES)),
    Rule("PC-42", "Nothing is planned for a day on which the subscription has ended.",
         when=(later_step, gone_by_then),
         then=Refuse("This subscription ends on {cancelled_on}, before this step.",
                     show=("cancelled_on",), remedy=UNDO_CANCEL)),
    Rule("PC-43", "Where notice is agreed, a later step that takes less waits for it like any other change.",
         when=(later_step, notice_is_agreed, asks_for_less),
         then=WaitUntil(EffectiveTiming.END_OF_NOTICE,
                        "With {notice_days} days' notice this step takes effect on {notice_ends_on}.",
                        show=("notice_days", "notice_ends_on"))),
    Rule("PC-44", "What is about to end is not changed for a day it does not reach, nor paid for beyond its end.",
         when=(outlasts_its_end,), unless=(takes_a_turn, on_its_day, is_over),
         then=Refuse("This subscription ends on {cancelled_on}; what you ask for would outlast it.",
                     show=("cancelled_on",), remedy=UNDO_CANCEL)),
    Rule("PC-50", "A second change is refused while one waits to be paid, unless it takes its place.",
         when=(another_change_awaits_payment,), unless=(replaces_it, takes_a_turn),
         then=Refuse("A change to {pending_plan} waits to be paid.",
                     show=("pending_plan",), remedy=PAY_FOR_PENDING)),
    Rule("PC-51", "While a payment for a change is under way, nothing takes its place.",
         when=(another_change_is_being_paid,),
         then=Refuse("A payment for the change to {pending_plan} is under way.",
                     show=("pending_plan",), remedy=TRY_SOON)),
    Rule("PC-52", "Who ends or pauses a subscription is told that the change that waits to be paid is not made.",
         when=(takes_a_turn, another_change_awaits_payment),
         then=Tell("The change to {pending_plan} that waits to be paid is not made.",
                   show=("pending_plan",), remedy=PAY_FOR_PENDING)),
)
# fmt: on

RETIRED: Mapping[str, str] = MappingProxyType(
    {
        "PC-03": "An account whose changes were blocked paid first, also where the day of less had come. Now PC-18.",
        "PC-04": "The seats in use had to fit, also where a change left more of them than now. Now PC-16.",
        "PC-05": "What was stored had to fit, also where a change left more room than now. Now PC-17.",
        "PC-14": "A change that gives back more than it costs was made by support. Now it gives credit notes itself.",
    }
)
"""Codes that no rule may bear again, because decisions on record name them, and what they said."""


def assert_table_is_whole(table: tuple[Rule, ...]) -> None:
    """Fails at import: codes are unique, and what a sentence shows is a figure that the rule names."""
    if len({rule.code for rule in table}) != len(table):
        raise AssertionError("POLICY has a code twice")
    if any(rule.code in RETIRED for rule in table):
        raise AssertionError("POLICY bears a retired code")
    for rule in table:
        shown = dict.fromkeys(rule.then.show, "")
        if not rule.when or not shown.keys() <= FIGURES.keys():
            raise AssertionError(f"{rule.code} asks nothing, or shows a figure that is not in FIGURES")
        rule.then.says.format_map(shown)
        if rule.then.remedy is not None:
            rule.then.remedy.sentence.format_map(shown)


assert_table_is_whole(POLICY)
