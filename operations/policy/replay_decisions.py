"""Ask another edition of the policy what was asked of late, and compare. Reads only.

Owns what counts as the answer beside which the edition is put: the one that was given, or another edition's.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from db.facts_text import facts_of
from db.queries.kept_facts import latest_decisions
from db.scope import Scope
from db.unit_of_work import Session
from domain.catalog import Segment
from domain.ids import AccountId, DecisionId
from domain.plan_change.editions import Edition
from domain.plan_change.facts import PlanChangeFacts
from domain.plan_change.ramp import decide_all
from domain.plan_change.shadow import Compared, compare


@dataclass(frozen=True, slots=True)
class Replayed:
    """One request asked again. `facts` and `compared` are None where what was kept cannot be asked any more."""

    account_id: AccountId
    decision_id: DecisionId
    decided_at: datetime
    facts: PlanChangeFacts | None
    compared: Compared | None


async def replay_decisions(
    session: Session,
    scope: Scope,
    edition: Edition,
    against: Edition | None,
    most: int,
    segment: Segment | None,
) -> AsyncIterator[Replayed]:
    """The last `most` requests whose facts are kept, the newest first, each asked of `edition`.

    Compared with what `against` says of the same facts; None: with what was answered then. Memory is bounded,
    whatever `most` is.
    """
    async for kept in latest_decisions(session, scope, most, segment):
        try:
            facts = facts_of(kept.facts, kept.versions)
            before = kept.decision if against is None else decide_all(facts, against)
            compared = compare(before, decide_all(facts, edition))
        except Exception:  # noqa: BLE001 - of another release, or too much for an edition that is only tried
            yield Replayed(kept.account_id, kept.id, kept.decided_at, None, None)
        else:
            yield Replayed(kept.account_id, kept.id, kept.decided_at, facts, compared)
