"""A bulk account follows from its number alone, and is in its 24th month wherever it is."""

from itertools import pairwise

import pytest

from demo.bulk_account import MONTHS, bulk_account
from demo.personas import DEMO_NOW
from domain.invoice import InvoiceReason, recompute
from domain.money import Money
from domain.periods import local_day

# accounts side by side share a day and a place: every fiftieth shows another
SHAPES = range(0, 30 * 50, 50)


@pytest.mark.parametrize("index", SHAPES)
def test_two_years_of_invoices_end_in_the_period_of_today(index: int) -> None:
    made = bulk_account(index)
    assert len(made.invoices) == MONTHS == 24
    services = [invoice.lines[0].service for invoice in made.invoices]
    assert all(earlier.end == later.start for earlier, later in pairwise(services))
    assert services[-1] == made.subscription.period
    assert services[-1].contains(DEMO_NOW)
    assert made.opened_at < DEMO_NOW
    assert made.invoices[0].issued_on == local_day(made.opened_at, made.account.zone)


@pytest.mark.parametrize("index", [0, 4, 999])
def test_every_invoice_has_five_lines_that_recompute(index: int) -> None:
    for invoice in bulk_account(index).invoices:
        assert len(invoice.lines) == 5
        assert recompute(invoice.lines) == tuple(line.amount for line in invoice.lines)
        assert invoice.total == Money.total((line.amount for line in invoice.lines), invoice.currency)


def test_the_first_invoice_is_of_the_sign_up_and_the_others_renew() -> None:
    reasons = [invoice.reason for invoice in bulk_account(3).invoices]
    assert reasons == [InvoiceReason.SIGN_UP] + [InvoiceReason.RENEWAL] * 23


def test_a_number_is_always_the_same_account() -> None:
    one, again = bulk_account(41), bulk_account(41)
    assert (one.account, one.subscription, one.invoices) == (again.account, again.subscription, again.invoices)
    assert one.external_id == "bulk-0000042"


def test_neighbours_differ_and_share_no_id() -> None:
    one, other = bulk_account(41), bulk_account(42)
    assert not {line.id for each in one.invoices for line in each.lines} & {
        line.id for each in other.invoices for line in each.lines
    }
    assert one.account.name != other.account.name


def test_the_crowd_is_mixed() -> None:
    crowd = [bulk_account(index) for index in range(0, 3000, 37)]
    assert {each.account.currency for each in crowd} == {"USD", "EUR", "JPY", "KWD"}
    assert {each.subscription.version.plan.code for each in crowd} == {"marketing-professional", "marketing-enterprise"}
    assert {each.unpaid for each in crowd} == {0, 1, 3}
    assert {len(each.entitlements) for each in crowd} == {12}
