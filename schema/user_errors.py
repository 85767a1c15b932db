"""Errors that mutations answer as data."""

import strawberry

from resolvers.mutations.user_errors import UserErrorCode
from schema.base import stored
from schema.decision import Figure, Remedy
from schema.enums import described

described(
    UserErrorCode,
    "Why a mutation did nothing. New codes may be added.",
    INVALID_INPUT="A value cannot be read or is out of bounds; `path` names it.",
    NOT_FOUND="What was named is not there, or not yours to see.",
    FORBIDDEN="You see it, but your role does not allow this.",
    STALE_QUOTE="The facts have changed since the quote; `figures` name what differs.",
    QUOTE_EXPIRED="The quote is past its time.",
    IDEMPOTENCY_KEY_REUSED="The key was used with another input.",
    NOT_SCHEDULED="The change is not waiting for its day.",
    ALREADY_ENDED="It has ended before.",
    ALREADY_PAID="Nothing is due any more.",
    ALREADY_REMOVED="It has been removed before.",
    APPROVAL_OPEN="A request for approval is open on the subscription; `remedy` names it.",
    BEING_BILLED="Something is due on the subscription and is done first; try again in a moment.",
    CANCELLATION_PENDING="It is about to end; take that back first.",
    CHANGE_AWAITS_PAYMENT="A plan change waits for this invoice to be paid: cancel the change, or let it lapse.",
    CHANGES_BLOCKED="An invoice is so long overdue that changes are blocked; `remedy` says which one to pay.",
    IN_COMMITMENT="Not inside a commitment.",
    LINES_CREDITED="Something of its lines was given back, or waits to be adjusted: write a credit note instead.",
    NOT_CANCELLING="Nobody has asked for it to end.",
    NEEDS_A_PERSON="Only a person may do this, and the token is nobody's.",
    NO_APPROVAL_NEEDED="The change can be made without anybody's approval.",
    NO_ACTION_NEEDED="The payment does not wait for anybody.",
    NOT_CREDITABLE="Only a final invoice that is not void can be corrected.",
    NOT_DRAFT="It is final already.",
    NOT_OPEN="Only an open invoice can be voided or written off.",
    NOT_PAYABLE="Only an open invoice can be paid.",
    NOT_REFUNDABLE="Nothing is left of the payment to send back.",
    NOT_REQUESTED="The request does not wait for an answer any more.",
    NOT_WITHDRAWABLE="The request is not open any more, or is to be rejected instead.",
    OVER_LIMIT="More than you may approve; `figures` hold the amount and the limit.",
    OWN_LIMIT="Nobody sets their own limit.",
    OWN_REQUEST="Whoever asked or proposed it does not answer it.",
    PAID_BY_PARENT="The parent account pays this with its consolidated invoice.",
    PAID_CONSOLIDATED="The payment was for several invoices: credit those.",
    PARTLY_PAID="A part of it was paid: write a credit note instead.",
    PAYMENT_UNDER_WAY="A payment of it is under way; what becomes of it is not known yet.",
    REMOVED="The payment method has been removed.",
    SUBSCRIPTION_ACTIVE="Not while the subscription is in force.",
    SUBSCRIPTION_CANCELLED="Not once the subscription is over.",
    SUBSCRIPTION_PAUSED="Not while the subscription is paused.",
    SUBSCRIPTION_TRIALING="Not during the trial.",
)


@strawberry.type(description="One thing that kept a mutation from acting. Nothing was written.")
class UserError:
    code: UserErrorCode = stored("Stable code.")
    message: str = stored("What is wrong, in a sentence.")
    path: list[str] | None = stored("The way to the field at fault, from the argument on; null when no field is.")
    figures: list[Figure] = stored("The numbers and names it rests on.")
    remedy: Remedy | None = stored("What can be done about it, where anything can.")
