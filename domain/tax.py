"""Tax by rate tables: which rate an account is taxed at on a day, or why at none.

Owns rates, exemptions and the table of treatments. Does not own tax determination beyond the tables (not ours), nor
the arithmetic over an invoice's lines (taxing.py).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import assert_never

from domain.errors import InvalidInput, quoted
from domain.ids import TaxRateId
from domain.percent import share_of

_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EU: frozenset[str] = frozenset(_EU.split())
"""ISO codes of the states among which a business with a tax id accounts for the tax itself."""

_COUNTRY = re.compile(r"[A-Z]{2}")


class TaxExemption(StrEnum):
    """What finance has noted of an account: nothing, exempt by certificate, or liable itself (reverse charge)."""

    NONE = "NONE"
    EXEMPT = "EXEMPT"
    REVERSE_CHARGE = "REVERSE_CHARGE"


class TaxTreatment(StrEnum):
    """How a line is taxed; NOT_TAXED where no rate is on the tables."""

    STANDARD = "STANDARD"
    EXEMPT = "EXEMPT"
    REVERSE_CHARGE = "REVERSE_CHARGE"
    NOT_TAXED = "NOT_TAXED"


@dataclass(frozen=True, slots=True)
class TaxRate:
    """What is asked in a country, or in a region of it (then the combined rate), on the days [valid_from, valid_until).

    Raises InvalidInput naming the field: a country that is no ISO code, an empty region or name, a percent below 0,
    above 100 or finer than four decimals, a validity that ends before it begins.
    """

    id: TaxRateId
    country: str
    region: str | None
    name: str
    percent: Decimal
    valid_from: date
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if not _COUNTRY.fullmatch(self.country):
            raise InvalidInput(("country",), f"{quoted(self.country)} is not the ISO code of a country.", self.country)
        if self.region is not None and not self.region.strip():
            raise InvalidInput(("region",), "A region has a name; leave it out for the whole country.", self.region)
        if not self.name.strip():
            raise InvalidInput(("name",), "A tax has a name.", self.name)
        share_of(self.percent)
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            raise InvalidInput(("valid_until",), "A rate is valid for a day at least.", self.valid_until)

    def is_valid_on(self, on: date) -> bool:
        """Whether the rate counts on that day: its first day does, `valid_until` no longer."""
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)


@dataclass(frozen=True, slots=True)
class TaxProfile:
    """What decides an account's tax: who sells, where it is, what finance noted, and its tax id if it has one.

    Countries are ISO codes; an unknown one is empty and has no rate.
    """

    seller_country: str
    country: str
    region: str | None = None
    exemption: TaxExemption = TaxExemption.NONE
    tax_id: str | None = None


@dataclass(frozen=True, slots=True)
class AppliedTax:
    """How a line is taxed: the treatment, the rate's id, name and percent (19 is 19 %), and what a document must say.

    Without a rate `rate_id` is None and `percent` 0. Made by `rate_for`, or out of what a finalised line has stored:
    a credit is taxed as its original line was.
    """

    treatment: TaxTreatment
    rate_id: TaxRateId | None
    name: str
    percent: Fraction
    sentence: str


@dataclass(frozen=True, slots=True)
class TaxFacts:
    """What the rows of TREATMENTS are asked of: the profile, and the rates valid at its place on the day."""

    profile: TaxProfile
    of_region: TaxRate | None
    of_country: TaxRate | None


def exempt(facts: TaxFacts) -> bool:
    """Finance has noted a certificate."""
    return facts.profile.exemption is TaxExemption.EXEMPT


def marked_reverse_charge(facts: TaxFacts) -> bool:
    """Finance has noted that the account is liable itself."""
    return facts.profile.exemption is TaxExemption.REVERSE_CHARGE


def business_in_another_eu_country(facts: TaxFacts) -> bool:
    """Seller and customer are in two countries of the EU, and the customer has a tax id."""
    seller, customer = facts.profile.seller_country, facts.profile.country
    return {seller, customer} <= EU and seller != customer and bool((facts.profile.tax_id or "").strip())


def region_has_a_rate(facts: TaxFacts) -> bool:
    """A rate is on the tables for the customer's region."""
    return facts.of_region is not None


def country_has_a_rate(facts: TaxFacts) -> bool:
    """A rate is on the tables for the customer's country as a whole."""
    return facts.of_country is not None


def anything_else(facts: TaxFacts) -> bool:
    """The last row: it always holds."""
    return True


@dataclass(frozen=True, slots=True)
class TreatmentRow:
    """A row of the table: its code, what it says, when it holds, and the treatment it gives."""

    code: str
    says: str
    when: Callable[[TaxFacts], bool]
    treatment: TaxTreatment


# read top to bottom: the first row that holds decides
TREATMENTS: tuple[TreatmentRow, ...] = (
    TreatmentRow("TX-01", "An exempt account pays no tax.", exempt, TaxTreatment.EXEMPT),
    TreatmentRow(
        "TX-02",
        "An account that finance has marked accounts for the tax itself.",
        marked_reverse_charge,
        TaxTreatment.REVERSE_CHARGE,
    ),
    TreatmentRow(
        "TX-03",
        "A business with a tax id in another country of the EU accounts for the tax itself.",
        business_in_another_eu_country,
        TaxTreatment.REVERSE_CHARGE,
    ),
    TreatmentRow(
        "TX-04", "A region that has a rate is taxed at it: it is the whole.", region_has_a_rate, TaxTreatment.STANDARD
    ),
    TreatmentRow("TX-05", "Else the rate of the country counts.", country_has_a_rate, TaxTreatment.STANDARD),
    TreatmentRow("TX-06", "Where no rate is on the tables there is no tax.", anything_else, TaxTreatment.NOT_TAXED),
)


def rate_for(profile: TaxProfile, rates: Sequence[TaxRate], on: date) -> AppliedTax:
    """How an account is taxed on a day, by the first row of TREATMENTS that holds.

    `rates` may be the whole table. Of two rates of one place that are valid on the day the later one counts.
    """
    facts = TaxFacts(
        profile,
        of_region=None if profile.region is None else _latest(rates, profile.country, profile.region, on),
        of_country=_latest(rates, profile.country, None, on),
    )
    row = next(row for row in TREATMENTS if row.when(facts))
    rate = facts.of_region or facts.of_country
    if row.treatment is TaxTreatment.STANDARD and rate is not None:
        return AppliedTax(row.treatment, rate.id, rate.name, Fraction(rate.percent), row.says)
    name, sentence = _words(row.treatment)
    return AppliedTax(row.treatment, None, name, Fraction(0), sentence)


def _latest(rates: Sequence[TaxRate], country: str, region: str | None, on: date) -> TaxRate | None:
    at_place = (rate for rate in rates if (rate.country, rate.region) == (country, region) and rate.is_valid_on(on))
    return max(at_place, key=lambda rate: (rate.valid_from, rate.id), default=None)


def _words(treatment: TaxTreatment) -> tuple[str, str]:
    """The name of a treatment and the sentence that a document carries for it."""
    match treatment:
        case TaxTreatment.STANDARD:
            return "Tax", "Taxed at the rate of the place."
        case TaxTreatment.EXEMPT:
            return "Exempt", "Exempt from tax."
        case TaxTreatment.REVERSE_CHARGE:
            return "Reverse charge", "Reverse charge: the recipient accounts for the tax."
        case TaxTreatment.NOT_TAXED:
            return "Not taxed", "Not taxed: no rate applies at the recipient's place."
        case _:
            assert_never(treatment)
