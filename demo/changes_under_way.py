"""The scripts of personas whose subscription is about to become another: what they asked for, and what waits.

Owns these stories alone, told like the others (histories.py). The customers of the small market among them live after
a candidate edition of the policy is tried in the shadow (policy_story.py), and some ask for what it answers otherwise.
"""

from datetime import date
from decimal import Decimal

from demo.cards import ASKING_CARD, GOOD_CARD
from demo.deeds import AgreesTerms, AsksApproval, Cancels, Changes, History, SignsUp, StoresCard, instant, on
from demo.usage import Grows, Happens, Sends, Steps, points
from domain.commands import Phase
from domain.periods import BillingInterval

MONTH = BillingInterval.MONTH

CHANGES_UNDER_WAY = (
    History(
        "cancelling",
        pays_after_days=9,
        deeds=(
            on("2026-05-29T21:30", SignsUp("sales-starter", MONTH, {"seats": 3})),
            # two are in use as far as we were told, so one is refused
            on("2026-06-09T22:10", Changes("sales", quantities={"seats": 1}, only_looks=True)),
            on("2026-06-11T20:45", Cancels("sales", "We close the studio for the winter")),
        ),
        usage=(Steps("seats", points(("2026-05-30", 2), ("2026-06-08", 1))), Happens("api-calls", 4)),
    ),
    History(
        "scheduled-downgrade",
        pays_after_days=6,
        deeds=(
            on("2026-05-28T02:40", SignsUp("marketing-starter", MONTH, {"seats": 2, "contacts": 3})),
            on("2026-06-03T03:10", Changes("marketing", plan="marketing-professional", quantities={"seats": 4})),
            on("2026-06-11T04:25", Changes("marketing", quantities={"seats": 3}, only_looks=True)),
            on(
                "2026-06-15T02:50",
                Changes(
                    "marketing",
                    plan="marketing-starter",
                    quantities={"seats": 2},
                    confirm=frozenset({"PC-13"}),
                ),
            ),
        ),
        usage=(
            Steps("seats", points(("2026-05-28", 2))),
            Grows("contacts", points(("2026-05-29", 1_840), ("2026-06-17", 2_210))),
            Sends("email-sends", 240),
            Happens("api-calls", 6),
        ),
    ),
    History(
        "approval-pending",
        pays_after_days=21,
        deeds=(
            on(
                "2026-05-04T01:00",
                SignsUp(
                    "marketing-enterprise",
                    MONTH,
                    {"seats": 20, "contacts": 30},
                    commitment_months=12,
                    notice_days=60,
                ),
            ),
            on(
                "2026-06-15T06:20",
                AsksApproval(
                    Changes("marketing", quantities={"seats": 35, "contacts": 45}),
                    "Busan opens on 1 July with fifteen people",
                ),
            ),
        ),
        usage=(
            Steps("seats", points(("2026-05-04", 14), ("2026-05-18", 19))),
            Grows("contacts", points(("2026-05-05", 18_500), ("2026-06-17", 27_900))),
            Sends("email-sends", 4_100),
            Happens("api-calls", 10),
        ),
    ),
    History(
        "awaiting-payment",
        pays_after_days=None,
        deeds=(
            on("2026-05-06T01:55", SignsUp("sales-starter", MONTH, {"seats": 4})),
            on("2026-05-06T02:01", StoresCard(GOOD_CARD)),
            on("2026-06-16T03:30", StoresCard(ASKING_CARD)),
            on("2026-06-17T09:20", Changes("sales", plan="sales-professional")),
        ),
        usage=(Steps("seats", points(("2026-05-06", 3), ("2026-06-01", 4))), Happens("api-calls", 7)),
    ),
    History(
        "agreed-terms",
        pays_after_days=18,
        deeds=(
            on("2026-03-04T03:30", SignsUp("service-professional", MONTH, {"seats": 12})),
            on(
                "2026-03-19T08:10",
                AgreesTerms(
                    "Framework agreement of March 2026",
                    notice_days=60,
                    prices_locked_until=instant("2028-03-18T17:00"),
                    discount_percent=Decimal(15),
                    spend_cap="1500.00",
                ),
            ),
            on("2026-06-05T04:40", Changes("service", quantities={"seats": 14})),
            on("2026-06-12T07:15", Changes("service", quantities={"seats": 30}, only_looks=True)),
            on("2026-06-16T05:05", Changes("service", quantities={"seats": 13}, only_looks=True)),
        ),
        usage=(Steps("seats", points(("2026-03-04", 10), ("2026-06-08", 12))), Happens("api-calls", 9)),
    ),
    History(
        "ramp",
        pays_after_days=20,
        deeds=(
            on("2026-05-01T02:30", SignsUp("sales-enterprise", MONTH, {"seats": 12})),
            on(
                "2026-06-08T03:45",
                Changes(
                    "sales",
                    quantities={"seats": 20},
                    phases=(
                        Phase(on=date(2026, 9, 1), quantities=(("seats", 30),)),
                        Phase(on=date(2026, 12, 1), quantities=(("seats", 45),)),
                    ),
                ),
            ),
        ),
        usage=(Steps("seats", points(("2026-05-01", 9), ("2026-06-09", 16))), Happens("api-calls", 8)),
    ),
)
