"""Law L36: changes are blocked no later than access, whatever the table of dunning says and whichever day it is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from domain.commands import Cancel, EndTrial, Pause, Resume, Turn
from domain.dunning import DUNNING, DunningAction, DunningStep, Standing, standing, suspended_from
from domain.plan_change.decide import decide
from domain.plan_change.verdict import Verdict
from domain.subscription import SubscriptionStatus
from tests.domain.invoicing.making import held_items
from tests.domain.strategies import LAW
from tests.make import AN_OVERDUE_INVOICE, SCALE, STARTER, YEAR, a_subscription, april, facts

A = DunningAction
DUE_ON = date(2026, 3, 1)
ACTIONS = st.lists(st.sampled_from([A.REMIND, A.RETRY, A.BLOCK_CHANGES, A.SUSPEND]), unique=True, max_size=3)
STEPS = st.lists(st.tuples(st.integers(1, 60), ACTIONS), min_size=1, max_size=8, unique_by=lambda step: step[0])
ZONES = st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York", "Pacific/Kiritimati", "Europe/Paris"])


@st.composite
def tables(draw: st.DrawFn) -> list[DunningStep]:
    """Any table that suspends at last: also one that blocks nothing before, or suspends and then reminds."""
    steps = [DunningStep(day, tuple(actions)) for day, actions in draw(STEPS)]
    return [*steps, DunningStep(61, (A.SUSPEND,))]


TRIAL = a_subscription(status=SubscriptionStatus.TRIALING)
PAUSED = replace(a_subscription(status=SubscriptionStatus.PAUSED), items=(), paused_at=april(11))
MORE: Mapping[str, Mapping[str, Any]] = {
    "another plan": {"target": SCALE},
    "more seats": {"seats": 4},
    "a year": {"interval": YEAR},
    "several things at once": {"target": SCALE, "seats": 4, "interval": YEAR},
    "a trial paid from now on": {"subscription": TRIAL, "turn": EndTrial()},
    "what was paused": {"subscription": PAUSED, "turn": Resume(), "held": held_items(a_subscription())},
}
"""What gives an account more, or keeps it going."""
LESS: Mapping[str, Turn] = {"an end": Cancel(), "an end at once": Cancel(is_immediate=True), "a pause": Pause()}


def allows(stands: Standing, **asked: Any) -> bool:
    """Whether an account that stands like this may have that."""
    late = stands is not Standing.GOOD
    decision = decide(
        facts(
            **asked, standing=stands, overdue="25.00" if late else None,
            oldest_overdue=AN_OVERDUE_INVOICE if late else None,
        )
    )  # fmt: skip
    return decision.verdict is not Verdict.REFUSE


def may_go_up(stands: Standing) -> bool:
    """Whether it may have more of anything."""
    return any(allows(stands, **asked) for asked in MORE.values())


@LAW
@given(table=st.one_of(st.just(list(DUNNING)), tables()), minutes=st.integers(-3_000, 120_000), zone=ZONES)
def test_l36_who_has_no_access_changes_nothing_from_that_very_instant(
    table: list[DunningStep], minutes: int, zone: str
) -> None:
    since = suspended_from(DUE_ON, zone, table)
    assert since is not None
    for at in (datetime(2026, 3, 1, tzinfo=ZoneInfo("UTC")) + timedelta(minutes=minutes), since):
        stands = standing(DUE_ON, at.astimezone(ZoneInfo(zone)).date(), table)
        assert (stands is Standing.SUSPENDED) == (at >= since)
        if at >= since:
            assert not may_go_up(stands)


def test_l36_between_the_block_and_the_end_of_access_one_looks_and_pays() -> None:
    said = {stands: may_go_up(stands) for stands in Standing}
    assert said == {
        Standing.GOOD: True, Standing.OVERDUE: True, Standing.CHANGES_BLOCKED: False, Standing.SUSPENDED: False,
    }  # fmt: skip
    # each of them, whoever is in good standing may
    assert [says for says, asked in MORE.items() if not allows(Standing.GOOD, **asked)] == []
    # who may have no more may have less at once: nobody is kept who wants to leave
    assert [says for says, turn in LESS.items() if not allows(Standing.SUSPENDED, turn=turn)] == []
    # but no smaller plan, before it has paid
    blocked = facts(
        target=STARTER, standing=Standing.SUSPENDED, overdue="25.00", oldest_overdue=AN_OVERDUE_INVOICE
    )  # fmt: skip
    (reason,) = [each for each in decide(blocked).reasons if each.verdict is Verdict.REFUSE]
    assert reason.remedy is not None
    assert reason.remedy.action.value == "PAY_INVOICE"
