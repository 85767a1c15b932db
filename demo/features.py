"""What the demo's plans grant: the meters, the features, and a row for each feature of a hub from FREE to ENTERPRISE.

Owns the copy of features and the figures of each rung. Does not own plans and prices (catalog.py, price_list.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.catalog import FeatureKind
from domain.plan_change.entitlement_change import SEATS
from domain.usage import Aggregation

BOOLEAN, LIMIT, METERED, CONFIG = FeatureKind


@dataclass(frozen=True, slots=True)
class MeterCopy:
    """A meter as the vendor describes it."""

    code: str
    name: str
    unit: str
    aggregation: Aggregation


@dataclass(frozen=True, slots=True)
class FeatureCopy:
    """A feature as the vendor describes it; `meter` is what is measured against it."""

    code: str
    name: str
    kind: FeatureKind
    description: str
    meter: str | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """What one rung grants of a feature; the words below make them."""

    is_enabled: bool = True
    limit: int | None = None
    per_unit: int = 0
    component: str | None = None
    setting: str | None = None


YES, NO = Grant(), Grant(is_enabled=False)
NONE_OF_IT = Grant(is_enabled=False, limit=0)
UNLIMITED = Grant()


def up_to(limit: int) -> Grant:
    """So many and no more."""
    return Grant(limit=limit)


def each(component: str, gives: int, beside: int = 0) -> Grant:
    """So many for each unit of a component bought, `beside` those that come with the plan."""
    return Grant(limit=beside, per_unit=gives, component=component)


def at(setting: str) -> Grant:
    """A setting with a name."""
    return Grant(setting=setting)


METERS: tuple[MeterCopy, ...] = (
    MeterCopy("seats", "Seats assigned", "seats", Aggregation.LATEST),
    MeterCopy("contacts", "Marketing contacts", "contacts", Aggregation.LATEST),
    MeterCopy("email-sends", "E-mails sent", "e-mails", Aggregation.SUM),
    MeterCopy("api-calls", "API calls", "calls", Aggregation.COUNT),
)

FEATURES: tuple[FeatureCopy, ...] = (
    FeatureCopy(SEATS, "Seats", LIMIT, "People who may sign in and work.", "seats"),
    FeatureCopy("contacts", "Marketing contacts", LIMIT, "People and firms you may write to.", "contacts"),
    FeatureCopy("email-sends", "E-mail sends", METERED, "E-mails sent in a billing period.", "email-sends"),
    FeatureCopy("api-calls", "API calls", METERED, "Calls of the API in a billing period.", "api-calls"),
    FeatureCopy("automation", "Automations", BOOLEAN, "Steps that run by themselves when something happens."),
    FeatureCopy("ab-testing", "A/B tests", BOOLEAN, "Two versions of a mailing, the better one wins."),
    FeatureCopy("custom-reports", "Custom reports", BOOLEAN, "Reports you put together yourself."),
    FeatureCopy("sandbox", "Sandbox", BOOLEAN, "A copy to try changes in before they are live."),
    FeatureCopy("sso", "Single sign-on", BOOLEAN, "Sign in through your own identity provider."),
    FeatureCopy("audit-log", "Audit log", BOOLEAN, "Who changed what, and when, for a year."),
    FeatureCopy("forecasting", "Forecasting", BOOLEAN, "What the open deals are likely to bring."),
    FeatureCopy("ticket-routing", "Ticket routing", BOOLEAN, "Tickets find the right person by rules."),
    FeatureCopy("support", "Support", CONFIG, "How our support can be reached."),
    FeatureCopy("response-time", "Response time", CONFIG, "How soon support answers, by contract."),
)

# each row: FREE, STARTER, PROFESSIONAL, ENTERPRISE
Rungs = tuple[Grant, Grant, Grant, Grant]
_FROM_PROFESSIONAL: Rungs = (NO, NO, YES, YES)
_ENTERPRISE_ONLY: Rungs = (NO, NO, NO, YES)
_SEATS: Rungs = (up_to(2), each("seats", 1), each("seats", 1), each("seats", 1))
_SUPPORT: Mapping[str, Rungs] = {
    "support": (at("community"), at("email"), at("email-and-chat"), at("dedicated")),
    "response-time": (at("best-effort"), at("two-days"), at("eight-hours"), at("one-hour")),
}

GRANTS: Mapping[str, Mapping[str, Rungs]] = {
    "marketing": {
        SEATS: _SEATS,
        "contacts": (up_to(500), each("contacts", 1_000), each("contacts", 1_000), each("contacts", 1_000)),
        "email-sends": (
            up_to(1_000),
            up_to(10_000),
            each("email-packs", 1_000, beside=60_000),
            each("email-packs", 1_000, beside=400_000),
        ),
        "api-calls": (NONE_OF_IT, up_to(1_000), up_to(10_000), UNLIMITED),
        "automation": (NO, NO, YES, YES),
        "ab-testing": _FROM_PROFESSIONAL,
        "custom-reports": _FROM_PROFESSIONAL,
        "sandbox": _ENTERPRISE_ONLY,
        "sso": _ENTERPRISE_ONLY,
        "audit-log": _ENTERPRISE_ONLY,
        **_SUPPORT,
    },
    "sales": {
        SEATS: _SEATS,
        "api-calls": (NONE_OF_IT, up_to(1_000), up_to(5_000), UNLIMITED),
        "automation": (NO, YES, YES, YES),
        "custom-reports": _FROM_PROFESSIONAL,
        "forecasting": _FROM_PROFESSIONAL,
        "sso": _ENTERPRISE_ONLY,
        "audit-log": _ENTERPRISE_ONLY,
        **_SUPPORT,
    },
    "service": {
        SEATS: _SEATS,
        "api-calls": (NONE_OF_IT, up_to(1_000), up_to(5_000), UNLIMITED),
        "ticket-routing": _FROM_PROFESSIONAL,
        "custom-reports": _FROM_PROFESSIONAL,
        "sso": _ENTERPRISE_ONLY,
        "audit-log": _ENTERPRISE_ONLY,
        **_SUPPORT,
    },
}
