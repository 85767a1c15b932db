"""What an account has to spend, and what the lines of its invoices can still give back, for decisions."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.among import among, among_given
from db.scope import ACTOR, Scope, within
from db.tables import charges, credit_entries, credit_note_lines, invoice_lines, invoices
from domain.account import Account
from domain.credit import CreditEntryKind
from domain.credit_ledger import Grant, Ledger
from domain.crediting import Creditable, CreditableLine, with_waiting
from domain.ids import AccountId, CreditEntryId, InvoiceId, LineId, SubscriptionId
from domain.invoice import InvoiceStatus
from domain.periods import Period
from domain.settlement import Owed


async def ledgers(session: AsyncSession, scope: Scope, accounts: Iterable[Account]) -> Mapping[AccountId, Ledger]:
    """The credit ledger of each account, an empty one where nothing was ever granted; one statement for all.

    The caller has locked the accounts: an entry's number is the next one only then.
    """
    wanted = {account.id: account for account in accounts}
    found = await session.execute(_grants(scope.of_anyone), {ACTOR: scope.actor_id, "accounts": list(wanted)})
    of: dict[AccountId, list[Any]] = {}
    for row in found:
        of.setdefault(AccountId(row.account_id), []).append(row)
    return {
        account_id: Ledger(
            account.currency,
            max((row.last for row in of.get(account_id, ())), default=0),
            tuple(Grant(CreditEntryId(row.grant_id), row.first, int(row.left_minor)) for row in of.get(account_id, ())),
        )
        for account_id, account in wanted.items()
    }


@lru_cache
def _grants(scope: Scope) -> Select[Any]:
    entry = credit_entries.c
    grant_id = func.coalesce(entry.grant_id, entry.id).label("grant_id")
    return (
        select(
            entry.account_id,
            grant_id,
            func.sum(entry.amount_minor).label("left_minor"),
            func.min(entry.sequence).label("first"),
            func.max(entry.sequence).label("last"),
        )
        .where(among_given(entry.account_id, "accounts"), within(scope.kind, entry.account_id))
        .group_by(entry.account_id, grant_id)
        .order_by(entry.account_id, func.min(entry.sequence))
    )


async def account_of_grant(session: AsyncSession, scope: Scope, grant_id: CreditEntryId) -> AccountId | None:
    """Whose grant of credit this is, if the scope reaches it; None for an entry that grants nothing."""
    entry = credit_entries.c
    found = await session.scalar(
        select(entry.account_id).where(
            entry.id == grant_id, entry.grant_id.is_(None), within(scope.kind, entry.account_id)
        ),
        {ACTOR: scope.actor_id},
    )
    return AccountId(found) if found else None


async def applied_credit(
    session: AsyncSession, scope: Scope, account_id: AccountId, invoice_id: InvoiceId
) -> list[tuple[CreditEntryId, int]]:
    """What each grant pays of an invoice in minor units, less what was put back; grants that pay nothing left out."""
    entry = credit_entries.c
    spent = func.sum(-entry.amount_minor)
    found = await session.execute(
        select(entry.grant_id, spent.label("minor"))
        .where(
            entry.account_id == account_id,
            entry.invoice_id == invoice_id,
            entry.kind.in_([CreditEntryKind.APPLIED.value, CreditEntryKind.RESTORED.value]),
            within(scope.kind, entry.account_id),
        )
        .group_by(entry.grant_id)
        .having(spent > 0)
        .order_by(func.min(entry.sequence)),
        {ACTOR: scope.actor_id},
    )
    return [(CreditEntryId(row.grant_id), int(row.minor)) for row in found]


@dataclass(frozen=True, slots=True)
class PlaceOfLine:
    """Whose line it is, on which invoice, and of which subscription, if of any."""

    account_id: AccountId
    invoice_id: InvoiceId
    subscription_id: SubscriptionId | None


async def place_of_line(session: AsyncSession, scope: Scope, line_id: LineId) -> PlaceOfLine | None:
    """Where a line is, if the scope reaches it."""
    row = (
        await session.execute(
            select(invoice_lines.c.account_id, invoice_lines.c.invoice_id, invoice_lines.c.subscription_id).where(
                invoice_lines.c.id == line_id, within(scope.kind, invoice_lines.c.account_id)
            ),
            {ACTOR: scope.actor_id},
        )
    ).one_or_none()
    if row is None:
        return None
    subscription_id = SubscriptionId(row.subscription_id) if row.subscription_id else None
    return PlaceOfLine(AccountId(row.account_id), InvoiceId(row.invoice_id), subscription_id)


async def creditable(session: AsyncSession, scope: Scope, account_id: AccountId, owed: Owed) -> Creditable:
    """What an invoice has left to give back, line by line; four statements.

    A line counts less its own discounts. What came back counts from wherever it did: a line of a later invoice that is
    not void, a credit note, or an adjustment that waits for the next invoice.
    """
    line = invoice_lines.c
    lines = (
        await session.execute(
            select(invoice_lines)
            .where(line.account_id == account_id, line.invoice_id == owed.id, within(scope.kind, line.account_id))
            .order_by(line.position),
            {ACTOR: scope.actor_id},
        )
    ).all()
    ids = [LineId(row.id) for row in lines]
    later = await _credited_on_invoices(session, scope, account_id, ids)
    noted = await _credited_by_notes(session, scope, account_id, ids)
    waiting = await _waiting(session, scope, account_id, ids)
    taken: dict[LineId, tuple[int, int]] = {}
    for row in lines:
        if row.discounted_line_id is not None:
            net, tax = taken.get(row.discounted_line_id, (0, 0))
            taken[row.discounted_line_id] = (net - row.amount_minor, tax - row.tax_minor)
    charged = [row for row in lines if row.discounted_line_id is None and row.amount_minor > 0]
    return Creditable(
        invoice_id=owed.id,
        currency=owed.currency,
        total_minor=owed.settlement.total,
        credited_minor=owed.settlement.credited,
        lines=tuple(
            with_waiting(_line(row, taken.get(row.id, (0, 0)), later, noted), waiting.get(row.id, 0)) for row in charged
        ),
    )


_Credited = Mapping[LineId, tuple[int, int]]


def _line(row: Row[Any], taken: tuple[int, int], later: _Credited, noted: _Credited) -> CreditableLine:
    gone = [each.get(row.id, (0, 0)) for each in (later, noted)]
    return CreditableLine(
        id=LineId(row.id),
        description=row.description,
        net_minor=row.amount_minor - taken[0],
        tax_minor=row.tax_minor - taken[1],
        credited_net_minor=sum(net for net, _ in gone),
        credited_tax_minor=sum(tax for _, tax in gone),
        tax_inclusive=row.tax_inclusive,
        service=Period(rows.utc(row.service_start), rows.utc(row.service_end)),
    )


async def _credited_on_invoices(
    session: AsyncSession, scope: Scope, account_id: AccountId, ids: Collection[LineId]
) -> _Credited:
    line = invoice_lines.c
    found = await session.execute(
        select(
            line.credited_line_id.label("id"),
            func.sum(-line.amount_minor).label("net"),
            func.sum(-line.tax_minor).label("tax"),
        )
        .join(invoices, and_(invoices.c.account_id == line.account_id, invoices.c.id == line.invoice_id))
        .where(
            line.account_id == account_id,
            among(line.credited_line_id, ids),
            invoices.c.status != InvoiceStatus.VOID.value,
            within(scope.kind, line.account_id),
        )
        .group_by(line.credited_line_id),
        {ACTOR: scope.actor_id},
    )
    return {LineId(row.id): (int(row.net), int(row.tax)) for row in found}


async def _credited_by_notes(
    session: AsyncSession, scope: Scope, account_id: AccountId, ids: Collection[LineId]
) -> _Credited:
    line = credit_note_lines.c
    found = await session.execute(
        select(
            line.invoice_line_id.label("id"),
            func.sum(line.amount_minor).label("net"),
            func.sum(line.tax_minor).label("tax"),
        )
        .where(line.account_id == account_id, among(line.invoice_line_id, ids), within(scope.kind, line.account_id))
        .group_by(line.invoice_line_id),
        {ACTOR: scope.actor_id},
    )
    return {LineId(row.id): (int(row.net), int(row.tax)) for row in found}


async def _waiting(
    session: AsyncSession, scope: Scope, account_id: AccountId, ids: Collection[LineId]
) -> Mapping[LineId, int]:
    charge = charges.c
    found = await session.execute(
        select(charge.line_id, func.sum(-charge.amount_minor).label("minor"))
        .where(
            charge.account_id == account_id,
            among(charge.line_id, ids),
            charge.invoice_id.is_(None),
            charge.amount_minor < 0,
            within(scope.kind, charge.account_id),
        )
        .group_by(charge.line_id),
        {ACTOR: scope.actor_id},
    )
    return {LineId(row.line_id): int(row.minor) for row in found}
