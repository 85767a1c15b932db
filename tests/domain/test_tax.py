"""What a rate may be, and the first row of the table that holds: at which rate an account is taxed, or why at none."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from domain.errors import InvalidInput
from domain.ids import TaxRateId
from domain.tax import EU, TREATMENTS, TaxExemption, TaxProfile, TaxRate, TaxTreatment, rate_for

STANDARD, EXEMPT, REVERSE_CHARGE, NOT_TAXED = TaxTreatment
TODAY = date(2026, 6, 1)


def a_rate(number: int, country: str, percent: str, region: str | None = None, **validity: Any) -> TaxRate:
    days = {"valid_from": date(2020, 1, 1), **validity}
    return TaxRate(TaxRateId(UUID(int=number)), country, region, "VAT", Decimal(percent), **days)


RATES = (
    a_rate(1, "DE", "19.0000"),
    a_rate(2, "FR", "20"),
    a_rate(3, "FR", "8.5", region="GP"),
    a_rate(4, "US", "8.875", region="NY"),
    a_rate(5, "ES", "0", region="CN"),
    a_rate(6, "ES", "21"),
    # Estonia went from 22 % to 24 % on 1 July 2025
    a_rate(7, "EE", "22", valid_from=date(2024, 1, 1), valid_until=date(2025, 7, 1)),
    a_rate(8, "EE", "24", valid_from=date(2025, 7, 1)),
    # a rate announced without an end for the one before
    a_rate(9, "GB", "17.5", valid_from=date(2010, 1, 1)),
    a_rate(10, "GB", "20", valid_from=date(2011, 1, 4)),
    a_rate(11, "XK", "18", valid_until=date(2026, 1, 1)),
)


@pytest.mark.parametrize(
    ("says", "profile", "on", "treatment", "percent"),
    [
        ("at home", TaxProfile("DE", "DE"), TODAY, STANDARD, "19"),
        ("a business at home too", TaxProfile("DE", "DE", tax_id="DE123"), TODAY, STANDARD, "19"),
        ("a consumer in another EU country", TaxProfile("DE", "FR"), TODAY, STANDARD, "20"),
        ("a business there", TaxProfile("DE", "FR", tax_id="FR123"), TODAY, REVERSE_CHARGE, "0"),
        ("a tax id of spaces is none", TaxProfile("DE", "FR", tax_id="  "), TODAY, STANDARD, "20"),
        ("a business sold to from outside the EU", TaxProfile("US", "FR", tax_id="FR123"), TODAY, STANDARD, "20"),
        ("a business outside the EU", TaxProfile("DE", "GB", tax_id="GB123"), TODAY, STANDARD, "20"),
        (
            "marked by finance, anywhere",
            TaxProfile("DE", "US", "NY", TaxExemption.REVERSE_CHARGE),
            TODAY,
            REVERSE_CHARGE,
            "0",
        ),
        ("exempt at home", TaxProfile("DE", "DE", None, TaxExemption.EXEMPT), TODAY, EXEMPT, "0"),
        (
            "exempt, with a tax id elsewhere",
            TaxProfile("DE", "FR", None, TaxExemption.EXEMPT, "FR1"),
            TODAY,
            EXEMPT,
            "0",
        ),
        ("a region's rate is the whole", TaxProfile("US", "US", "NY"), TODAY, STANDARD, "8.875"),
        ("a region before its country", TaxProfile("FR", "FR", "GP"), TODAY, STANDARD, "8.5"),
        ("a region's rate of nothing is a rate", TaxProfile("ES", "ES", "CN"), TODAY, STANDARD, "0"),
        ("a region without a rate has the country's", TaxProfile("FR", "FR", "IDF"), TODAY, STANDARD, "20"),
        ("a region without one, nor its country", TaxProfile("US", "US", "OR"), TODAY, NOT_TAXED, "0"),
        ("a region's code in another country", TaxProfile("US", "DE", "NY"), TODAY, STANDARD, "19"),
        ("no rate", TaxProfile("DE", "JP"), TODAY, NOT_TAXED, "0"),
        ("no country known", TaxProfile("DE", ""), TODAY, NOT_TAXED, "0"),
        ("the day before a rate changes", TaxProfile("EE", "EE"), date(2025, 6, 30), STANDARD, "22"),
        ("the day it changes", TaxProfile("EE", "EE"), date(2025, 7, 1), STANDARD, "24"),
        ("the last day of a rate that ends", TaxProfile("XK", "XK"), date(2025, 12, 31), STANDARD, "18"),
        ("and the day after", TaxProfile("XK", "XK"), date(2026, 1, 1), NOT_TAXED, "0"),
        ("before any rate", TaxProfile("EE", "EE"), date(2023, 12, 31), NOT_TAXED, "0"),
        ("the later of two that are valid", TaxProfile("GB", "GB"), TODAY, STANDARD, "20"),
    ],
)
def test_the_first_row_that_holds_decides(
    says: str, profile: TaxProfile, on: date, treatment: TaxTreatment, percent: str
) -> None:
    for rates in (RATES, RATES[::-1]):
        applied = rate_for(profile, rates, on)
        assert (applied.treatment, applied.percent) == (treatment, Fraction(percent)), says
        assert (applied.rate_id is None) is (treatment is not STANDARD), says


@pytest.mark.parametrize(
    ("profile", "sentence"),
    [
        (TaxProfile("DE", "FR", tax_id="FR123"), "Reverse charge: the recipient accounts for the tax."),
        (TaxProfile("DE", "DE", exemption=TaxExemption.EXEMPT), "Exempt from tax."),
        (TaxProfile("DE", "JP"), "Not taxed: no rate applies at the recipient's place."),
    ],
)
def test_a_treatment_without_tax_says_why(profile: TaxProfile, sentence: str) -> None:
    assert rate_for(profile, RATES, TODAY).sentence == sentence


def test_the_table_ends_with_a_row_that_always_holds_and_names_each_row_once() -> None:
    codes = [row.code for row in TREATMENTS]
    assert codes == [f"TX-{number:02}" for number in range(1, len(TREATMENTS) + 1)]
    assert {row.treatment for row in TREATMENTS} == set(TaxTreatment)
    assert rate_for(TaxProfile("", ""), (), TODAY).treatment is NOT_TAXED


def test_of_two_rates_from_the_same_day_the_order_given_changes_nothing() -> None:
    twins = (a_rate(1, "DE", "19"), a_rate(2, "DE", "16"), a_rate(3, "DE", "7"))
    answers = {rate_for(TaxProfile("DE", "DE"), order, TODAY).rate_id for order in permutations(twins)}
    assert answers == {UUID(int=3)}


def test_the_eu_has_27_members() -> None:
    assert len(EU) == 27
    assert not EU & {"GB", "CH", "NO", "EL", "UK"}


@pytest.mark.parametrize(
    ("says", "given", "field"),
    [
        ("a country that is no code", {"country": "Germany"}, "country"),
        ("in lower case", {"country": "de"}, "country"),
        ("no country", {"country": ""}, "country"),
        ("a region without a name", {"region": " "}, "region"),
        ("no name", {"name": ""}, "name"),
        ("tax above 100 %", {"percent": Decimal("100.0001")}, "percent"),
        ("a negative tax", {"percent": Decimal(-1)}, "percent"),
        ("too fine", {"percent": Decimal("8.87505")}, "percent"),
        ("no number", {"percent": Decimal("NaN")}, "percent"),
        ("a float", {"percent": 19.0}, "percent"),
        ("valid for no day", {"valid_until": date(2020, 1, 1)}, "valid_until"),
        ("over before it begins", {"valid_until": date(2019, 1, 1)}, "valid_until"),
    ],
)
def test_a_rate_that_is_none_is_refused_by_its_name(says: str, given: dict[str, Any], field: str) -> None:
    good = {"country": "DE", "region": None, "name": "VAT", "percent": Decimal(19), "valid_from": date(2020, 1, 1)}
    with pytest.raises(InvalidInput) as refused:
        TaxRate(TaxRateId(UUID(int=1)), **{**good, **given})
    assert refused.value.path == (field,), says
