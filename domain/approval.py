"""A request for what the policy allows only with somebody's approval, and its life.

Owns the states it passes through, and how long it lasts. Does not own who may answer it (rights.py, approval_limits.py)
nor what is asked (plan_change/).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from domain.actor import Actor, ActorKind
from domain.errors import InvalidTransition
from domain.ids import AccountId, ApprovalId, DecisionId, SubscriptionId, UserId
from domain.money import Money

ANSWERED_WITHIN = timedelta(days=14)
"""How long a request waits for its answer, in the account's own time."""
USED_WITHIN = timedelta(days=14)
"""How long what was granted waits for its customer, from the answer on."""


class ApprovalStatus(StrEnum):
    """USED: the approved change was accepted; it is APPROVED again if that was never paid for. REQUESTED and APPROVED
    ones expire.
    """

    REQUESTED = "REQUESTED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"
    USED = "USED"


class ApprovalEvent(StrEnum):
    """What can happen to a request for approval."""

    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"
    USED = "USED"
    GIVEN_BACK = "GIVEN_BACK"


_S, _E = ApprovalStatus, ApprovalEvent
TRANSITIONS: Mapping[tuple[ApprovalStatus, ApprovalEvent], ApprovalStatus] = MappingProxyType(
    {
        (_S.REQUESTED, _E.APPROVED): _S.APPROVED,
        (_S.REQUESTED, _E.REJECTED): _S.REJECTED,
        (_S.REQUESTED, _E.WITHDRAWN): _S.WITHDRAWN,
        (_S.REQUESTED, _E.EXPIRED): _S.EXPIRED,
        (_S.APPROVED, _E.WITHDRAWN): _S.WITHDRAWN,
        (_S.APPROVED, _E.EXPIRED): _S.EXPIRED,
        (_S.APPROVED, _E.USED): _S.USED,
        (_S.USED, _E.GIVEN_BACK): _S.APPROVED,
    }
)


def after(status: ApprovalStatus, event: ApprovalEvent) -> ApprovalStatus:
    """The status that follows; raises InvalidTransition naming both where the table has no row."""
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise InvalidTransition(status, event) from None


OPEN = (ApprovalStatus.REQUESTED, ApprovalStatus.APPROVED)
"""A subscription has at most one request in these."""


@dataclass(frozen=True, slots=True)
class Approval:
    """A request for approval as it stands.

    `request` is what was asked as it is stored, `promise` what it came to when it was asked, `codes` are the rules that
    ask, and `amount` is what an approver's limit is of.
    """

    id: ApprovalId
    account_id: AccountId
    subscription_id: SubscriptionId
    decision_id: DecisionId
    request: Mapping[str, Any]
    promise: Mapping[str, Any]
    codes: frozenset[str]
    amount: Money
    status: ApprovalStatus
    reason: str
    asked_by_kind: ActorKind
    asked_by_id: UserId | None
    requested_at: datetime
    expires_at: datetime
    answered_by_id: UserId | None = None
    answer: str | None = None
    answered_at: datetime | None = None

    def status_at(self, now: datetime) -> ApprovalStatus:
        """Where it stands at an instant: it expires at its own, whether or not anything has run since."""
        return ApprovalStatus.EXPIRED if self.status in OPEN and self.expires_at <= now else self.status

    @property
    def is_proposal(self) -> bool:
        """One of us asked, not the customer: nothing is taken of it before the customer takes it."""
        return self.asked_by_kind is ActorKind.STAFF

    def was_asked_by(self, actor: Actor) -> bool:
        """Whether this very person asked, in whichever role."""
        return self.asked_by_id is not None and self.asked_by_id == actor.user_id

    def moved(self, event: ApprovalEvent) -> "Approval":
        """The request after something happened to it. Raises InvalidTransition where that cannot be."""
        return replace(self, status=after(self.status, event))

    def answered(self, event: ApprovalEvent, by: UserId, answer: str, at: datetime) -> "Approval":
        """The request with its answer; what is granted waits for its customer from then on."""
        moved = self.moved(event)
        expires_at = at + USED_WITHIN if event is ApprovalEvent.APPROVED else self.expires_at
        return replace(moved, answered_by_id=by, answer=answer, answered_at=at, expires_at=expires_at)
