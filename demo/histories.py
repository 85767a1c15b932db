"""The script of each persona: what they bought, changed and used, and when. Instants are in UTC.

Owns the stories alone: every invoice, entitlement and counter follows from them by the real operations. Which state
each story must end in is the persona's sentence (personas.py), and the tests hold the two together.
"""

from collections.abc import Mapping
from types import MappingProxyType

from demo.cards import EMPTY_CARD, GOOD_CARD
from demo.changes_under_way import CHANGES_UNDER_WAY
from demo.deeds import Changes, Credits, GetsOverride, History, SignsUp, StoresCard, Voids, WritesOff, instant, on
from demo.usage import Grows, Happens, Sends, Steps, points
from domain.commands import CreditDestination
from domain.credit import CreditNoteReason
from domain.entitlement import FeatureValue
from domain.periods import BillingInterval

MONTH, YEAR = BillingInterval.MONTH, BillingInterval.YEAR
GOODWILL, BILLING_ERROR = CreditNoteReason.GOODWILL, CreditNoteReason.BILLING_ERROR

_STORIES = (
    History(
        "smb-monthly",
        pays_after_days=9,
        deeds=(
            on("2025-03-11T14:40", SignsUp("marketing-starter", MONTH, {"seats": 2, "contacts": 2})),
            on("2025-09-18T18:20", Changes("marketing", quantities={"seats": 3, "contacts": 3})),
            on("2026-05-27T13:10", Changes("marketing", plan="marketing-professional", only_looks=True)),
        ),
        usage=(
            Steps("seats", points(("2025-03-11", 1), ("2025-03-12", 2), ("2025-09-19", 3))),
            Grows("contacts", points(("2025-03-12", 320), ("2025-09-18", 1_890), ("2026-06-17", 2_410))),
            Sends("email-sends", 190),
            Happens("api-calls", 5),
        ),
    ),
    History(
        "annual-midterm",
        pays_after_days=12,
        deeds=(
            on("2023-12-14T08:31", SignsUp("marketing-free", MONTH)),
            on(
                "2023-12-17T09:10",
                Changes("marketing", plan="marketing-starter", interval=YEAR, quantities={"seats": 3, "contacts": 2}),
            ),
            on("2025-03-05T10:45", Changes("marketing", quantities={"seats": 4, "contacts": 3})),
        ),
        usage=(
            Steps("seats", points(("2023-12-14", 1), ("2023-12-18", 3), ("2025-03-05", 4))),
            Grows("contacts", points(("2023-12-15", 40), ("2025-03-05", 1_960), ("2026-06-17", 2_275))),
            Sends("email-sends", 55),
            Happens("api-calls", 3),
        ),
    ),
    History(
        "near-limit",
        pays_after_days=8,
        deeds=(
            on("2025-08-21T10:05", SignsUp("marketing-professional", MONTH, {"seats": 12, "contacts": 10})),
            on("2025-11-06T11:30", Changes("marketing", quantities={"contacts": 15, "email-packs": 20})),
            on("2026-03-24T09:15", Changes("marketing", quantities={"seats": 24, "contacts": 20, "brands": 1})),
            on(
                "2026-06-02T08:00",
                GetsOverride(
                    "api-calls",
                    FeatureValue(limit=25_000),
                    "Moves its booking system over in June",
                    instant("2026-06-30T22:00"),
                ),
            ),
            on(
                "2026-06-10T08:30",
                GetsOverride(
                    "sandbox", FeatureValue(), "Tries the sandbox for two weeks", instant("2026-06-24T08:30")
                ),
            ),
        ),
        usage=(
            Steps("seats", points(("2025-08-21", 9), ("2025-10-13", 12), ("2026-03-25", 19), ("2026-05-18", 23))),
            Grows("contacts", points(("2025-08-22", 6_400), ("2025-11-05", 9_750), ("2026-03-23", 14_600),
                                     ("2026-06-17", 18_940))),
            Sends("email-sends", 2_700),
            Happens("api-calls", 8),
        ),
    ),
    History(
        "past-due",
        pays_after_days=11,
        stops_paying_at=instant("2026-05-01T00:00"),
        deeds=(
            on("2025-09-12T16:00", SignsUp("sales-professional", MONTH, {"seats": 5})),
            on("2026-01-20T19:05", Changes("sales", quantities={"seats": 6})),
        ),
        usage=(
            Steps("seats", points(("2025-09-12", 3), ("2025-11-03", 5), ("2026-01-21", 6))),
            Happens("api-calls", 8),
        ),
    ),
    History(
        "enterprise",
        pays_after_days=44,
        deeds=(
            on(
                "2025-09-01T08:00",
                SignsUp(
                    "marketing-enterprise",
                    MONTH,
                    {"seats": 40, "contacts": 120, "email-packs": 200, "brands": 4},
                    commitment_months=24,
                    notice_days=90,
                ),
            ),
            on(
                "2025-09-01T08:10",
                SignsUp("sales-enterprise", YEAR, {"seats": 60}, commitment_months=24, notice_days=90),
            ),
            on(
                "2025-09-02T07:45",
                GetsOverride(
                    "response-time",
                    FeatureValue(setting="thirty-minutes"),
                    "Agreed in the contract, appendix B",
                    instant("2027-08-31T22:00"),
                ),
            ),
            on("2026-04-15T12:00", Changes("marketing", quantities={"contacts": 150}, only_looks=True)),
        ),
        usage=(
            Steps("seats", points(("2025-09-01", 52), ("2025-10-06", 78), ("2026-02-02", 91))),
            Grows("contacts", points(("2025-09-02", 71_000), ("2026-06-17", 104_300))),
            Sends("email-sends", 16_500),
            Happens("api-calls", 12),
        ),
    ),
    History(
        "yen",
        pays_after_days=20,
        deeds=(
            on("2025-08-31T02:00", SignsUp("marketing-starter", MONTH, {"seats": 4, "contacts": 3})),
            on(
                "2025-10-10T04:30",
                Changes("marketing", plan="marketing-professional", quantities={"seats": 8, "email-packs": 5}),
            ),
            # fewer seats wait for the end of the period
            on("2026-02-03T01:15", Changes("marketing", quantities={"seats": 6})),
        ),
        usage=(
            Steps("seats", points(("2025-08-31", 3), ("2025-10-11", 7), ("2026-01-26", 5))),
            Grows("contacts", points(("2025-09-01", 900), ("2025-10-10", 2_700), ("2026-06-17", 2_890))),
            Sends("email-sends", 640),
            Happens("api-calls", 6),
        ),
    ),
    History(
        "dinar",
        pays_after_days=5,
        deeds=(
            on(
                "2025-05-04T07:00",
                SignsUp("marketing-professional", MONTH, {"seats": 4, "contacts": 6, "email-packs": 15, "brands": 1}),
            ),
            on("2025-12-02T09:20", Changes("marketing", quantities={"email-packs": 27})),
            # a longer interval credits the rest of the month and starts a year that day
            on("2026-04-12T08:05", Changes("marketing", interval=YEAR)),
        ),
        usage=(
            Steps("seats", points(("2025-05-04", 4))),
            Grows("contacts", points(("2025-05-05", 2_300), ("2026-06-17", 5_140))),
            Sends("email-sends", 480),
            Happens("api-calls", 4),
        ),
    ),
    History(
        "old-customer",
        pays_after_days=7,
        deeds=(
            on(
                "2023-05-31T15:00",
                SignsUp("marketing-professional", MONTH, {"seats": 5, "contacts": 8, "email-packs": 10}),
            ),
            on("2024-04-09T20:10", Changes("marketing", quantities={"seats": 7, "contacts": 10})),
            on("2024-10-03T14:25", Changes("marketing", quantities={"seats": 6})),
            on("2025-01-13T17:30", SignsUp("service-essential", MONTH, {"seats": 4})),
            on("2025-08-19T18:50", Changes("marketing", quantities={"brands": 1})),
        ),
        usage=(
            Steps("seats", points(("2023-05-31", 4), ("2024-02-13", 8), ("2024-04-10", 10), ("2024-09-24", 9))),
            Grows("contacts", points(("2023-06-01", 3_900), ("2024-04-09", 7_950), ("2026-06-17", 8_620))),
            Sends("email-sends", 1_450),
            Happens("api-calls", 3),
        ),
    ),
    History(
        "trial",
        pays_after_days=None,
        deeds=(on("2026-06-10T08:05", SignsUp("sales-professional", MONTH, {"seats": 3}, trial_days=14)),),
        usage=(Steps("seats", points(("2026-06-10", 2), ("2026-06-15", 3))), Happens("api-calls", 4)),
    ),
    History(
        "trial-ending",
        pays_after_days=None,
        deeds=(
            on("2026-06-05T15:40", SignsUp("marketing-starter", MONTH, {"seats": 2, "contacts": 2}, trial_days=14)),
            on("2026-06-08T14:10", StoresCard(GOOD_CARD)),
        ),
        usage=(
            Steps("seats", points(("2026-06-05", 1), ("2026-06-09", 2))),
            Grows("contacts", points(("2026-06-05", 150), ("2026-06-17", 1_120))),
            Sends("email-sends", 90),
        ),
    ),
    History(
        "blocked",
        pays_after_days=None,
        deeds=(
            on("2026-01-18T16:30", SignsUp("sales-starter", MONTH, {"seats": 4})),
            on("2026-01-18T16:41", StoresCard(GOOD_CARD)),
            # the old card is lost; the new one has nothing on it when the bill of May is due
            on("2026-05-11T17:05", StoresCard(EMPTY_CARD)),
        ),
        usage=(Steps("seats", points(("2026-01-18", 2), ("2026-03-02", 4))), Happens("api-calls", 5)),
    ),
    History(
        "metered",
        pays_after_days=None,
        deeds=(
            on("2026-02-17T10:40", SignsUp("connect-professional", MONTH, {"seats": 2}, coupon="WELCOME20")),
            on("2026-02-17T10:52", StoresCard(GOOD_CARD)),
        ),
        usage=(
            Steps("seats", points(("2026-02-17", 2))),
            Sends("email-sends", 1_300),
            Sends("payment-volume", 184_000),
            Happens("api-calls", 30),
        ),
        # in the evening before a period ends, so that its bill has all of it
        sends_usage_on=17,
        sends_usage_after_hours=-2,
    ),
    History(
        "corrections",
        pays_after_days=10,
        stops_paying_at=instant("2026-05-01T00:00"),
        deeds=(
            on("2025-12-05T15:50", SignsUp("sales-starter", MONTH, {"seats": 6})),
            on("2026-01-22T16:20", Credits(2, "20.00", GOODWILL, "Three hours without service on 19 January")),
            on("2026-03-06T14:30", Voids(4, "The purchase order of the customer was missing")),
            on("2026-04-21T18:15", Credits(6, "12.50", BILLING_ERROR, "A seat too many", CreditDestination.REFUND)),
            on("2026-06-03T15:00", WritesOff(7, "Disputed since May; settled between us")),
            on("2026-06-10T13:45", Credits(6, "15.00", GOODWILL, "For the trouble with May")),
        ),
        usage=(Steps("seats", points(("2025-12-05", 4), ("2026-01-12", 6))), Happens("api-calls", 4)),
    ),
    *CHANGES_UNDER_WAY,
    History("empty", pays_after_days=0),
)  # fmt: skip

HISTORIES: Mapping[str, History] = MappingProxyType({story.slug: story for story in _STORIES})
"""Each persona's story, by slug."""
