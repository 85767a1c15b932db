"""The root of writing: one field a deed, each answered by a file of its own in resolvers/mutations."""

import strawberry

from resolvers.mutations.plan_change_cancel import plan_change_cancel
from resolvers.mutations.subscription_change_plan import subscription_change_plan
from resolvers.mutations.usage_record import usage_record
from schema.base import answered, argument
from schema.plan_change_mutations import (
    PlanChangeCancelInput,
    PlanChangeCancelPayload,
    SubscriptionChangePlanInput,
    SubscriptionChangePlanPayload,
)
from schema.usage_record import UsageRecordInput, UsageRecordPayload


@strawberry.type(description="Where writing starts. An expected no is data in the payload, never an error.")
class Mutation:
    plan_change_cancel: PlanChangeCancelPayload | None = answered(
        "Take back a scheduled plan change before its day.",
        plan_change_cancel,
        input=argument(PlanChangeCancelInput, "The change to take back."),
    )
    subscription_change_plan: SubscriptionChangePlanPayload | None = answered(
        "Apply a quote: exactly what its preview showed, or the reason why not. The same key and input again gives the "
        "same answer and no second effect.",
        subscription_change_plan,
        input=argument(SubscriptionChangePlanInput, "The quote to keep."),
    )
    usage_record: UsageRecordPayload | None = answered(
        "Send usage events in bulk; each is accepted, recognised as a duplicate, or rejected with a reason. Retry "
        "freely. For metering services.",
        usage_record,
        input=argument(UsageRecordInput, "The batch."),
    )
