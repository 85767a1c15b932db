"""A pause gives the rest of the period back, a resume charges from then to the next boundary. The anchor stays.

Owns the money of both, and which items go on. Does not own entitlements, nor the commitment that a pause makes longer.
"""

from collections.abc import Sequence
from datetime import datetime

from domain.ids import PlanVersionId
from domain.invoicing.arrears import HeldItem
from domain.invoicing.bill import Bill, bill
from domain.invoicing.closing import Closing
from domain.invoicing.debited import DebitedLine
from domain.invoicing.draft import DraftLine
from domain.invoicing.period import BoundaryFacts, BoundaryLines, close_period
from domain.invoicing.prorating import credit_unused
from domain.invoicing.terms import BillingTerms
from domain.periods import Period, nearest_boundary, period_at
from domain.subscription import BillingSubscription


def pause(debits: Sequence[DebitedLine], terms: BillingTerms, at: datetime) -> Bill:
    """What a pause at an instant gives back: credit notes over the service that goes unused, and no invoice.

    What is charged in arrears is not billed yet: the period's end bills it, or the resume after that.
    """
    return bill(unused_after(debits, at, terms.account.zone), terms, at)


def unused_after(debits: Sequence[DebitedLine], at: datetime, zone: str) -> tuple[DraftLine, ...]:
    """The credits of everything charged in advance for time after `at`."""
    ahead = [debit for debit in debits if debit.is_in_advance and debit.service.end > at]
    if not ahead:
        return ()
    return credit_unused(ahead, Period(at, max(debit.service.end for debit in ahead)), zone)


def held_when_paused(held: Sequence[HeldItem], version_id: PlanVersionId, paused_at: datetime) -> tuple[HeldItem, ...]:
    """What a subscription held when it was paused: of each component the last version that ended then.

    A change at the very instant of the pause, or a resume, ended one at that instant too, and what it put in its place
    was held for no time at all. `version_id` is the plan version it was paused in; every version has all components.
    """
    last: dict[str, HeldItem] = {}
    for each in sorted(held, key=lambda each: (each.item.valid_from, each.item.id)):
        if each.item.valid_until == paused_at and each.version.id == version_id:
            last[each.item.component] = each
    return tuple(last.values())


def resumed_period(subscription: BillingSubscription, at: datetime) -> Period:
    """The billing period a subscription resumes into: the present one, else the one around `at`, on its old anchor.

    The first after the present one begins where that ends, by hours beside its boundary where the zone has moved since.
    """
    period, anchor, interval = subscription.period, subscription.anchor, subscription.interval
    if period.contains(at):
        return period
    first = Period(period.end, period_at(anchor, interval, nearest_boundary(anchor, interval, period.end)).end)
    return first if first.contains(at) else period_at(anchor, interval, at)


def resume(
    subscription: BillingSubscription,
    terms: BillingTerms,
    at: datetime,
    closing: Closing | None = None,
    late: tuple[Closing, ...] = (),
) -> BoundaryLines:
    """What a resume at an instant bills: from then to the next boundary, by its share of the whole period.

    `subscription` is as it resumes, in its `resumed_period`. `closing` is the period it was paused in where that is
    over by now: what it owes in arrears is billed with it, and with `late` what changed in those before. None where it
    resumes in that very period.
    """
    return close_period(
        BoundaryFacts(
            at,
            terms,
            closing=closing,
            opening=subscription,
            opening_from=at,
            reopens=closing is None,
            late=late,
        )
    )
