"""L25: a crash between any two steps converges. And the comparison that says so sees what is to be seen."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from tests.make import an_id
from tests.worker.dump import Rows, canonical, differences
from tests.worker.kill import compare, let_go
from tests.worker.lives import HAPPENS

if TYPE_CHECKING:
    from tests.server import Server

KILLS = 3
SEED = 25
NOW = datetime(2026, 8, 1, tzinfo=UTC)


@pytest.mark.slow
async def test_l25_workers_killed_at_random_points_leave_what_an_undisturbed_one_leaves(
    server: "Server", demo_template: str
) -> None:
    template = await server.template("let_go", let_go, of=demo_template)
    report = await compare(server, template, KILLS, SEED)
    assert report.differs == []
    assert HAPPENS - report.happened.keys() == set()
    assert len([each for each in report.killed if each.was_busy]) == KILLS


def some_rows(bill: UUID, line: UUID, number: str, *, amount: int = 100, at: str = "2026-08-01T00:00:00+00:00") -> Rows:
    """An invoice with a line, of an account that has been there before."""
    account = an_id("account")
    return Rows(
        {
            "accounts": [f'{{"id": "{account}"}}'],
            "invoices": [f'{{"id": "{bill}", "account_id": "{account}", "number": "{number}", "made_at": "{at}"}}'],
            "lines": [f'{{"id": "{line}", "invoice_id": "{bill}", "amount": {amount}}}'],
            "events": [f'{{"data": {{"invoice": "inv_{bill.hex}", "number": "{number}"}}}}'],
        },
        [f"ACME INV {number[-1]}"],
    )


ONE = some_rows(an_id("one"), an_id("two"), "ACME-INV-000001")


def found(other: Rows) -> list[str]:
    """How many rows of which tables differ from ONE."""
    known = {an_id("account").hex}
    return sorted(line[:9] for line in differences(*(canonical(each, known, [NOW]) for each in (ONE, other))))


def test_other_ids_and_another_number_of_the_same_series_are_no_difference() -> None:
    again = some_rows(an_id("three"), an_id("four"), "ACME-INV-000002")
    assert found(replace(again, numbers=ONE.numbers)) == []


def test_a_gap_in_the_numbers_is_a_difference() -> None:
    assert found(some_rows(an_id("one"), an_id("two"), "ACME-INV-000002")) == ["+ (docume", "- (docume"]


def test_another_amount_is_a_difference_in_its_row_and_in_those_that_refer_to_it() -> None:
    # the line itself, and the invoice and its event, since an invoice with another line is another invoice
    assert {line[2:] for line in found(some_rows(an_id("one"), an_id("two"), "ACME-INV-000001", amount=99))} == {
        "lines {",
        "invoice",
        "events ",
    }


def test_the_instant_of_the_run_is_no_difference_and_another_is() -> None:
    assert found(some_rows(an_id("one"), an_id("two"), "ACME-INV-000001", at="2026-07-31T00:00:00+00:00")) != []


def test_a_row_twice_is_a_difference() -> None:
    twice = replace(ONE, tables=dict(ONE.tables) | {"events": [*ONE.tables["events"], *ONE.tables["events"]]})
    assert "+ events " in found(twice)


def test_a_reference_to_another_row_of_the_same_kind_is_a_difference() -> None:
    def two_bills(first: UUID, second: UUID) -> Rows:
        bills = [f'{{"id": "{an_id("one")}", "total": 1}}', f'{{"id": "{an_id("two")}", "total": 2}}']
        return Rows({"invoices": bills, "lines": [f'{{"bill": "{first}"}}', f'{{"bill": "{second}", "of": 2}}']}, [])

    straight, crossed = two_bills(an_id("one"), an_id("two")), two_bills(an_id("two"), an_id("one"))
    assert differences(canonical(straight, ()), canonical(straight, ())) == []
    assert differences(canonical(straight, ()), canonical(crossed, ())) != []
