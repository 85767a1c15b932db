"""`planVersionMigrationPreview`: whom a move would concern, when, and what it would cost them."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.unit_of_work import unit_of_work
from domain.commands import PreviewMigration
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.periods import BillingInterval
from operations.catalog.planning_migrations import PlannedMove
from operations.catalog.preview_migration import MigrationPreview, preview_migration
from resolvers.amounts import Amount, amount
from resolvers.asked import Asks
from resolvers.context import RequestContext


@dataclass(frozen=True, slots=True)
class MoneyView:
    """The sums of one interval and currency."""

    interval: BillingInterval
    subscriptions: int
    before: Amount
    after: Amount


@dataclass(frozen=True, slots=True)
class MoveView:
    """One subscription that would be moved."""

    context: RequestContext
    move: PlannedMove

    @property
    def subscription(self) -> Awaitable[Any]:
        """The subscription, by the loader."""
        return self.context.by_id("BillingSubscription", self.move.subscription.id)

    @property
    def effective_at(self) -> datetime:
        """When it would be moved."""
        return self.move.at

    @property
    def before(self) -> Amount:
        """What a whole period costs now."""
        return amount(self.move.before)

    @property
    def after(self) -> Amount:
        """What it will cost."""
        return amount(self.move.after)


@dataclass(frozen=True, slots=True)
class PreviewView:
    """The whole answer."""

    context: RequestContext
    answer: MigrationPreview
    subscriptions: int
    staying: int
    first_at: datetime | None
    last_at: datetime | None
    money: list[MoneyView]
    sample: list[MoveView]

    @property
    def to_version(self) -> Awaitable[Any]:
        """The version, by the loader."""
        return self.context.by_id("PlanVersion", self.answer.to_version.id)


async def plan_version_migration_preview(context: RequestContext, input: Asks[PreviewMigration]) -> PreviewView | None:
    """Preview a move; None for a plan or version that is not there, and for all but finance.

    Raises InvalidInput naming a field.
    """
    command = input.command()
    try:
        async with unit_of_work(context.database, context.actor, context.ids, context.now) as unit:
            answer = await preview_migration(unit, command)
    except (NotFound, Forbidden):
        return None
    except InvalidInput as error:
        raise error.under("input") from None
    return PreviewView(
        context,
        answer,
        answer.subscriptions,
        answer.staying,
        answer.first_at,
        answer.last_at,
        [
            MoneyView(each.interval, each.subscriptions, amount(each.before), amount(each.after))
            for each in answer.money
        ],
        [MoveView(context, move) for move in answer.sample],
    )
