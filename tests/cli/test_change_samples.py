"""Each operation on plan changes that the page offers is answered by the demo company, with something to look at."""

import json
import re
from typing import Any

import pytest

from app.personas import Sample
from cli.change_samples import CHANGE_SAMPLES
from cli.personas import demo_pages, next_steps
from db.engine import Database
from domain.actor import Role, StaffRole
from tests.stories.hub import Hub, gateway

BY_TITLE = {sample.title: sample for sample in CHANGE_SAMPLES}
SEEN = {"quote": r'"(quot_[0-9a-f]{32})"', "approval": r'"(aprv_[0-9a-f]{32})"'}
"""As the page itself remembers them (app/static/home.js)."""

# sample, persona, what is asked before it, where something must be in the answer, what it must be
ASKED = [
    ("Every reason", "smb-monthly", (), "planChangePreview.decision.verdict", "ALLOW"),
    ("Every reason", "past-due", (), "planChangePreview.decision.verdict", "REFUSE"),
    ("Compare changes", "annual-midterm", (), "planChangePreviews.3.kind", "CANCEL"),
    ("Apply a quote", "smb-monthly", ("Every reason",), "subscriptionChangePlan.planChange.status", "APPLIED"),
    ("Preview an end", "near-limit", (), "planChangePreview.kind", "CANCEL"),
    ("Take an end back", "cancelling", (), "subscriptionUndoCancel.subscription.cancelAt", None),
    ("Pause", "corrections", (), "subscriptionPause.subscription.status", "PAUSED"),
    ("Preview a ramp", "enterprise", (), "planChangePreview.phases.1.interval", "YEAR"),
    ("Preview a ramp", "smb-monthly", (), "planChangePreview.decision.verdict", "ASK_APPROVAL"),
    ("Ask for approval", "enterprise", (), "approvalRequest.approval.status", "REQUESTED"),
    ("What is under way", "scheduled-downgrade", (), "account.subscription.pendingChange.status", "SCHEDULED"),
    ("What is under way", "awaiting-payment", (), "account.subscription.pendingChange.status", "AWAITING_PAYMENT"),
    ("What is under way", "agreed-terms", (), "account.terms.spendCap.amount", "1500.00"),
    ("What is under way", "ramp", (), "account.subscription.phases.1.status", "PLANNED"),
    ("What is under way", "approval-pending", (), "account.subscription.openApproval.status", "REQUESTED"),
    ("Waiting for approval", "approval-pending", (), "approvals.nodes.0.account.name", "Hangang Logistics"),
    ("Set terms", "dinar", (), "accountTermsSet.terms.noticeDays", 30),
    ("Editions", "smb-monthly", (), "policyEditions.1.version", "2026-12.1"),
    ("Disagreements", "smb-monthly", (), "policyDisagreements.nodes.3.liveVerdict", "ALLOW"),
    ("Approve", "approval-pending", ("Waiting for approval",), "approvalApprove.approval.status", "APPROVED"),
    ("Roll out", "smb-monthly", (), "policyRolloutSet.rollout.sharePercent", 10),
]  # fmt: skip


def filled(value: Any, ids: dict[str, str]) -> Any:
    """A sample's variables with the names in braces replaced, as the page does it."""
    if isinstance(value, str) and re.fullmatch(r"\{\w+\}", value):
        return ids[value[1:-1]]
    if isinstance(value, list | tuple):
        return [filled(each, ids) for each in value]
    if isinstance(value, dict):
        return {name: filled(each, ids) for name, each in value.items()}
    return value


def within(answer: Any, path: str) -> Any:
    """What is at a dotted path."""
    for step in path.split("."):
        answer = answer[int(step)] if isinstance(answer, list) else answer[step]
    return answer


def test_every_sample_is_asked_of_somebody() -> None:
    assert {title for title, *_ in ASKED} == set(BY_TITLE)


@pytest.mark.parametrize(("title", "slug", "before", "path", "says"), ASKED)
async def test_a_sample_is_answered(
    demo_copy: Database, title: str, slug: str, before: tuple[str, ...], path: str, says: object
) -> None:
    persona = next(each for each in demo_pages(await next_steps(demo_copy)).personas() if each.slug == slug)
    ids = dict(persona.ids) | {"key": f"test-{title.replace(' ', '-')}-{slug}"}

    async with gateway(demo_copy) as client:

        async def asked(sample: Sample) -> Any:
            of_staff = sample.audience == "staff"
            hub = Hub.of_staff(client, StaffRole.FINANCE) if of_staff else Hub.of(client, slug, Role.OWNER)
            answer = await hub.ask(sample.query, **filled(dict(sample.variables), ids))
            for name, pattern in SEEN.items():
                if found := re.search(pattern, json.dumps(answer)):
                    ids[name] = found[1]
            return answer

        for each in before:
            await asked(BY_TITLE[each])
        answer = await asked(BY_TITLE[title])
    errors = [error for each in answer.values() if isinstance(each, dict) for error in each.get("userErrors", ())]
    assert errors == []
    assert within(answer, path) == says
