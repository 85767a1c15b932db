"""The demo company: a vendor of four hubs and the customers of personas.py, their past played by the real operations.

Owns when it is made, and that it is made once and whole: in one transaction, in the order things happened, so that
document numbers run through all customers as time did and a kill leaves nothing behind. Does not own how the catalog
came to be (catalog_story.py), what was done to the policy (policy_story.py), the script of each customer (histories.py)
or how they live by it (customer.py).
"""

from datetime import datetime

from db import fill
from db.engine import Database
from db.sandbox_provider import OneTransaction, SandboxProvider
from db.unit_of_work import UnitOfWork
from demo.catalog_story import catalog_story
from demo.customer import Customer
from demo.histories import HISTORIES
from demo.personas import BY_SLUG, DEMO_NOW, PERSONAS
from demo.policy_story import policy_story
from demo.timeline import Progress, play
from domain.actor import Actor
from domain.errors import InvalidInput
from domain.ids import IdMaker


def silent(done: int, total: int, doing: str) -> None:
    """Tell nobody."""


async def is_there(database: Database) -> bool:
    """Whether the database has the demo company; it has all of it or nothing."""
    async with database.write() as session:
        return bool(await fill.accounts_named(session, BY_SLUG))


async def seed(database: Database, progress: Progress = silent) -> bool:
    """Make the demo company unless it is there; says whether it was made. Whoever comes second waits for the first.

    Raises InvalidInput for a database in which somebody else does business.
    """
    async with database.write() as session:
        await fill.one_at_a_time(session)
        if await fill.accounts_named(session, BY_SLUG):
            return False
        if await fill.has_a_catalog(session):
            raise InvalidInput(("database",), "This database has a catalog that is not the demo's.")

        def unit_of(actor: Actor, ids: IdMaker, at: datetime) -> UnitOfWork:
            return UnitOfWork(session, actor, ids, at)

        # its books too are there whole or not at all: nobody is served before this transaction ends
        provider = SandboxProvider(OneTransaction(session))
        customers = [Customer(persona, HISTORIES[persona.slug], unit_of, provider) for persona in PERSONAS]
        told = (*catalog_story(unit_of), *policy_story(unit_of))
        dues = [*told, *(due for customer in customers for due in customer.story())]
        await play(dues, DEMO_NOW, progress)
    return True
