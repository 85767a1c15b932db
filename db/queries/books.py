"""The books of accounts for the audit: everything stored about them, a constant number of statements a batch.

Owns how the parts are put together. Does not own the parts (books_documents.py and its neighbours), nor the register of
numbers, which runs through all accounts (books_register.py). No name, address or description is read.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.queries import (
    books_documents,
    books_facts,
    books_history,
    books_money,
    books_notes,
    books_terms,
    books_usage,
    catalog,
)
from db.rows import maybe_utc
from db.scope import ACTOR, Scope, within
from db.tables import accounts, legal_entities, plan_versions, tax_rates
from db.usage_months import kept_since, months_on_file
from domain.account import LegalEntity
from domain.audit.books import Books, RuleBook
from domain.audit.facts import AccountOnFile, History
from domain.audit.usage import windows
from domain.ids import AccountId, LegalEntityId, TaxRateId
from domain.tax import TaxExemption, TaxRate


async def account_ids(
    session: AsyncSession, scope: Scope, after: AccountId | None, limit_rows: int
) -> Sequence[AccountId]:
    """The accounts in reach whose ids come after `after`, in the order of their ids."""
    statement = select(accounts.c.id).where(within(scope.kind, accounts.c.id)).order_by(accounts.c.id)
    if after is not None:
        statement = statement.where(accounts.c.id > after)
    found = await session.scalars(statement.limit(limit_rows), {ACTOR: scope.actor_id})
    return [AccountId(each) for each in found]


async def count_accounts(session: AsyncSession, scope: Scope) -> int:
    """How many accounts are in reach."""
    counted = select(func.count()).select_from(accounts).where(within(scope.kind, accounts.c.id))
    return int((await session.scalar(counted, {ACTOR: scope.actor_id})) or 0)


async def rule_book(session: AsyncSession) -> RuleBook:
    """The catalog, the tax tables and the sellers, whole."""
    ids = await session.scalars(select(plan_versions.c.id))
    versions = await catalog.versions(session, set(ids.all()))
    rates = await session.execute(select(tax_rates).order_by(tax_rates.c.id))
    sellers = await session.execute(select(legal_entities.c.id, legal_entities.c.code, legal_entities.c.country))
    return RuleBook(
        versions=dict(versions.items()),
        rates=tuple(
            TaxRate(TaxRateId(row.id), row.country, row.region, row.name, row.percent, row.valid_from, row.valid_until)
            for row in rates
        ),
        sellers={row.id: LegalEntity(LegalEntityId(row.id), row.code, "", row.country) for row in sellers},
    )


async def books_of(session: AsyncSession, scope: Scope, ids: Sequence[AccountId], rules: RuleBook) -> list[Books]:
    """The books of these accounts, in the order of `ids`; those out of reach are left out."""
    account = accounts.c
    found = await session.execute(
        select(
            account.id,
            account.legal_entity_id,
            account.currency,
            account.zone,
            account.country,
            account.region,
            account.tax_exemption,
            account.tax_id.is_not(None).label("has_tax_id"),
            account.net_days,
            account.clock_at,
            account.event_sequence,
        ).where(account.id.in_(ids), within(scope.kind, account.id)),
        {ACTOR: scope.actor_id},
    )
    known = {row.id: row for row in found}
    months = await months_on_file(session)
    invoices = await books_documents.invoices_of(session, scope, ids)
    consolidated = await books_documents.consolidated_of(session, scope, ids)
    notes = await books_notes.notes_of(session, scope, ids)
    subscriptions = await books_facts.subscriptions_of(session, scope, ids)
    opened_in, profiles = await books_facts.profiles_of(session, scope, ids)
    items = await books_facts.items_of(session, scope, ids)
    events = await books_facts.event_numbers_of(session, scope, ids)
    changes = await books_facts.changes_of(session, scope, ids)
    histories = await books_history.histories_of(session, scope, ids)
    discounts = await books_terms.discounts_of(session, scope, ids)
    charges = await books_terms.charges_of(session, scope, ids)
    entries = await books_money.entries_of(session, scope, ids)
    payments = await books_money.payments_of(session, scope, ids)
    refunds = await books_money.refunds_of(session, scope, ids)
    made = [
        Books(
            account=AccountOnFile(
                id=row.id,
                legal_entity_id=row.legal_entity_id,
                currency=row.currency,
                zone=row.zone,
                country=row.country,
                region=row.region,
                exemption=TaxExemption(row.tax_exemption),
                has_tax_id=row.has_tax_id,
                net_days=row.net_days,
                is_on_a_clock=row.clock_at is not None,
                event_sequence=row.event_sequence,
                opened_in=opened_in.get(row.id),
                profiles=tuple(profiles.get(row.id, ())),
                usage_since=kept_since(months, maybe_utc(row.clock_at)),
            ),
            invoices=tuple(invoices.get(row.id, ())),
            notes=tuple(notes.get(row.id, ())),
            consolidated=tuple(consolidated.get(row.id, ())),
            subscriptions=tuple(subscriptions.get(row.id, ())),
            items=tuple(items.get(row.id, ())),
            discounts=tuple(discounts.get(row.id, ())),
            charges=tuple(charges.get(row.id, ())),
            changes=tuple(changes.get(row.id, ())),
            entries=tuple(entries.get(row.id, ())),
            payments=tuple(payments.get(row.id, ())),
            refunds=tuple(refunds.get(row.id, ())),
            events=tuple(events.get(row.id, ())),
            history=histories.get(row.id, History()),
        )
        for row in (known[each] for each in ids if each in known)
    ]
    asked = {books.account.id: windows(books, rules) for books in made}
    if not any(asked.values()):
        return made
    usage = await books_usage.counted(session, scope, asked)
    return [replace(books, usage=usage.get(books.account.id, {})) for books in made]
