"""Entitlement grants: use given on top of a plan, in which order it burns, and what is left of it at an instant.

Each of these is a *lot* with a start and perhaps an end: a plan's allowance of one period, and one recurrence of a
grant. Use burns, at the instant it occurred, the lots live then, in one total order: priority (the lower first), end
(the soonest first, never last), then an allowance before a grant, then creation, then id. A lot is live over
[start, end), so an expiry is exact at its instant and needs no job. What finds no live lot is overage, and stays so:
a grant that starts later pays nothing back.

A balance is worked out from the whole of what is known, by when use occurred and never by when it arrived. So a late
event gives what it would have given in time, and for each grant granted = burnt + expired + voided + left.

Does not own where grants and use are kept (db), nor what a feature's effective value is (entitlement.py).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal, Inexact, localcontext
from enum import StrEnum
from itertools import count

from domain.catalog import Feature
from domain.errors import InvalidInput
from domain.ids import GrantId
from domain.periods import BillingAnchor, BillingInterval, Period, boundary, local_day, start_of_day

ALLOWANCE_PRIORITY = 0
"""Where a plan's allowance stands among grants: one of the same priority burns before it if it ends sooner."""
_DIGITS = 200
_NONE = Decimal(0)
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


class Recurrence(StrEnum):
    """How often a grant gives its amount again: once only, by the account's calendar, or with each billing period."""

    NONE = "NONE"
    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    YEAR = "YEAR"
    BILLING_PERIOD = "BILLING_PERIOD"


@dataclass(frozen=True, slots=True)
class EntitlementGrant:
    """So many units of one feature, live over [starts_at, expires_at) or until voided; all instants in UTC.

    `priority`: the lower burns first. `rollover_maximum`: how many units of what is left of one recurrence go into
    the next; the rest expires. `reason` says why it was given. Raises InvalidInput for what can be no grant.
    """

    id: GrantId
    feature: Feature
    amount: int
    priority: int
    created_at: datetime
    starts_at: datetime
    reason: str
    expires_at: datetime | None = None
    recurrence: Recurrence = Recurrence.NONE
    rollover_maximum: int = 0
    voided_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise InvalidInput(("amount",), "A grant is of one unit or more.", self.amount)
        if self.rollover_maximum < 0:
            raise InvalidInput(("rolloverMaximum",), "What rolls over is 0 or more.", self.rollover_maximum)
        if self.rollover_maximum and self.recurrence is Recurrence.NONE:
            message = "Only a grant that recurs has something to roll over."
            raise InvalidInput(("rolloverMaximum",), message, self.rollover_maximum)
        for name, instant in (("startsAt", self.starts_at), ("expiresAt", self.expires_at)):
            if instant is not None and instant.tzinfo != UTC:
                raise InvalidInput((name,), "A grant starts and expires at instants in UTC.", instant)
        if self.expires_at is not None and self.expires_at <= self.starts_at:
            raise InvalidInput(("expiresAt",), "A grant expires after it starts.", self.expires_at)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What plans give of one feature for one period; `amount` None: unlimited, and then it burns before all else.

    Of a period in which a change made it another amount it is the last one: what was burnt counts against that.
    """

    period: Period
    amount: int | None
    priority: int = ALLOWANCE_PRIORITY


@dataclass(frozen=True, slots=True)
class Use:
    """So much of one feature, 0 or more, used at an instant (when it occurred, not when it arrived)."""

    occurred_at: datetime
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Calendar:
    """What recurrences follow: the account's zone, and where its billing periods begin and end.

    `boundaries`, in any order, reach beyond the instant that is asked for; only BILLING_PERIOD looks at them.
    """

    zone: str
    boundaries: Collection[datetime] = ()


@dataclass(frozen=True, slots=True)
class GrantBalance:
    """Where the units of a grant (or of allowances) are: granted = burnt + expired + voided + left, always.

    `granted` counts the recurrences that have begun; a unit that rolled over was granted once. An unlimited allowance
    grants what is burnt of it.
    """

    granted: Decimal = _NONE
    burnt: Decimal = _NONE
    expired: Decimal = _NONE
    voided: Decimal = _NONE
    left: Decimal = _NONE


@dataclass(frozen=True, slots=True)
class Balance:
    """Everything at one instant: by grant, of the allowances together, what is left overall, and the overage.

    `left` None: unlimited. `overage` is the use that found nothing to burn; use = what was burnt + `overage`.
    """

    of_grants: Mapping[GrantId, GrantBalance]
    of_allowances: GrantBalance
    left: Decimal | None
    overage: Decimal


def balance(
    grants: Sequence[EntitlementGrant],
    allowances: Iterable[Allowance],
    usage: Iterable[Use],
    at: datetime,
    calendar: Calendar,
) -> Balance:
    """What use up to and at `at` leaves of one feature's grants and allowances; their order says nothing.

    Works once through the instants at which a lot starts or ends; use between two of them is burnt as one sum. What
    is dated after `at` (use, starts, expiries, voids) is not known yet. Raises InvalidInput for negative use and for
    an id that two grants share.
    """
    if len({each.id for each in grants}) < len(grants):
        raise InvalidInput(("grants",), "Two grants have one id.", sorted(each.id for each in grants))
    # exact: sums that would need more digits than these are an error and never a rounding
    with localcontext(Context(prec=_DIGITS, traps=[Inexact])):
        used = sorted(((each.occurred_at, each.amount) for each in usage if each.occurred_at <= at), reverse=True)
        if any(amount < 0 for _, amount in used):
            raise InvalidInput(("usage",), "Use is 0 or more.", min(amount for _, amount in used))
        accounts = [_account_of_grant(each, calendar, at) for each in grants]
        accounts += [_account_of_allowance(each, at) for each in allowances]
        overage = _NONE
        cuts = sorted({cut for account in accounts for lot in account.lots for cut in lot.cuts if cut <= at})
        for cut, until in zip([_BEFORE_ALL, *cuts], [*cuts, None], strict=True):
            for account in accounts:
                account.turn(cut)
            wanted = _NONE
            while used and (until is None or used[-1][0] < until):
                wanted += used.pop()[1]
            overage += _burn([account for account in accounts if account.live], wanted)
        of_grants = {each.id: account.balance() for each, account in zip(grants, accounts, strict=False)}
        of_allowances = _together([account.balance() for account in accounts[len(grants) :]])
        live = [account for account in accounts if account.live]
        unlimited = any(account.is_unlimited for account in live)
        left = None if unlimited else sum((account.left for account in live), _NONE)
        return Balance(of_grants, of_allowances, left, overage)


def recurrences(grant: EntitlementGrant, calendar: Calendar) -> Iterator[tuple[datetime, datetime | None]]:
    """The spans [start, end) over which each giving of the grant's amount lies, first to last; maybe without end.

    The first runs from the grant's start; later ones begin where the calendar turns: 00:00 local on the start's day
    of the week, month or year (clamped to its month), or a billing boundary. Expiry cuts the last one
    short; being voided is not looked at. Raises InvalidPeriod at the end of the calendar.
    """
    start, end = grant.starts_at, grant.expires_at
    for turn in _turns(grant, calendar):
        if end is not None and end <= turn:
            break
        if turn > start:  # where the clocks skip a whole day, its start is the next day's
            yield start, turn
            start = turn
    yield start, end


def _turns(grant: EntitlementGrant, calendar: Calendar) -> Iterator[datetime]:
    if grant.recurrence is Recurrence.NONE:
        return
    if grant.recurrence is Recurrence.BILLING_PERIOD:
        yield from sorted(set(calendar.boundaries))
        return
    first = local_day(grant.starts_at, calendar.zone)
    anchor = BillingAnchor(first, calendar.zone)
    for index in count(1):
        match grant.recurrence:
            case Recurrence.DAY:
                yield start_of_day(first + timedelta(days=index), calendar.zone)
            case Recurrence.WEEK:
                yield start_of_day(first + timedelta(weeks=index), calendar.zone)
            case Recurrence.MONTH:
                yield boundary(anchor, BillingInterval.MONTH, index)
            case Recurrence.YEAR:
                yield boundary(anchor, BillingInterval.YEAR, index)


@dataclass(frozen=True, slots=True)
class _Lot:
    """What one giving adds over [start, end). `planned_end` is the end without a void, which nobody could foresee."""

    start: datetime
    end: datetime | None
    planned_end: datetime | None
    amount: Decimal

    @property
    def cuts(self) -> tuple[datetime, ...]:
        return (self.start,) if self.end is None else (self.start, self.end)


@dataclass(slots=True)
class _Account:
    """One grant's or allowance's units, while its lots, which follow each other, are worked through."""

    lots: Sequence[_Lot]
    priority: int
    tie: tuple[object, ...]
    rollover_maximum: Decimal = _NONE
    voided_at: datetime | None = None
    is_unlimited: bool = False
    live: _Lot | None = None
    begun: int = 0
    granted: Decimal = _NONE
    burnt: Decimal = _NONE
    expired: Decimal = _NONE
    voided: Decimal = _NONE
    left: Decimal = _NONE

    @property
    def order(self) -> tuple[object, ...]:
        """The place in the burning of what is live now; no two grants share one."""
        end = self.live.planned_end if self.live else None
        return (not self.is_unlimited, self.priority, end is None, end or _BEFORE_ALL, *self.tie)

    def turn(self, at: datetime) -> None:
        """End the lot that ends at this instant and begin the one that starts, which takes over what rolls."""
        begins = self.begun < len(self.lots) and self.lots[self.begun].start == at
        if self.live and self.live.end == at:
            kept = min(self.left, self.rollover_maximum) if begins else _NONE
            if at == self.voided_at:
                self.voided += self.left - kept
            else:
                self.expired += self.left - kept
            self.left, self.live = kept, None
        if begins:
            self.live = self.lots[self.begun]
            self.begun += 1
            self.granted += self.live.amount
            self.left += self.live.amount

    def burn(self, wanted: Decimal) -> Decimal:
        """Burn as much of what is wanted as there is, and say how much that was."""
        if self.is_unlimited:
            self.granted += wanted
            self.left += wanted
        burnt = min(wanted, self.left)
        self.left -= burnt
        self.burnt += burnt
        return burnt

    def balance(self) -> GrantBalance:
        return GrantBalance(self.granted, self.burnt, self.expired, self.voided, self.left)


def _account_of_grant(grant: EntitlementGrant, calendar: Calendar, at: datetime) -> _Account:
    voided_at = grant.voided_at
    if voided_at is not None and grant.expires_at is not None and grant.expires_at <= voided_at:
        voided_at = None  # nothing was left to void
    lots = []
    for start, end in recurrences(grant, calendar):
        if start > at or (voided_at is not None and voided_at <= start):
            break
        cut = voided_at if voided_at is not None and (end is None or voided_at < end) else end
        lots.append(_Lot(start, cut, end, Decimal(grant.amount)))
    tie = (1, grant.created_at, grant.id)
    return _Account(lots, grant.priority, tie, Decimal(grant.rollover_maximum), voided_at)


def _account_of_allowance(allowance: Allowance, at: datetime) -> _Account:
    start, end = allowance.period.start, allowance.period.end
    lots = [_Lot(start, end, end, Decimal(allowance.amount or 0))] if start <= at else []
    # allowances that are alike but for these end together, so which of them burns first changes no figure
    tie = (0, start, allowance.amount or 0)
    return _Account(lots, allowance.priority, tie, is_unlimited=allowance.amount is None)


def _burn(live: Sequence[_Account], wanted: Decimal) -> Decimal:
    """Burn what is wanted in the total order; what found nothing."""
    for account in sorted(live, key=lambda each: each.order) if wanted else ():
        wanted -= account.burn(wanted)
    return wanted


def _together(balances: Sequence[GrantBalance]) -> GrantBalance:
    return GrantBalance(
        granted=sum((each.granted for each in balances), _NONE),
        burnt=sum((each.burnt for each in balances), _NONE),
        expired=sum((each.expired for each in balances), _NONE),
        voided=sum((each.voided for each in balances), _NONE),
        left=sum((each.left for each in balances), _NONE),
    )
