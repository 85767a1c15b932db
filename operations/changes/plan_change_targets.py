"""The plan versions that requests for a change lead to: found for all of them at once.

Owns which version a request means. Does not own whether it may be chosen (domain/plan_change/policy.py).
"""

from collections.abc import Sequence

from db.queries import catalog
from db.unit_of_work import UnitOfWork
from domain.catalog import PlanVersion
from domain.commands import ChangePlan
from domain.ids import PlanVersionId
from domain.plan_change.facts import PlanChangeFacts


async def load_targets(
    unit: UnitOfWork, subject: PlanChangeFacts, requests: Sequence[ChangePlan]
) -> list[PlanVersion | None]:
    """The version each request leads to, in its place; as many statements as for one. None for an unknown plan.

    It is the subscription's own version when the plan stays, and the one on sale when it moves: today, or when the
    account's prices were locked.
    """
    present = subject.subscription.version
    moves = {each.plan_id for each in requests if each.plan_id is not None and each.plan_id != present.plan.id}
    locked_at = subject.agreement.prices_as_of(subject.now) if subject.agreement is not None else None
    on_sale = await catalog.version_ids_on_sale(unit.session, moves, locked_at) if moves else {}
    ids: list[PlanVersionId | None] = [
        on_sale.get(each.plan_id) if each.plan_id is not None and each.plan_id in moves else present.id
        for each in requests
    ]
    wanted = {each for each in ids if each is not None and each != present.id}
    known = {present.id: present} | (await catalog.versions(unit.session, wanted) if wanted else {})
    return [None if each is None else known[each] for each in ids]
