"""The laws of documents, over lives of any price, currency, discounts and tax: changed, renewed, ended."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.catalog import PlanVersion
from domain.ids import ChargeId, TaxRateId
from domain.invoice import ChargeKind, LineKind, Settlement, recompute
from domain.invoicing.bill import bill
from domain.invoicing.waiting import WaitingCharge, charge_lines
from domain.money import Money
from tests.domain.invoicing.life import Life
from tests.domain.invoicing.making import a_discount, a_plan, each, flat, terms, used
from tests.domain.strategies import LAW
from tests.make import APRIL, an_account, an_id, april, usd

minors = st.one_of(st.integers(1, 50), st.integers(1, 100_000))
seats = st.integers(0, 7)
percents = st.sampled_from(["0", "2.9", "7", "19", "33.3333", "100"])


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """A subscription of any price, currency, discounts and tax, changed up to three times in its first period.

    The rate of tax may be another from the third day on.
    """
    currency = draw(st.sampled_from(["USD", "JPY", "KWD"]))
    inclusive = draw(st.booleans())
    discounts = []
    if draw(st.booleans()):
        discounts.append(
            a_discount(
                draw(st.sampled_from(["10", "33.3333", "100"])),
                cap=draw(st.one_of(st.none(), minors)),
                currency=currency,
            )
        )
    if draw(st.booleans()):
        discounts.append(a_discount(amount=draw(minors), currency=currency, name="fixed"))

    def a_version(index: int) -> PlanVersion:
        return a_plan(
            flat(draw(minors)), each("seats", draw(minors)), used("calls", draw(minors)),
            code=f"plan{index}", rank=index, currency=currency, tax_inclusive=inclusive,
        )  # fmt: skip

    account = an_account(currency=currency)
    of_life = terms(*discounts, account=account, tax=draw(percents))
    if draw(st.booleans()):
        (old,) = of_life.rates
        new = replace(
            old, id=TaxRateId(an_id("new rate")), percent=Decimal(draw(percents)), valid_from=date(2026, 4, 3)
        )
        of_life = replace(of_life, rates=(replace(old, valid_until=new.valid_from), new))
    life = Life(
        of_life,
        a_version(0),
        quantities={"seats": draw(seats)},
    )
    at = 0
    for index in range(1, 1 + draw(st.integers(0, 3))):
        at += draw(st.integers(0, 8 * 86_400))
        life.use("calls", april(2), draw(st.integers(0, 40)))
        life.change(
            datetime.fromtimestamp(APRIL.start.timestamp() + at, UTC),
            a_version(index),
            seats=draw(seats),
        )
    life.renew()
    if draw(st.booleans()):
        life.end(datetime(2026, 5, 1 + draw(st.integers(0, 29)), 11, tzinfo=UTC))
    return life


LAW_OF_LIVES = settings(LAW, max_examples=30)


@LAW_OF_LIVES
@given(life=lives())
def test_l1_subtotal_less_discounts_plus_tax_is_the_total_and_what_is_due_is_never_negative(life: Life) -> None:
    for invoice in life.books.invoices:
        assert invoice.subtotal - invoice.discount + invoice.tax == invoice.total
        assert invoice.total.minor == sum(line.amount.minor + line.tax_minor for line in invoice.lines) >= 0
        assert invoice.tax.minor == sum(line.tax_minor for line in invoice.lines)
        assert sum(entry.base.minor for entry in invoice.taxes) == sum(line.amount.minor for line in invoice.lines)
        notes = [note for note in life.books.notes if note.invoice_id == invoice.id]
        for note in notes:
            assert note.subtotal + note.tax == note.total
            assert note.total.minor == note.to_invoice_minor + note.to_balance_minor + note.to_refund_minor > 0
        beside = Settlement(
            invoice.total.minor,
            credited=sum(note.total.minor for note in notes),
            returned=sum(note.to_balance_minor for note in notes),
        )
        assert 0 <= beside.due <= beside.total


@LAW_OF_LIVES
@given(life=lives())
def test_l8_every_line_of_every_document_recomputes_to_what_it_states(life: Life) -> None:
    for invoice in life.books.invoices:
        stripped = [replace(line, amount=Money.zero(invoice.currency), tax_minor=0) for line in invoice.lines]
        assert recompute(stripped) == tuple(line.stated for line in invoice.lines)
        for line in invoice.lines:
            if line.explanation.terms:
                assert sum(term.exact_minor for term in line.explanation.terms) == line.explanation.basis_minor


@LAW_OF_LIVES
@given(life=lives())
def test_l4_a_discount_is_never_more_than_its_line(life: Life) -> None:
    for debit in life.books.debits:
        assert debit.stated.minor < 0 or 0 <= debit.discount_minor <= debit.stated.minor
        assert all(taken.minor * debit.stated.minor >= 0 for taken in debit.taken)


@LAW_OF_LIVES
@given(life=lives())
def test_l13_no_line_gives_back_more_than_it_debited_nor_more_tax(life: Life) -> None:
    for debit in life.books.debits:
        if debit.stated.minor >= 0:
            assert 0 <= debit.credited.minor <= debit.debited.minor
            assert 0 <= debit.credited_tax_minor <= debit.tax_minor + 1  # a delta's tax is split with its charges


@settings(LAW, max_examples=100)
@given(life=lives())
def test_l14_a_credit_has_the_rate_inclusiveness_and_discount_of_its_line(life: Life) -> None:
    lines = {line.id: line for line in life.books.lines}
    for line in life.books.lines:
        if line.explanation.credited_line_id is not None and line.kind is LineKind.PRORATION_CREDIT:
            of = lines[line.explanation.credited_line_id]
            assert (line.tax_rate_id, line.tax_inclusive) == (of.tax_rate_id, of.tax_inclusive)
    for note in life.books.notes:
        for credit in note.lines:
            of = lines[credit.invoice_line_id]
            assert credit.tax_inclusive == of.tax_inclusive
            # the share of its tax that it gives back of its amount, but for units that splits moved
            share = Fraction(of.tax_minor * credit.amount.minor, of.amount.minor) if of.amount.minor else Fraction(0)
            assert abs(credit.tax_minor - share) <= 2


@LAW_OF_LIVES
@given(life=lives())
def test_l21_no_two_lines_have_one_key(life: Life) -> None:
    keys = [
        (line.subscription_id, line.item_id, line.service.start, line.kind, line.cause, line.discount_id)
        for line in life.books.lines
    ]
    assert len(keys) == len(set(keys))


@LAW_OF_LIVES
@given(data=st.data(), minor=minors, percent=percents)
def test_l1_a_credit_of_all_of_an_invoice_gives_back_all_of_its_tax(
    data: st.DataObject, minor: int, percent: str
) -> None:
    inclusive = data.draw(st.booleans())
    plan = a_plan(flat(minor), each("seats", data.draw(minors)), tax_inclusive=inclusive)
    life = Life(terms(a_discount(data.draw(st.sampled_from([10, 50]))), tax=percent), plan, quantities={"seats": 3})
    parts = data.draw(st.lists(st.one_of(st.integers(1, 7), st.integers(1, 50_000)), max_size=5))
    charges = [
        WaitingCharge(
            ChargeId(an_id(f"{index} {debit.line_id}")), ChargeKind.ADJUSTMENT, usd("0.00") - Money(part, "USD"),
            "Back", april(3), line=debit,
        )
        for debit in life.books.debits
        for index, part in enumerate((*parts, 10**9))
    ]  # fmt: skip
    notes = bill(charge_lines(charges, (), "UTC"), life.terms, april(3)).credit_notes
    assert sum(note.total.minor for note in notes) == life.books.invoices[0].total.minor
    assert sum(note.tax.minor for note in notes) == life.books.invoices[0].tax.minor
