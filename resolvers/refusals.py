"""Refusals told to the metrics, by rule."""

from domain.plan_change.verdict import Decision, Verdict
from resolvers.context import RequestContext


def count_refusals(context: RequestContext, decision: Decision) -> None:
    """Tell the metrics which rules said no."""
    for reason in decision.reasons:
        if reason.verdict is Verdict.REFUSE:
            context.recorder.refusal(reason.code)
