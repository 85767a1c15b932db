"""Mutations of the policy's rollout: finance says how far an edition decides, and for which account which one."""

import strawberry

from domain.catalog import Segment
from domain.commands.policy import EndPolicyOverride, SetPolicyOverride, SetPolicyRollout
from domain.ids import AccountId
from domain.rollout import RolloutStage
from resolvers.mutations.idempotency_key import idempotency_key
from schema.account import Account
from schema.base import stored
from schema.inputs import IDEMPOTENCY_KEY, read_id
from schema.policy import PolicyRollout
from schema.user_errors import UserError

_REASON = "Why, for the trail."


@strawberry.input(
    description=(
        'How far an edition decides: {version: "2026-12.1", segment: SMB, stage: SHARE, sharePercent: 10, '
        'reason: "Three weeks in the shadow", idempotencyKey: "smb-10"}.'
    )
)
class PolicyRolloutSetInput:
    version: str = strawberry.field(description="The edition's id; `policyEditions` lists them.")
    segment: Segment = strawberry.field(description="The market.")
    stage: RolloutStage = strawberry.field(description="How far; OFF takes it back.")
    reason: str = strawberry.field(description=_REASON)
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)
    share_percent: int | None = strawberry.field(
        default=None, description="1 to 99, for a share. One that grows keeps the accounts it had."
    )

    def command(self) -> SetPolicyRollout:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return SetPolicyRollout(
            version=self.version,
            segment=self.segment,
            stage=self.stage,
            share_percent=self.share_percent,
            reason=self.reason,
            idempotency_key=idempotency_key(self.idempotency_key),
        )


@strawberry.type(description="What setting did.")
class PolicyRolloutSetPayload:
    rollout: PolicyRollout | None = stored("The step that counts from now on; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")


@strawberry.input(
    description=(
        'One edition for one account: {accountId: "acct_…", version: "2026-12.1", reason: "They asked to try it", '
        'idempotencyKey: "try-1"}.'
    )
)
class PolicyOverrideSetInput:
    account_id: strawberry.ID = strawberry.field(description="The account, acct_…")
    version: str = strawberry.field(description="The edition's id.")
    reason: str = strawberry.field(description=_REASON)
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)

    def command(self) -> SetPolicyOverride:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return SetPolicyOverride(
            account_id=AccountId(read_id("Account", self.account_id, "accountId")),
            version=self.version,
            reason=self.reason,
            idempotency_key=idempotency_key(self.idempotency_key),
        )


@strawberry.type(description="What setting did.")
class PolicyOverrideSetPayload:
    account: Account | None = stored("The account; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")


@strawberry.input(
    description=(
        'An account without an edition of its own: {accountId: "acct_…", reason: "Tried", idempotencyKey: "tried-1"}.'
    )
)
class PolicyOverrideEndInput:
    account_id: strawberry.ID = strawberry.field(description="The account, acct_…")
    reason: str = strawberry.field(description=_REASON)
    idempotency_key: str = strawberry.field(description=IDEMPOTENCY_KEY)

    def command(self) -> EndPolicyOverride:
        """The request in the domain's words. Raises InvalidInput with the field's path."""
        return EndPolicyOverride(
            account_id=AccountId(read_id("Account", self.account_id, "accountId")),
            reason=self.reason,
            idempotency_key=idempotency_key(self.idempotency_key),
        )


@strawberry.type(description="What ending did.")
class PolicyOverrideEndPayload:
    account: Account | None = stored("The account; null when nothing was done.")
    user_errors: list[UserError] = stored("Why nothing was done.")
