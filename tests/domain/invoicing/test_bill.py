"""From drafts to documents: discounts beneath their lines, tax once a rate, credit notes where money goes back."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from domain.credit import CreditNoteReason
from domain.ids import ChargeId, TaxRateId
from domain.invoice import ChargeKind, Invoice, InvoiceReason, InvoiceStatus, LineKind, recompute
from domain.invoicing.bill import bill
from domain.invoicing.documents import Documents, Heading, issue
from domain.invoicing.regular import lines_in_advance
from domain.invoicing.waiting import WaitingCharge, charge_lines
from domain.money import Money
from domain.tax import TaxExemption, TaxRate, TaxTreatment
from tests.domain.invoicing.life import Life
from tests.domain.invoicing.making import MAY, a_discount, a_plan, each, flat, terms, used
from tests.make import ACCOUNT, APRIL, NumberedIds, a_subscription, an_account, an_id, april, usd

PLAN = a_plan(flat(10_000), each("seats", 2_500))


def first_of(life: Life) -> Invoice:
    return life.books.invoices[0]


def amounts(invoice: Invoice | None) -> list[tuple[LineKind, int, int]]:
    """Kind, net and tax of every line, in minor units."""
    assert invoice is not None
    return [(line.kind, line.amount.minor, line.tax_minor) for line in invoice.lines]


# --- discounts -----------------------------------------------------------------------------------------------------


def test_a_discount_stands_beneath_each_line_it_takes_from() -> None:
    invoice = first_of(Life(terms(a_discount(10)), PLAN, quantities={"seats": 3}))
    assert amounts(invoice) == [
        (LineKind.CHARGE, 10_000, 0), (LineKind.DISCOUNT, -1_000, 0),
        (LineKind.CHARGE, 7_500, 0), (LineKind.DISCOUNT, -750, 0),
    ]  # fmt: skip
    base, off, _, _ = invoice.lines
    assert (off.discounted_line_id, off.discount_id, off.item_id) == (base.id, a_discount(10).id, base.item_id)
    assert (off.description, off.service, off.cause) == ("Welcome: Plan", APRIL, base.cause)
    assert off.explanation.sentence.startswith("Welcome (WELCOME): 10 % of 100.00 USD: 10.00 USD off")
    assert (invoice.subtotal, invoice.discount, invoice.total) == (usd("175.00"), usd("17.50"), usd("157.50"))


def test_a_fixed_discount_is_one_amount_over_all_lines() -> None:
    # 10.00 over 100.00 and 50.00: 6.67 + 3.33
    invoice = first_of(Life(terms(a_discount(amount=1_000)), PLAN, quantities={"seats": 2}))
    assert [minor for kind, minor, _ in amounts(invoice) if kind is LineKind.DISCOUNT] == [-667, -333]


def test_once_is_one_billing_period_and_not_one_invoice() -> None:
    life = Life(terms(a_discount(50, periods=1)), PLAN)
    life.change(april(16), seats=4)  # in the covered period: discounted too
    assert [invoice.discount for invoice in life.books.invoices] == [usd("50.00"), usd("25.00")]
    assert life.renew().invoice.discount == usd("0.00")  # type: ignore[union-attr]


def test_a_coupon_redeemed_in_the_middle_of_a_period_begins_with_the_next() -> None:
    life = Life(terms(), PLAN)
    life.terms = replace(life.terms, discounts=(a_discount(50, redeemed_at=april(10)),))
    life.change(april(16), seats=4)
    assert life.books.invoices[-1].discount == usd("0.00")
    assert life.renew().invoice.discount == usd("100.00")  # type: ignore[union-attr]


def test_what_was_covered_at_its_start_is_covered_in_arrears() -> None:
    life = Life(terms(a_discount(50, periods=1)), a_plan(flat(10_000), used("calls", 10)))
    life.use("calls", april(3), 100)
    renewal = life.renew().invoice
    assert amounts(renewal) == [
        (LineKind.USAGE, 1_000, 0), (LineKind.DISCOUNT, -500, 0), (LineKind.CHARGE, 10_000, 0),
    ]  # fmt: skip


def test_what_a_fixed_discount_has_left_of_its_period_goes_to_what_is_charged_in_arrears() -> None:
    # 130.00 off: 100.00 of them in advance, 30.00 are left for 80.00 of use
    life = Life(terms(a_discount(amount=13_000)), a_plan(flat(10_000), used("calls", 100)))
    life.use("calls", april(3), 80)
    renewal = life.renew().invoice
    assert amounts(renewal) == [
        (LineKind.USAGE, 8_000, 0), (LineKind.DISCOUNT, -3_000, 0),
        (LineKind.CHARGE, 10_000, 0), (LineKind.DISCOUNT, -10_000, 0),
    ]  # fmt: skip


def test_discounts_of_two_periods_on_one_invoice_are_rounded_apart() -> None:
    # a third off: of April's use 8.25 + 8.25 = 16.5 → 17 cents, of May 33 + 16.5 = 49.5 → 50; together they would be 66
    plan = a_plan(flat(100), used("calls", 25), used("mails", 25), each("seats", 50))
    life = Life(terms(a_discount(33)), plan, quantities={"seats": 1})
    life.use("calls", april(3), 1)
    life.use("mails", april(4), 1)
    renewal = life.renew().invoice
    assert renewal is not None
    off = [(line.service, line.stated.minor) for line in renewal.lines if line.kind is LineKind.DISCOUNT]
    assert off == [(APRIL, -9), (APRIL, -8), (MAY, -33), (MAY, -17)]
    assert recompute(renewal.lines) == tuple(line.stated for line in renewal.lines)


# --- tax -----------------------------------------------------------------------------------------------------------


def test_vat_is_computed_once_and_not_off_by_one_because_rounded_parts_were_summed() -> None:
    # three lines of 0.13 at 19 %: 0.0247 each, rounded apart 0.02 × 3 = 0.06; of 0.39 it is 0.0741: 0.07
    plan = a_plan(flat(13), each("seats", 13), each("brands", 13))
    invoice = first_of(Life(terms(tax=19), plan, quantities={"seats": 1, "brands": 1}))
    assert (invoice.tax, invoice.total) == (usd("0.07"), usd("0.46"))
    assert [line.tax_minor for line in invoice.lines] == [3, 2, 2]
    (entry,) = invoice.taxes
    assert (entry.base, entry.tax, entry.treatment) == (usd("0.39"), usd("0.07"), TaxTreatment.STANDARD)
    assert entry.sentence == "VAT: 19 % of 0.39 USD = 0.0741 USD, rounded to 0.07 USD."


def test_a_price_with_tax_inside_states_what_the_customer_pays() -> None:
    # 119.00 at 19 % inside: 19.00 of tax, 100.00 net; half off: 59.50
    plan = a_plan(flat(11_900), tax_inclusive=True)
    invoice = first_of(Life(terms(a_discount(50), tax=19), plan))
    assert amounts(invoice) == [(LineKind.CHARGE, 10_000, 1_900), (LineKind.DISCOUNT, -5_000, -950)]
    assert [line.stated for line in invoice.lines] == [usd("119.00"), usd("-59.50")]
    assert (invoice.subtotal, invoice.discount, invoice.tax, invoice.total) == (
        usd("100.00"), usd("50.00"), usd("9.50"), usd("59.50"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("exemption", "treatment"),
    [(TaxExemption.EXEMPT, TaxTreatment.EXEMPT), (TaxExemption.REVERSE_CHARGE, TaxTreatment.REVERSE_CHARGE)],
)
def test_an_exempt_account_pays_the_stated_price_as_net(exemption: TaxExemption, treatment: TaxTreatment) -> None:
    account = replace(an_account(), exemption=exemption)
    invoice = first_of(Life(terms(account=account, tax=19), a_plan(flat(11_900), tax_inclusive=True)))
    assert (invoice.tax, invoice.total, invoice.lines[0].amount) == (usd("0.00"), usd("119.00"), usd("119.00"))
    assert [(entry.treatment, entry.tax) for entry in invoice.taxes] == [(treatment, usd("0.00"))]


def test_a_credit_is_taxed_as_its_line_was_though_the_rate_has_risen() -> None:
    # 100.00 at 19 %; from the 10th it is 21 %. Half of 100.00 goes back at 19 %, half of 300.00 comes at 21 %
    life = Life(terms(tax=19), a_plan(flat(10_000)))
    risen = TaxRate(TaxRateId(an_id("risen")), "DE", None, "VAT", Decimal(21), date(2026, 4, 10))
    life.terms = replace(life.terms, rates=(*life.terms.rates, risen))
    delta = life.change(april(16), a_plan(flat(30_000), code="scale", rank=2)).invoice
    assert amounts(delta) == [(LineKind.PRORATION_CREDIT, -5_000, -950), (LineKind.PRORATION_CHARGE, 15_000, 3_150)]
    assert delta is not None
    assert [(entry.percent, entry.base, entry.tax) for entry in delta.taxes] == [
        (Fraction(19), usd("-50.00"), usd("-9.50")),
        (Fraction(21), usd("150.00"), usd("31.50")),
    ]


# --- what goes back ------------------------------------------------------------------------------------------------


def test_a_change_that_gives_back_more_than_it_costs_is_a_credit_note_and_an_invoice() -> None:
    life = Life(terms(tax=20), a_plan(flat(30_000), code="big"))
    changed = life.change(april(16), a_plan(flat(10_000), code="small", rank=2))
    (note,) = changed.credit_notes
    assert (note.subtotal, note.tax, note.total) == (usd("150.00"), usd("30.00"), usd("180.00"))
    assert (note.invoice_id, note.reason) == (first_of(life).id, CreditNoteReason.PLAN_CHANGE)
    assert note.lines[0].invoice_line_id == first_of(life).lines[0].id
    assert note.lines[0].amount == usd("150.00")
    assert amounts(changed.invoice) == [(LineKind.PRORATION_CHARGE, 5_000, 1_000)]
    assert changed.invoice is not None
    assert note.lines[0].cause == changed.invoice.lines[0].cause


@pytest.mark.parametrize(
    ("says", "due", "to_invoice", "to_balance"),
    [
        ("nothing was paid yet", 36_000, 18_000, 0),
        ("all was paid", 0, 0, 18_000),
        ("a part is still due", 5_000, 5_000, 13_000),
    ],
)
def test_a_credit_note_lowers_what_is_due_first(says: str, due: int, to_invoice: int, to_balance: int) -> None:
    life = Life(terms(tax=20), a_plan(flat(30_000), code="big"))
    subscription = life.subscription
    credited = life.books.debits
    drafts = charge_lines(
        [
            WaitingCharge(
                ChargeId(an_id("charge")), ChargeKind.ADJUSTMENT, usd("-150.00"), "Too much", april(3), line=credited[0]
            )
        ],
        (),
        "UTC",
    )
    heading = Heading(InvoiceReason.ONE_OFF, subscription.id, credit_reason=CreditNoteReason.BILLING_ERROR)
    made = issue(bill(drafts, life.terms, april(3)), life.account, heading, life.ids, {first_of(life).id: due})
    (note,) = made.credit_notes
    assert (made.invoice, note.to_invoice_minor, note.to_balance_minor) == (None, to_invoice, to_balance), says
    assert note.total.minor == note.to_invoice_minor + note.to_balance_minor + note.to_refund_minor


def test_crediting_a_line_in_three_parts_gives_back_exactly_its_tax() -> None:
    # 0.10 at 19 % inside is 0.02 of tax (0.0159…); three times a third, and the rest
    life = Life(terms(tax=19), a_plan(flat(10), tax_inclusive=True))
    charges = [
        WaitingCharge(
            ChargeId(an_id(f"charge {index}")), ChargeKind.ADJUSTMENT, Money(-minor, "USD"), "Back", april(3),
            line=life.books.debits[0],
        )
        for index, minor in enumerate((3, 3, 3, 9))
    ]  # fmt: skip
    drafts = charge_lines(charges, (), "UTC")
    assert [draft.stated.minor for draft in drafts] == [-3, -3, -3, -1]  # of the last, all that is left
    (note,) = bill(drafts, life.terms, april(3)).credit_notes
    assert (note.total, note.tax) == (usd("0.10"), first_of(life).tax)


def test_100_percent_off_is_an_ordinary_change_and_no_error() -> None:
    # nothing was ever owed: no credit to give, a charge and its discount, an invoice over nothing that is paid
    life = Life(terms(a_discount(100), tax=19), PLAN)
    changed = life.change(april(16), a_plan(flat(30_000), code="scale", rank=2))
    assert amounts(changed.invoice) == [
        (LineKind.PRORATION_CHARGE, 15_000, 2_850),
        (LineKind.DISCOUNT, -15_000, -2_850),
    ]
    assert changed.invoice is not None
    assert (changed.invoice.total, changed.invoice.status) == (usd("0.00"), InvoiceStatus.PAID)
    down = life.change(april(20), a_plan(flat(0), code="none", rank=0))
    assert (down.invoice, down.credit_notes) == (None, ())


def test_a_one_off_charge_is_taxed_and_not_discounted() -> None:
    charge = WaitingCharge(ChargeId(an_id("charge")), ChargeKind.ONE_OFF, usd("40.00"), "Training", april(20))
    life = Life(terms(a_discount(50), tax=19), a_plan(flat(10_000)))
    renewal = life.renew((charge,)).invoice
    assert amounts(renewal) == [
        (LineKind.ONE_OFF, 4_000, 760), (LineKind.CHARGE, 10_000, 1_900), (LineKind.DISCOUNT, -5_000, -950),
    ]  # fmt: skip
    line = renewal.lines[0]  # type: ignore[union-attr]
    assert (line.item_id, line.subscription_id, line.cause) == (None, None, charge.id)
    assert (line.service.start, line.service.end) == (april(20), april(21))


def test_without_drafts_there_is_no_document() -> None:
    nothing = bill((), terms(), april(3))
    assert nothing.is_empty
    assert issue(nothing, ACCOUNT, Heading(InvoiceReason.RENEWAL, None), NumberedIds()) == Documents(None)


def test_an_invoice_with_use_is_dated_and_taxed_on_the_day_it_will_be_final() -> None:
    # drafted on the 1st of May, final on the 2nd, from which the rate is 21 %
    life = Life(terms(tax=19), a_plan(flat(0), used("calls", 100)))
    life.use("calls", april(3), 100)
    risen = TaxRate(TaxRateId(an_id("risen")), "DE", None, "VAT", Decimal(21), date(2026, 5, 2))
    life.terms = replace(life.terms, rates=(*life.terms.rates, risen))
    renewal = life.renew().invoice
    assert renewal is not None
    assert (renewal.issued_on, renewal.tax) == (date(2026, 5, 2), usd("21.00"))
    assert renewal.drafted_at == datetime(2026, 5, 1, tzinfo=UTC)


def test_lines_in_advance_of_a_subscription_are_those_of_its_open_items() -> None:
    subscription = a_subscription(PLAN, seats=2)
    lines = lines_in_advance(subscription, "USD", MAY)
    assert [(line.item_id, line.stated, line.service) for line in lines] == [
        (subscription.items[0].id, usd("100.00"), MAY),
        (subscription.items[1].id, usd("50.00"), MAY),
    ]
