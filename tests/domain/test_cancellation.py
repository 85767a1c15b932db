"""When a cancelled subscription ends: with its period, its commitment, or the one after."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.cancellation import Ending, EndReason, boundary_from, ending_of
from domain.subscription import CommitmentTerm
from tests.make import APRIL, MONTH, QUARTER, a_commitment, a_subscription, april


def at(year: int, month: int, day: int) -> datetime:
    """A midnight in UTC."""
    return datetime(year, month, day, tzinfo=UTC)


YEAR_OF_2026 = a_commitment(12, date(2026, 4, 1))  # to 1 April 2027, 30 days' notice: 2 March is the last day
ENDINGS = [
    # says, commitment, now, ends at, because
    ("without a commitment with the period", None, april(16), APRIL.end, EndReason.END_OF_PERIOD),
    ("in time with the commitment", YEAR_OF_2026, april(16), at(2027, 4, 1), EndReason.END_OF_TERM),
    ("on the last day of notice", YEAR_OF_2026, at(2027, 3, 2), at(2027, 4, 1), EndReason.END_OF_TERM),
    ("a day late with the next", YEAR_OF_2026, at(2027, 3, 3), at(2028, 4, 1), EndReason.END_OF_NEXT_TERM),
]  # fmt: skip


@pytest.mark.parametrize(("says", "term", "now", "ends_at", "because"), ENDINGS)
def test_a_cancelled_subscription_ends(
    says: str, term: CommitmentTerm | None, now: datetime, ends_at: datetime, because: EndReason
) -> None:
    subscription = a_subscription(commitment=term, at=now)
    assert ending_of(subscription, now) == Ending(ends_at, because), says


def test_a_trial_before_a_commitment_is_free_to_go() -> None:
    subscription = a_subscription(commitment=a_commitment(12, date(2026, 5, 1)))
    assert ending_of(subscription, april(16)) == Ending(APRIL.end, EndReason.END_OF_PERIOD)


def test_a_term_that_ends_inside_a_period_takes_that_with_it() -> None:
    # a pause of 15 days made it longer: it ends on 16 April 2027, and the month it ends in is billed whole
    term = replace(YEAR_OF_2026, end_at=at(2027, 4, 16))
    subscription = a_subscription(commitment=term, at=april(16))
    assert ending_of(subscription, april(16)) == Ending(at(2027, 5, 1), EndReason.END_OF_TERM)


def test_the_first_boundary_from_an_instant_on() -> None:
    subscription = a_subscription(since=date(2026, 1, 31), at=april(16), interval=MONTH)
    assert boundary_from(subscription, april(1)) == at(2026, 4, 30)  # the running period ends there
    assert boundary_from(subscription, at(2026, 4, 30)) == at(2026, 4, 30)
    assert boundary_from(subscription, at(2026, 5, 1)) == at(2026, 5, 31)
    quarterly = replace(subscription, interval=QUARTER)
    assert boundary_from(quarterly, at(2026, 5, 1)) == at(2026, 7, 31)
