"""Grant a request for approval: decided again by today's facts, and done at once where nothing has changed since.

Owns when what was asked is done with the grant itself. Does not own what is granted (domain/plan_change/approved.py)
nor how much somebody may (domain/approval_limits.py).
"""

from dataclasses import dataclass, replace
from uuid import UUID

from db.queries.accounts import AccountForActor
from db.queries.approvals import personal_limit, role_of
from db.unit_of_work import UnitOfWork
from domain.actor import customer
from domain.approval import Approval, ApprovalEvent
from domain.approval_limits import limit_of
from domain.commands import AnswerApproval
from domain.ids import ApprovalId, PlanChangeId, UserId
from domain.money import Money
from domain.plan_change.amount_asked import amount_asked
from domain.plan_change.approved import Approved, RequestInFull
from domain.plan_change.outcome import differences
from domain.plan_change.prepare import Prepared, prepare
from domain.plan_change.verdict import DecisionPurpose, Figure, Remedy, RemedyAction, Verdict
from domain.rights import acts_for_the_account, is_finance
from domain.texts import one_line
from operations.approvals.asking_of_approval import AskedAbout, asked_about, who_answers
from operations.approvals.turn_approval import turn_approval
from operations.asking import KeyReused, NotAllowed, NotNow
from operations.asking_of_subscription import AskedAgain
from operations.changes.accept_change import accept_change
from operations.changes.plan_change_facts import load_facts, request_of
from operations.changes.preview_plan_change import pinned
from operations.payments.payment_outcome import PaymentStarted
from operations.payments.start_paying import start_paying
from operations.policy.editions_for import editions_for
from operations.policy.record_decision import record_decision
from operations.remembering import remember

MUTATION = "approvalApprove"


@dataclass(frozen=True, slots=True)
class ApprovalGranted:
    """The request is granted. `change_id` is what was accepted with it; None: the customer confirms a new quote.

    `started` is the payment of a change that waits for its money. `is_replay`: this very request had granted it before.
    """

    approval_id: ApprovalId
    change_id: PlanChangeId | None
    is_replay: bool
    started: PaymentStarted | None = None


async def approve_approval(
    unit: UnitOfWork, command: AnswerApproval
) -> ApprovalGranted | NotAllowed | NotNow | KeyReused:
    """Grant a request that waits for its answer, and do what it asks where it is what it was.

    Raises InvalidInput naming `answer`, NotFound, Forbidden for all but finance. NotAllowed, and the request stays,
    where the policy refuses it today or asks for what was not asked for then. NotNow as `who_answers` says, and
    OVER_LIMIT.
    """
    answer = one_line(command.answer, "answer")
    payload = {"answer": command.answer}
    about = await asked_about(unit, command.approval_id, is_finance, MUTATION, command.idempotency_key, payload)
    if isinstance(about, KeyReused):
        return about
    if isinstance(about, AskedAgain):
        change = about.outcome["change"]
        return ApprovalGranted(command.approval_id, PlanChangeId(UUID(change)) if change else None, is_replay=True)
    person = who_answers(unit.actor, about)
    if isinstance(person, NotNow):
        return person
    request, approval = about.request, about.approval
    prepared = await _prepared(unit, about)
    if prepared.decision.verdict in (Verdict.REFUSE, Verdict.ASK_APPROVAL):
        return NotAllowed(prepared.decision)
    over = await _over_limit(unit, about, amount_asked(prepared), person)
    if over is not None:
        return over
    granted = approval.answered(ApprovalEvent.APPROVED, person, answer, request.now)
    await turn_approval(unit, approval, granted, request.now, reason=answer)
    change_id = started = None
    if await _is_done_with_it(unit, approval, prepared):
        accepted, _ = await accept_change(unit, prepared, None, request.now)
        change_id = accepted.id
        started = await start_paying(unit, request.account, accepted, request.now)
    else:
        await record_decision(
            unit,
            prepared.facts,
            prepared.decision,
            prepared.editions,
            purpose=DecisionPurpose.APPROVAL,
            kind=prepared.facts.request.kind,
            request=approval.request,
        )
    await remember(unit, request, {"approval": approval.id.hex, "change": change_id.hex if change_id else None})
    return ApprovalGranted(approval.id, change_id, is_replay=False, started=started)


async def _prepared(unit: UnitOfWork, about: AskedAbout) -> Prepared:
    """The request by today's facts and the edition of today, as if it were granted: what else stands against it?"""
    asked, _ = request_of(about.approval.request)
    account, now = about.request.account, pinned(about.request.now)
    approval = Approved(about.approval.id, about.approval.codes, RequestInFull.of_json(about.approval.promise["asked"]))
    facts = await load_facts(unit, AccountForActor(account, None), asked, now, known_at=now)
    facts = replace(facts, is_put_forward=True, approval=approval)
    return prepare(facts, await editions_for(unit, account))


async def _over_limit(unit: UnitOfWork, about: AskedAbout, amount: Money, person: UserId) -> NotNow | None:
    personal = await personal_limit(unit.session, person, amount.currency)
    limit = limit_of(unit.actor.staff_role, amount.currency, personal, unit.recorded_at)
    if amount.minor <= limit.minor:
        return None
    return NotNow(
        "OVER_LIMIT",
        about.approval.status,
        f"It comes to {amount.amount()} {amount.currency}; you may approve up to {limit.amount()}.",
        (
            Figure("amount", f"{amount.amount()} {amount.currency}"),
            Figure("limit", f"{limit.amount()} {limit.currency}"),
        ),
        Remedy(RemedyAction.ASK_LARGER_LIMIT, "Ask somebody with a larger limit."),
    )


async def _is_done_with_it(unit: UnitOfWork, approval: Approval, prepared: Prepared) -> bool:
    """Whether the customer has agreed to exactly this: it asked, may still, and money, date and access are the same."""
    if approval.is_proposal or approval.asked_by_id is None or prepared.decision.verdict is not Verdict.ALLOW:
        return False
    if {each.part for each in differences(approval.promise, prepared)} - {"verdict"}:
        return False
    role = await role_of(unit.session, unit.scope, approval.account_id, approval.asked_by_id)
    return acts_for_the_account(customer(approval.asked_by_id), role)
