"""What is asked, in the imperative: parsed once at the edge, passed down unchanged; a file a subject.

Owns the shape of requests. Does not own whether they are allowed (plan_change/, operations) nor the wire (schema/).
"""

from domain.commands.account import (
    AccountAsked,
    AccountOwner,
    AdvanceClock,
    OpenAccount,
    OpenSandboxAccount,
    UpdateAccount,
)
from domain.commands.catalog import CreateCoupon, CreatePlan, PublishPlanVersion, SetTaxRate
from domain.commands.credit import GrantCredit, WithdrawCredit
from domain.commands.invoice import (
    AddCharge,
    AdjustLine,
    CreditDestination,
    CreditInvoice,
    EndDiscount,
    FinaliseInvoice,
    LineCredit,
    RedeemCoupon,
    SetConsolidation,
    VoidInvoice,
    WriteOffInvoice,
)
from domain.commands.payment import (
    AddPaymentMethod,
    ConfirmPayment,
    PayConsolidatedInvoice,
    PayInvoice,
    RecordPayment,
    RefundPayment,
    RemovePaymentMethod,
    SetDefaultPaymentMethod,
)
from domain.commands.plan_change import ApplyQuote, CancelPlanChange, ChangePlan
from domain.commands.subscription import (
    CancelMigration,
    CancelSubscription,
    MigratePlanVersion,
    PauseSubscription,
    PreviewMigration,
    ResumeSubscription,
    StartSubscription,
    UndoCancel,
)

__all__ = [
    "AccountAsked",
    "AccountOwner",
    "AddCharge",
    "AddPaymentMethod",
    "AdjustLine",
    "AdvanceClock",
    "ApplyQuote",
    "CancelMigration",
    "CancelPlanChange",
    "CancelSubscription",
    "ChangePlan",
    "ConfirmPayment",
    "CreateCoupon",
    "CreatePlan",
    "CreditDestination",
    "CreditInvoice",
    "EndDiscount",
    "FinaliseInvoice",
    "GrantCredit",
    "LineCredit",
    "MigratePlanVersion",
    "OpenAccount",
    "OpenSandboxAccount",
    "PauseSubscription",
    "PayConsolidatedInvoice",
    "PayInvoice",
    "PreviewMigration",
    "PublishPlanVersion",
    "RecordPayment",
    "RedeemCoupon",
    "RefundPayment",
    "RemovePaymentMethod",
    "ResumeSubscription",
    "SetConsolidation",
    "SetDefaultPaymentMethod",
    "SetTaxRate",
    "StartSubscription",
    "UndoCancel",
    "UpdateAccount",
    "VoidInvoice",
    "WithdrawCredit",
    "WriteOffInvoice",
]
