"""How far editions of the policy are rolled out, what they said in the shadow, and who may approve how much."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from db.tables.columns import (
    account_column,
    catalog_table,
    currency,
    enumerated,
    instant,
    metadata,
    minor,
    tenant_table,
    within_account,
)
from domain.catalog import Segment
from domain.plan_change.verdict import Verdict
from domain.rollout import RolloutStage

policy_rollouts = catalog_table(
    "policy_rollouts",
    Column("policy_version", Text, nullable=False),
    enumerated("segment", Segment),
    enumerated("stage", RolloutStage),
    Column("share_percent", SmallInteger, CheckConstraint("share_percent BETWEEN 1 AND 99", name="share_is_a_share")),
    Column("reason", Text, nullable=False),
    Column("set_by_id", Uuid),
    instant("created_at"),
    CheckConstraint("(stage = 'SHARE') = (share_percent IS NOT NULL)", name="a_share_has_its_size"),
    Index("policy_rollouts_newest_idx", "policy_version", "segment", "created_at", "id"),
)
"""A row a step: the newest of a version and segment counts."""

policy_overrides = tenant_table(
    "policy_overrides",
    Column("policy_version", Text, nullable=False),
    Column("reason", Text, nullable=False),
    instant("created_at"),
    instant("ended_at", nullable=True),
    Index("policy_overrides_one_live_idx", "account_id", unique=True, postgresql_where=text("ended_at IS NULL")),
)

shadow_evaluations = tenant_table(
    "shadow_evaluations",
    Column("decision_id", Uuid, nullable=False),
    Column("live_version", Text, nullable=False),
    Column("candidate_version", Text, nullable=False),
    enumerated("segment", Segment),
    enumerated("live_verdict", Verdict),
    enumerated("candidate_verdict", Verdict),
    Column("differs", Boolean, nullable=False),
    Column("difference", JSONB),
    instant("created_at"),
    within_account("decision_id", "policy_decisions"),
    UniqueConstraint("account_id", "decision_id", "candidate_version"),
    CheckConstraint("differs = (difference IS NOT NULL)", name="a_difference_says_what"),
    Index("shadow_evaluations_newest_idx", "candidate_version", "created_at", "id"),
    Index(
        "shadow_evaluations_differing_idx", "candidate_version", "created_at", "id", postgresql_where=text("differs")
    ),
)

decision_facts = Table(
    "decision_facts",
    metadata,
    account_column(),
    Column("decision_id", Uuid, nullable=False),
    Column("facts", JSONB, nullable=False),
    instant("created_at"),
    PrimaryKeyConstraint("account_id", "decision_id"),
    ForeignKeyConstraint(["account_id"], ["accounts.id"]),
    within_account("decision_id", "policy_decisions"),
    Index("decision_facts_old_idx", "created_at"),
)
"""What a decision looked at, without what names a person: another edition can be asked the same. Kept for a while."""

approval_limits = Table(
    "approval_limits",
    metadata,
    Column("user_id", Uuid, nullable=False),
    currency(),
    minor("limit_minor"),
    instant("until", nullable=True),
    Column("granted_by_id", Uuid, nullable=False),
    instant("created_at"),
    PrimaryKeyConstraint("user_id", "currency"),
    info={"not_tenant": "how much one of us may approve, on any account"},
)
