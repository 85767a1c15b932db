"""Errors a mutation answers as data: bad input that names its field, and a few stable conditions of their own.

Owns the closed list of codes and the one way from a domain error to an entry. A policy's no is not among them: that
is the payload's decision.
"""

from dataclasses import dataclass
from enum import StrEnum

from domain.errors import DomainError, Forbidden, InvalidInput, NotFound
from domain.plan_change.verdict import Figure, Remedy, RemedyAction


class UserErrorCode(StrEnum):
    """Members are added, never renamed."""

    INVALID_INPUT = "INVALID_INPUT"
    NOT_FOUND = "NOT_FOUND"
    FORBIDDEN = "FORBIDDEN"
    STALE_QUOTE = "STALE_QUOTE"
    QUOTE_EXPIRED = "QUOTE_EXPIRED"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    NOT_SCHEDULED = "NOT_SCHEDULED"
    # what cannot be done as things stand
    ALREADY_ENDED = "ALREADY_ENDED"
    ALREADY_PAID = "ALREADY_PAID"
    ALREADY_REMOVED = "ALREADY_REMOVED"
    APPROVAL_OPEN = "APPROVAL_OPEN"
    BEING_BILLED = "BEING_BILLED"
    CANCELLATION_PENDING = "CANCELLATION_PENDING"
    CHANGE_AWAITS_PAYMENT = "CHANGE_AWAITS_PAYMENT"
    CHANGES_BLOCKED = "CHANGES_BLOCKED"
    IN_COMMITMENT = "IN_COMMITMENT"
    LINES_CREDITED = "LINES_CREDITED"
    NEEDS_A_PERSON = "NEEDS_A_PERSON"
    NO_ACTION_NEEDED = "NO_ACTION_NEEDED"
    NO_APPROVAL_NEEDED = "NO_APPROVAL_NEEDED"
    NOT_CANCELLING = "NOT_CANCELLING"
    NOT_CREDITABLE = "NOT_CREDITABLE"
    NOT_DRAFT = "NOT_DRAFT"
    NOT_OPEN = "NOT_OPEN"
    NOT_PAYABLE = "NOT_PAYABLE"
    NOT_REFUNDABLE = "NOT_REFUNDABLE"
    NOT_REQUESTED = "NOT_REQUESTED"
    NOT_WITHDRAWABLE = "NOT_WITHDRAWABLE"
    OVER_LIMIT = "OVER_LIMIT"
    OWN_LIMIT = "OWN_LIMIT"
    OWN_REQUEST = "OWN_REQUEST"
    PAID_BY_PARENT = "PAID_BY_PARENT"
    PAID_CONSOLIDATED = "PAID_CONSOLIDATED"
    PARTLY_PAID = "PARTLY_PAID"
    PAYMENT_UNDER_WAY = "PAYMENT_UNDER_WAY"
    REMOVED = "REMOVED"
    SUBSCRIPTION_ACTIVE = "SUBSCRIPTION_ACTIVE"
    SUBSCRIPTION_CANCELLED = "SUBSCRIPTION_CANCELLED"
    SUBSCRIPTION_PAUSED = "SUBSCRIPTION_PAUSED"
    SUBSCRIPTION_TRIALING = "SUBSCRIPTION_TRIALING"


@dataclass(frozen=True, slots=True)
class UserError:
    """One entry. `path` leads from the argument to the field at fault; None when no field is."""

    code: UserErrorCode
    message: str
    path: list[str] | None = None
    figures: tuple[Figure, ...] = ()
    remedy: Remedy | None = None


EXPECTED = (InvalidInput, NotFound, Forbidden)
"""What a caller can cause; anything else is a surprise and goes to the edge."""

PREVIEW_AGAIN = Remedy(RemedyAction.PREVIEW_AGAIN, "Preview the change again and apply the new quote.")


def user_error(error: DomainError, *path: str) -> UserError:
    """An expected error of the domain as an entry; `path` is where a thing that is not there was named."""
    match error:
        case InvalidInput():
            return UserError(UserErrorCode.INVALID_INPUT, error.message, list(error.path))
        case Forbidden():
            return UserError(UserErrorCode.FORBIDDEN, error.message, list(path) or None)
        case _:
            return UserError(UserErrorCode.NOT_FOUND, error.message, list(path) or None)


def key_reused(*path: str) -> UserError:
    """The idempotency key belongs to another request."""
    return UserError(
        UserErrorCode.IDEMPOTENCY_KEY_REUSED, "This idempotency key was used with another input.", list(path)
    )
