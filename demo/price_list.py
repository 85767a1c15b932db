"""What the demo's plans cost: a month of each component, in every currency the vendor bills in.

Owns the amounts. Does not own what a plan is made of (catalog.py).
"""

from collections.abc import Mapping
from decimal import Decimal

CURRENCIES = ("USD", "EUR", "JPY", "KWD")
MONTHS_PAID_IN_A_YEAR = 10
"""Paid by the year, twelve months cost as much as ten."""

Amounts = tuple[str, str, str, str]
"""A month in minor units of USD, EUR, JPY and KWD: cents, cents, yen, fils. Unit prices may be finer than one."""

_NOTHING: Amounts = ("0", "0", "0", "0")

MONTHLY: Mapping[str, Mapping[str, Amounts]] = {
    "marketing-free@1": {"base": _NOTHING},
    "marketing-starter@1": {
        "base": ("1500", "1400", "2200", "4600"),
        "seats": ("900", "850", "1300", "2750"),
        "contacts": ("1800", "1700", "2600", "5500"),
    },
    "marketing-professional@1": {
        "base": ("42000", "39500", "62000", "129000"),
        "seats": ("4000", "3800", "5900", "12250"),
        "contacts": ("3600", "3400", "5300", "11000"),
        "email-packs": ("106.25", "100", "156.5", "325.5"),
        "brands": ("3000", "2800", "4400", "9200"),
    },
    "marketing-professional@2": {
        "base": ("48000", "45000", "71000", "147500"),
        "seats": ("4500", "4250", "6600", "13750"),
        "contacts": ("4000", "3800", "5900", "12250"),
        "email-packs": ("112.5", "106.25", "165.75", "345.125"),
        "brands": ("3500", "3300", "5200", "10750"),
    },
    "marketing-enterprise@1": {
        "base": ("240000", "225000", "355000", "737500"),
        "seats": ("7000", "6600", "10400", "21500"),
        "contacts": ("2200", "2050", "3200", "6750"),
        "email-packs": ("87.5", "82.5", "128.25", "268.75"),
        "brands": ("2500", "2350", "3700", "7650"),
    },
    "sales-free@1": {"base": _NOTHING},
    "sales-starter@1": {"base": ("1000", "950", "1500", "3050"), "seats": ("1500", "1400", "2200", "4600")},
    "sales-professional@1": {"base": ("9000", "8500", "13300", "27500"), "seats": ("7500", "7000", "11000", "23000")},
    "sales-enterprise@1": {"base": ("30000", "28000", "44500", "92000"), "seats": ("12500", "11750", "18500", "38500")},
    "service-free@1": {"base": _NOTHING},
    "service-starter@1": {"base": ("1000", "950", "1500", "3050"), "seats": ("1200", "1150", "1800", "3700")},
    "service-essential@1": {"base": ("4500", "4250", "6600", "13800"), "seats": ("2600", "2450", "3850", "8000")},
    "service-professional@1": {"base": ("9000", "8500", "13300", "27500"), "seats": ("7000", "6600", "10400", "21500")},
    "service-enterprise@1": {
        "base": ("30000", "28000", "44500", "92000"),
        "seats": ("11000", "10400", "16300", "33750"),
    },
}
"""Plan code @ version -> component -> a month."""


def monthly(plan_version: str, component: str, currency: str) -> Decimal:
    """A month of one unit, in minor units."""
    return Decimal(MONTHLY[plan_version][component][CURRENCIES.index(currency)])


def yearly(plan_version: str, component: str, currency: str) -> Decimal:
    """A year of one unit, in minor units."""
    return monthly(plan_version, component, currency) * MONTHS_PAID_IN_A_YEAR
