"""The domain's enumerations as the graph shows them: every value with its meaning.

Owns the descriptions. Does not own the values: they are the domain's, stored and sent under the same name.
"""

from enum import Enum
from typing import Any, TypeVar, cast

import strawberry

from domain.account import AccountStatus
from domain.actor import ActorKind, Role, StaffRole
from domain.catalog import FeatureKind, Segment
from domain.dunning import Standing
from domain.entitlement import EntitlementSource
from domain.invoice import InvoiceReason, InvoiceStatus, LineKind
from domain.periods import BillingInterval
from domain.plan_change.shadow import DifferenceKind
from domain.plan_change.verdict import ChangeDirection, ChangeKind, PlanChangeStatus, RemedyAction, Verdict
from domain.pricing.model import PriceModel
from domain.rollout import RolloutStage
from domain.subscription import SubscriptionStatus
from domain.usage import Aggregation

E = TypeVar("E", bound=type[Enum])


def described(enum: E, description: str, **meanings: str) -> E:
    """An enumeration of the domain with a meaning for each value. Raises ValueError when one is missing or too many."""
    names = {member.name for member in cast(Any, enum)}
    if names != set(meanings):
        raise ValueError(f"{enum.__name__}: meanings are missing or too many: {names ^ set(meanings)}.")
    strawberry.enum(enum, description=description)
    for value in cast(Any, enum).__strawberry_definition__.values:
        value.description = meanings[value.name]
    return enum


described(
    AccountStatus,
    "Whether an account is open.",
    ACTIVE="Open.",
    CLOSED="Closed: nothing is billed any more; what happened stays readable.",
)
described(
    Segment,
    "The market an account belongs to.",
    SMB="Small and medium businesses: they serve themselves.",
    ENTERPRISE="Enterprises: contracts, and approvals where they ask for exceptions.",
)
described(
    RolloutStage,
    "How far an edition of the policy is rolled out.",
    OFF="It decides for nobody.",
    SHADOW="It is asked beside the edition that decides, without any effect.",
    SHARE="It decides for a share of the accounts: always the same ones, and more of them as the share grows.",
    EVERYONE="It decides for every account.",
)
described(
    DifferenceKind,
    "The weightiest thing in which an edition in the shadow differs.",
    STRICTER="It asks for more, or says no.",
    LOOSER="It asks for less.",
    LATER="It says the same, but later.",
    EARLIER="It says the same, but earlier.",
    REASONS="Only its reasons differ.",
)
described(
    Standing,
    "How an account stands with its payments, from best to worst.",
    GOOD="Nothing is overdue.",
    OVERDUE="An invoice is past its due date.",
    CHANGES_BLOCKED="Overdue for so long that the plan cannot be changed before paying.",
    SUSPENDED="Overdue for so long that access is reduced.",
)
described(
    Role,
    "What a user may do on one account.",
    VIEWER="Looks, changes nothing.",
    BILLING_ADMIN="Changes plans and billing details.",
    OWNER="Everything, members too.",
)
described(
    ActorKind,
    "What stands behind a request.",
    CUSTOMER="A user of the account.",
    STAFF="One of us, or a job of ours.",
    GATEWAY="A federation gateway.",
    SCHEMA_READER="A credential that reads the schema and no account.",
)
described(
    StaffRole,
    "What one of us may do on all accounts.",
    SUPPORT="Reads all, changes nothing.",
    FINANCE="Approves and credits.",
    SYSTEM="Sends usage and runs jobs.",
)
described(
    BillingInterval,
    "How often a subscription is billed.",
    MONTH="Every month.",
    QUARTER="Every three months.",
    YEAR="Every twelve months.",
)
described(
    SubscriptionStatus,
    "Where a subscription stands.",
    TRIALING="In its trial.",
    ACTIVE="In force.",
    PAUSED="Paused by the customer.",
    CANCELLED="Over.",
)
described(
    FeatureKind,
    "How a feature is granted.",
    BOOLEAN="A yes or a no.",
    LIMIT="A bound on what is stored.",
    METERED="An allowance per period.",
    CONFIG="A setting.",
)
described(
    EntitlementSource,
    "Where an effective value comes from.",
    PLAN="From what the account subscribes to.",
    OVERRIDE="Set by hand for this account.",
)
described(
    Aggregation,
    "How a meter turns events into one figure.",
    COUNT="How many events there were.",
    SUM="The sum of their values.",
    MAX="The greatest value.",
    UNIQUE="How many different texts there were.",
    LATEST="The newest value.",
)
described(
    InvoiceStatus,
    "The life of an invoice beside its document.",
    DRAFT="Not final yet.",
    OPEN="Final and waiting for payment.",
    PAID="Paid in full.",
    VOID="Withdrawn: as if it had never been owed.",
    UNCOLLECTIBLE="Given up on.",
)
described(
    InvoiceReason,
    "Why an invoice was made.",
    SIGN_UP="A subscription began.",
    TRIAL_END="A trial ended and the first paid period began.",
    RENEWAL="A new billing period began.",
    PLAN_CHANGE="A plan change was charged at once.",
    RESUME="A paused subscription went on.",
    CANCELLATION="A subscription ended; what was used until then is billed.",
    ONE_OFF="A charge of its own.",
)
described(
    LineKind,
    "What an invoice line is.",
    CHARGE="The regular charge of a period.",
    USAGE="What was used in a period, charged after it.",
    PRORATION_CREDIT="The unused rest of what an earlier line charged.",
    PRORATION_CHARGE="The rest of a period on new terms.",
    TRUE_UP="What was missing to the minimum agreed on.",
    MAXIMUM="What goes beyond the maximum agreed on, taken off.",
    DISCOUNT="What a discount takes off the line it names.",
    ADJUSTMENT="A correction of a line on an earlier invoice.",
    ONE_OFF="A charge of its own.",
)
described(
    Verdict,
    "What a policy says to a request, from open to closed.",
    ALLOW="Yes.",
    ASK_CONFIRMATION="Yes, once the customer confirms.",
    ASK_APPROVAL="Only with our approval.",
    REFUSE="No.",
)
described(
    ChangeDirection,
    "Up, down or sideways in the catalog; price says nothing about it.",
    UPGRADE="To a higher plan, or more of the same.",
    DOWNGRADE="To a lower plan, or less of the same.",
    LATERAL="Neither higher nor lower.",
)
described(
    ChangeKind,
    "What is asked of a subscription.",
    SWITCH="Another plan, interval or quantity.",
    END_TRIAL="To end the trial and pay from now on.",
    CANCEL="To end it.",
    PAUSE="To interrupt it.",
    RESUME="To go on with it.",
)
described(
    PlanChangeStatus,
    "The life of an accepted plan change.",
    PLANNED="A later step of a ramp, waiting for the step before it.",
    SCHEDULED="Waiting for its day.",
    AWAITING_PAYMENT="Takes effect once its invoice is paid, and lapses unless it is.",
    APPLIED="In force.",
    CANCELLED="Taken back before its day.",
    REFUSED="Decided again on its day, and refused.",
    EXPIRED="Not paid in time; nothing was changed.",
)
described(
    RemedyAction,
    "What can be done about a no.",
    REDUCE_SEATS="Give back seats.",
    REDUCE_USAGE="Use or store less.",
    PAY_INVOICE="Pay what is overdue.",
    ASK_BILLING_ADMIN="Ask someone who may change plans.",
    CHOOSE_ANOTHER_PLAN="Choose another plan.",
    WAIT_UNTIL="Wait until the date given.",
    CONFIRM="Confirm it.",
    REQUEST_APPROVAL="Ask for approval.",
    REACTIVATE="Start the subscription again.",
    CANCEL_PENDING_CHANGE="Take back the change that is waiting.",
    UNDO_CANCEL="Take the cancellation back.",
    CONTACT_SUPPORT="Talk to us.",
    PREVIEW_AGAIN="Preview again and apply the new quote.",
    ASK_LARGER_LIMIT="Ask somebody who may approve more.",
    WITHDRAW_APPROVAL="Withdraw the request for approval that is open, or let the new one take its place.",
)

PRICE_MODELS = {
    "FLAT": "One amount, whatever the quantity.",
    "PER_UNIT": "An amount for each unit.",
    "GRADUATED": "Each tier prices its own units.",
    "VOLUME": "The tier reached prices all units.",
    "PACKAGE": "Whole packages, rounded up.",
    "PERCENTAGE": "A share of an amount.",
}
described(
    PriceModel,
    "How a price turns a quantity into an amount.",
    **{member.name: PRICE_MODELS[member.name] for member in PriceModel},
)
