"""What users of other systems complain about, each with a test that bears its name: here those told through the API.

`COMPLAINTS` says where each of the eighteen has its tests; a test that is renamed or gone is missed here.
"""

from pathlib import Path

import httpx
import pytest

from tests.stories.offering import base, offer, sends
from tests.stories.telling import Customer, told

ROOT = Path(__file__).parents[1]
COMPLAINTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("a preview off by a day from the real credit", (
        "stories/test_complaints.py::test_a_preview_is_not_off_by_a_day_from_the_real_credit",
        "domain/plan_change/test_complaints.py::test_preview_is_not_off_by_a_day_from_the_real_credit",
    )),
    ("annual to monthly treated as an upgrade because of price", (
        "stories/test_years.py::test_month_to_year_begins_a_year_today_and_year_to_month_waits",
        "domain/plan_change/test_complaints.py::test_annual_to_monthly_is_no_upgrade_because_of_its_price",
    )),
    ("double invoices near midnight in zones ahead of UTC", (
        "stories/test_complaints.py::test_near_midnight_in_a_zone_ahead_a_period_is_billed_once",
        "domain/test_periods.py::test_no_double_invoice_near_midnight_in_a_zone_ahead_of_utc",
    )),
    ("an hourly job queued twice bills twice", (
        "worker/test_run.py::test_an_hourly_job_queued_twice_does_not_bill_twice",
        "operations/test_parallel.py::test_a_job_queued_twice_bills_once",
    )),
    ("two concurrent voids both ran", (
        "operations/test_money_back.py::test_two_concurrent_voids_have_one_effect",
    )),
    ("VAT off by one because rounded parts were summed", (
        "stories/test_taxes.py::test_tax_in_the_price_is_reckoned_once_a_rate",
        "domain/test_taxing.py::test_l4_tax_split_over_lines_loses_nothing",
    )),
    ("accepted usage never counted", (
        "stories/test_complaints.py::test_accepted_usage_is_counted_and_fractions_of_a_cent_park_nobody",
    )),
    ("a dedup key taken before the write, so a retry is lost", (
        "operations/test_pay.py::test_the_dedup_key_of_a_failed_write_is_free_again",
        "stories/test_l23_every_mutation.py::test_l23_l25_l26_of_a_mutation",
        "operations/test_record_usage.py::test_l26_a_failed_batch_uses_up_no_id",
    )),
    ("anchor 31 drifts", (
        "stories/test_years.py::test_anchor_31_in_a_leap_year_and_in_others_does_not_drift",
        "domain/test_periods.py::test_l16_renewals_keep_to_the_anchor",
    )),
    ("a new price silently not applied to existing subscriptions", (
        "stories/test_catalog_by_finance.py::test_a_new_price_is_not_applied_to_who_has_the_former_one",
        ("stories/test_changes_of_plan.py::"
        "test_a_price_rise_is_announced_and_comes_at_the_renewal_and_a_commitment_waits"),
    )),
    ("fractions of a cent park an account", (
        "stories/test_complaints.py::test_accepted_usage_is_counted_and_fractions_of_a_cent_park_nobody",
        "domain/pricing/test_flat_and_per_unit.py::test_fractions_of_a_cent_do_not_park_an_account",
    )),
    ("an error on a change when nothing is owed", (
        "stories/test_discounts_over_time.py::test_with_everything_off_nothing_is_owed_and_changes_work",
        "domain/plan_change/test_complaints.py::test_a_change_when_nothing_is_owed_is_an_ordinary_change",
    )),
    ("a fixed discount counted twice in a proration", (
        "stories/test_discounts_over_time.py::test_a_fixed_discount_is_not_counted_twice_in_a_proration",
        "domain/test_discounting.py::test_l4_a_fixed_discount_is_given_once_however_often_the_plan_changes",
    )),
    ("a second upgrade credited from the last incremental charge", (
        "stories/test_changes_of_plan.py::test_a_year_with_two_upgrades_credits_each_line_over_its_own_service",
        ("domain/plan_change/test_complaints.py::"
        "test_a_second_upgrade_is_not_credited_from_the_last_incremental_charge"),
    )),
    ("webhooks out of order with stale state", (
        "operations/test_pay.py::test_webhooks_out_of_order_with_stale_state_change_nothing",
        "operations/test_pay.py::test_money_that_moved_counts_although_a_decline_came_first",
    )),
    ("a scheduled change applied without re-checking entitlements", (
        "stories/test_complaints.py::test_a_scheduled_change_is_not_applied_without_looking_again",
    )),
    ("credits farmed by upgrading and downgrading", (
        "stories/test_complaints.py::test_credits_are_not_farmed_by_upgrading_and_downgrading",
        "domain/plan_change/test_complaints.py::test_credits_are_not_farmed_by_upgrading_and_downgrading",
    )),
    ("81 parts of one amount rounded one by one drift 2 cents", (
        "domain/test_money.py::test_81_parts_of_one_amount_do_not_drift_two_cents",
        "domain/plan_change/test_complaints.py::test_81_parts_of_one_amount_do_not_drift",
    )),
)  # fmt: skip
"""Each complaint and its tests, in the order in which they are written down."""


@pytest.mark.parametrize(("says", "tests"), COMPLAINTS, ids=[row[0] for row in COMPLAINTS])
def test_a_complaint_about_others_has_its_tests(says: str, tests: tuple[str, ...]) -> None:
    for named in tests:
        file, name = named.split("::")
        assert f"def {name}(" in (ROOT / file).read_text("utf-8"), f"{says}: {named} is gone"


async def test_a_preview_is_not_off_by_a_day_from_the_real_credit(client: httpx.AsyncClient) -> None:
    """At noon of 28 June in Auckland 60 of June's 720 hours are left, wherever UTC stands: a twelfth of 15.00 and of
    30.00, 1.25 and 2.50, in the preview as on the invoice.
    """
    customer = await Customer.opened(client, "preview", "2026-06-01T00:00:00Z", zone="Pacific/Auckland", country="NZ")
    await customer.card()
    subscription = await customer.start("sales-starter")
    await customer.advance("2026-06-28T00:00:00Z")  # noon in Auckland: to 1 July 00:00 there, 30 June 12:00 UTC, 60 h
    shown = await customer.change(subscription, quantities=[{"component": "seats", "quantity": 2}])
    assert [each["amount"]["amount"] for each in shown["delta"]["lines"]] == ["-1.25", "2.50"]
    assert (await customer.documents()).splitlines()[3:] == [
        "2026-06-28 PLAN_CHANGE PAID 1.25 (paid 1.25)",
        "  PRORATION_CREDIT Unused: Pipeline Starter: Seats × 1: -1.25, 2026-06-28 12:00 to 2026-07-01",
        "  PRORATION_CHARGE Pipeline Starter: Seats × 2: 2.50, 2026-06-28 12:00 to 2026-07-01",
    ]


async def test_near_midnight_in_a_zone_ahead_a_period_is_billed_once(client: httpx.AsyncClient) -> None:
    """On Kiritimati a day begins 14 hours before it does in UTC: looked at before and after both midnights."""
    customer = await Customer.opened(
        client, "kiritimati", "2026-05-31T11:00:00Z", zone="Pacific/Kiritimati", country="KI"
    )
    await customer.card()
    await offer(client, "by-the-lagoon", 95, base("30.00"))
    await customer.start("by-the-lagoon")
    for moment in ("06-30T09:59:59", "06-30T10:00:00", "06-30T10:00:01", "06-30T23:59:59", "07-01T00:00:01"):
        await customer.advance(f"2026-{moment}Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP PAID 30.00 (paid 30.00)
          CHARGE By the lagoon: 30.00, 2026-06-01 to 2026-07-01
        2026-07-01 RENEWAL PAID 30.00 (paid 30.00)
          CHARGE By the lagoon: 30.00, 2026-07-01 to 2026-08-01""")


async def test_accepted_usage_is_counted_and_fractions_of_a_cent_park_nobody(client: httpx.AsyncClient) -> None:
    """Everything accepted is on the bill, in whatever order and however often it came: 3 e-mails at 0.0015 are 0.0045,
    and that is 0.00, on an invoice that is paid; 7 in July are 0.0105, so 0.01.
    """
    await offer(client, "fine-print", 96, base("1.00"), sends("0.0015"))
    customer = await Customer.opened(client, "fine-print", "2026-06-01T08:00:00Z")
    await customer.card()
    await customer.start("fine-print")
    await customer.advance("2026-06-29T00:00:00Z")
    june = [("b", "2026-06-28T23:59:59Z", "2"), ("a", "2026-06-01T00:00:00Z", "1")]
    july = ("c", "2026-07-01T00:00:00Z", "7")
    assert await customer.use("email-sends", *june) == ["ACCEPTED"] * 2
    await customer.advance("2026-07-03T00:00:00Z")
    assert await customer.use("email-sends", july, *june) == ["ACCEPTED", "DUPLICATE", "DUPLICATE"]
    await customer.advance("2026-08-03T00:00:00Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP PAID 1.00 (paid 1.00)
          CHARGE Fine print: 1.00, 2026-06-01 to 2026-07-01
        2026-07-02 RENEWAL PAID 1.00 (paid 1.00)
          USAGE Fine print: 3 E-mails: 0.00, 2026-06-01 to 2026-07-01
          CHARGE Fine print: 1.00, 2026-07-01 to 2026-08-01
        2026-08-02 RENEWAL PAID 1.01 (paid 1.01)
          USAGE Fine print: 7 E-mails: 0.01, 2026-07-01 to 2026-08-01
          CHARGE Fine print: 1.00, 2026-08-01 to 2026-09-01""")


async def test_a_scheduled_change_is_not_applied_without_looking_again(client: httpx.AsyncClient) -> None:
    """Two seats fewer from July on; but by then all three are in use. They stay, and are paid for."""
    customer = await Customer.opened(client, "looked-again", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-starter", seats=3)
    await customer.advance("2026-06-10T00:00:00Z")
    await customer.change(subscription, quantities=[{"component": "seats", "quantity": 1}])
    await customer.advance("2026-06-20T00:00:00Z")
    assert await customer.use("seats", ("used", "2026-06-19T00:00:00Z", "3")) == ["ACCEPTED"]
    await customer.advance("2026-07-02T00:00:00Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP PAID 55.00 (paid 55.00)
          CHARGE Pipeline Starter: 10.00, 2026-06-01 to 2026-07-01
          CHARGE Pipeline Starter: Seats × 3: 45.00, 2026-06-01 to 2026-07-01
        2026-07-01 RENEWAL PAID 55.00 (paid 55.00)
          CHARGE Pipeline Starter: 10.00, 2026-07-01 to 2026-08-01
          CHARGE Pipeline Starter: Seats × 3: 45.00, 2026-07-01 to 2026-08-01""")


async def test_credits_are_not_farmed_by_upgrading_and_downgrading(client: httpx.AsyncClient) -> None:
    """Up in the middle of June for half of what it costs more; down again waits for July and gives nothing back."""
    customer = await Customer.opened(client, "farmer", "2026-06-01T08:00:00Z")
    await customer.card()
    subscription = await customer.start("sales-starter")
    await customer.advance("2026-06-16T00:00:00Z")
    for seats in (2, 1):
        await customer.change(subscription, quantities=[{"component": "seats", "quantity": seats}])
    await customer.advance("2026-07-02T00:00:00Z")
    assert await customer.documents() == told("""
        2026-06-01 SIGN_UP PAID 25.00 (paid 25.00)
          CHARGE Pipeline Starter: 10.00, 2026-06-01 to 2026-07-01
          CHARGE Pipeline Starter: Seats × 1: 15.00, 2026-06-01 to 2026-07-01
        2026-06-16 PLAN_CHANGE PAID 7.50 (paid 7.50)
          PRORATION_CREDIT Unused: Pipeline Starter: Seats × 1: -7.50, 2026-06-16 to 2026-07-01
          PRORATION_CHARGE Pipeline Starter: Seats × 2: 15.00, 2026-06-16 to 2026-07-01
        2026-07-01 RENEWAL PAID 25.00 (paid 25.00)
          CHARGE Pipeline Starter: 10.00, 2026-07-01 to 2026-08-01
          CHARGE Pipeline Starter: Seats × 1: 15.00, 2026-07-01 to 2026-08-01""")
