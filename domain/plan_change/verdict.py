"""The vocabulary of a decision: how strict, which direction, when, and why.

Owns the words that rules answer in. Does not own the rules (timing.py, policy.py) nor how they combine (decide.py).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """From open to closed; the strictest of all findings wins."""

    ALLOW = "ALLOW"
    ASK_CONFIRMATION = "ASK_CONFIRMATION"
    ASK_APPROVAL = "ASK_APPROVAL"
    REFUSE = "REFUSE"

    @property
    def strictness(self) -> int:
        """0 for ALLOW up to 3 for REFUSE."""
        return list(Verdict).index(self)


class ChangeDirection(StrEnum):
    """Up, down or sideways by catalog rank and quantity, never by price."""

    UPGRADE = "UPGRADE"
    DOWNGRADE = "DOWNGRADE"
    LATERAL = "LATERAL"


class EffectiveTiming(StrEnum):
    """When a change takes effect. END_OF_NOTICE: at the first boundary once notice has been given."""

    IMMEDIATE = "IMMEDIATE"
    END_OF_PERIOD = "END_OF_PERIOD"
    END_OF_TERM = "END_OF_TERM"
    END_OF_NOTICE = "END_OF_NOTICE"


class ChangeKind(StrEnum):
    """What is asked of a subscription: other terms (plan, interval, quantities), or another turn of its life."""

    SWITCH = "SWITCH"
    END_TRIAL = "END_TRIAL"
    CANCEL = "CANCEL"
    PAUSE = "PAUSE"
    RESUME = "RESUME"


class PlanChangeStatus(StrEnum):
    """The life of an accepted change. PLANNED, a later step of a ramp, waits for the step before it; SCHEDULED for its
    day, AWAITING_PAYMENT for its invoice to be paid."""

    PLANNED = "PLANNED"
    SCHEDULED = "SCHEDULED"
    AWAITING_PAYMENT = "AWAITING_PAYMENT"
    APPLIED = "APPLIED"
    CANCELLED = "CANCELLED"
    REFUSED = "REFUSED"
    EXPIRED = "EXPIRED"


WAITING = (PlanChangeStatus.SCHEDULED, PlanChangeStatus.AWAITING_PAYMENT)
"""A subscription has at most one change in these."""
AHEAD = (*WAITING, PlanChangeStatus.PLANNED)
"""What is still to come of a subscription: the change that waits, and the steps planned after it."""


class DecisionPurpose(StrEnum):
    """What a decision was made for: to show, to apply, on a change's day, or to answer a request for approval."""

    PREVIEW = "PREVIEW"
    APPLY = "APPLY"
    BOUNDARY = "BOUNDARY"
    APPROVAL = "APPROVAL"


class RemedyAction(StrEnum):
    """What the customer can do about a no."""

    REDUCE_SEATS = "REDUCE_SEATS"
    REDUCE_USAGE = "REDUCE_USAGE"
    PAY_INVOICE = "PAY_INVOICE"
    ASK_BILLING_ADMIN = "ASK_BILLING_ADMIN"
    CHOOSE_ANOTHER_PLAN = "CHOOSE_ANOTHER_PLAN"
    WAIT_UNTIL = "WAIT_UNTIL"
    CONFIRM = "CONFIRM"
    REQUEST_APPROVAL = "REQUEST_APPROVAL"
    REACTIVATE = "REACTIVATE"
    CANCEL_PENDING_CHANGE = "CANCEL_PENDING_CHANGE"
    UNDO_CANCEL = "UNDO_CANCEL"
    CONTACT_SUPPORT = "CONTACT_SUPPORT"
    PREVIEW_AGAIN = "PREVIEW_AGAIN"
    ASK_LARGER_LIMIT = "ASK_LARGER_LIMIT"
    WITHDRAW_APPROVAL = "WITHDRAW_APPROVAL"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number or date a reason rests on, already in the text form it is shown in: ("seats_in_use", "14")."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Remedy:
    """What would turn the no into a yes; `target` is the public id of what to act on, where there is one."""

    action: RemedyAction
    sentence: str
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One finding: the rule's code, what it asks for, a sentence for the customer, its figures and the way out."""

    code: str
    verdict: Verdict
    sentence: str
    figures: tuple[Figure, ...] = ()
    remedy: Remedy | None = None
    effective_at: datetime | None = None
    granted_by: str | None = None
    """The public id of the approval that grants what this rule asks for; it stands in nobody's way then."""
    step: int | None = None
    """The later step of a ramp that it is about; None: what is asked for now, or the whole."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The one answer to a request: at least one reason, the TIMING row first, the rest sorted by code."""

    verdict: Verdict
    effective_at: datetime
    reasons: tuple[Reason, ...]
    policy_version: str
