"""The texts of printed documents, and cells of CSV that no spreadsheet runs."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from resolvers.downloads.csv_lines import cell
from resolvers.downloads.printed import day, days, grouped, is_nothing, party


@pytest.mark.parametrize(
    ("says", "number", "shown"),
    [
        ("cents", "1234567.50", "1 234 567.50"),
        ("yen", "1000", "1 000"),
        ("dinars", "999.500", "999.500"),
        ("thousandths are no thousands", "0.123456", "0.123456"),
        ("a credit has a minus, not a hyphen", "-1000.00", "−1 000.00"),
    ],
)
def test_numbers_stand_in_threes(says: str, number: str, shown: str) -> None:
    assert grouped(number).replace("\u202f", " ") == shown, says


@pytest.mark.parametrize("amount", ["0.00", "0", "0.000", "-0.00"])
def test_nothing_is_nothing_in_every_currency(amount: str) -> None:
    assert is_nothing(SimpleNamespace(amount=amount))
    assert not is_nothing(SimpleNamespace(amount=amount.replace("0", "1", 1)))


def test_days_are_local_and_both_ends_count() -> None:
    # March in Auckland is 28 Feb 11:00 UTC to 31 Mar 11:00 UTC
    start, end = datetime(2026, 2, 28, 11, tzinfo=UTC), datetime(2026, 3, 31, 11, tzinfo=UTC)
    assert days(start, end, "Pacific/Auckland") == "1 Mar 2026 – 31 Mar 2026"
    assert days(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC), "UTC") == "1 Mar 2026"
    assert day(date(2028, 2, 29)) == "29 Feb 2028"


def test_an_address_is_its_lines_and_ends_in_its_country() -> None:
    assert party("Acme", " 1 Quay \n\nDublin", None, "IE").address == ("1 Quay", "Dublin", "IE")
    assert party("Acme", "1 Quay\nIE", None, "IE").address == ("1 Quay", "IE")
    assert party("Acme", None, None).address == ()


@pytest.mark.parametrize(
    ("says", "given"),
    [
        ("a formula", '=HYPERLINK("http://evil.example","x")'),
        ("a sum", "+1+1"),
        ("a difference", "-1-1"),
        ("an old function", "@SUM(A1)"),
        ("a command", "=cmd|' /C calc'!A0"),
        ("a pipe", "|calc"),
        ("a tab that hides one", "\t=1"),
        ("a line that hides one", "\n=1"),
        ("spaces before one", "   =1"),
        ("a hard space before one", "\u00a0=1"),
        ("a full-width sign", "＝1"),
    ],
)
def test_a_cell_that_would_run_is_kept_from_it(says: str, given: str) -> None:
    assert cell(given) == f"'{given}", says


@pytest.mark.parametrize("given", ["", "Pro: Seats × 3", "3 × 10.00 = 30.00", "Ωmega", "'quoted"])
def test_other_cells_stay(given: str) -> None:
    assert cell(given) == given
