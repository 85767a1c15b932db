"""A request for what the policy allows only with somebody's approval, and its life.

Owns the states it passes through. Does not own who may answer it (rights.py) nor what is asked (plan_change/).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from domain.errors import InvalidTransition


class ApprovalStatus(StrEnum):
    """USED: the approved change was applied. REQUESTED and APPROVED ones expire."""

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
    }
)


def after(status: ApprovalStatus, event: ApprovalEvent) -> ApprovalStatus:
    """The status that follows; raises InvalidTransition naming both where the table has no row."""
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise InvalidTransition(status, event) from None
