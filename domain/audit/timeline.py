"""The billing periods of a subscription over its life, as its events tell them, and what they should have been.

Owns the row of periods that lines are held against, and that each follows from the anchor, the interval and the zone
(laws L16 and L17). One that was copied in without events is told from its row alone. Does not own any line.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.audit.disagreement import Code, Disagreement
from domain.audit.facts import SubscriptionOnFile, Turn
from domain.audit.words import span, subscription_of
from domain.periods import BillingAnchor, BillingInterval, Period, next_period, period_at
from domain.subscription import SubscriptionStatus

_NOT_BILLED = {SubscriptionStatus.TRIALING}


@dataclass(frozen=True, slots=True)
class Spell:
    """One billing period: as it was opened, and as it ended (a zone change or a new course may move its end).

    `opened_at` is the account's time at which it was; `by` the event that opened it. `whole` is the period a price is
    for: longer where this is a stub.
    """

    opened: Period
    period: Period
    whole: Period
    interval: BillingInterval
    opened_at: datetime
    by: str
    is_billed: bool
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """The periods of one subscription, in order."""

    spells: tuple[Spell, ...]

    def at(self, instant: datetime) -> Spell | None:
        """The period that an instant falls in."""
        return next((spell for spell in self.spells if spell.period.contains(instant)), None)

    def started(self, start: datetime) -> Spell | None:
        """The period that starts at an instant."""
        return next((spell for spell in self.spells if spell.period.start == start), None)

    def begun(self, instant: datetime) -> datetime:
        """Where what changes at `instant` counts from: the start of the period that this change began that day."""
        for spell in self.spells:
            if spell.by in _BEGINS and spell.period.start <= instant <= spell.opened_at:
                return spell.period.start
        return instant


_BEGINS = frozenset({"plan_changed", "trial_ended"})
"""Events that may begin a new period on their own day, from its 00:00."""


def timeline(subscription: SubscriptionOnFile, zone: str) -> Timeline:
    """The periods that its events tell of; without any those from its start to its present period."""
    if not subscription.turns:
        return Timeline(tuple(_tiled(subscription, zone)))
    spells: list[Spell] = []
    for turn in subscription.turns:
        if turn.status is SubscriptionStatus.CANCELLED:
            continue
        last = spells[-1] if spells else None
        if last is not None and last.period.start == turn.period.start:
            # the same period, its end perhaps moved; or a trial that became a paying period on its first day
            is_billed = last.is_billed or turn.status not in _NOT_BILLED
            spells[-1] = replace(last, period=turn.period, is_billed=is_billed)
            continue
        if last is not None:
            spells[-1] = _ended(last, turn.period.start)
        spells.append(_opened(turn, zone, is_first=not spells))
    if spells and subscription.ended_at is not None:
        spells[-1] = _ended(spells[-1], subscription.ended_at)
    return Timeline(tuple(spells))


def _ended(spell: Spell, at: datetime) -> Spell:
    """A period that is over: cut short where the next one begins inside it."""
    end = min(spell.period.end, at)
    period = Period(spell.period.start, end) if end > spell.period.start else spell.period
    return replace(spell, period=period, is_closed=True)


def _opened(turn: Turn, zone: str, *, is_first: bool) -> Spell:
    whole = turn.period
    if is_first or turn.type == "resumed":
        around = period_at(BillingAnchor(turn.anchor_on, zone), turn.interval, turn.period.start)
        if around.end == turn.period.end:
            whole = around
    return Spell(
        opened=turn.period,
        period=turn.period,
        whole=whole,
        interval=turn.interval,
        opened_at=turn.occurred_at,
        by=turn.type,
        is_billed=turn.status not in _NOT_BILLED,
    )


def _tiled(subscription: SubscriptionOnFile, zone: str) -> Iterator[Spell]:
    anchor = BillingAnchor(subscription.anchor_on, zone)
    around = period_at(anchor, subscription.interval, subscription.started_at)
    period = Period(subscription.started_at, around.end)
    by = "started"
    while True:
        is_last = period.start >= subscription.period.start
        yield Spell(
            opened=period,
            period=period,
            whole=around if by == "started" else period,
            interval=subscription.interval,
            opened_at=period.start,
            by=by,
            is_billed=True,
            is_closed=not is_last,
        )
        if is_last:
            return
        period, by = next_period(anchor, subscription.interval, period), "renewed"


def audit_timeline(subscription: SubscriptionOnFile, line: Timeline, zones: Collection[str]) -> Iterator[Disagreement]:
    """Periods that leave a gap or overlap, that do not end on a boundary, and a present one that is another.

    `zones` are those the account has lived in: its boundaries are midnights of one of them.
    """
    document = subscription_of(subscription.id)
    for earlier, later in zip(line.spells, line.spells[1:], strict=False):
        if earlier.period.end != later.period.start and later.by != "resumed":
            stored, right = span(later.period), f"from {earlier.period.end.isoformat()}"
            says = f"A billing period begins where the one before does not end: {stored}."
            yield Disagreement(Code.PERIODS, document, "billing period", stored, right, says)
    for spell, turn_anchor in zip(line.spells, _anchors(subscription, line), strict=True):
        if not spell.is_billed:
            continue
        ends = {_end(turn_anchor, spell, zone) for zone in zones}
        if spell.opened.end not in ends:
            stored, right = span(spell.opened), " or ".join(sorted(each.isoformat() for each in ends))
            says = f"A billing period does not end on a boundary of its anchor: {stored}."
            yield Disagreement(Code.PERIODS, document, "billing period", stored, right, says)
    last = line.spells[-1] if line.spells else None
    is_live = subscription.ended_at is None
    if is_live and last is not None and last.period != subscription.period:
        stored, right = span(subscription.period), span(last.period)
        says = f"The subscription stands in {stored}, but its history leads to {right}."
        yield Disagreement(Code.PERIODS, document, "present period", stored, right, says)


def _end(anchor: BillingAnchor, spell: Spell, zone: str) -> datetime:
    return period_at(BillingAnchor(anchor.on, zone), spell.interval, spell.opened.start).end


def _anchors(subscription: SubscriptionOnFile, line: Timeline) -> Sequence[BillingAnchor]:
    """The anchor in force when each period was opened (zone apart)."""
    by_start: Mapping[datetime, Turn] = {turn.period.start: turn for turn in reversed(subscription.turns)}
    return [
        BillingAnchor(
            by_start[spell.period.start].anchor_on if spell.period.start in by_start else subscription.anchor_on, "UTC"
        )
        for spell in line.spells
    ]
