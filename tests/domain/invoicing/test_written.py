"""A voided invoice issued again: the same statements, today's parties and tax."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from domain.ids import TaxRateId
from domain.invoice import InvoiceReason, InvoiceStatus, LineKind, recompute
from domain.invoicing.documents import Documents, Heading, issue
from domain.invoicing.written import reissue
from domain.tax import TaxRate
from tests.domain.invoicing.life import Life
from tests.domain.invoicing.making import MAY, a_discount, a_plan, each, flat, terms, used
from tests.make import an_id, april, usd


def reissued(life: Life, index: int = -1) -> Documents:
    """The invoice at `index` voided, and issued again on the 20th."""
    void = replace(life.books.invoices[index], status=InvoiceStatus.VOID)
    life.books.invoices[index] = void
    credited = {line.line_id: line for line in life.books.debits}
    heading = Heading(void.reason, void.subscription_id, void.period, cause=void.id, replaces_invoice_id=void.id)
    again = reissue(void, life.terms, april(20), life.books.items, credited)
    return life.books.write(issue(again, life.account, heading, life.ids))


def test_a_reissue_states_the_same_lines_with_their_discounts_and_todays_tax() -> None:
    life = Life(terms(a_discount(amount=1_000, periods=1), tax=10), a_plan(flat(10_000), each("seats", 2_500)))
    void = life.books.invoices[0]
    risen = TaxRate(TaxRateId(an_id("risen")), "DE", None, "VAT", Decimal(20), date(2026, 4, 10))
    life.terms = replace(life.terms, rates=(*life.terms.rates, risen))
    reissued(life)
    again = life.books.invoices[-1]
    assert [(line.kind, line.stated, line.explanation, line.service, line.item_id) for line in again.lines] == [
        (line.kind, line.stated, line.explanation, line.service, line.item_id) for line in void.lines
    ]
    assert (void.tax, again.tax) == (usd("9.00"), usd("18.00"))
    assert {line.cause for line in again.lines} == {void.id}
    assert again.replaces_invoice_id == void.id
    assert again.lines[1].discounted_line_id == again.lines[0].id
    assert recompute(again.lines) == tuple(line.stated for line in again.lines)


def test_what_a_voided_invoice_charged_is_no_debit_and_what_its_reissue_charges_is() -> None:
    life = Life(terms(), a_plan(flat(10_000)))
    first = life.books.invoices[0].lines[0].id
    reissued(life)
    (debit,) = life.books.debits
    assert debit.line_id == life.books.invoices[-1].lines[0].id != first
    changed = life.change(april(16), a_plan(flat(30_000), code="scale", rank=2)).invoice
    assert changed is not None
    assert changed.total == usd("100.00")


def test_a_delta_issued_again_keeps_the_tax_of_what_it_credits() -> None:
    life = Life(terms(tax=10), a_plan(flat(10_000)))
    life.change(april(16), a_plan(flat(30_000), code="scale", rank=2))
    risen = TaxRate(TaxRateId(an_id("risen")), "DE", None, "VAT", Decimal(20), date(2026, 4, 10))
    life.terms = replace(life.terms, rates=(*life.terms.rates, risen))
    reissued(life)
    again = life.books.invoices[-1]
    assert [(line.kind, line.amount, line.tax_minor) for line in again.lines] == [
        (LineKind.PRORATION_CREDIT, usd("-50.00"), -500),
        (LineKind.PRORATION_CHARGE, usd("150.00"), 3_000),
    ]
    assert [line.credited for line in life.books.debits] == [usd("50.00"), usd("0.00")]


def test_an_invoice_with_use_is_final_at_once_when_it_is_issued_again() -> None:
    life = Life(terms(), a_plan(flat(0), used("calls", 10)))
    life.use("calls", april(2), 50)
    life.renew()
    reissued(life)
    again = life.books.invoices[-1]
    assert (again.status, again.reason, again.period) == (InvoiceStatus.OPEN, InvoiceReason.RENEWAL, MAY)
    assert again.finalised_at == april(20)


def test_a_line_of_no_item_is_issued_again_too() -> None:
    life = Life(terms(), a_plan(flat(10_000), bound=(15_000, None)))
    life.renew()
    reissued(life)
    kinds = [(line.kind, line.item_id is None) for line in life.books.invoices[-1].lines]
    assert kinds == [(LineKind.TRUE_UP, True), (LineKind.CHARGE, False)]
