"""When a change takes effect: a table read from the top, the first row that fits decides.

Owns the base day of each part. Does not own whether the change is allowed (policy.py), which can only make it later.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.cancellation import Ending, EndReason, boundary_from, ending_of
from domain.periods import period_at
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.parts import Axis, ChangePart
from domain.plan_change.turning import ends_now
from domain.plan_change.verdict import ChangeDirection, ChangeKind, EffectiveTiming
from domain.subscription import BillingSubscription, SubscriptionStatus

PartQuestion = Callable[[PlanChangeFacts, ChangePart], bool]


def end(facts: PlanChangeFacts, part: ChangePart) -> bool:
    """The subscription is to end."""
    return facts.request.kind is ChangeKind.CANCEL


def at_once(facts: PlanChangeFacts, part: ChangePart) -> bool:
    """It is to end now, or is paused: then no period runs that it could end with."""
    return ends_now(facts)


def term_can_still_be_ended(facts: PlanChangeFacts, part: ChangePart) -> bool:
    """A commitment runs on beyond this period, and its notice date has not passed."""
    return ending_of(facts.subscription, facts.now).reason is EndReason.END_OF_TERM


def term_renews_first(facts: PlanChangeFacts, part: ChangePart) -> bool:
    """A commitment runs on beyond this period, and its notice date has passed."""
    return ending_of(facts.subscription, facts.now).reason is EndReason.END_OF_NEXT_TERM


def pause(facts: PlanChangeFacts, part: ChangePart) -> bool:
    """The subscription is to be interrupted."""
    return facts.request.kind is ChangeKind.PAUSE


def resume(facts: PlanChangeFacts, part: ChangePart) -> bool:
    """The subscription is to go on after its pause."""
    return facts.request.kind is ChangeKind.RESUME


def in_trial(facts: PlanChangeFacts, part: ChangePart) -> bool:
    """The subscription is still in its trial."""
    return facts.subscription.status is SubscriptionStatus.TRIALING


def from_free_to_paid(facts: PlanChangeFacts, part: ChangePart) -> bool:
    """The present plan charges nothing and the new one does."""
    return facts.subscription.version.is_free and not facts.target.is_free


def in_commitment(facts: PlanChangeFacts, part: ChangePart) -> bool:
    """The contract runs on beyond today."""
    return facts.subscription.committed_at(facts.now)


def shorter_interval(facts: PlanChangeFacts, part: ChangePart) -> bool:
    """Billed more often than before."""
    return part.axis is Axis.INTERVAL and part.direction is ChangeDirection.DOWNGRADE


def longer_interval(facts: PlanChangeFacts, part: ChangePart) -> bool:
    """Billed less often than before."""
    return part.axis is Axis.INTERVAL and part.direction is ChangeDirection.UPGRADE


def downgrade(facts: PlanChangeFacts, part: ChangePart) -> bool:
    """A lower plan, or fewer units."""
    return part.axis is not Axis.INTERVAL and part.direction is ChangeDirection.DOWNGRADE


def less(facts: PlanChangeFacts, part: ChangePart) -> bool:
    """A downgrade or a shorter interval."""
    return part.direction is ChangeDirection.DOWNGRADE


def more_or_sideways(facts: PlanChangeFacts, part: ChangePart) -> bool:
    """A higher plan or more units, or neither up nor down."""
    return part.direction is not ChangeDirection.DOWNGRADE


@dataclass(frozen=True, slots=True)
class TimingRow:
    """A row: when all questions say yes, the part takes effect `then`. `starts_new_period`: what is left of the old
    period is credited, and a new one begins that day, charged in full."""

    code: str
    sentence: str
    when: tuple[PartQuestion, ...]
    then: EffectiveTiming
    starts_new_period: bool = False


IMMEDIATE, END_OF_PERIOD, END_OF_TERM, END_OF_NOTICE = EffectiveTiming

# read from the top; the first row whose questions all say yes decides. The last row takes whatever is left.
TIMING: tuple[TimingRow, ...] = (
    TimingRow("T-09", "What is ended at once ends at once.",
              when=(end, at_once), then=IMMEDIATE),
    TimingRow("T-10", "Inside a commitment, an end waits for the end of the term.",
              when=(end, term_can_still_be_ended), then=END_OF_TERM),
    TimingRow("T-11", "After the notice date of a commitment, an end waits for the end of the next term.",
              when=(end, term_renews_first), then=END_OF_TERM),
    TimingRow("T-12", "An end waits for the end of the period already paid, or of the trial.",
              when=(end,), then=END_OF_PERIOD),
    TimingRow("T-13", "A pause begins at once.",
              when=(pause,), then=IMMEDIATE),
    TimingRow("T-14", "A resume goes on at once, in the period it falls in.",
              when=(resume,), then=IMMEDIATE),
    TimingRow("T-01", "A trial changes at once.",
              when=(in_trial,), then=IMMEDIATE, starts_new_period=True),
    TimingRow("T-02", "Leaving a free plan starts a new period at once.",
              when=(from_free_to_paid,), then=IMMEDIATE, starts_new_period=True),
    TimingRow("T-03", "Inside a commitment, less waits for the end of the term.",
              when=(in_commitment, less), then=END_OF_TERM),
    TimingRow("T-04", "A shorter billing interval waits for the end of the period already paid.",
              when=(shorter_interval,), then=END_OF_PERIOD),
    TimingRow("T-05", "A downgrade waits for the end of the period already paid.",
              when=(downgrade,), then=END_OF_PERIOD),
    TimingRow("T-06", "A longer billing interval starts a new period at once.",
              when=(longer_interval,), then=IMMEDIATE, starts_new_period=True),
    TimingRow("T-07", "An upgrade or a sideways move takes effect at once.",
              when=(more_or_sideways,), then=IMMEDIATE),
    TimingRow("T-08", "Anything else waits for the end of the period.",
              when=(), then=END_OF_PERIOD),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PartTiming:
    """One part with the row that decided it and the instant it would take effect alone."""

    part: ChangePart
    row: TimingRow
    effective_at: datetime


def timing_of(facts: PlanChangeFacts, part: ChangePart) -> PartTiming:
    """The first row that fits the part, and its instant on this subscription."""
    row = next(row for row in TIMING if all(question(facts, part) for question in row.when))
    # a commitment's notice date may have passed: then an end waits for another term than less of something does
    waits_to_end = facts.request.kind is ChangeKind.CANCEL and row.then is not IMMEDIATE
    at = ending_of(facts.subscription, facts.now).at if waits_to_end else instant_of(facts, row.then)
    return PartTiming(part, row, at)


def instant_of(facts: PlanChangeFacts, timing: EffectiveTiming) -> datetime:
    """The instant a timing means for this subscription."""
    match timing:
        case EffectiveTiming.IMMEDIATE:
            return facts.now
        case EffectiveTiming.END_OF_PERIOD:
            return facts.subscription.period.end
        case EffectiveTiming.END_OF_TERM:
            return _term_end(facts.subscription)
        case EffectiveTiming.END_OF_NOTICE:
            notice_days = facts.agreement.notice_days if facts.agreement is not None else 0
            # a later step is told of today, however far ahead it lies
            return boundary_from(facts.subscription, min(facts.now, facts.known_at) + timedelta(days=notice_days))


def ending_with_notice(facts: PlanChangeFacts) -> Ending:
    """When the subscription ends if that is asked for now and not at once: not before the agreed notice, but a trial
    is free to go."""
    own = ending_of(facts.subscription, facts.now)
    is_told = facts.agreement is None or facts.agreement.notice_days == 0
    if is_told or facts.subscription.status is SubscriptionStatus.TRIALING:
        return own
    notice_ends_at = instant_of(facts, EffectiveTiming.END_OF_NOTICE)
    return own if notice_ends_at <= own.at else Ending(notice_ends_at, EndReason.END_OF_NOTICE)


def _term_end(subscription: BillingSubscription) -> datetime:
    """The boundary of the period in which the contract ends: what is paid is used up. Without one, the period's."""
    term, present = subscription.commitment, subscription.period
    if term is None or term.end_at <= present.end:
        return present.end
    last = period_at(subscription.anchor, subscription.interval, term.end_at)
    return last.start if last.start == term.end_at else last.end


def starts_new_period(facts: PlanChangeFacts, timings: tuple[PartTiming, ...]) -> bool:
    """True when the change, taken at once, credits the old rest and begins a period today."""
    return any(timing.row.starts_new_period for timing in timings)


def _assert_table_is_whole(table: tuple[TimingRow, ...]) -> None:
    """Fails at import: codes are unique, and the last row asks nothing so that every part finds a row."""
    if len({row.code for row in table}) != len(table):
        raise AssertionError("TIMING has a code twice")
    if not table or table[-1].when or any(not row.when for row in table[:-1]):
        raise AssertionError("TIMING must end in its only row without questions")


_assert_table_is_whole(TIMING)
