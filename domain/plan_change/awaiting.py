"""A change whose money is asked for first: which one that is, how long it waits, and what is laid out for it meanwhile.

Owns the payment rule. Does not own the money of a change (delta.py), its effect (effects.py), nor the waiting itself
(operations).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.account import Account
from domain.ids import PREFIXES, InvoiceId, ItemId, PlanChangeId, public_id
from domain.invoicing.bill import Bill
from domain.invoicing.terms import Coverage
from domain.money import Money
from domain.periods import Period
from domain.plan_change.verdict import Figure, Reason, Remedy, RemedyAction, Verdict

PAY_WITHIN = timedelta(hours=24)
"""How long an accepted change waits for its money."""
AWAITING_PAYMENT = "AWAITING_PAYMENT"
"""The code of the reason that says so; no rule bears it."""


@dataclass(frozen=True, slots=True)
class LaidOut:
    """What the invoice of a change that waits speaks of already: the items it is to begin, by component, and the
    billing periods that discounts begin to cover. In force once the change is, given back where it never is.

    `replaced` is the change that waited for its day until this one was accepted in its place.
    """

    items: Mapping[str, ItemId] = field(default_factory=dict)
    coverage: tuple[Coverage, ...] = ()
    replaced: PlanChangeId | None = None


def is_due_on_receipt(account: Account) -> bool:
    """Whether the account pays before it gets: no days to pay in, and nobody else who pays for it."""
    return account.terms.net_days == 0 and account.payer_id is None


def asks_for_money(account: Account, delta: Bill, balance: Money) -> bool:
    """Whether a change that bills `delta` at once waits for it to be paid: more is asked than the balance holds.

    One that gives back more than it charges does not, nor one of an account on terms.
    """
    if not is_due_on_receipt(account) or delta.invoice is None or delta.credit_notes:
        return False
    # one that waits out the grace of its usage is a draft, and nobody can pay that
    if delta.finalise_at is not None:
        return False
    return delta.invoice.total.minor > max(0, balance.minor)


def lapses_at(accepted_at: datetime, period: Period) -> datetime:
    """When a change accepted in a billing period lapses unless it is paid: the quote never crosses a boundary."""
    return min(accepted_at + PAY_WITHIN, period.end)


def is_in_time(expires_at: datetime, period_end: datetime, asked_at: datetime, at: datetime) -> bool:
    """Whether money asked for at `asked_at` and in at `at` still pays for the change.

    What was asked for in time counts when the answer comes late, as long as the period lasts. How late whatever is due
    runs makes no difference.
    """
    return at < expires_at or (asked_at < expires_at and at <= period_end)


def asks_to_pay(invoice_id: InvoiceId, expires_at: datetime) -> Reason:
    """What whoever asked for the change is told while it waits: what to pay, and until when."""
    return Reason(
        code=AWAITING_PAYMENT,
        verdict=Verdict.ALLOW,
        sentence="This change takes effect once its invoice is paid. Until then nothing changes.",
        figures=(Figure("expires_at", expires_at.isoformat()),),
        remedy=Remedy(RemedyAction.PAY_INVOICE, "Pay the invoice.", public_id(PREFIXES["Invoice"], invoice_id)),
        effective_at=None,
    )
