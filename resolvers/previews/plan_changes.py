"""`planChangePreviews`: several changes of one subscription side by side, each as plan_change_view.py has it."""

from collections.abc import Sequence
from typing import Protocol

from db.unit_of_work import unit_of_work
from domain.commands import ChangePlan
from domain.errors import InvalidInput, NotFound
from domain.ids import SubscriptionId, parse_id_of
from operations.changes.preview_plan_changes import Answer, preview_plan_changes
from resolvers.context import RequestContext
from resolvers.previews.plan_change import shown
from resolvers.previews.plan_change_view import PreviewView

MOST_CANDIDATES = 20
"""The most changes that are compared at once."""


class Candidate(Protocol):
    """An input that asks for a change of a subscription that is named beside it."""

    def command(self, subscription_id: SubscriptionId) -> ChangePlan:
        """The request in the domain's words. Raises InvalidInput with the field's path, as of `input`."""
        ...


async def plan_change_previews(
    context: RequestContext, subscription_id: str, candidates: Sequence[Candidate]
) -> list[PreviewView | InvalidInput | None] | None:
    """A preview for each candidate in its place: None where there is no such plan, an error of its own where it cannot
    be read. None for a subscription that is not there or not in reach.

    Raises InvalidInput for none or too many, and MalformedId with the path of the argument.
    """
    if not 1 <= len(candidates) <= MOST_CANDIDATES:
        raise InvalidInput(("candidates",), f"One to {MOST_CANDIDATES} candidates at once.", len(candidates))
    try:
        of = SubscriptionId(parse_id_of("BillingSubscription", subscription_id))
    except InvalidInput as error:
        raise error.under("subscriptionId") from None
    read = [_read(candidate, of, at) for at, candidate in enumerate(candidates)]
    requests = [each for each in read if isinstance(each, ChangePlan)]
    try:
        async with unit_of_work(context.database, context.actor, context.ids, context.now) as unit:
            answers = iter(await preview_plan_changes(unit, of, requests, context.quote_ttl_s))
    except NotFound:
        return None
    return [
        each if isinstance(each, InvalidInput) else _shown(context, next(answers), at) for at, each in enumerate(read)
    ]


def _read(candidate: Candidate, of: SubscriptionId, at: int) -> ChangePlan | InvalidInput:
    try:
        return candidate.command(of)
    except InvalidInput as error:
        return InvalidInput(error.path[1:], error.message, error.value).under("candidates", str(at))


def _shown(context: RequestContext, answer: Answer, at: int) -> PreviewView | InvalidInput | None:
    if answer is None:
        return None
    if isinstance(answer, InvalidInput):
        return answer.under("candidates", str(at))
    return shown(context, answer)
