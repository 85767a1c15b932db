"""Which edition of the policy decides for an account today, and which are asked beside it in the shadow.

Owns the turning of ids into editions. Does not own who gets which (domain/rollout.py).
"""

from db.queries.rollouts import rollouts_for
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.plan_change.editions import BASE, BY_ID, CANDIDATES, Editions
from domain.rollout import assigned


async def editions_for(unit: UnitOfWork, account: Account) -> Editions:
    """The editions of an account, read anew each time: a rollout that was taken back decides nothing any more.

    One statement, whatever the number of requests that are then answered.
    """
    told = await rollouts_for(unit.session, unit.scope, account)
    ids = assigned(account.id, BASE.id, [each.id for each in CANDIDATES], told.by_edition, told.override)
    return Editions(BY_ID[ids.live], tuple(BY_ID[each] for each in ids.shadows))
