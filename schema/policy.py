"""The policy itself, for staff: its editions, how far each is rolled out, and where one in the shadow differs."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.catalog import Segment
from domain.plan_change.shadow import DifferenceKind
from domain.plan_change.verdict import Verdict
from domain.rollout import RolloutStage
from schema.base import Node, computed, related, stored
from schema.scalars import DateTime

if TYPE_CHECKING:
    from schema.account import Account
    from schema.people import User
    from schema.plan_change_node import PolicyDecision


@strawberry.federation.type(keys=["id"], description="A step in rolling an edition of the policy out. Staff only.")
class PolicyRollout(Node):
    policy_version: str = stored("The edition.")
    segment: Segment = stored("The market it is rolled out in.")
    stage: RolloutStage = stored("How far.")
    share_percent: int | None = stored("The share of its accounts, for a share.")
    reason: str = stored("Why.")
    created_at: DateTime = stored("Since when.")
    set_by: Annotated["User", strawberry.lazy("schema.people")] | None = related("Who set it, where it was a user.")


@strawberry.type(description="An edition of the policy for one account, whatever is rolled out. Staff only.")
class PolicyOverride:
    policy_version: str = stored("The edition that decides.")
    reason: str = stored("Why.")
    created_at: DateTime = stored("Since when.")


@strawberry.type(description="Where an edition of the policy stands in one segment.")
class PolicyStage:
    segment: Segment = stored("The market.")
    stage: RolloutStage = stored("How far it is rolled out there.")
    share_percent: int | None = stored("The share of its accounts, for a share.")
    reason: str | None = stored("Why; null where nothing was set yet.")
    since: DateTime | None = stored("Since when; null where nothing was set yet.")


@strawberry.type(description="A version of the policy. Every decision names the one that made it.")
class PolicyEdition:
    version: str = stored("Its id.")
    says: str = stored("What is new in it.")
    is_base: bool = stored("Whether it decides wherever no newer one is rolled out.")
    rule_count: int = stored("How many rules it has.")
    adds: list[str] = stored("The codes of rules that the base has not.")
    leaves_out: list[str] = stored("The codes of rules that only the base has.")
    stages: list[PolicyStage] = stored("Where it stands, segment by segment.")


@strawberry.type(description="In what two answers to one request differ.")
class PolicyDifference:
    kind: DifferenceKind = stored("The weightiest thing in which they differ.")
    live_effective_at: DateTime = stored("The date of the answer that counted.")
    candidate_effective_at: DateTime = stored("The date of the other.")
    only_live: list[str] = stored("Codes that only the answer that counted has.")
    only_candidate: list[str] = stored("Codes that only the other has.")


@strawberry.type(description="What an edition in the shadow said beside a decision.")
class ShadowEvaluation:
    account: Annotated["Account", strawberry.lazy("schema.account")] = related("Whose request it was.")
    decision: Annotated["PolicyDecision", strawberry.lazy("schema.plan_change_node")] = related(
        "The decision that counted, with its reasons."
    )
    live_version: str = stored("The edition that decided.")
    candidate_version: str = stored("The edition in the shadow.")
    segment: Segment = stored("The account's market then.")
    live_verdict: Verdict = stored("What was answered.")
    candidate_verdict: Verdict = stored("What the edition in the shadow would have answered.")
    difference: PolicyDifference | None = computed("In what they differ; null where they say the same.")
    created_at: DateTime = stored("When.")


@strawberry.input(description="Narrows the disagreements.")
class PolicyDisagreementFilter:
    segment: Segment | None = strawberry.field(default=strawberry.UNSET, description="Of this market.")
    since: DateTime | None = strawberry.field(default=strawberry.UNSET, description="From this instant on.")


@strawberry.type(description="How many answers differed in this.")
class PolicyDifferenceCount:
    kind: DifferenceKind = stored("In what they differed.")
    count: int = stored("How many.")


@strawberry.type(description="How often an edition in the shadow was asked, and how often it differed.")
class PolicyShadowCounts:
    evaluated: int = stored("How often it was asked.")
    differing: int = stored("How often it said something else.")
    by_kind: list[PolicyDifferenceCount] = stored("The same by the weightiest thing in which it differed.")
