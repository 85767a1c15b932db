"""Whose usage events are: accounts by what the services that send them call them."""

from collections.abc import Collection

from sqlalchemy import Text, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from db import rows
from db.among import among
from db.scope import ACTOR, Scope, within
from db.tables import account_external_ids, accounts
from domain.cloud_event import MeteredAccount
from domain.errors import MalformedId
from domain.ids import PREFIXES, AccountId, parse_id_of, public_id


async def accounts_of(session: AsyncSession, scope: Scope, subjects: Collection[str]) -> dict[str, MeteredAccount]:
    """The accounts in reach by the subjects that name them: an account's public id, or else its external id.

    One statement, whatever the number of subjects.
    """
    ids = [known for each in subjects if (known := _account_id(each)) is not None]
    names = [each for each in subjects if "\0" not in each]  # no text of the database has that character
    named = account_external_ids.c
    reach = within(scope.kind, accounts.c.id)
    by_name = (
        select(named.external_id.label("subject"), accounts.c.id, accounts.c.clock_at)
        .join(accounts, accounts.c.id == named.account_id)
        .where(named.external_id == any_(literal(names, ARRAY(Text))), reach)
    )
    by_id = select(literal(None, Text), accounts.c.id, accounts.c.clock_at).where(among(accounts.c.id, ids), reach)
    found = await session.execute(by_name.union_all(by_id), {ACTOR: scope.actor_id})
    by_subject: dict[str, MeteredAccount] = {}
    for row in sorted(found, key=lambda each: each.subject is None):  # an id is meant before a name like it
        subject = row.subject or public_id(PREFIXES["Account"], row.id)
        by_subject[subject] = MeteredAccount(AccountId(row.id), rows.maybe_utc(row.clock_at))
    return by_subject


def _account_id(subject: str) -> AccountId | None:
    try:
        return AccountId(parse_id_of("Account", subject))
    except MalformedId:
        return None
