"""Load what closing a billing period is billed from: what its windows counted, its charges so far, use that came late.

For many subscriptions at once, in as many statements as for one; where nothing is metered, discounted or bounded, in
none. Owns which of these facts a period needs. Does not own what they come to (domain/invoicing/closing.py, late.py).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from db.queries.debits import debits_since
from db.queries.subscriptions import LiveSubscription, PastPeriod, past_periods
from db.queries.usage import counted, late_use
from db.scope import Scope
from db.unit_of_work import Session
from domain.catalog import ChargeTiming, PlanVersion
from domain.ids import AccountId, InvoiceId, SubscriptionId
from domain.invoicing.arrears import HeldItem, UsageWindow, usage_slices, usage_windows
from domain.invoicing.closing import Closing
from domain.invoicing.draft import BillingSpan
from domain.invoicing.ending import cut_at
from domain.invoicing.span import is_moved, span_of
from domain.invoicing.terms import BillingTerms
from domain.periods import BillingAnchor
from domain.usage import RETENTION

_COMMITTED_LATE = timedelta(hours=1)
"""How long before a boundary use may have been received that the boundary did not see: it was not committed yet."""


@dataclass(frozen=True, slots=True)
class PeriodToClose:
    """A period of a live subscription that ends. `draft_id`: a draft that billed it before, and is not counted."""

    live: LiveSubscription
    span: BillingSpan
    terms: BillingTerms
    draft_id: InvoiceId | None = None

    @property
    def id(self) -> SubscriptionId:
        """The subscription's id."""
        return self.live.now.id

    @property
    def account_id(self) -> AccountId:
        """Its account's id."""
        return self.live.now.account_id

    @property
    def begins_at(self) -> datetime:
        """Up to where periods are before this one: its start, or the end of a subscription that has ended."""
        return self.live.now.ended_at or self.span.period.start

    @property
    def held(self) -> tuple[HeldItem, ...]:
        """The item versions in force in it."""
        return tuple(held for held in self.live.held if held.is_within(self.span.period))


async def load_closings(
    session: Session, scope: Scope, asked: Sequence[PeriodToClose]
) -> dict[SubscriptionId, Closing]:
    """What each of these periods is closed from; at most one of a subscription. Four statements at most."""
    closings = await _closings(session, scope, asked, [_needs_billed(each) for each in asked])
    return {each.id: closing for each, closing in zip(asked, closings, strict=True)}


async def load_late(
    session: Session, scope: Scope, asked: Sequence[PeriodToClose]
) -> dict[SubscriptionId, tuple[Closing, ...]]:
    """The periods before these whose use has changed since their bill, as it counts now; six statements at most.

    What the boundary before has seen is found again, and comes to nothing. Of a subscription that has ended they are
    those before its end. Use of a trial costs nothing whenever it comes.
    """
    metered = [each for each in asked if any(map(is_metered, _versions(each.live.held)))]
    if not metered:
        return {}
    begins = {each.account_id: each.begins_at for each in metered}
    late = await late_use(
        session, scope, {account_id: (start - _COMMITTED_LATE, start) for account_id, start in begins.items()}
    )
    concerned = [each for each in metered if each.account_id in late]
    if not concerned:
        return {}
    past = await past_periods(session, scope, {each.id: each.account_id for each in concerned})
    reopened: list[PeriodToClose] = []
    for each in concerned:
        for period in past.get(each.id, ()):
            before = None if period.is_trial else _as_it_was(each, period)
            if before is None or not each.begins_at - RETENTION < before.span.period.end <= each.begins_at:
                continue
            if any(before.span.period.contains(instant) for instant in late[each.account_id]):
                reopened.append(before)
    closings = await _closings(session, scope, reopened, [True] * len(reopened))
    found: dict[SubscriptionId, tuple[Closing, ...]] = {}
    for each, closing in zip(reopened, closings, strict=True):
        if closing.usage:
            found[each.id] = (*found.get(each.id, ()), closing)
    return found


def is_metered(version: PlanVersion) -> bool:
    """Whether use decides a part of the version's price."""
    return any(component.is_metered for component in version.components)


def _versions(held: Sequence[HeldItem]) -> Collection[PlanVersion]:
    return {each.version.id: each.version for each in held}.values()


def _needs_billed(each: PeriodToClose) -> bool:
    """Whether earlier charges of the period count: for its bounds, a discount that arrears share, a zone that moved."""
    versions = _versions(each.held)
    if any(version.bounds for version in versions) or is_moved(each.live.now):
        return True
    in_arrears = any(
        component.timing is ChargeTiming.IN_ARREARS for version in versions for component in version.components
    )
    return in_arrears and bool(each.terms.covering(each.span.period))


def _as_it_was(each: PeriodToClose, past: PastPeriod) -> PeriodToClose | None:
    """A period that is over, up to where it ended; None where no instant of it is left."""
    then = replace(
        each.live.now,
        period=past.period,
        interval=past.interval,
        anchor=BillingAnchor(past.anchor_on, each.live.now.anchor.zone),
    )
    ends = [each.begins_at, past.period.end, *([past.ended_at] if past.ended_at else [])]
    span = cut_at(span_of(then), min(ends)) if min(ends) < past.period.end else span_of(then)
    return None if span is None else replace(each, live=replace(each.live, now=then), span=span)


async def _closings(
    session: Session, scope: Scope, asked: Sequence[PeriodToClose], needs_billed: Sequence[bool]
) -> list[Closing]:
    windows: list[tuple[AccountId, UsageWindow]] = []
    of: list[tuple[int, int]] = []
    for each in asked:
        own = usage_windows(each.held, each.span.period)
        of.append((len(windows), len(windows) + len(own)))
        windows += [(each.account_id, window) for window in own]
    figures = await counted(session, scope, windows)
    since: dict[tuple[AccountId, SubscriptionId], datetime] = {}
    for each, needed in zip(asked, needs_billed, strict=True):
        key = each.account_id, each.id
        if needed:
            since[key] = min(since.get(key, each.span.period.start), each.span.period.start)
    drafts = [each.draft_id for each in asked if each.draft_id is not None]
    billed = await debits_since(session, scope, since, but=drafts, with_forgiven=True)
    closings: list[Closing] = []
    for each, needed, (first, end) in zip(asked, needs_billed, of, strict=True):
        measured = [(windows[place][1], figures[place]) for place in range(first, end)]
        found = [
            line
            for line in (billed.get(each.id, ()) if needed else ())
            if line.service.start < each.span.period.end and line.service.end > each.span.period.start
        ]
        # what was counted is held against a later count; the rest of a void invoice is only not asked for again
        forgiven = tuple(line for line in found if line.is_forgiven and not line.is_counted)
        charges = tuple(line for line in found if not line.is_forgiven or line.is_counted)
        now, usage = each.live.now, usage_slices(measured)
        closings.append(Closing(each.span, now.interval, each.held, usage, charges, now.trial_end_at, forgiven))
    return closings
