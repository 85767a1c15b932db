"""When a change takes effect: the TIMING table row by row, and what the dates are."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from domain.catalog import PlanVersion
from domain.commands import Cancel, EndTrial, Pause, Resume, Turn
from domain.periods import BillingInterval
from domain.plan_change.decide import decide, timings_of
from domain.plan_change.parts import Axis, ChangePart, overall_direction, parts_of
from domain.plan_change.timing import TIMING, TimingRow, _assert_table_is_whole, instant_of
from domain.plan_change.verdict import ChangeDirection, EffectiveTiming
from domain.subscription import CommitmentTerm, SubscriptionStatus
from tests.make import (
    APRIL,
    FREE,
    MID_APRIL,
    MONTH,
    PRO,
    PRO_PLAIN,
    QUARTER,
    SCALE,
    STARTER,
    YEAR,
    a_commitment,
    a_subscription,
    a_version,
    april,
    facts,
)

UP, DOWN, SIDEWAYS = ChangeDirection
YEAR_END = datetime(2027, 4, 1, tzinfo=UTC)
PRO_TWIN = a_version("pro_twin", 2, 9_000, 2_500)


@dataclass(frozen=True)
class Case:
    says: str
    row: str
    at: datetime
    old: PlanVersion = PRO
    new: PlanVersion | None = None
    interval: BillingInterval = MONTH
    to: BillingInterval | None = None
    seats: int = 3
    to_seats: int | None = None
    status: SubscriptionStatus = SubscriptionStatus.ACTIVE
    commitment: CommitmentTerm | None = None
    turn: Turn | None = None
    now: datetime = MID_APRIL


TRIAL = SubscriptionStatus.TRIALING
CASES = [
    Case("a trial goes up at once", "T-01", MID_APRIL, new=SCALE, status=TRIAL),
    Case("a trial goes down at once", "T-01", MID_APRIL, new=STARTER, status=TRIAL),
    Case("a trial takes fewer seats at once", "T-01", MID_APRIL, to_seats=1, status=TRIAL),
    Case("a trial under contract changes at once", "T-01", MID_APRIL, new=STARTER, status=TRIAL,
         commitment=a_commitment()),
    Case("free to paid", "T-02", MID_APRIL, old=FREE, new=STARTER),
    Case("free to paid by the year", "T-02", MID_APRIL, old=FREE, new=STARTER, to=YEAR),
    Case("free to paid is at once even under a contract", "T-02", MID_APRIL, old=FREE, new=PRO,
         commitment=a_commitment()),
    Case("down, in a commitment", "T-03", YEAR_END, new=STARTER, commitment=a_commitment()),
    Case("fewer seats, in a commitment", "T-03", YEAR_END, to_seats=1, commitment=a_commitment()),
    Case("a shorter interval, in a commitment", "T-03", YEAR_END, interval=QUARTER, to=MONTH,
         commitment=a_commitment()),
    Case("a commitment that is over binds nobody", "T-05", APRIL.end, new=STARTER,
         commitment=a_commitment(12, date(2025, 4, 1))),
    Case("a year to a month", "T-04", YEAR_END, interval=YEAR, to=MONTH),
    Case("a quarter to a month", "T-04", datetime(2026, 7, 1, tzinfo=UTC), interval=QUARTER, to=MONTH),
    Case("a lower plan", "T-05", APRIL.end, new=STARTER),
    Case("paid to free", "T-05", APRIL.end, new=FREE),
    Case("fewer seats", "T-05", APRIL.end, to_seats=2),
    Case("a month to a year", "T-06", MID_APRIL, to=YEAR),
    Case("a month to a year, in a commitment", "T-06", MID_APRIL, to=YEAR, commitment=a_commitment()),
    Case("a higher plan", "T-07", MID_APRIL, new=SCALE),
    Case("a higher plan, in a commitment", "T-07", MID_APRIL, new=SCALE, commitment=a_commitment()),
    Case("a plan of the same rank, dearer or cheaper", "T-07", MID_APRIL, new=PRO_TWIN),
    Case("more seats", "T-07", MID_APRIL, to_seats=4),
    Case("an end at once", "T-09", MID_APRIL, turn=Cancel(is_immediate=True)),
    Case("an end at once, in a commitment", "T-09", MID_APRIL, turn=Cancel(is_immediate=True),
         commitment=a_commitment()),
    Case("the end of what is paused", "T-09", MID_APRIL, turn=Cancel(), status=SubscriptionStatus.PAUSED),
    Case("an end in a commitment, in time", "T-10", YEAR_END, turn=Cancel(), commitment=a_commitment()),
    # 30 days before 2026-05-20 is 20 April: on the 21st it is too late, and the term of a month renews into June
    Case("an end in a commitment, a day late", "T-11", datetime(2026, 7, 1, tzinfo=UTC), turn=Cancel(),
         commitment=CommitmentTerm(a_commitment().id, APRIL.start, datetime(2026, 5, 20, tzinfo=UTC), 1, 30),
         now=april(21)),
    Case("an end", "T-12", APRIL.end, turn=Cancel()),
    Case("the end of a trial that is cancelled", "T-12", APRIL.end, turn=Cancel(), status=TRIAL),
    Case("a pause", "T-13", MID_APRIL, turn=Pause()),
    Case("a resume", "T-14", MID_APRIL, turn=Resume(), status=SubscriptionStatus.PAUSED),
    Case("a trial paid from now on", "T-01", MID_APRIL, turn=EndTrial(), status=TRIAL),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_the_first_row_that_fits_decides(case: Case) -> None:
    subscription = a_subscription(
        case.old, seats=case.seats, interval=case.interval, status=case.status, commitment=case.commitment
    )
    asked = facts(subscription, case.new, interval=case.to, seats=case.to_seats, turn=case.turn, now=case.now)
    first = decide(asked).reasons[0]
    assert (first.code, first.effective_at) == (case.row, case.at)
    assert first.figures[0].value == case.at.date().isoformat()


def test_every_row_but_the_last_decides_some_case() -> None:
    # the last row takes what no other does: today nothing, and that is why it must stay
    assert {case.row for case in CASES} == {row.code for row in TIMING[:-1]}


def test_each_part_has_its_own_date_and_the_latest_is_the_date_of_all() -> None:
    asked = facts(a_subscription(PRO, seats=3, interval=YEAR), SCALE, interval=MONTH, seats=5)
    assert [(timing.part.axis, timing.row.code, timing.effective_at) for timing in timings_of(asked)] == [
        (Axis.PLAN, "T-07", MID_APRIL),
        (Axis.INTERVAL, "T-04", YEAR_END),
        (Axis.QUANTITY, "T-07", MID_APRIL),
    ]
    decision = decide(asked)
    assert (decision.reasons[0].code, decision.effective_at) == ("T-04", YEAR_END)


@pytest.mark.parametrize(
    ("says", "old", "new", "interval", "seats", "expected", "overall"),
    [
        ("up", PRO, SCALE, None, None, [ChangePart(Axis.PLAN, UP)], UP),
        ("down", PRO, STARTER, None, None, [ChangePart(Axis.PLAN, DOWN)], DOWN),
        ("sideways", PRO, PRO_TWIN, None, None, [ChangePart(Axis.PLAN, SIDEWAYS)], SIDEWAYS),
        ("the interval is an axis of its own", PRO, PRO, YEAR, None, [ChangePart(Axis.INTERVAL, UP)], SIDEWAYS),
        ("seats", PRO, PRO, None, 9, [ChangePart(Axis.QUANTITY, UP, "seats")], UP),
        ("the plan gives the direction, not the seats", PRO, SCALE, None, 1,
         [ChangePart(Axis.PLAN, UP), ChangePart(Axis.QUANTITY, DOWN, "seats")], UP),
        ("seats that come with the plan are no part of their own", FREE, PRO, None, 7,
         [ChangePart(Axis.PLAN, UP)], UP),
        ("seats the plan cannot hold shrink to what it can", PRO, STARTER, None, None,
         [ChangePart(Axis.PLAN, DOWN), ChangePart(Axis.QUANTITY, DOWN, "seats")], DOWN),
        ("nothing", PRO, PRO, MONTH, 3, [], SIDEWAYS),
    ],
)  # fmt: skip
def test_what_moves_and_which_way(
    says: str,
    old: PlanVersion,
    new: PlanVersion,
    interval: BillingInterval | None,
    seats: int | None,
    expected: list[ChangePart],
    overall: ChangeDirection,
) -> None:
    now = 14 if says.startswith("seats the plan cannot hold") else 3
    parts = parts_of(facts(a_subscription(old, seats=now), new, interval=interval, seats=seats))
    assert list(parts) == expected
    assert overall_direction(parts) is overall


def test_direction_never_looks_at_a_price() -> None:
    # the higher rung happens to be cheaper: still up, still at once
    cheap = a_version("cheap_but_higher", 3, 100)
    assert overall_direction(parts_of(facts(a_subscription(PRO_PLAIN), cheap))) is UP
    assert decide(facts(a_subscription(PRO_PLAIN), cheap)).effective_at == MID_APRIL


@pytest.mark.parametrize(
    ("says", "commitment", "interval", "expected"),
    [
        ("without a contract, the period", None, MONTH, APRIL.end),
        ("the day the contract ends", a_commitment(12), MONTH, YEAR_END),
        ("a contract that ends with the period", a_commitment(1), MONTH, APRIL.end),
        ("a contract that is over", a_commitment(12, date(2024, 4, 1)), MONTH, APRIL.end),
        # a year begun in April is paid until April, whatever the contract of May says
        ("a contract that ends inside a paid period waits for that", a_commitment(1, date(2026, 4, 20)), MONTH,
         datetime(2026, 6, 1, tzinfo=UTC)),
        ("a contract that ends inside a paid year", a_commitment(12, date(2026, 1, 1)), YEAR, YEAR_END),
    ],
)  # fmt: skip
def test_the_end_of_the_term_is_a_boundary_of_the_subscription(
    says: str, commitment: CommitmentTerm | None, interval: BillingInterval, expected: datetime
) -> None:
    asked = facts(a_subscription(PRO, commitment=commitment, interval=interval), now=april(21))
    assert instant_of(asked, EffectiveTiming.END_OF_TERM) == expected, says


@pytest.mark.parametrize(
    ("says", "table"),
    [
        ("a code twice", (*TIMING[:-1], TIMING[0], TIMING[-1])),
        ("no last row", TIMING[:-1]),
        ("a row without questions before the last", (TIMING[-1], TimingRow("T-99", "", (), TIMING[-1].then))),
        ("nothing", ()),
    ],
)
def test_a_table_with_a_hole_is_refused_at_import(says: str, table: tuple[TimingRow, ...]) -> None:
    with pytest.raises(AssertionError, match="TIMING"):
        _assert_table_is_whole(table)
