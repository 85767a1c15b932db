"""`policyOutcomes`: what became of the changes that were asked for. What each figure means stands beside it.

docs/outcomes.md says the same at length; where they differ, the page is wrong.
"""

import strawberry

from domain.catalog import Segment
from domain.outcomes import OutcomeGroup
from domain.plan_change.verdict import ChangeKind
from schema.base import stored
from schema.catalog import Plan
from schema.enums import described
from schema.scalars import Date, Decimal

described(
    OutcomeGroup,
    "By what outcomes are told apart.",
    WEEK="The ISO week, Monday 00:00 UTC to the next, in which a thing began.",
    SEGMENT="The account's market, as it is today.",
    PLAN="The plan that was asked for.",
    POLICY_VERSION="The edition of the policy that answered.",
    CHANGE_KIND="What was asked: other terms, an end, a pause and so on.",
)


@strawberry.type(description="How many requests a rule refused.")
class RuleRefusals:
    rule: str = stored("The rule's code, as in the rules of the policy.")
    requests: int = stored("How many requests it refused; one that two rules refuse is counted with both.")


@strawberry.type(
    description="What customers asked for. A request is one change of one subscription on one day (UTC), answered by "
    "one edition of the policy, however often it was previewed. What staff previewed is not counted."
)
class RequestOutcomes:
    previews: int = stored("Previews that customers were shown.")
    previews_taken: int = stored("Of these, those whose quote was accepted.")
    count: int = stored("Requests.")
    taken: int = stored(
        "Of these, those that led to a change: a quote of theirs was accepted, or an approval asked for with them. "
        "Whether it has taken effect is told by `changes`."
    )
    conversion_percent: Decimal | None = stored(
        "`taken` in percent of `count`, to two decimals; null where nothing was asked for."
    )
    refused: int = stored("Of these, those that a preview refused.")
    refusals: list[RuleRefusals] = stored("The same by the rules that said no, by code.")
    confirmations_asked: int = stored("Of these, those that a preview answered with a question to confirm.")
    confirmations_given: int = stored("Of those, those whose quote was accepted, for which the customer confirmed.")


@strawberry.type(
    description="What was accepted, counted once and where it was accepted, with what has become of it since. A ramp "
    "counts once."
)
class ChangeOutcomes:
    accepted: int = stored("Changes accepted: at once, for their day, or until they are paid.")
    applied: int = stored("Of these, those in effect.")
    self_service: int = stored("Of those in effect, those that a customer accepted, and that needed no approval.")
    self_service_percent: Decimal | None = stored(
        "`selfService` in percent of `applied`, to two decimals; null where none is in effect."
    )
    refused_on_their_day: int = stored("Of those accepted, those that waited for their day and were refused on it.")
    asked_to_pay: int = stored("Of those accepted, those that were to be paid first.")
    awaiting_payment: int = stored("Of those to be paid first, those that wait for it now.")
    paid: int = stored("Of those to be paid first, those that were, and are in effect.")
    not_paid: int = stored("Of those to be paid first, those that lapsed because they were not.")
    reverted: int = stored(
        "Of those in effect, those that the subscription's next change took back, accepted less than 7 days of 24 "
        "hours after they took effect: to the former plan and interval, to the former quantities where only these had "
        "changed, or an end of the subscription. Changes of terms alone can be reverted."
    )
    reverted_percent: Decimal | None = stored(
        "`reverted` in percent of `applied`, to two decimals; null where none is in effect."
    )
    invoices_corrected: int = stored(
        "Of those in effect, those whose own invoice was corrected by hand: void, given back by a credit note for an "
        "error or out of goodwill, or one of its lines adjusted."
    )


@strawberry.type(
    description="What was put to approval, by customers and by staff for them, counted where it was asked for, with "
    "what has become of it since. Each is granted, rejected, expired, withdrawn or open."
)
class ApprovalOutcomes:
    requested: int = stored("Requests for approval.")
    granted: int = stored("Of these, those granted, whether the change was then made or not.")
    rejected: int = stored("Of these, those rejected.")
    expired: int = stored("Of these, those whose time was over before anybody answered.")
    withdrawn: int = stored("Of these, those withdrawn or replaced before anybody answered.")
    open: int = stored("Of these, those that wait for an answer now.")
    median_answer_hours: Decimal | None = stored(
        "How long an answer took, in hours to two decimals: half of those granted or rejected took no longer. Of an "
        "even number the shorter of the two in the middle. Null where none was answered."
    )
    oldest_open_hours: Decimal | None = stored(
        "How long the oldest that waits has waited, in hours to two decimals; null where none waits."
    )


@strawberry.type(
    description="What became of the changes that were asked for. Everything is counted where it began, so a row's "
    "figures go on growing until what began in it has ended. Staff only."
)
class PolicyOutcomes:
    week: Date | None = stored("The Monday its week begins with; null where weeks are not told apart.")
    segment: Segment | None = stored("The market; null where markets are not told apart.")
    plan: Plan | None = stored("The plan asked for; null where plans are not told apart.")
    policy_version: str | None = stored("The edition that answered; null where editions are not told apart.")
    kind: ChangeKind | None = stored("What was asked; null where kinds are not told apart.")
    requests: RequestOutcomes = stored("What customers asked for, and what they were told.")
    changes: ChangeOutcomes = stored("What was accepted, and what became of it.")
    approvals: ApprovalOutcomes = stored("What was put to approval, and how it was answered.")
