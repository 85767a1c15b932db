"""`billing audit`: sound books are read back as they were written and have no fault; each planted one is found by name.

A fault is planted by SQL, the account audited in the same transaction, and the plant taken back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest
from sqlalchemy import CursorResult, text

from cli.audit import audit_all, line_of
from db.engine import Database
from db.queries.books import books_of, rule_book
from db.queries.books_register import odd_numbers, series_of
from db.scope import scope_of
from domain.actor import StaffRole, staff
from domain.audit.audit import audit
from domain.audit.disagreement import Code, Disagreement
from domain.audit.numbering import audit_register
from domain.ids import AccountId
from tests.domain.audit.test_plants import LIFE, RULES, SOUND
from tests.written import write

SCOPE = scope_of(staff(StaffRole.SYSTEM))
WHO = AccountId(LIFE.account.id)


@pytest.fixture(scope="module")
async def lived(database: Database) -> Database:
    """A database with one life that has a bit of everything."""
    await write(database, LIFE, SOUND, RULES)
    return database


async def found_in(database: Database, sql: str = "SELECT 1") -> Sequence[Disagreement]:
    """What the audit says once these statements have run; then they are taken back."""
    async with database.write() as session:
        for statement in sql.split(";"):
            done = cast("CursorResult[Any]", await session.execute(text(statement)))
            assert done.returns_rows or done.rowcount > 0, f"nothing was planted: {statement}"
        (books,) = await books_of(session, SCOPE, [WHO], await rule_book(session))
        rules = await rule_book(session)
        found = [*audit(books, rules), *audit_register(await series_of(session), await odd_numbers(session, SCOPE))]
        await session.rollback()
    return found


async def test_the_books_are_read_as_they_were_written(lived: Database) -> None:
    async with lived.snapshot() as session:
        rules = await rule_book(session)
        (books,) = await books_of(session, SCOPE, [WHO], rules)
    for name in ("invoices", "notes", "discounts", "entries", "subscriptions"):
        assert getattr(books, name) == getattr(SOUND, name), name
    assert set(books.items) == set(SOUND.items)
    assert books.usage == {key: counted for key, counted in SOUND.usage.items() if counted.count}
    assert books.account == replace(SOUND.account, event_sequence=len(LIFE.turns))
    assert {rate.id for rate in rules.rates} == {rate.id for rate in RULES.rates}


async def test_a_batch_is_as_many_statements_as_one_account(lived: Database) -> None:
    async with lived.snapshot() as session:
        rules = await rule_book(session)
        with lived.recording() as one:
            await books_of(session, SCOPE, [WHO], rules)
        with lived.recording() as many:
            await books_of(session, SCOPE, [WHO, *(AccountId(LIFE.ids.new()) for _ in range(50))], rules)
    assert len(one) == len(many) == 27


async def test_sound_books_have_no_fault(lived: Database) -> None:
    said: list[Disagreement] = []
    audited = await audit_all(lived, said.append, lambda done, total, doing: None)
    assert (said, audited.accounts, audited.invoices) == ([], 1, len(SOUND.final))
    assert (audited.lines, audited.credit_notes) == (sum(len(each.lines) for each in SOUND.final), len(SOUND.notes))


@dataclass(frozen=True)
class Fault:
    """What is planted by which statements, and the code that must come of it."""

    says: str
    code: Code
    sql: str


def _first(kind: str, where: str = "true") -> str:
    return (
        f"(SELECT l.id FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id WHERE l.kind = '{kind}' AND {where} "
        "ORDER BY i.drafted_at, l.position LIMIT 1)"
    )


def _last(kind: str) -> str:
    return (
        f"(SELECT l.id FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id WHERE l.kind = '{kind}' "
        "ORDER BY i.drafted_at DESC, l.position DESC LIMIT 1)"
    )


_LINE = "UPDATE invoice_lines SET"
_INVOICE = "UPDATE invoices SET"
_FIRST_INVOICE = "id = (SELECT id FROM invoices ORDER BY drafted_at LIMIT 1)"
_COPY = (
    "account_id, invoice_id, subscription_id, item_id, plan_version_id, price_id, kind, description, quantity, "
    "unit_minor, amount_minor, tax_minor, tax_inclusive, tax_rate_id, discount_id, discounted_line_id, currency, "
    "service_start, service_end, rule, sentence, basis_minor, part_s, whole_s, split_minor, terms, credited_line_id"
)


def _again(kind: str) -> str:
    """The first line of a kind once more, under another cause."""
    return (
        f"INSERT INTO invoice_lines (id, position, cause, {_COPY}) "
        f"SELECT gen_random_uuid(), 99, gen_random_uuid(), {_COPY} FROM invoice_lines WHERE id = {_first(kind)}"
    )


_ANCHOR = """UPDATE outbox_events SET data = replace(data, '2026-04-01"', '2026-04-02"')"""
_BESIDE = f"UPDATE invoices SET {{0}} = {{0}} + 1 WHERE {_FIRST_INVOICE}"

FAULTS = (
    Fault(
        "amount off by one", Code.LINE_AMOUNT, f"{_LINE} amount_minor = amount_minor + 1 WHERE id = {_first('CHARGE')}"
    ),
    Fault("basis changed", Code.LINE_AMOUNT, f"{_LINE} basis_minor = basis_minor + 50 WHERE id = {_first('CHARGE')}"),
    Fault(
        "terms changed",
        Code.LINE_TERMS,
        f"{_LINE} terms = '[[\"units\",\"7\",\"1\",0]]' WHERE id = {_first('TRUE_UP')}",
    ),
    Fault(
        "a unit moved to another part of a split",
        Code.LINE_SPLIT,
        f"{_LINE} amount_minor = amount_minor + 1 WHERE id = {_first('PRORATION_CHARGE')} ;"
        f"{_LINE} amount_minor = amount_minor - 1 WHERE kind = 'PRORATION_CHARGE' AND position = "
        f"(SELECT position + 2 FROM invoice_lines WHERE id = {_first('PRORATION_CHARGE')}) AND invoice_id = "
        f"(SELECT invoice_id FROM invoice_lines WHERE id = {_first('PRORATION_CHARGE')})",
    ),
    Fault("a line's tax off by one", Code.LINE_TAX, f"{_LINE} tax_minor = tax_minor + 1 WHERE id = {_first('CHARGE')}"),
    Fault("a tax entry off by one", Code.TAX_ENTRY, "UPDATE invoice_taxes SET tax_minor = tax_minor + 1"),
    Fault(
        "the total with its subtotal",
        Code.TOTALS,
        f"{_INVOICE} subtotal_minor = subtotal_minor + 1, total_minor = total_minor + 1 WHERE {_FIRST_INVOICE}",
    ),
    Fault(
        "a regular line is missing",
        Code.SERVICE_MISSING,
        f"DELETE FROM invoice_lines WHERE id = {_last('CHARGE')}",
    ),
    Fault("a line doubled under another cause", Code.SERVICE_TWICE, _again("CHARGE")),
    Fault(
        "another service period",
        Code.SERVICE_PERIOD,
        f"{_LINE} service_start = service_start + interval '1 day' WHERE id = {_first('CHARGE')}",
    ),
    Fault("another quantity", Code.QUANTITY, f"{_LINE} quantity = quantity + 1 WHERE id = {_first('CHARGE')}"),
    Fault(
        "the item's quantity after it was billed",
        Code.QUANTITY,
        "UPDATE subscription_items SET quantity = quantity + 1 WHERE component = 'seats'",
    ),
    Fault(
        "the price of another version",
        Code.PRICE,
        f"{_LINE} price_id = (SELECT id FROM prices WHERE component = 'base' ORDER BY id LIMIT 1) "
        f"WHERE id = {_first('CHARGE', 'l.quantity > 1')}",
    ),
    Fault(
        "a price after it was published",
        Code.CHARGE,
        "UPDATE price_tiers SET unit_minor = unit_minor + 1 WHERE unit_minor > 1000",
    ),
    Fault(
        "a discount in a period that it does not cover",
        Code.DISCOUNT_COVERAGE,
        "DELETE FROM discount_periods WHERE period_start = (SELECT max(period_start) FROM discount_periods)",
    ),
    Fault("a discount twice", Code.DISCOUNT_TWICE, _again("DISCOUNT")),
    Fault("terms of a discount", Code.DISCOUNT_AMOUNT, "UPDATE discounts SET percent = 15"),
    Fault(
        "a credit above what the line had left",
        Code.OVER_CREDITED,
        "UPDATE credit_note_lines SET amount_minor = amount_minor + 100000",
    ),
    Fault(
        "another share given back",
        Code.CREDIT,
        f"{_LINE} part_s = part_s - 60 WHERE id = {_first('PRORATION_CREDIT')}",
    ),
    Fault("a credit note's tax", Code.NOTE_TAX, "UPDATE credit_note_lines SET tax_minor = tax_minor + 2"),
    Fault(
        "a credit note's total",
        Code.NOTE_TOTALS,
        "UPDATE credit_notes SET total_minor = total_minor + 1, subtotal_minor = subtotal_minor + 1, "
        "to_invoice_minor = to_invoice_minor + 1",
    ),
    Fault(
        "a voided invoice's line still credited",
        Code.VOID_CREDITED,
        f"{_INVOICE} status = 'VOID' WHERE id = (SELECT invoice_id FROM invoice_lines WHERE id = "
        f"(SELECT credited_line_id FROM invoice_lines WHERE id = {_first('PRORATION_CREDIT')}))",
    ),
    Fault("a number skipped", Code.NUMBER_GAP, "UPDATE number_series SET last_number = last_number + 1"),
    Fault(
        "a number used twice",
        Code.NUMBER_TWICE,
        "UPDATE credit_notes SET number = (SELECT number FROM invoices ORDER BY number LIMIT 1) "
        "WHERE id = (SELECT id FROM credit_notes ORDER BY created_at LIMIT 1)",
    ),
    Fault(
        "a number given to nothing",
        Code.NUMBER_OF_NOTHING,
        "UPDATE document_numbers SET document_id = gen_random_uuid() WHERE series = 'TEST' AND number = 1",
    ),
    Fault("a number taken off the register", Code.NUMBER_MISSING, "DELETE FROM document_numbers WHERE number = 2"),
    Fault("another number on paper", Code.NUMBER_TEXT, f"{_INVOICE} number = 'EU-TEST-000099' WHERE {_FIRST_INVOICE}"),
    Fault(
        "two numbers exchanged",
        Code.NUMBER_ORDER,
        "UPDATE document_numbers SET number = 100 WHERE series = 'TEST' AND number = 1 ;"
        "UPDATE document_numbers SET number = 1 WHERE series = 'TEST' AND number = 2 ;"
        "UPDATE document_numbers SET number = 2 WHERE series = 'TEST' AND number = 100",
    ),
    Fault("a ledger entry's amount", Code.LEDGER_BALANCE, "UPDATE credit_entries SET amount_minor = amount_minor + 1"),
    Fault("a ledger's balance", Code.LEDGER_BALANCE, "UPDATE credit_entries SET balance_minor = balance_minor + 1"),
    Fault("a ledger's sequence", Code.LEDGER_SEQUENCE, "UPDATE credit_entries SET sequence = sequence + 1"),
    Fault("paid without a payment", Code.PAID, f"{_INVOICE} paid_minor = 1 WHERE {_FIRST_INVOICE}"),
    Fault("applied without an entry", Code.APPLIED, f"{_INVOICE} applied_minor = 1 WHERE {_FIRST_INVOICE}"),
    Fault("credited without a note", Code.CREDITED, _BESIDE.format("credited_minor")),
    Fault(
        "returned without a note", Code.RETURNED, _BESIDE.format("returned_minor")
    ),
    Fault("PAID with something due", Code.STATUS, f"{_INVOICE} status = 'PAID' WHERE {_FIRST_INVOICE}"),
    Fault("a usage event removed after billing", Code.USAGE_QUANTITY, "DELETE FROM usage_events"),
    Fault("a usage event's value", Code.USAGE_QUANTITY, "UPDATE usage_events SET value = value + 1"),
    Fault(
        "an event received only after billing", Code.USAGE_QUANTITY,
        "UPDATE usage_events SET received_at = received_at + interval '90 days'",
    ),
    Fault(
        "a usage line is missing", Code.USAGE_MISSING, f"{_LINE} kind = 'ONE_OFF' WHERE id = {_first('USAGE')}"
    ),
    Fault("a true-up is missing", Code.BOUND, f"{_LINE} kind = 'ONE_OFF' WHERE id = {_first('TRUE_UP')}"),
    Fault("a minimum after it was published", Code.BOUND, "UPDATE plan_bounds SET minimum_minor = minimum_minor + 100"),
    Fault(
        "a rate that ended before the day", Code.TAX_RATE, "UPDATE tax_rates SET valid_until = '2026-05-01'"
    ),
    Fault("another anchor", Code.PERIODS, _ANCHOR),
    Fault("an event taken away", Code.EVENT_SEQUENCE, "DELETE FROM outbox_events WHERE sequence = 2"),
    Fault(
        "a charge that nobody entered", Code.BY_HAND, f"{_LINE} kind = 'ONE_OFF' WHERE id = {_first('TRUE_UP')}"
    ),
)  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.says)
async def test_each_planted_fault_is_found_by_name(lived: Database, fault: Fault) -> None:
    found = await found_in(lived, fault.sql)
    assert fault.code in {each.code for each in found}, [line_of(each) for each in found]


async def test_use_whose_month_has_gone_is_not_counted_again(lived: Database) -> None:
    """Its events of April are no more. That is a fault, unless the oldest month there is says that they may be gone."""
    bounds = "FOR VALUES FROM ('2026-06-01Z') TO ('2026-07-01Z')"
    a_month = f"CREATE TABLE usage_events_y2026m06 PARTITION OF usage_events {bounds}"
    async with lived.write() as session:
        rules = await rule_book(session)
        await session.execute(text("DELETE FROM usage_events"))
        found = []
        for statement in ("SELECT 1", a_month):
            await session.execute(text(statement))
            (books,) = await books_of(session, SCOPE, [WHO], rules)
            found.append({each.code for each in audit(books, rules)})
        await session.rollback()
    assert found == [{Code.USAGE_QUANTITY}, set()]


async def test_what_is_printed_names_no_customer(lived: Database) -> None:
    found = [each for fault in FAULTS for each in await found_in(lived, fault.sql)]
    printed = "\n".join(line_of(each) for each in found)
    assert "Somebody" not in printed
    assert LIFE.account.name not in printed
    assert all("\n" not in line_of(each) for each in found)
