"""Sign an account up for a plan: subscription, items, commitment, first invoice, entitlements."""

from dataclasses import dataclass
from datetime import datetime

from db import audit
from db.queries import catalog
from db.queries.accounts import account as account_for
from db.save import invoices, subscriptions
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.errors import InvalidInput, NotFound
from domain.events import subscription_event, subscription_state
from domain.ids import AccountId, CommitmentId, ItemId, PlanId, SubscriptionId
from domain.invoice import InvoiceReason
from domain.invoicing.bill import bill
from domain.invoicing.documents import Heading, issue
from domain.invoicing.regular import lines_in_advance
from domain.invoicing.terms import untaxed
from domain.periods import BillingAnchor, BillingInterval, boundary, local_day, period_at, start_of_day
from domain.subscription import BillingSubscription, CommitmentTerm, SubscriptionItem, SubscriptionStatus
from operations.entitle import entitle


@dataclass(frozen=True, slots=True)
class SignUp:
    """Start a plan at an instant of the account's own time. `commitment_months` 0: no contract."""

    account_id: AccountId
    plan_id: PlanId
    interval: BillingInterval
    quantities: tuple[tuple[str, int], ...] = ()
    commitment_months: int = 0
    notice_days: int = 30


async def sign_up(unit: UnitOfWork, command: SignUp, at: datetime) -> SubscriptionId:
    """Start the subscription; the sign-up day counts whole, so its period begins at 00:00 and is charged in full.

    Raises NotFound for an account out of reach or an unknown plan, InvalidInput for a plan withdrawn or not sold so,
    and the database's refusal where the account has a live subscription of the product already.
    """
    found = await account_for(unit.session, unit.scope, command.account_id, for_change=True)
    version_id = await catalog.current_version_id(unit.session, command.plan_id)
    if found is None or version_id is None:
        raise NotFound(command.account_id if found is None else command.plan_id)
    account = found.account
    version = (await catalog.versions(unit.session, {version_id}))[version_id]
    if version.plan.withdrawn_at is not None and version.plan.withdrawn_at <= at:
        raise InvalidInput(("plan",), f"{version.plan.name} is no longer for sale.", None)
    if not version.is_sold_in(account.currency, command.interval):
        raise InvalidInput(("plan",), f"{version.plan.name} is not sold in {account.currency} by this interval.", None)
    anchor = BillingAnchor(local_day(at, account.zone), account.zone)
    start = start_of_day(anchor.on, account.zone)
    quantities = version.quantities(dict(command.quantities))
    prices = {component: version.price(component, account.currency, command.interval) for component in quantities}
    items = tuple(
        SubscriptionItem(ItemId(unit.ids.new()), component, price.id, quantities[component], start)
        for component, price in prices.items()
        if price is not None
    )
    subscription = BillingSubscription(
        id=SubscriptionId(unit.ids.new()),
        account_id=account.id,
        version=version,
        status=SubscriptionStatus.ACTIVE,
        interval=command.interval,
        anchor=anchor,
        period=period_at(anchor, command.interval, start),
        started_at=start,
        items=items,
        commitment=_term(unit, command, anchor, start),
    )
    await subscriptions.new_subscription(unit, subscription)
    unit.emit(account.id, subscription_event("subscription.started", subscription, at))
    await _first_invoice(unit, account, subscription, at)
    await entitle(unit, account, start)
    await unit.audit(
        audit.Entry(
            account.id, "subscription.start", "BillingSubscription", subscription.id, at,
            after=subscription_state(subscription),
        )
    )  # fmt: skip
    return subscription.id


def _term(unit: UnitOfWork, command: SignUp, anchor: BillingAnchor, start: datetime) -> CommitmentTerm | None:
    if command.commitment_months == 0:
        return None
    end = boundary(anchor, BillingInterval.MONTH, command.commitment_months)
    return CommitmentTerm(CommitmentId(unit.ids.new()), start, end, command.commitment_months, command.notice_days)


async def _first_invoice(unit: UnitOfWork, account: Account, subscription: BillingSubscription, at: datetime) -> None:
    lines = lines_in_advance(subscription, account.currency, subscription.period)
    heading = Heading(InvoiceReason.SIGN_UP, subscription.id, subscription.period)
    invoice = issue(bill(lines, untaxed(account), at), account, heading, unit.ids).invoice
    if invoice is not None:
        await invoices.new_invoice(unit, account, subscription.id, invoice)
