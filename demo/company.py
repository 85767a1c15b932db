"""The demo company: a vendor of three hubs and the customers of personas.py, their past played by the real operations.

Owns when it is made, and that it is made once and whole: in one transaction, in the order things happened, so that
document numbers run through all customers as time did and a kill leaves nothing behind. Does not own the catalog
(catalog.py), the script of each customer (histories.py) or how they live by it (customer.py).
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from db import fill
from db.engine import Database
from db.save import catalog as save
from db.unit_of_work import UnitOfWork
from demo import catalog
from demo.customer import JOBS, Customer, UnitMaker
from demo.features import FEATURES
from demo.histories import HISTORIES
from demo.identity import SeededIds
from demo.personas import BY_SLUG, DEMO_NOW, PERSONAS
from demo.timeline import Due, Progress, play
from domain.actor import Actor
from domain.errors import InvalidInput
from domain.ids import IdMaker, PlanId


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

        customers = [Customer(persona, HISTORIES[persona.slug], unit_of) for persona in PERSONAS]
        dues = [*_catalog_story(unit_of), *(due for customer in customers for due in customer.story())]
        await play(dues, DEMO_NOW, progress)
    return True


def _catalog_story(unit_of: UnitMaker) -> Iterator[Due]:
    """The catalog as it came to be: everything there is from the start, later versions, withdrawals."""
    yield Due(catalog.FIRST_PUBLISHED_AT, partial(_found, unit_of))
    for published in catalog.published():
        yield Due(published.at, partial(_publish, unit_of, published))
    for plan in catalog.PLANS:
        if plan.withdrawn_at is not None:
            yield Due(plan.withdrawn_at, partial(_withdraw, unit_of, catalog.plan_id(plan.code)))


async def _found(unit_of: UnitMaker, at: datetime) -> list[Due]:
    unit = unit_of(JOBS, SeededIds("catalog", at), at)
    for entity in catalog.LEGAL_ENTITIES:
        await save.new_legal_entity(unit, entity)
    for product in catalog.PRODUCTS:
        await save.new_product(unit, product)
    for meter in catalog.meters():
        await save.new_meter(unit, meter)
    known = catalog.features()
    for feature in FEATURES:
        await save.new_feature(unit, known[feature.code], feature.description)
    for plan in catalog.PLANS:
        await save.new_plan(unit, catalog.plan_of(plan), plan.description)
    return []


async def _publish(unit_of: UnitMaker, published: catalog.Published, at: datetime) -> list[Due]:
    version = published.version
    ids = SeededIds(f"catalog/parts/{version.plan.code}@{version.number}", at)
    await save.publish(unit_of(JOBS, ids, at), version, at)
    return []


async def _withdraw(unit_of: UnitMaker, plan_id: PlanId, at: datetime) -> list[Due]:
    await save.withdraw(unit_of(JOBS, SeededIds("catalog/withdraw", at), at), plan_id, at)
    return []
