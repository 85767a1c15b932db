"""Preview a dozen changes of one subscription, to be compared: one reading, an answer and a quote each."""

from collections.abc import Sequence
from dataclasses import replace

from db.queries.accounts import account as account_for
from db.queries.accounts import account_of_subscription
from db.unit_of_work import UnitOfWork
from domain.commands import ChangePlan
from domain.errors import InvalidInput, NotFound
from domain.ids import SubscriptionId
from domain.plan_change.asked_turn import checked
from domain.plan_change.facts import SoFar
from domain.plan_change.prepare import prepare
from domain.plan_change.turn_money import closes
from domain.plan_change.verdict import ChangeKind
from operations.changes.plan_change_phases import load_phases
from operations.changes.plan_change_so_far import load_so_far
from operations.changes.plan_change_subject import load_subject
from operations.changes.plan_change_targets import load_targets
from operations.changes.preview_plan_change import pinned
from operations.changes.quote_change import QUOTE_TTL_S, PlanChangePreview, quote_change
from operations.policy.editions_for import editions_for

Answer = PlanChangePreview | InvalidInput | None
"""None: there is no such plan. InvalidInput names the field of the candidate that cannot be read."""


async def preview_plan_changes(
    unit: UnitOfWork,
    subscription_id: SubscriptionId,
    requests: Sequence[ChangePlan],
    quote_ttl_s: int = QUOTE_TTL_S,
) -> list[Answer]:
    """Answer each request in its place, all at one instant, in as many statements as for one.

    A request that cannot be answered has its reason in its place and spoils no other. Raises NotFound for the
    subscription.
    """
    account_id = await account_of_subscription(unit.session, unit.scope, subscription_id)
    found = account_id and await account_for(unit.session, unit.scope, account_id, for_change=False)
    if not found:
        raise NotFound(subscription_id)
    asked_at = pinned(found.account.now(unit.recorded_at))
    subject = await load_subject(unit, found, subscription_id, asked_at, known_at=asked_at)
    editions = await editions_for(unit, found.account)
    targets = await load_targets(unit, subject, requests)
    # what an end at once is billed from is the same for each of them; so it is for a resume
    so_far: dict[ChangeKind, SoFar] = {}
    answers: list[Answer] = []
    for request, target in zip(requests, targets, strict=True):
        if target is None:
            answers.append(None)
            continue
        try:
            turn = None if request.turn is None else checked(request.turn, asked_at)
            facts = await load_phases(unit, subject.asked(replace(request, turn=turn), target))
            if closes(facts):
                kind = request.kind
                if kind not in so_far:
                    so_far[kind] = (await load_so_far(unit, facts)).so_far
                facts = replace(facts, so_far=so_far[kind])
            answers.append(await quote_change(unit, prepare(facts, editions), quote_ttl_s))
        except InvalidInput as error:
            answers.append(error)
    return answers
