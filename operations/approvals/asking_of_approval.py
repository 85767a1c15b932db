"""How every deed on a request for approval begins: as any other (asking.py), then with the request itself.

Owns which requests can be answered, and by whom of us. Does not own any deed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from db.queries.approvals import account_of_approval, approval
from db.unit_of_work import UnitOfWork
from domain.actor import Actor
from domain.approval import Approval, ApprovalStatus
from domain.errors import NotFound
from domain.ids import PREFIXES, ApprovalId, UserId, public_id
from domain.plan_change.verdict import Remedy, RemedyAction
from domain.rights import Right
from operations.asking import Asked, KeyReused, NotNow, asked
from operations.asking_of_subscription import AskedAgain


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """A request about one for approval whose account is locked."""

    request: Asked
    approval: Approval

    @property
    def status(self) -> ApprovalStatus:
        """Where it stands by the account's own time."""
        return self.approval.status_at(self.request.now)


async def asked_about(
    unit: UnitOfWork, approval_id: ApprovalId, right: Right, mutation: str, key: str, payload: Mapping[str, Any]
) -> AskedAbout | AskedAgain | KeyReused:
    """Lock the account, ask for the right, look the key up, load the request for approval.

    Raises NotFound for one out of reach, Forbidden for who sees it and may not.
    """
    owner = await account_of_approval(unit.session, unit.scope, approval_id)
    request = await asked(unit, owner, approval_id, right, mutation, key, {"approval": approval_id.hex, **payload})
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return AskedAgain(request.done)
    found = await approval(unit.session, unit.scope, request.account.id, approval_id)
    if found is None:
        raise NotFound(approval_id)
    return AskedAbout(request, found)


def who_answers(actor: Actor, about: AskedAbout) -> UserId | NotNow:
    """The person who may answer a request: one of us by name, and not who asked.

    NotNow: NOT_REQUESTED for one that waits for no answer (any more), NEEDS_A_PERSON for a token of nobody,
    OWN_REQUEST for whoever asked or proposed.
    """
    status = about.status
    if status is not ApprovalStatus.REQUESTED:
        return NotNow("NOT_REQUESTED", status, "This request does not wait for an answer.")
    if actor.user_id is None:
        return NotNow("NEEDS_A_PERSON", status, "A request is answered by a person; this token is nobody's.")
    if about.approval.was_asked_by(actor):
        target = public_id(PREFIXES["Approval"], about.approval.id)
        remedy = Remedy(RemedyAction.WITHDRAW_APPROVAL, "Ask somebody else, or withdraw it.", target)
        return NotNow("OWN_REQUEST", status, "Whoever asked does not answer.", remedy=remedy)
    return actor.user_id
