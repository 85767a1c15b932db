"""Shares of a period: the factor, and the two sides of a change's delta.

The factor is remaining / total in real seconds, an exact fraction, so a month with a change of the clocks is shared
by the time that really passed. A credit looks at what a line debited over the line's own service period, a charge at
the new amount over the billing period; neither ever asks for a "current price".

Not owned here: what the new amount is (pricing/), which lines a change touches (plan_change/), usage, which is never
prorated.
"""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from domain.errors import InvalidAmount, OutsidePeriod
from domain.money import Money, round_half_away
from domain.periods import Period, seconds_between

_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Prorated:
    """A share of an amount and why: amount = round_half_away(basis_minor × remaining_s / total_s).

    A credit is negative, and so is its basis. Where the share would be more than the line has left, `left_minor`
    (same sign) is the amount instead; None where no line stands behind. `sentence` says the same to a customer.
    """

    basis_minor: int
    remaining_s: Fraction
    total_s: Fraction
    left_minor: int | None
    amount: Money
    sentence: str


def recompute(prorated: Prorated) -> Money:
    """The amount again, from the stored numbers alone; equal to `prorated.amount` or the explanation is wrong."""
    minor = _share(prorated.basis_minor, prorated.remaining_s, prorated.total_s, prorated.left_minor)
    return Money(minor, prorated.amount.currency)


def factor(period: Period, at: datetime) -> Fraction:
    """The share of `period` that remains at `at` (UTC): 1 at its start, 0 at its end, an exact fraction between.

    Raises OutsidePeriod for an instant before the start or after the end.
    """
    return _remaining_s(period, at) / period.seconds


def prorate(amount: Money, part: Period, whole: Period) -> Prorated:
    """What `part` of `whole` costs when all of it costs `amount`; what it gives back where `amount` is negative.

    Raises OutsidePeriod unless the part lies inside.
    """
    if not whole.covers(part):
        raise OutsidePeriod("Only a part of a period has a share of its amount.", (part, whole))
    side = "Credit" if amount.minor < 0 else "Charge"
    return _explained(f"{side} for", amount.minor, amount.currency, part.seconds, whole.seconds)


def charge_for(new: Money, billing: Period, at: datetime) -> Prorated:
    """The charge of a change at `at`: the new amount for what remains of the billing period.

    Raises OutsidePeriod for an instant that is not in the period (its end included: nothing remains then).
    """
    remaining_s = _remaining_s(billing, at)
    return _explained("Charge for the remaining", new.minor, new.currency, remaining_s, billing.seconds)


def credit_of(debited: Money, service: Period, at: datetime, already_credited: Money | None = None) -> Prorated:
    """The credit of a change at `at`, zero or negative: what the line debited, for what remains of its own service.

    `debited` is the line's amount net of its discount, zero or more, and `service` the span that line covers: a line
    of an earlier change covers only the rest of its period. `already_credited` (zero or more) is what the line gave
    back before; a credit never exceeds what is left. Raises OutsidePeriod, CurrencyMismatch, and InvalidAmount for a
    negative line or one that gave back more than it took.
    """
    left = debited - (already_credited or Money.zero(debited.currency))
    if not 0 <= left.minor <= debited.minor:
        raise InvalidAmount("A line gives back at most what it debited.", (debited, already_credited))
    remaining_s = _remaining_s(service, at)
    return _explained(
        "Credit for the unused", -debited.minor, debited.currency, remaining_s, service.seconds, -left.minor
    )


def _remaining_s(period: Period, at: datetime) -> Fraction:
    if not period.start <= at <= period.end:
        raise OutsidePeriod("The instant is not in the period it is measured against.", (period, at))
    return seconds_between(at, period.end)


def _share(basis_minor: int, remaining_s: Fraction, total_s: Fraction, left_minor: int | None) -> int:
    minor = round_half_away(basis_minor * remaining_s / total_s)
    # a credit and what is left of its line are both negative: the one nearer zero is the smaller credit
    return minor if left_minor is None else max(minor, left_minor)


def _explained(
    what: str,
    basis_minor: int,
    currency: str,
    remaining_s: Fraction,
    total_s: Fraction,
    left_minor: int | None = None,
) -> Prorated:
    amount = Money(_share(basis_minor, remaining_s, total_s, left_minor), currency)
    basis = Money(abs(basis_minor), currency)
    sentence = f"{what} {_spans(remaining_s, total_s)} of {basis.spoken()}: {amount.spoken()}"
    is_capped = amount.minor != _share(basis_minor, remaining_s, total_s, None)
    return Prorated(
        basis_minor,
        remaining_s,
        total_s,
        left_minor,
        amount,
        f"{sentence}, all that the line has left." if is_capped else f"{sentence}.",
    )


def _spans(part_s: Fraction, whole_s: Fraction) -> str:
    """ "15 of 30 days" where both are whole days, else seconds, which are always exact."""
    if part_s % _DAY_S == 0 and whole_s % _DAY_S == 0:
        return f"{part_s // _DAY_S} of {whole_s // _DAY_S} days"
    return f"{_decimal(part_s)} of {_decimal(whole_s)} seconds"


def _decimal(seconds: Fraction) -> str:
    whole, microseconds = divmod(round_half_away(seconds * 1_000_000), 1_000_000)
    return f"{whole}.{microseconds:06}".rstrip("0").rstrip(".")
