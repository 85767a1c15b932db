"""A billing period that a change began: on its own day, from 00:00, though the change itself came later that day.

What the change opened is charged from the period's start, and what it closed belongs to the period before. Owns which
items of a period count from where. Does not own use, which is split at the very instant of a change (arrears.py).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.catalog import BASE
from domain.invoicing.arrears import HeldItem
from domain.periods import BillingInterval, Period


def counted_from_start(
    items: Sequence[HeldItem], period: Period, interval: BillingInterval, trial_left_at: datetime | None = None
) -> tuple[HeldItem, ...]:
    """The item versions of a period as they are charged for time; as they are where no change began it.

    `interval` is the one the period is billed by; `trial_left_at` the instant at which a trial ended, if there was one.
    """
    begun_at = _begun_at(items, period, interval, trial_left_at)
    if begun_at is None:
        return tuple(items)
    return tuple(
        replace(held, item=replace(held.item, valid_from=min(held.item.valid_from, period.start)))
        if held.item.valid_from <= begun_at
        else held
        for held in items
        if held.item.valid_until is None or held.item.valid_until > begun_at
    )


def _begun_at(
    items: Sequence[HeldItem], period: Period, interval: BillingInterval, trial_left_at: datetime | None
) -> datetime | None:
    """The instant of the change that began the period; None where it began by itself.

    Only three changes begin one: another interval, leaving a free plan, leaving a trial. Each closes every item.
    """
    bases = [held for held in items if held.item.component == BASE]
    begun = [] if trial_left_at is None else [trial_left_at]
    for held in bases:
        until, price = held.item.valid_until, held.price
        if until is None or price is None:
            continue
        after = next((each for each in bases if each.item.valid_from == until), None)
        is_left_free = held.version.is_free and after is not None and not after.version.is_free
        if price.interval is not interval or is_left_free:
            begun.append(until)
    return max((at for at in begun if period.start < at < period.end), default=None)
