"""Look-ups by the names people use at a terminal."""

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.scope import ACTOR, Scope, within
from db.tables import accounts, products, subscriptions
from domain.errors import MalformedId
from domain.ids import SubscriptionId, parse_id_of


async def subscription_named(
    session: AsyncSession, scope: Scope, account: str, product: str | None
) -> SubscriptionId | None:
    """The one live subscription of an account (`acct_…` or external id), of a product if named.

    None where there is none, or more than one.
    """
    try:
        account_id = parse_id_of("Account", account)
    except MalformedId:
        account_id = None
    found = await session.scalars(
        select(subscriptions.c.id)
        .join(accounts, accounts.c.id == subscriptions.c.account_id)
        .join(products, products.c.id == subscriptions.c.product_id)
        .where(
            or_(accounts.c.id == account_id, accounts.c.external_id == account),
            *(() if product is None else (products.c.code == product,)),
            subscriptions.c.ended_at.is_(None),
            within(scope.kind, subscriptions.c.account_id),
        )
        .limit(2),
        {ACTOR: scope.actor_id},
    )
    ids = list(found)
    return SubscriptionId(ids[0]) if len(ids) == 1 else None
