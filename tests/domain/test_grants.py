"""Entitlement grants: which burns first, what recurs and rolls over, and that no unit is ever lost or made."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.grants import (
    Allowance,
    Balance,
    Calendar,
    EntitlementGrant,
    GrantBalance,
    Recurrence,
    Use,
    balance,
    recurrences,
)
from domain.ids import GrantId
from domain.periods import Period
from tests.domain.strategies import AWKWARD_ZONES, LAW
from tests.make import APRIL, EMAILS, an_id, april

END_OF_APRIL = april(30)
UTC_CALENDAR = Calendar("UTC", (APRIL.start, APRIL.end))


def a_grant(name: str = "a", amount: int = 100, **rest: Any) -> EntitlementGrant:
    """A grant of 1 April, once, for good, with priority 0; grants are told apart by their name."""
    told: dict[str, Any] = {"priority": 0, "created_at": april(1), "starts_at": april(1), "reason": "A present."} | rest
    return EntitlementGrant(id=GrantId(an_id(f"grant {name}")), feature=EMAILS, amount=amount, **told)


def use(day: int, amount: str | int, hour: int = 0) -> Use:
    return Use(april(day, hour), Decimal(amount))


def units(*amounts: str | int) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, amounts))


def told(
    grants: Sequence[EntitlementGrant],
    usage: Iterable[Use] = (),
    at: datetime = END_OF_APRIL,
    allowances: Iterable[Allowance] = (),
    calendar: Calendar = UTC_CALENDAR,
) -> Balance:
    return balance(grants, allowances, usage, at, calendar)


def parts(given: Balance, grant: EntitlementGrant) -> tuple[Decimal, ...]:
    """(granted, burnt, expired, voided, left) of one grant."""
    of = given.of_grants[grant.id]
    return of.granted, of.burnt, of.expired, of.voided, of.left


# --- worked by hand ------------------------------------------------------------------------------------------------

ONCE = a_grant()
SHORT = a_grant(expires_at=april(10))
VOIDED = a_grant(voided_at=april(10))
DAILY = a_grant(recurrence=Recurrence.DAY)
WEEKLY = a_grant(recurrence=Recurrence.WEEK, rollover_maximum=30)


@pytest.mark.parametrize(
    ("says", "grant", "usage", "at", "expected", "left", "overage"),
    # expected: granted, burnt, expired, voided, left
    [
        ("nothing before it starts", a_grant(starts_at=april(5)), [], april(4, 23), (0, 0, 0, 0, 0), 0, 0),
        ("whole at its start", a_grant(starts_at=april(5)), [], april(5), (100, 0, 0, 0, 100), 100, 0),
        ("use burns it", ONCE, [use(2, 30), use(3, "0.5")], april(4), (100, "30.5", 0, 0, "69.5"), "69.5", 0),
        ("use of the very instant counts", ONCE, [use(4, 30)], april(4), (100, 30, 0, 0, 70), 70, 0),
        ("use to come does not", ONCE, [use(5, 30)], april(4), (100, 0, 0, 0, 100), 100, 0),
        ("use before its start burns nothing of it", a_grant(starts_at=april(5)), [use(4, 30, hour=23)], april(9),
         (100, 0, 0, 0, 100), 100, 30),
        ("more than there is", ONCE, [use(2, 130)], april(4), (100, 100, 0, 0, 0), 0, 30),
        ("whole a moment before it expires", SHORT, [use(2, 40)], april(9, 23), (100, 40, 0, 0, 60), 60, 0),
        ("expired at its instant", SHORT, [use(2, 40)], april(10), (100, 40, 60, 0, 0), 0, 0),
        ("use of the instant of expiry finds nothing", SHORT, [use(10, 40)], april(10), (100, 0, 100, 0, 0), 0, 40),
        ("voided at its instant", VOIDED, [use(2, 40), use(10, 5)], april(11), (100, 40, 0, 60, 0), 0, 5),
        ("not yet voided", VOIDED, [use(2, 40)], april(9), (100, 40, 0, 0, 60), 60, 0),
        ("voided after it expired: it was gone", replace(SHORT, voided_at=april(12)), [], april(13),
         (100, 0, 100, 0, 0), 0, 0),
        ("voided before it started: never given", a_grant(starts_at=april(5), voided_at=april(4)), [], april(9),
         (0, 0, 0, 0, 0), 0, 0),
        # three days begun, 300 given: 60 of the first and all of the second go, and 20 more than the second had
        ("a daily one starts afresh", DAILY, [use(1, 40), use(2, 120)], april(3), (300, 140, 60, 0, 100), 100, 20),
        # 1 April is a Wednesday, and the week of it ends on the 8th: of 60 left 30 go on
        ("what is left goes on, up to the maximum", WEEKLY, [use(2, 40)], april(8), (200, 40, 30, 0, 130), 130, 0),
        # 8th: 130. 110 burn, 20 are left and all go on: 120
        ("less than the maximum goes on whole", WEEKLY, [use(2, 40), use(9, 110)], april(15),
         (300, 150, 30, 0, 120), 120, 0),
        # 8th: 130, 15th: 130 and 100 lost in all more: what went on once goes on again, but never more than 30
        ("the maximum is of all that is left", WEEKLY, [], april(15), (300, 0, 170, 0, 130), 130, 0),
        ("a recurring one is voided with what went on", replace(WEEKLY, voided_at=april(9)), [], april(20),
         (200, 0, 70, 130, 0), 0, 0),
        ("voided where it would recur, it does not", replace(WEEKLY, voided_at=april(8)), [], april(20),
         (100, 0, 0, 100, 0), 0, 0),
        ("it expires with what went on", replace(WEEKLY, expires_at=april(10)), [], april(20),
         (200, 0, 200, 0, 0), 0, 0),
        ("expiring where it would recur, it does not", replace(WEEKLY, expires_at=april(8)), [], april(20),
         (100, 0, 100, 0, 0), 0, 0),
    ],
)  # fmt: skip
def test_one_grant_at_an_instant(
    says: str,
    grant: EntitlementGrant,
    usage: list[Use],
    at: datetime,
    expected: tuple[str | int, ...],
    left: str | int,
    overage: int,
) -> None:
    found = told([grant], usage, at)
    assert parts(found, grant) == units(*expected), says
    assert (found.left, found.overage) == units(left, overage), says


LATER, SOONER, NEVER = a_grant("l", expires_at=april(20)), a_grant("s", expires_at=april(10)), a_grant("n")


@pytest.mark.parametrize(
    ("says", "first", "second"),
    [
        ("the lower priority, though it lasts longer", replace(NEVER, priority=-1), SOONER),
        ("the sooner expiry", SOONER, LATER),
        ("never comes last", LATER, replace(NEVER, created_at=april(1) - timedelta(days=9))),
        ("the one made first", a_grant("old", created_at=april(1) - timedelta(days=1)), a_grant("new")),
        ("the lower id", *sorted([a_grant("x"), a_grant("y")], key=lambda each: each.id)),
        ("the end of a recurrence is what it is lost at", a_grant("daily", recurrence=Recurrence.DAY), SOONER),
        ("being voided could not be foreseen", SOONER, replace(LATER, voided_at=april(5))),
    ],
)
def test_of_two_grants_one_burns_first(says: str, first: EntitlementGrant, second: EntitlementGrant) -> None:
    for order in ([first, second], [second, first]):
        found = told(order, [use(1, 130, hour=9)], april(1, 10))
        assert (found.of_grants[first.id].burnt, found.of_grants[second.id].burnt) == units(100, 30), says
        assert (found.left, found.overage) == units(70, 0)


def test_a_later_grant_does_not_pay_overage_back() -> None:
    early, late = a_grant("early", 10), a_grant("late", starts_at=april(5))
    found = told([early, late], [use(2, 25), use(6, 40)])
    assert (found.of_grants[early.id].burnt, found.of_grants[late.id].burnt, found.overage) == units(10, 40, 15)


@pytest.mark.parametrize(
    ("says", "grant", "of_grant", "of_allowance"),
    [
        ("the allowance ends sooner than one for good", ONCE, 20, 50),
        ("a grant that ends sooner burns before it", SHORT, 70, 0),
        ("at the same end the allowance is first", replace(ONCE, expires_at=APRIL.end), 20, 50),
        ("unless the grant's priority is lower", replace(ONCE, priority=-1), 70, 0),
        ("and a higher one comes after it", replace(SHORT, priority=1), 20, 50),
    ],
)
def test_an_allowance_has_its_place_among_grants(
    says: str, grant: EntitlementGrant, of_grant: int, of_allowance: int
) -> None:
    found = told([grant], [use(2, 70)], april(9), [Allowance(APRIL, 50)])
    assert (found.of_grants[grant.id].burnt, found.of_allowances.burnt) == units(of_grant, of_allowance), says
    assert (found.left, found.overage) == units(80, 0)


def test_an_allowance_is_of_its_period_and_the_next_is_another() -> None:
    may = Allowance(Period(APRIL.end, datetime(2026, 6, 1, tzinfo=UTC)), 50)
    found = told(
        [], [use(2, 70), Use(APRIL.end, Decimal(8))], datetime(2026, 5, 2, tzinfo=UTC), [may, Allowance(APRIL, 50)]
    )
    # 50 of April burn and 20 find nothing; 8 of May's
    assert found.of_allowances == GrantBalance(*units(100, 58, 0, 0, 42))
    assert (found.left, found.overage) == units(42, 20)


def test_beside_an_unlimited_allowance_nothing_burns_and_nothing_is_over() -> None:
    found = told(
        [replace(SHORT, priority=-5)], [use(2, 1_000)], april(9), [Allowance(APRIL, None), Allowance(APRIL, 50)]
    )
    assert (found.left, found.overage) == (None, Decimal(0))
    assert parts(found, SHORT) == units(100, 0, 0, 0, 100)
    assert found.of_allowances == GrantBalance(*units(1_050, 1_000, 0, 0, 50))


def test_no_digit_is_lost_beside_a_great_figure() -> None:
    found = told([a_grant(amount=10**40)], [use(2, "0.000001")], april(9))
    assert found.left == Decimal("9" * 40 + ".999999")


@pytest.mark.parametrize(
    ("recurrence", "zone", "starts_at", "turns"),
    [
        # the second begins at midnight, not a day after the first
        (Recurrence.DAY, "UTC", april(1, 15), [april(2), april(3)]),
        # Paris is two hours ahead in April
        (Recurrence.WEEK, "Europe/Paris", april(1, 15), [april(7, 22), april(14, 22)]),
        (Recurrence.MONTH, "UTC", datetime(2026, 1, 31, tzinfo=UTC),
         [datetime(2026, 2, 28, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC)]),
        (Recurrence.YEAR, "UTC", datetime(2024, 2, 29, tzinfo=UTC),
         [datetime(2025, 2, 28, tzinfo=UTC), datetime(2026, 2, 28, tzinfo=UTC)]),
        # Apia had no 30 December 2011: after the 29th comes the 31st, which began at 10:00 of the 30th in UTC
        (Recurrence.DAY, "Pacific/Apia", datetime(2011, 12, 29, 12, tzinfo=UTC),
         [datetime(2011, 12, 30, 10, tzinfo=UTC), datetime(2011, 12, 31, 10, tzinfo=UTC)]),
        (Recurrence.BILLING_PERIOD, "UTC", april(1, 15), [APRIL.end]),
    ],
)  # fmt: skip
def test_a_grant_recurs_where_the_calendar_turns(
    recurrence: Recurrence, zone: str, starts_at: datetime, turns: list[datetime]
) -> None:
    spans = recurrences(a_grant(recurrence=recurrence, starts_at=starts_at), Calendar(zone, (APRIL.end, APRIL.start)))
    edges = [starts_at, *turns]
    assert [next(spans) for _ in turns] == list(zip(edges, turns, strict=False))


@pytest.mark.parametrize(
    ("field", "rest"),
    [
        ("amount", {"amount": 0}),
        ("rolloverMaximum", {"recurrence": Recurrence.DAY, "rollover_maximum": -1}),
        ("rolloverMaximum", {"rollover_maximum": 1}),
        ("expiresAt", {"expires_at": april(1)}),
        ("startsAt", {"starts_at": datetime(2026, 4, 1)}),
    ],
)
def test_what_can_be_no_grant_says_which_field(field: str, rest: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        a_grant(**rest)
    assert refused.value.path == (field,)


def test_negative_use_and_an_id_given_twice_are_no_questions() -> None:
    with pytest.raises(InvalidInput):
        told([ONCE], [use(2, -1)])
    with pytest.raises(InvalidInput):
        told([ONCE, SHORT])


# --- laws ----------------------------------------------------------------------------------------------------------

LAW_HERE = settings(LAW, max_examples=50)

HOURS = st.integers(0, 20).map(lambda days: APRIL.start + timedelta(hours=36 * days))
"""Instants of thirty days, so few that many things happen at one."""


@st.composite
def drawn_grants(draw: st.DrawFn, *, recurring: bool = True) -> EntitlementGrant:
    """A small grant; ends, voids, priorities and creations that often fall together."""
    starts_at = draw(HOURS)
    recurrence = draw(st.sampled_from(Recurrence)) if recurring else Recurrence.NONE
    after = st.none() | st.integers(1, 10).map(lambda days: starts_at + timedelta(hours=36 * days))
    return EntitlementGrant(
        id=GrantId(UUID(int=draw(st.integers(0, 2**128 - 1)))),
        feature=EMAILS,
        amount=draw(st.integers(1, 12)),
        priority=draw(st.integers(-1, 1)),
        created_at=draw(st.sampled_from([april(1), april(2)])),
        starts_at=starts_at,
        reason="Drawn.",
        expires_at=draw(after),
        recurrence=recurrence,
        rollover_maximum=0 if recurrence is Recurrence.NONE else draw(st.integers(0, 15)),
        voided_at=draw(st.none() | HOURS),
    )


def lists_of(grants: st.SearchStrategy[EntitlementGrant]) -> st.SearchStrategy[list[EntitlementGrant]]:
    return st.lists(grants, min_size=2, max_size=5, unique_by=lambda each: each.id)


GRANTS = lists_of(drawn_grants())
USAGE = st.lists(st.builds(Use, HOURS, st.integers(0, 60).map(lambda tenths: Decimal(tenths) / 10)), max_size=12)
SPANS = st.tuples(HOURS, HOURS).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: Period(*pair))
ALLOWANCES = st.lists(st.builds(Allowance, SPANS, st.none() | st.integers(0, 20), st.integers(-1, 1)), max_size=3)
BOUNDED = st.lists(st.builds(Allowance, SPANS, st.integers(0, 20), st.integers(-1, 1)), max_size=3)
CALENDARS = st.builds(Calendar, st.sampled_from(AWKWARD_ZONES), st.lists(HOURS, max_size=5))


@LAW_HERE
@given(GRANTS, ALLOWANCES, USAGE, HOURS, CALENDARS)
def test_l31_balances_conserve(
    grants: list[EntitlementGrant], allowances: list[Allowance], usage: list[Use], at: datetime, calendar: Calendar
) -> None:
    found = balance(grants, allowances, usage, at, calendar)
    every = [*found.of_grants.values(), found.of_allowances]
    for each in every:
        assert each.granted == each.burnt + each.expired + each.voided + each.left
        assert min(each.granted, each.burnt, each.expired, each.voided, each.left) >= 0
    # and no use is lost: it burnt something or it is over
    assert sum(each.amount for each in usage if each.occurred_at <= at) == found.overage + sum(e.burnt for e in every)
    # what is given is what the calendar says began, whatever was used
    for grant in grants:
        ends = [each for each in (grant.voided_at,) if each is not None]
        begun = 0
        for start, _ in recurrences(grant, calendar):
            if start > at or any(end <= start for end in ends):
                break
            begun += 1
        assert found.of_grants[grant.id].granted == begun * grant.amount


@LAW_HERE
@given(GRANTS, ALLOWANCES, USAGE, HOURS, CALENDARS, st.randoms(use_true_random=False))
def test_l31_the_order_of_what_is_given_says_nothing(
    grants: list[EntitlementGrant],
    allowances: list[Allowance],
    usage: list[Use],
    at: datetime,
    calendar: Calendar,
    dice: Any,
) -> None:
    before = balance(grants, allowances, usage, at, calendar)
    for each in (grants, allowances, usage):
        dice.shuffle(each)
    assert balance(grants, allowances, usage, at, calendar) == before


@LAW_HERE
@given(lists_of(drawn_grants(recurring=False)), USAGE, HOURS)
def test_l31_each_unit_burns_the_first_grant_of_the_total_order(
    grants: list[EntitlementGrant], usage: list[Use], at: datetime
) -> None:
    # worked tenth by tenth, looking at nothing but the grants as they are written
    left = {each.id: each.amount * 10 for each in grants}
    over = 0
    ever = datetime.max.replace(tzinfo=UTC)
    for used in sorted((each for each in usage if each.occurred_at <= at), key=lambda each: each.occurred_at):
        now = used.occurred_at
        for _ in range(int(used.amount * 10)):
            live = [
                each
                for each in grants
                if each.starts_at <= now < min(each.expires_at or ever, each.voided_at or ever) and left[each.id]
            ]
            if live:
                first = min(live, key=lambda each: (each.priority, each.expires_at or ever, each.created_at, each.id))
                left[first.id] -= 1
            else:
                over += 1
    found = balance(grants, [], usage, at, UTC_CALENDAR)
    for each in grants:
        assert found.of_grants[each.id].burnt * 10 == each.amount * 10 - left[each.id]
    assert found.overage * 10 == over


@LAW_HERE
@given(GRANTS, ALLOWANCES, USAGE, st.tuples(HOURS, HOURS).map(sorted), CALENDARS)
def test_l31_what_was_burnt_expired_voided_or_over_stays_so(
    grants: list[EntitlementGrant],
    allowances: list[Allowance],
    usage: list[Use],
    instants: list[datetime],
    calendar: Calendar,
) -> None:
    earlier, later = (balance(grants, allowances, usage, at, calendar) for at in instants)
    assert earlier.overage <= later.overage
    for key, was in earlier.of_grants.items():
        now = later.of_grants[key]
        assert was.granted <= now.granted
        assert was.burnt <= now.burnt
        assert was.expired <= now.expired
        assert was.voided <= now.voided


@LAW_HERE
@given(GRANTS, BOUNDED, USAGE, HOURS, CALENDARS)
def test_l32_left_is_null_or_not_below_zero_and_use_above_it_says_by_how_much(
    grants: list[EntitlementGrant], allowances: list[Allowance], usage: list[Use], at: datetime, calendar: Calendar
) -> None:
    found = balance(grants, allowances, usage, at, calendar)
    assert found.left is not None
    assert found.left >= 0
    assert found.overage >= 0
    # nothing is over while something is left: one unit more at this instant burns, or is the overage's
    more = balance(grants, allowances, [*usage, Use(at, Decimal(1))], at, calendar)
    assert more.left is not None
    assert more.overage - found.overage == max(Decimal(0), 1 - found.left)
    assert found.left - more.left == min(Decimal(1), found.left)
    # and an unlimited allowance leaves null, and nothing over
    ever = Allowance(Period(APRIL.start, APRIL.start + timedelta(days=100)), None)
    unlimited = balance(grants, [*allowances, ever], usage, at, calendar)
    assert (unlimited.left, unlimited.overage) == (None, Decimal(0))
