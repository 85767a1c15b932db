"""Derive every finalised invoice again from the facts, and report every disagreement. Only reads.

Ends with 0 where the books agree, 1 where something disagrees. What it prints names documents, amounts and codes, and
never a customer.
"""

import argparse
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

from app.settings import Mode, Settings
from cli.database import database_url
from cli.held import database_of
from cli.loop import run_async
from cli.terminal import CommandError, Steps, Tell
from db.engine import Database
from db.queries.books import account_ids, books_of, count_accounts, rule_book
from db.queries.books_register import odd_numbers, series_of
from db.revision import check_revision
from db.scope import Scope, scope_of
from demo.personas import BY_SLUG
from domain.actor import StaffRole, staff
from domain.audit.audit import audit
from domain.audit.books import Books, RuleBook
from domain.audit.disagreement import MEANINGS, Code, Disagreement
from domain.audit.numbering import audit_register
from domain.audit.words import plural
from domain.ids import AccountId, parse_id_of

BATCH_ACCOUNTS = 100
"""So many accounts are held in memory at a time, whatever their number in all."""


@dataclass(slots=True)
class Audited:
    """What was looked at, and how often each code was found."""

    accounts: int = 0
    invoices: int = 0
    lines: int = 0
    credit_notes: int = 0
    found: Counter[Code] = field(default_factory=Counter)

    def add(self, books: Books, disagreements: Sequence[Disagreement]) -> None:
        """One more account."""
        self.accounts += 1
        self.invoices += len(books.final)
        self.lines += sum(len(invoice.lines) for invoice in books.final)
        self.credit_notes += len(books.notes)
        self.found.update(each.code for each in disagreements)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Whose books, or how many accounts'."""
    parser.add_argument("--account", help="a public id (acct_...), or a persona's slug: this account alone")
    parser.add_argument("--limit", type=int, metavar="N", help="the first N accounts only, and no series of numbers")


def run(given: argparse.Namespace) -> int:
    """Audit, and tell; 1 if anything disagrees."""
    if given.limit is not None and given.limit < 1:
        raise CommandError("--limit: how many? One at least")
    settings = Settings.from_environment(os.environ, default_mode=Mode.DEMO)
    steps = Steps()
    only = None if given.account is None else _account_id(given.account)

    async def look(url: str) -> Audited:
        async with database_of(settings, url) as database:
            await check_revision(database)
            with steps.bar("Accounts") as tell:
                return await audit_all(database, lambda each: steps.say(line_of(each)), tell, only, given.limit)

    started = time.monotonic()
    with database_url(settings, steps.say) as url:
        audited = run_async(look(url))
    if only is not None and audited.accounts == 0:
        raise CommandError(f"there is no account {given.account}")
    for told in summary(audited, time.monotonic() - started):
        steps.say(told)
    return 1 if audited.found else 0


async def audit_all(
    database: Database,
    report: Callable[[Disagreement], None],
    tell: Tell,
    only: AccountId | None = None,
    limit: int | None = None,
) -> Audited:
    """Audit one account, the first `limit`, or all and the register of numbers; each finding is reported as it comes.

    Each batch is one snapshot, so an account is always seen whole, and a long run holds nothing back.
    """
    scope, audited = scope_of(staff(StaffRole.SYSTEM)), Audited()
    async with database.snapshot() as session:
        rules = await rule_book(session)
        total = 1 if only else await count_accounts(session, scope)
    total = total if limit is None else min(total, limit)
    async for batch in _batches(database, scope, rules, only, limit):
        for books in batch:
            disagreements = audit(books, rules)
            audited.add(books, disagreements)
            for each in disagreements:
                report(each)
        tell(audited.accounts, total, "derived again")
    if only is None and limit is None:
        async with database.snapshot() as session:
            series, odd = await series_of(session), await odd_numbers(session, scope)
        for each in audit_register(series, odd):
            audited.found[each.code] += 1
            report(each)
    return audited


async def _batches(
    database: Database, scope: Scope, rules: RuleBook, only: AccountId | None, limit: int | None
) -> AsyncIterator[Sequence[Books]]:
    if only is not None:
        async with database.snapshot() as session:
            yield await books_of(session, scope, [only], rules)
        return
    after: AccountId | None = None
    left = limit
    while left is None or left > 0:
        async with database.snapshot() as session:
            ids = await account_ids(
                session, scope, after, BATCH_ACCOUNTS if left is None else min(BATCH_ACCOUNTS, left)
            )
            if not ids:
                return
            batch = await books_of(session, scope, ids, rules)
        yield batch
        after = ids[-1]
        left = None if left is None else left - len(ids)


def line_of(each: Disagreement) -> str:
    """A finding in one line: its code, its document, its sentence."""
    return f"{each.code}  {each.document.public_id}  {each.sentence}"


def summary(audited: Audited, took_s: float) -> Sequence[str]:
    """What was looked at and how fast, then each code that was found with its meaning."""
    counts = ", ".join(
        plural(count, noun)
        for count, noun in (
            (audited.accounts, "account"),
            (audited.invoices, "invoice"),
            (audited.lines, "line"),
            (audited.credit_notes, "credit note"),
        )
    )
    counts += f" in {took_s:.1f} s ({audited.accounts / (took_s or 1):.0f} accounts/s)"
    if not audited.found:
        return [counts, "No disagreement."]
    codes = [f"  {code}  {count}  {MEANINGS[code]}" for code, count in sorted(audited.found.items())]
    return [counts, f"{plural(audited.found.total(), 'disagreement')}:", *codes]


def _account_id(text: str) -> AccountId:
    return BY_SLUG[text].account_id if text in BY_SLUG else AccountId(parse_id_of("Account", text))
