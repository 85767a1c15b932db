"""Ask for approval of a change that the policy allows with it only: nothing of it is taken yet."""

import json
from dataclasses import asdict, dataclass, replace
from uuid import UUID

from db import audit
from db.queries.accounts import AccountForActor, account_of_subscription
from db.queries.approvals import open_approval
from db.save.approvals import new_approval
from db.unit_of_work import UnitOfWork
from domain.actor import ActorKind
from domain.approval import ANSWERED_WITHIN, Approval, ApprovalEvent, ApprovalStatus
from domain.approval_events import approval_event, approval_state
from domain.commands import RequestApproval
from domain.errors import Forbidden, InvalidInput
from domain.ids import PREFIXES, ApprovalId, public_id
from domain.plan_change.amount_asked import amount_asked
from domain.plan_change.approved import asking_approval
from domain.plan_change.outcome import promise_of
from domain.plan_change.prepare import prepare
from domain.plan_change.verdict import DecisionPurpose, Remedy, RemedyAction, Verdict
from domain.rights import asks_for_approval
from domain.texts import one_line
from operations.approvals.expire_approval import expire_approval
from operations.approvals.turn_approval import turn_approval
from operations.approvals.withdraw_approval import ensure_may_withdraw
from operations.asking import Asked, KeyReused, NotAllowed, NotNow, asked
from operations.changes.plan_change_facts import load_facts, request_json
from operations.changes.preview_plan_change import pinned
from operations.policy.editions_for import editions_for
from operations.policy.record_decision import record_decision
from operations.remembering import remember

MUTATION = "approvalRequest"


@dataclass(frozen=True, slots=True)
class ApprovalRequested:
    """The request waits for its answer. `is_replay`: this very request had been made before."""

    approval_id: ApprovalId
    is_replay: bool


async def request_approval(
    unit: UnitOfWork, command: RequestApproval
) -> ApprovalRequested | NotAllowed | NotNow | KeyReused:
    """Decide the change as if somebody took it now, and store what it came to.

    Raises InvalidInput naming `reason` or a quantity, NotFound, Forbidden for who is neither the account's own nor
    support by name. NotAllowed where no approval would help. NotNow: NO_APPROVAL_NEEDED, and APPROVAL_OPEN where one is
    open and is not to be replaced.
    """
    reason, change = one_line(command.reason, "reason"), command.change
    owner = await account_of_subscription(unit.session, unit.scope, change.subscription_id)
    payload = {"change": _said(command), "reason": command.reason, "replaceOpen": command.replace_open}
    request = await asked(
        unit, owner, change.subscription_id, asks_for_approval, MUTATION, command.idempotency_key, payload
    )
    if isinstance(request, KeyReused):
        return request
    if request.done is not None:
        return ApprovalRequested(ApprovalId(UUID(request.done["approval"])), is_replay=True)
    if unit.actor.user_id is None:
        # who asks never answers: that cannot be held of nobody
        raise Forbidden(change.subscription_id)
    before = await _in_the_way(unit, request, command)
    if isinstance(before, NotNow):
        return before
    now = pinned(request.now)
    found = AccountForActor(request.account, request.role)
    facts = replace(await load_facts(unit, found, change, now, known_at=now), is_put_forward=True)
    editions = await editions_for(unit, request.account)
    try:
        prepared = prepare(facts, editions)
    except InvalidInput as error:
        raise error.under("change") from None
    decision = prepared.decision
    if decision.verdict is Verdict.REFUSE:
        return NotAllowed(decision)
    if decision.verdict is not Verdict.ASK_APPROVAL:
        return NotNow("NO_APPROVAL_NEEDED", decision.verdict, "This change can be made without anybody's approval.")
    if before is not None and before.status_at(request.now) is ApprovalStatus.EXPIRED:
        await expire_approval(unit, before, before.expires_at)
    elif before is not None:
        replaced = before.moved(ApprovalEvent.WITHDRAWN)
        await turn_approval(unit, before, replaced, request.now, reason=reason, replaced=True)
    stored = request_json(change, facts.target.id)
    recorded = await record_decision(
        unit, facts, decision, prepared.editions, purpose=DecisionPurpose.APPROVAL, kind=change.kind, request=stored
    )
    approval = Approval(
        id=ApprovalId(unit.ids.new()),
        account_id=request.account.id,
        subscription_id=change.subscription_id,
        decision_id=recorded.id,
        request=stored,
        promise={**promise_of(prepared), "asked": facts.in_full.as_json()},
        codes=asking_approval(decision),
        amount=amount_asked(prepared),
        status=ApprovalStatus.REQUESTED,
        reason=reason,
        asked_by_kind=unit.actor.kind,
        asked_by_id=unit.actor.user_id,
        requested_at=request.now,
        expires_at=request.now + ANSWERED_WITHIN,
    )
    await new_approval(unit, approval)
    unit.emit(approval.account_id, approval_event(approval, "requested", request.now))
    await unit.audit(
        audit.Entry(
            approval.account_id,
            "approval.propose" if unit.actor.kind is ActorKind.STAFF else "approval.request",
            "Approval",
            approval.id,
            request.now,
            after=approval_state(approval) | {"asked": facts.in_full.as_json()},
            reason=reason,
        )
    )
    await remember(unit, request, {"approval": approval.id.hex})
    return ApprovalRequested(approval.id, is_replay=False)


async def _in_the_way(unit: UnitOfWork, request: Asked, command: RequestApproval) -> Approval | NotNow | None:
    """The open request that this one takes the place of; one whose time is over is in nobody's way."""
    of = command.change.subscription_id
    found = await open_approval(unit.session, unit.scope, request.account.id, of)
    if found is None or found.status_at(request.now) is ApprovalStatus.EXPIRED:
        return found
    if not command.replace_open:
        remedy = Remedy(
            RemedyAction.WITHDRAW_APPROVAL,
            "Withdraw it, or let this one take its place.",
            public_id(PREFIXES["Approval"], found.id),
        )
        return NotNow("APPROVAL_OPEN", found.status, "A request for approval is open already.", remedy=remedy)
    ensure_may_withdraw(unit.actor, request.role, found)
    return found


def _said(command: RequestApproval) -> dict[str, object]:
    """The change as the key knows it: as it was asked, whatever version that leads to."""
    said: dict[str, object] = json.loads(json.dumps(asdict(command.change), default=str))
    return said | {"kind": command.change.kind.value}
