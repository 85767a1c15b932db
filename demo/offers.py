"""What finance of the demo's vendor has set beside the price lists: tax rates and coupons, and when it did.

Owns the tables. Does not own who redeemed what (histories.py). No rate stands for a country in which the crowd or a
persona lives, but for the one who pays by use: the past of the others was billed without tax.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from demo import catalog
from domain.commands import CreateCoupon, SetTaxRate
from domain.money import Money

RATES_SET_AT = datetime(2023, 1, 16, 10, 0, tzinfo=UTC)
COUPONS_MADE_AT = datetime(2025, 1, 13, 10, 0, tzinfo=UTC)
_KNOWN_AHEAD = timedelta(days=60)
"""How long before a new rate begins finance sets it."""

RATES: tuple[tuple[str, str | None, str, str, str], ...] = (
    ("AT", None, "USt", "20", "2016-01-01"),
    ("AU", None, "GST", "10", "2000-07-01"),
    ("BE", None, "TVA/BTW", "21", "1996-01-01"),
    ("CA", None, "GST", "5", "2008-01-01"),
    ("CA", "ON", "HST", "13", "2010-07-01"),
    ("CA", "QC", "GST + QST", "14.975", "2013-01-01"),
    ("CH", None, "MWST", "7.7", "2018-01-01"),
    ("CH", None, "MWST", "8.1", "2024-01-01"),
    ("DK", None, "moms", "25", "1992-01-01"),
    ("EE", None, "KM", "20", "2009-07-01"),
    ("EE", None, "KM", "22", "2024-01-01"),
    ("EE", None, "KM", "24", "2025-07-01"),
    ("FI", None, "ALV", "24", "2013-01-01"),
    ("FI", None, "ALV", "25.5", "2024-09-01"),
    ("GB", None, "VAT", "20", "2011-01-04"),
    ("IE", None, "VAT", "23", "2021-03-01"),
    ("IN", None, "IGST", "18", "2017-07-01"),
    ("IT", None, "IVA", "22", "2013-10-01"),
    ("NO", None, "MVA", "25", "2005-01-01"),
    ("PL", None, "VAT", "23", "2011-01-01"),
    ("PT", None, "IVA", "23", "2011-01-01"),
    ("SE", None, "moms", "25", "1990-07-01"),
    ("SG", None, "GST", "8", "2023-01-01"),
    ("SG", None, "GST", "9", "2024-01-01"),
    # of a state with the usual county and city: a region's rate is the combined one
    ("US", "CA", "Sales tax", "8.75", "2023-01-01"),
    ("US", "NY", "Sales tax", "8.875", "2023-01-01"),
    ("US", "TX", "Sales tax", "8.25", "2023-01-01"),
    ("US", "WA", "Sales tax", "10.35", "2023-01-01"),
)
"""Country, region, what it is called, percent, first day. Of one place the earlier one comes first."""

COUPONS: tuple[CreateCoupon, ...] = (
    CreateCoupon("WELCOME20", "Welcome", "WELCOME20", percent=Decimal(20), periods=3),
    CreateCoupon("FOREVER10", "Loyalty", "FOREVER10", percent=Decimal(10)),
    CreateCoupon("ONCE50", "A good start", "ONCE50", amount=Money.parse("50.00", "USD"), periods=1),
    CreateCoupon("ONCE50-EUR", "A good start", "ONCE50-EUR", amount=Money.parse("50.00", "EUR"), periods=1),
    CreateCoupon("FREE100", "On the house", "FREE100", percent=Decimal(100), periods=12),
    CreateCoupon(
        "SEATS15",
        "Seats for less",
        "SEATS15",
        percent=Decimal(15),
        cap=Money.parse("200.00", "USD"),
        product_id=catalog.product_id("sales"),
        component="seats",
        redeem_by=datetime(2027, 1, 1, tzinfo=UTC),
        max_redemptions=500,
    ),
    CreateCoupon("EARLY25", "Early birds", "EARLY25", percent=Decimal(25), redeem_by=datetime(2025, 4, 1, tzinfo=UTC)),
)
"""Every coupon; the last one can be redeemed no longer."""


def rates() -> Iterator[tuple[datetime, SetTaxRate]]:
    """Every rate and the instant at which it was set: those of old at once, later ones two months ahead."""
    for country, region, name, percent, first in RATES:
        valid_from = date.fromisoformat(first)
        begins = datetime(valid_from.year, valid_from.month, valid_from.day, 10, tzinfo=UTC)
        key = "-".join(("tax", country, region or "all", first))
        yield (
            max(RATES_SET_AT, begins - _KNOWN_AHEAD),
            SetTaxRate(country, name, Decimal(percent), valid_from, key, region),
        )
