"""The billing periods of a subscription over its life, as its events tell them, and what they should have been.

Owns the row of periods that lines are held against, and that each follows from the anchor, the interval and the zone
(laws L16 and L17). One that was copied in without events is told from its row alone. Does not own any line.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain.audit.disagreement import Code, Disagreement
from domain.audit.facts import AccountOnFile, SubscriptionOnFile, Turn
from domain.audit.words import instant, span, subscription_of
from domain.periods import BillingAnchor, BillingInterval, Period, next_period, period_at, whole_around
from domain.subscription import SubscriptionStatus

_NOT_BILLED = {SubscriptionStatus.TRIALING}
_MOST_BETWEEN_ZONES = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Shape:
    """A billing period as it was at one time, and the whole one that a price is for: longer where it is a stub."""

    period: Period
    whole: Period
    interval: BillingInterval


@dataclass(frozen=True, slots=True)
class Spell:
    """One billing period: every shape it had (a new zone moves its end, a new course on its first day all of it), and
    as it ended.

    `opened_at` is the account's time at which it began, `by` the event that began it; `anew_at` that of a change which
    began it on its own day, from 00:00. `moved_ends` are ends that a new zone has moved.
    """

    shapes: tuple[Shape, ...]
    period: Period
    opened_at: datetime
    by: str
    is_billed: bool
    is_closed: bool = False
    anew_at: datetime | None = None
    moved_ends: frozenset[datetime] = frozenset()

    @property
    def whole(self) -> Period:
        """The whole period that prices are for, as it was last."""
        return self.shapes[-1].whole

    @property
    def interval(self) -> BillingInterval:
        """The interval it was last billed by."""
        return self.shapes[-1].interval

    def beyond(self, service: Period) -> Period | None:
        """The time by which a service of this period goes on beyond its end, which a new zone has brought forward.

        The item's next line begins where it ends; where none comes, the hours are nobody's.
        """
        last = self.shapes[-1].period.end
        return Period(last, service.end) if service.end in self.moved_ends and last < service.end else None

    def as_it_ended(self, service: Period, left: list[Period]) -> list[Period]:
        """The time left of a service: one up to an end that a new zone has put off goes on to where it came to.

        A boundary that moves by hours costs nobody anything, and the document stays as it is.
        """
        last = self.shapes[-1].period.end
        if service.end not in self.moved_ends or last < service.end:
            return left
        return [Period(each.start, last) if each.end == service.end else each for each in left]

    def runs_out(self, service: Period) -> bool:
        """Whether a service goes on to the very end that it had in one of its shapes."""
        return any(shape.period.end == service.end and shape.period.contains(service.start) for shape in self.shapes)

    def shape_of(self, service: Period) -> Shape:
        """The shape in which it was when a service up to its end was charged; the last one for any other service."""
        return next((shape for shape in self.shapes if shape.period.end == service.end), self.shapes[-1])


@dataclass(frozen=True, slots=True)
class Timeline:
    """The periods of one subscription, in order."""

    spells: tuple[Spell, ...]

    def of(self, service: Period, known_at: datetime) -> Spell | None:
        """The period that a line of this service was of, when it was written.

        A period that a change began on its day, from 00:00, was not there for lines written earlier that day, or at
        the same instant: those end otherwise. Nor was it there yet for its own line, where that was paid first.
        """
        late_first = self.spells[::-1]
        ends_alike = (spell for spell in late_first if spell.period.start <= known_at and spell.runs_out(service))
        there = [spell for spell in late_first if spell.opened_at <= known_at]
        inside = (spell for spell in there if spell.period.contains(service.start))
        was = (spell for spell in there if any(shape.period.contains(service.start) for shape in spell.shapes))
        return next(ends_alike, None) or next(inside, None) or next(was, None)

    def started(self, start: datetime) -> Spell | None:
        """The period that starts at an instant."""
        return next((spell for spell in self.spells if spell.period.start == start), None)

    def begun(self, instant: datetime, known_at: datetime | None = None) -> datetime:
        """Where what changes at `instant` counts from: the start of the period that a change began that day.

        `known_at`: as far as was known then; None: as it came to be.
        """
        for spell in self.spells:
            if spell.anew_at is None or (known_at is not None and known_at < spell.anew_at):
                continue
            if spell.period.start <= instant <= spell.anew_at:
                return spell.period.start
        return instant


_BEGINS = frozenset({"plan_changed", "trial_ended"})
"""Events that may begin a new period on their own day, from its 00:00."""


def timeline(subscription: SubscriptionOnFile, account: AccountOnFile) -> Timeline:
    """The periods that its events tell of; without any those from its start to its present period."""
    if not subscription.turns:
        return Timeline(tuple(_tiled(subscription, account.zone)))
    spells: list[Spell] = []
    for turn in subscription.turns:
        if turn.status is SubscriptionStatus.CANCELLED:
            continue
        zone = account.zone_at(turn.occurred_at)
        last = spells[-1] if spells else None
        if last is not None and last.period.start == turn.period.start:
            spells[-1] = _reshaped(last, turn, zone)
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


def _reshaped(spell: Spell, turn: Turn, zone: str) -> Spell:
    """The same period after another event: its end perhaps moved, or begun anew, or a trial that became a paid one."""
    shape = Shape(turn.period, _whole(turn, zone) if spell.by == "started" else turn.period, turn.interval)
    is_anew = turn.type in _BEGINS and (shape.period, shape.interval) != (spell.period, spell.interval)
    return replace(
        spell,
        shapes=spell.shapes if shape == spell.shapes[-1] else (*spell.shapes, shape),
        period=turn.period,
        is_billed=spell.is_billed or turn.status not in _NOT_BILLED,
        anew_at=turn.occurred_at if is_anew else spell.anew_at,
        moved_ends=frozenset() if is_anew else spell.moved_ends | {spell.period.end},
    )


def _opened(turn: Turn, zone: str, *, is_first: bool) -> Spell:
    shape = Shape(turn.period, _whole(turn, zone) if is_first else turn.period, turn.interval)
    anew_at = turn.occurred_at if turn.type in _BEGINS and not is_first else None
    is_billed = turn.status not in _NOT_BILLED
    return Spell((shape,), turn.period, turn.occurred_at, turn.type, is_billed, anew_at=anew_at)


def _whole(turn: Turn, zone: str) -> Period:
    """The whole period around a first one, which may be a stub."""
    return whole_around(turn.period, BillingAnchor(turn.anchor_on, zone), turn.interval)


def _tiled(subscription: SubscriptionOnFile, zone: str) -> Iterator[Spell]:
    anchor = BillingAnchor(subscription.anchor_on, zone)
    around = period_at(anchor, subscription.interval, subscription.started_at)
    period, by = Period(subscription.started_at, around.end), "started"
    whole = whole_around(period, anchor, subscription.interval)
    while True:
        is_last = period.start >= subscription.period.start
        shape = Shape(period, whole, subscription.interval)
        yield Spell((shape,), period, period.start, by, is_billed=True, is_closed=not is_last)
        if is_last:
            return
        period = whole = next_period(anchor, subscription.interval, period)
        by = "renewed"


def audit_timeline(subscription: SubscriptionOnFile, line: Timeline, zones: Collection[str]) -> Iterator[Disagreement]:
    """Periods that leave a gap or overlap, that do not end on a boundary, and a present one that is another.

    `zones` are those the account has lived in: its boundaries are midnights of one of them.
    """
    document = subscription_of(subscription.id)
    for earlier, later in zip(line.spells, line.spells[1:], strict=False):
        if earlier.period.end != later.period.start and later.by != "resumed":
            stored, right = span(later.period), f"from {instant(earlier.period.end)}"
            says = f"A billing period begins where the one before does not end: {stored}."
            yield Disagreement(Code.PERIODS, document, "billing period", stored, right, says)
    for spell in line.spells:
        if not spell.is_billed:
            continue
        for shape in spell.shapes:
            anchors = [BillingAnchor(_anchor_on(subscription, shape), zone) for zone in zones]
            if not any(_ends_on_a_boundary(shape, anchor, was_moved=len(zones) > 1) for anchor in anchors):
                ends = {period_at(anchor, shape.interval, shape.period.start).end for anchor in anchors}
                stored, right = span(shape.period), " or ".join(sorted(instant(each) for each in ends))
                says = f"A billing period does not end on a boundary of its anchor: {stored}."
                yield Disagreement(Code.PERIODS, document, "billing period", stored, right, says)
    last = line.spells[-1] if line.spells else None
    is_live = subscription.ended_at is None
    if is_live and last is not None and last.period != subscription.period:
        stored, right = span(subscription.period), span(last.period)
        says = f"The subscription stands in {stored}, but its history leads to {right}."
        yield Disagreement(Code.PERIODS, document, "present period", stored, right, says)


def _ends_on_a_boundary(shape: Shape, anchor: BillingAnchor, *, was_moved: bool) -> bool:
    """Whether a period ends on the first boundary after its start; `was_moved`: its start may be another zone's."""
    whole = period_at(anchor, shape.interval, shape.period.end - timedelta(microseconds=1))
    earliest = whole.start - _MOST_BETWEEN_ZONES if was_moved else whole.start
    return whole.end == shape.period.end and earliest <= shape.period.start


def _anchor_on(subscription: SubscriptionOnFile, shape: Shape) -> date:
    """The anchor in force when a period had this shape."""
    return next((turn.anchor_on for turn in subscription.turns if turn.period == shape.period), subscription.anchor_on)
