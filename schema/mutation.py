"""The root of writing: one field a deed, each answered by a file of its own in resolvers/mutations."""

import strawberry

from resolvers.mutations.account_open import account_open
from resolvers.mutations.account_terms_set import account_terms_set
from resolvers.mutations.account_update import account_update
from resolvers.mutations.approval_approve import approval_approve
from resolvers.mutations.approval_limit_set import approval_limit_set
from resolvers.mutations.approval_reject import approval_reject
from resolvers.mutations.approval_request import approval_request
from resolvers.mutations.approval_withdraw import approval_withdraw
from resolvers.mutations.charge_add import charge_add
from resolvers.mutations.consolidated_invoice_pay import consolidated_invoice_pay
from resolvers.mutations.consolidation_set import consolidation_set
from resolvers.mutations.coupon_create import coupon_create
from resolvers.mutations.coupon_redeem import coupon_redeem
from resolvers.mutations.credit_grant import credit_grant
from resolvers.mutations.credit_note_issue import credit_note_issue
from resolvers.mutations.credit_withdraw import credit_withdraw
from resolvers.mutations.discount_end import discount_end
from resolvers.mutations.invoice_finalise import invoice_finalise
from resolvers.mutations.invoice_line_adjust import invoice_line_adjust
from resolvers.mutations.invoice_pay import invoice_pay
from resolvers.mutations.invoice_void import invoice_void
from resolvers.mutations.invoice_write_off import invoice_write_off
from resolvers.mutations.payment_confirm import payment_confirm
from resolvers.mutations.payment_method_add import payment_method_add
from resolvers.mutations.payment_method_remove import payment_method_remove
from resolvers.mutations.payment_method_set_default import payment_method_set_default
from resolvers.mutations.payment_record import payment_record
from resolvers.mutations.payment_refund import payment_refund
from resolvers.mutations.plan_change_cancel import plan_change_cancel
from resolvers.mutations.plan_create import plan_create
from resolvers.mutations.plan_version_migrate import plan_version_migrate
from resolvers.mutations.plan_version_migration_cancel import plan_version_migration_cancel
from resolvers.mutations.plan_version_publish import plan_version_publish
from resolvers.mutations.policy_override_end import policy_override_end
from resolvers.mutations.policy_override_set import policy_override_set
from resolvers.mutations.policy_rollout_set import policy_rollout_set
from resolvers.mutations.sandbox_account_open import sandbox_account_open
from resolvers.mutations.subscription_cancel import subscription_cancel
from resolvers.mutations.subscription_change_plan import subscription_change_plan
from resolvers.mutations.subscription_pause import subscription_pause
from resolvers.mutations.subscription_resume import subscription_resume
from resolvers.mutations.subscription_start import subscription_start
from resolvers.mutations.subscription_undo_cancel import subscription_undo_cancel
from resolvers.mutations.tax_rate_set import tax_rate_set
from resolvers.mutations.test_clock_advance import test_clock_advance
from resolvers.mutations.usage_record import usage_record
from schema.account_mutations import (
    AccountUpdateInput,
    AccountUpdatePayload,
    ConsolidationSetInput,
    ConsolidationSetPayload,
)
from schema.account_opening import (
    AccountOpenInput,
    AccountOpenPayload,
    SandboxAccountOpenInput,
    SandboxAccountOpenPayload,
)
from schema.account_terms_mutations import AccountTermsSetInput, AccountTermsSetPayload
from schema.approval_mutations import (
    ApprovalApproveInput,
    ApprovalApprovePayload,
    ApprovalLimitSetInput,
    ApprovalLimitSetPayload,
    ApprovalRejectInput,
    ApprovalRejectPayload,
    ApprovalRequestInput,
    ApprovalRequestPayload,
    ApprovalWithdrawInput,
    ApprovalWithdrawPayload,
)
from schema.base import answered, argument
from schema.clock_mutations import TestClockAdvanceInput, TestClockAdvancePayload
from schema.coupon_mutations import CouponCreateInput, CouponCreatePayload
from schema.credit_mutations import (
    CreditGrantInput,
    CreditGrantPayload,
    CreditWithdrawInput,
    CreditWithdrawPayload,
)
from schema.discount_mutations import CouponRedeemInput, CouponRedeemPayload, DiscountEndInput, DiscountEndPayload
from schema.invoice_mutations import (
    ChargeAddInput,
    ChargeAddPayload,
    CreditNoteIssueInput,
    CreditNoteIssuePayload,
    InvoiceFinaliseInput,
    InvoiceFinalisePayload,
    InvoiceLineAdjustInput,
    InvoiceLineAdjustPayload,
    InvoiceVoidInput,
    InvoiceVoidPayload,
    InvoiceWriteOffInput,
    InvoiceWriteOffPayload,
)
from schema.migration_mutations import (
    PlanVersionMigrateInput,
    PlanVersionMigratePayload,
    PlanVersionMigrationCancelInput,
    PlanVersionMigrationCancelPayload,
)
from schema.payment_mutations import (
    ConsolidatedInvoicePayInput,
    ConsolidatedInvoicePayPayload,
    InvoicePayInput,
    InvoicePayPayload,
    PaymentConfirmInput,
    PaymentConfirmPayload,
    PaymentMethodAddInput,
    PaymentMethodAddPayload,
    PaymentMethodRemoveInput,
    PaymentMethodRemovePayload,
    PaymentMethodSetDefaultInput,
    PaymentMethodSetDefaultPayload,
    PaymentRecordInput,
    PaymentRecordPayload,
    PaymentRefundInput,
    PaymentRefundPayload,
)
from schema.plan_change_mutations import (
    PlanChangeCancelInput,
    PlanChangeCancelPayload,
    SubscriptionChangePlanInput,
    SubscriptionChangePlanPayload,
)
from schema.plan_mutations import PlanCreateInput, PlanCreatePayload, PlanVersionPublishInput, PlanVersionPublishPayload
from schema.policy_mutations import (
    PolicyOverrideEndInput,
    PolicyOverrideEndPayload,
    PolicyOverrideSetInput,
    PolicyOverrideSetPayload,
    PolicyRolloutSetInput,
    PolicyRolloutSetPayload,
)
from schema.subscription_mutations import (
    SubscriptionCancelInput,
    SubscriptionCancelPayload,
    SubscriptionPauseInput,
    SubscriptionPausePayload,
    SubscriptionResumeInput,
    SubscriptionResumePayload,
    SubscriptionStartInput,
    SubscriptionStartPayload,
    SubscriptionUndoCancelInput,
    SubscriptionUndoCancelPayload,
)
from schema.tax_mutations import TaxRateSetInput, TaxRateSetPayload
from schema.usage_record import UsageRecordInput, UsageRecordPayload


@strawberry.type(description="Where writing starts. An expected no is data in the payload, never an error.")
class Mutation:
    account_open: AccountOpenPayload | None = answered(
        "Open a customer's account. Its external id is the key: asked twice, there is one. For finance and jobs.",
        account_open,
        input=argument(AccountOpenInput, "The account."),
    )
    account_update: AccountUpdatePayload | None = answered(
        "Change who is billed, where and how it is taxed; documents issued before keep what they say. For who "
        "may change the account, and for finance.",
        account_update,
        input=argument(AccountUpdateInput, "What changes."),
    )
    approval_approve: ApprovalApprovePayload | None = answered(
        "Grant a request for approval, decided again by today's facts. What has not changed since it was asked is done "
        "with it; else the customer confirms a new quote. For finance, never for whoever asked, up to their limit.",
        approval_approve,
        input=argument(ApprovalApproveInput, "The request."),
    )
    approval_limit_set: ApprovalLimitSetPayload | None = answered(
        "Set how much a person may approve, for good or until a date: never for oneself, never above one's own. For "
        "finance.",
        approval_limit_set,
        input=argument(ApprovalLimitSetInput, "The limit."),
    )
    approval_reject: ApprovalRejectPayload | None = answered(
        "Turn a request for approval down. For finance, never for whoever asked.",
        approval_reject,
        input=argument(ApprovalRejectInput, "The request."),
    )
    approval_request: ApprovalRequestPayload | None = answered(
        "Ask for approval of a change that the policy allows with it only. For who may change the account; support "
        "proposes.",
        approval_request,
        input=argument(ApprovalRequestInput, "The change."),
    )
    approval_withdraw: ApprovalWithdrawPayload | None = answered(
        "Take back a request for approval, or what was granted of it. For who may change the account, for whoever "
        "proposed it, and for finance once it is granted.",
        approval_withdraw,
        input=argument(ApprovalWithdrawInput, "The request."),
    )
    charge_add: ChargeAddPayload | None = answered(
        "Charge by hand: on the next invoice, or on one of its own at once. For finance.",
        charge_add,
        input=argument(ChargeAddInput, "The charge."),
    )
    consolidated_invoice_pay: ConsolidatedInvoicePayPayload | None = answered(
        "Pay what is due of all the invoices of a consolidated one, now. For who may change the payer.",
        consolidated_invoice_pay,
        input=argument(ConsolidatedInvoicePayInput, "The consolidated invoice to pay."),
    )
    consolidation_set: ConsolidationSetPayload | None = answered(
        "Set whose invoices a parent account pays together, and on which day of the month. For finance.",
        consolidation_set,
        input=argument(ConsolidationSetInput, "The children and the day."),
    )
    coupon_create: CouponCreatePayload | None = answered(
        "Let a code be redeemed for a discount. For finance.",
        coupon_create,
        input=argument(CouponCreateInput, "The coupon."),
    )
    coupon_redeem: CouponRedeemPayload | None = answered(
        "Give a subscription the discount of a coupon, from its next billing period on. For who may change "
        "the account, and for finance.",
        coupon_redeem,
        input=argument(CouponRedeemInput, "The coupon."),
    )
    account_terms_set: AccountTermsSetPayload | None = answered(
        "Agree on terms with an account beyond the catalog: notice, clauses, locked prices, a discount, a cap. They "
        "take the place of those in force. For finance.",
        account_terms_set,
        input=argument(AccountTermsSetInput, "The terms, whole."),
    )
    credit_grant: CreditGrantPayload | None = answered(
        "Put credit into an account's balance by hand; invoices to come are paid with it first. For finance.",
        credit_grant,
        input=argument(CreditGrantInput, "The credit."),
    )
    credit_withdraw: CreditWithdrawPayload | None = answered(
        "Take out of a grant of credit by hand, at most what it has left. For finance.",
        credit_withdraw,
        input=argument(CreditWithdrawInput, "The grant."),
    )
    credit_note_issue: CreditNoteIssuePayload | None = answered(
        "Correct an invoice, whole, by lines or by an amount; it first lowers what is due. For finance.",
        credit_note_issue,
        input=argument(CreditNoteIssueInput, "The correction."),
    )
    discount_end: DiscountEndPayload | None = answered(
        "Let a discount cover no further billing period. For finance.",
        discount_end,
        input=argument(DiscountEndInput, "The discount."),
    )
    invoice_finalise: InvoiceFinalisePayload | None = answered(
        "Make a draft final now, before its grace is over; use that comes later is for the next invoice. For finance.",
        invoice_finalise,
        input=argument(InvoiceFinaliseInput, "The draft."),
    )
    invoice_line_adjust: InvoiceLineAdjustPayload | None = answered(
        "Correct a line of an earlier invoice on the next one, at most by what the line has left. For finance.",
        invoice_line_adjust,
        input=argument(InvoiceLineAdjustInput, "The correction."),
    )
    invoice_pay: InvoicePayPayload | None = answered(
        "Pay what is due of an invoice by a stored payment method, now. It is never charged twice. For who "
        "may change the account.",
        invoice_pay,
        input=argument(InvoicePayInput, "The invoice to pay."),
    )
    invoice_void: InvoiceVoidPayload | None = answered(
        "Withdraw an open invoice that nothing was paid for, and issue it again where that is asked for. For finance.",
        invoice_void,
        input=argument(InvoiceVoidInput, "The invoice to withdraw."),
    )
    invoice_write_off: InvoiceWriteOffPayload | None = answered(
        "Give up on an open invoice; a payment that comes later still counts. For finance.",
        invoice_write_off,
        input=argument(InvoiceWriteOffInput, "The invoice to give up on."),
    )
    payment_confirm: PaymentConfirmPayload | None = answered(
        "Go on with a payment once the customer has done what the provider asked for. For who may change the account.",
        payment_confirm,
        input=argument(PaymentConfirmInput, "The payment."),
    )
    payment_method_add: PaymentMethodAddPayload | None = answered(
        "Store a test card as a payment method. For who may change the account.",
        payment_method_add,
        input=argument(PaymentMethodAddInput, "The card."),
    )
    payment_method_remove: PaymentMethodRemovePayload | None = answered(
        "Forget a stored payment method. For who may change the account.",
        payment_method_remove,
        input=argument(PaymentMethodRemoveInput, "The method."),
    )
    payment_method_set_default: PaymentMethodSetDefaultPayload | None = answered(
        "Collect invoices by this payment method from now on. For who may change the account.",
        payment_method_set_default,
        input=argument(PaymentMethodSetDefaultInput, "The method."),
    )
    payment_record: PaymentRecordPayload | None = answered(
        "Count money that was seen to come in, by bank transfer for instance. For finance.",
        payment_record,
        input=argument(PaymentRecordInput, "What was seen."),
    )
    payment_refund: PaymentRefundPayload | None = answered(
        "Send money of a payment back to where it came from; its invoice is credited by as much. For finance.",
        payment_refund,
        input=argument(PaymentRefundInput, "What to send back."),
    )
    plan_change_cancel: PlanChangeCancelPayload | None = answered(
        "Take back a scheduled plan change before its day.",
        plan_change_cancel,
        input=argument(PlanChangeCancelInput, "The change to take back."),
    )
    plan_create: PlanCreatePayload | None = answered(
        "Put a plan on a product's ladder; it is for sale once an edition is published. For finance.",
        plan_create,
        input=argument(PlanCreateInput, "The plan."),
    )
    plan_version_migrate: PlanVersionMigratePayload | None = answered(
        "Announce the move of the subscriptions of a plan to one of its versions; each moves at its first "
        "renewal after the notice, never inside a commitment. For finance.",
        plan_version_migrate,
        input=argument(PlanVersionMigrateInput, "The move."),
    )
    plan_version_migration_cancel: PlanVersionMigrationCancelPayload | None = answered(
        "Call off an announced move; who was moved stays where they are. For finance.",
        plan_version_migration_cancel,
        input=argument(PlanVersionMigrationCancelInput, "The move."),
    )
    plan_version_publish: PlanVersionPublishPayload | None = answered(
        "Sell a plan by new terms from now on, whole. Who has an earlier edition keeps it. For finance.",
        plan_version_publish,
        input=argument(PlanVersionPublishInput, "The edition."),
    )
    policy_override_end: PolicyOverrideEndPayload | None = answered(
        "Let the rollouts say again which edition of the policy decides for an account. For finance.",
        policy_override_end,
        input=argument(PolicyOverrideEndInput, "The account."),
    )
    policy_override_set: PolicyOverrideSetPayload | None = answered(
        "Let one edition of the policy decide for an account, whatever is rolled out. For finance.",
        policy_override_set,
        input=argument(PolicyOverrideSetInput, "The account and the edition."),
    )
    policy_rollout_set: PolicyRolloutSetPayload | None = answered(
        "Roll an edition of the policy out in a segment: to nobody, in the shadow, to a share, to everyone. For "
        "finance.",
        policy_rollout_set,
        input=argument(PolicyRolloutSetInput, "The edition, and how far."),
    )
    sandbox_account_open: SandboxAccountOpenPayload | None = answered(
        "Open an account to try things out on, with a clock of its own that testClockAdvance moves. Asked "
        "again, it is the same account.",
        sandbox_account_open,
        input=argument(SandboxAccountOpenInput, "The account."),
    )
    subscription_cancel: SubscriptionCancelPayload | None = answered(
        "End a subscription with its period, inside a commitment with that; or now. For who may change the "
        "account, and for finance.",
        subscription_cancel,
        input=argument(SubscriptionCancelInput, "The subscription."),
    )
    subscription_change_plan: SubscriptionChangePlanPayload | None = answered(
        "Apply a quote: exactly what its preview showed, or the reason why not. The same key and input again "
        "gives the same answer and no second effect.",
        subscription_change_plan,
        input=argument(SubscriptionChangePlanInput, "The quote to keep."),
    )
    subscription_pause: SubscriptionPausePayload | None = answered(
        "Interrupt a subscription; the rest of what was charged in advance is given back. For who may change "
        "the account, and for finance.",
        subscription_pause,
        input=argument(SubscriptionPauseInput, "The subscription."),
    )
    subscription_resume: SubscriptionResumePayload | None = answered(
        "Go on with a paused subscription; the rest of its period is charged. For who may change the account, "
        "and for finance.",
        subscription_resume,
        input=argument(SubscriptionResumeInput, "The subscription."),
    )
    subscription_start: SubscriptionStartPayload | None = answered(
        "Sign an account up for a plan: billed at once, or after a trial. For who may change the account, and "
        "for finance.",
        subscription_start,
        input=argument(SubscriptionStartInput, "The plan and its terms."),
    )
    subscription_undo_cancel: SubscriptionUndoCancelPayload | None = answered(
        "Let a subscription run on that was to end. For who may change the account, and for finance.",
        subscription_undo_cancel,
        input=argument(SubscriptionUndoCancelInput, "The subscription."),
    )
    tax_rate_set: TaxRateSetPayload | None = answered(
        "Tax a country or a region at another rate from a day on; what was issued keeps its rate. For finance.",
        tax_rate_set,
        input=argument(TaxRateSetInput, "The rate."),
    )
    test_clock_advance: TestClockAdvancePayload | None = answered(
        "Move the clock of a sandbox account forward: everything due in between happens in order, exactly as "
        "it would in real time. For who may change the account, and for finance.",
        test_clock_advance,
        input=argument(TestClockAdvanceInput, "The account and the instant."),
    )
    usage_record: UsageRecordPayload | None = answered(
        "Send usage events in bulk; each is accepted, recognised as a duplicate, or rejected with a reason. "
        "Retry freely. For metering services.",
        usage_record,
        input=argument(UsageRecordInput, "The batch."),
    )
