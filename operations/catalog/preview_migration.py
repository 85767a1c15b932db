"""What moving a cohort to another version of its plan would do: counts, money, a sample. Nothing is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from db.unit_of_work import UnitOfWork
from domain.catalog import PlanVersion
from domain.commands import PreviewMigration
from domain.errors import Forbidden
from domain.money import Money
from domain.periods import BillingInterval
from domain.rights import is_finance
from operations.catalog.planning_migrations import PlannedMove, plan_moves

SAMPLE = 10


@dataclass(frozen=True, slots=True)
class MovedMoney:
    """What the moved subscriptions of one interval and currency cost together in a whole period, before and after.

    In advance, before discounts and tax.
    """

    interval: BillingInterval
    subscriptions: int
    before: Money
    after: Money


@dataclass(frozen=True, slots=True)
class MigrationPreview:
    """What a migration would do. `staying` are live subscriptions of the cohort that it leaves alone.

    `first_at` and `last_at` bound the days of the moves; `sample` are those whose price changes most.
    """

    to_version: PlanVersion
    subscriptions: int
    staying: int
    first_at: datetime | None
    last_at: datetime | None
    money: tuple[MovedMoney, ...]
    sample: tuple[PlannedMove, ...]


async def preview_migration(unit: UnitOfWork, command: PreviewMigration) -> MigrationPreview:
    """Show a migration as it would be announced now; as many statements for any number of subscriptions.

    Raises what `plan_moves` does, and Forbidden for who is not finance.
    """
    if not is_finance(unit.actor, None):
        raise Forbidden(command.plan_id)
    planned = await plan_moves(unit, command)
    instants = [move.at for move in planned.moves]
    by_change = sorted(
        planned.moves, key=lambda move: (-abs(move.after.minor - move.before.minor), move.subscription.id)
    )
    return MigrationPreview(
        to_version=planned.version,
        subscriptions=len(planned.moves),
        staying=planned.staying,
        first_at=min(instants, default=None),
        last_at=max(instants, default=None),
        money=_money(planned.moves),
        sample=tuple(by_change[:SAMPLE]),
    )


def _money(moves: Iterable[PlannedMove]) -> tuple[MovedMoney, ...]:
    """The sums by currency and interval, in the order of both."""
    sums: dict[tuple[str, BillingInterval], MovedMoney] = {}
    for move in moves:
        currency, interval = move.before.currency, move.subscription.interval
        so_far = sums.get((currency, interval), MovedMoney(interval, 0, Money.zero(currency), Money.zero(currency)))
        sums[currency, interval] = MovedMoney(
            interval, so_far.subscriptions + 1, so_far.before + move.before, so_far.after + move.after
        )
    return tuple(sums[key] for key in sorted(sums, key=lambda key: (key[0], key[1].months)))
