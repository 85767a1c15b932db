"""Sign an account up for a plan: subscription, items, commitment, first invoice, entitlements.

Owns which days the first period has: a trial, a whole period, a stub up to the anchor. Does not own who may ask
(start_subscription.py) nor the lines of a first bill (domain/invoicing/starting.py).
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from db import audit
from db.queries import catalog
from db.queries.account_terms import agreement_of
from db.queries.accounts import account as account_for
from db.queries.billing_terms import terms_of
from db.queries.lifecycle import product_history
from db.save import subscriptions
from db.unit_of_work import UnitOfWork
from domain.account import Account
from domain.account_terms import AccountTerms
from domain.anchoring import anchor_date, first_term
from domain.catalog import PlanVersion
from domain.errors import InvalidInput, NotFound
from domain.events import items_said, subscription_event, subscription_state
from domain.ids import AccountId, CommitmentId, ItemId, PlanId, SubscriptionId
from domain.invoice import InvoiceReason
from domain.invoicing.documents import Heading
from domain.invoicing.span import FirstPeriod, first_period
from domain.invoicing.starting import start as start_billing
from domain.notice import notice_at
from domain.periods import BillingAnchor, BillingInterval, Period, local_day, start_of_day
from domain.subscription import BillingSubscription, CommitmentTerm, SubscriptionItem, SubscriptionStatus
from operations.accounts.agree_discount import agree_discount
from operations.invoices.take_coupon import take_coupon
from operations.invoices.write_documents import write_documents
from operations.use.entitle import entitle

MOST_TRIAL_DAYS = 365
MOST_COMMITMENT_MONTHS = 120


@dataclass(frozen=True, slots=True)
class SignUp:
    """Start a plan at an instant of the account's own time.

    `commitment_months` 0: no contract. `trial_days` 0: no trial. `anchor_day` or `anchor_on` count periods from a day
    of the month or a date of the year; neither: from the day of the start.
    """

    account_id: AccountId
    plan_id: PlanId
    interval: BillingInterval
    quantities: tuple[tuple[str, int], ...] = ()
    commitment_months: int = 0
    notice_days: int = 30
    trial_days: int = 0
    anchor_day: int | None = None
    anchor_on: date | None = None
    coupon_code: str | None = None


async def sign_up(unit: UnitOfWork, command: SignUp, at: datetime) -> SubscriptionId:
    """Start the subscription; the sign-up day counts whole, so its period begins at 00:00 and is charged in full.

    With another anchor day it begins with a stub, charged by its share. A trial is a period of its own that charges
    nothing. Raises NotFound for an account out of reach or an unknown plan, and InvalidInput: `planId` withdrawn, not
    sold so, or of a product that the account has a live subscription of; `trialDays`, `commitmentMonths`,
    `anchorDay`, `anchorOn`, `couponCode` or `quantities` that cannot be.
    """
    found = await account_for(unit.session, unit.scope, command.account_id, for_change=True)
    if found is None:
        raise NotFound(command.account_id)
    account = found.account
    agreement = await agreement_of(unit.session, unit.scope, account.id)
    version = await _version(unit, command.plan_id, agreement, at)
    _ensure_for_sale(version, account, agreement, command.interval, at)
    quantities = version.quantities(dict(command.quantities))
    first = _first_period(command, account, at)
    before = await product_history(unit.session, unit.scope, account.id, version.plan.product_id)
    if before.is_live:
        raise InvalidInput(("planId",), "The account has a live subscription of this product.", command.plan_id)
    if before.ended_at is not None and before.ended_at > first.period.start:
        # one that ended earlier today has had the day so far
        first = FirstPeriod(first.anchor, Period(before.ended_at, first.period.end))
    start = first.period.start
    prices = {component: version.price(component, account.currency, command.interval) for component in quantities}
    items = tuple(
        SubscriptionItem(ItemId(unit.ids.new()), component, price.id, quantities[component], start)
        for component, price in prices.items()
        if price is not None
    )
    is_trial = command.trial_days > 0
    subscription = BillingSubscription(
        id=SubscriptionId(unit.ids.new()),
        account_id=account.id,
        version=version,
        status=SubscriptionStatus.TRIALING if is_trial else SubscriptionStatus.ACTIVE,
        interval=command.interval,
        anchor=first.anchor,
        period=first.period,
        started_at=start,
        items=items,
        commitment=_term(unit, command, first),
        trial_end_at=first.period.end if is_trial else None,
    )
    subscription = replace(subscription, notice_at=notice_at(subscription, start))
    await subscriptions.new_subscription(unit, subscription)
    unit.emit(account.id, subscription_event("subscription.started", subscription, at, **items_said(items, start)))
    if agreement is not None:
        await agree_discount(unit, account, agreement, subscription, at, since=start)
    if command.coupon_code is not None:
        components = [component.code for component in version.components]
        product_id, code = version.plan.product_id, command.coupon_code
        await take_coupon(unit, account, subscription.id, product_id, components, code, at, field="couponCode")
    if not is_trial:
        await _first_bill(unit, account, subscription, at)
    await entitle(unit, account, start)
    await unit.audit(
        audit.Entry(
            account.id, "subscription.start", "BillingSubscription", subscription.id, at,
            after=subscription_state(subscription),
        )
    )  # fmt: skip
    return subscription.id


async def _version(unit: UnitOfWork, plan_id: PlanId, agreement: AccountTerms | None, at: datetime) -> PlanVersion:
    """The edition that is on sale, or was when the account's prices were locked."""
    locked_at = agreement.prices_as_of(at) if agreement is not None else None
    version_id = (await catalog.version_ids_on_sale(unit.session, {plan_id}, locked_at)).get(plan_id)
    if version_id is None:
        raise NotFound(plan_id)
    return (await catalog.versions(unit.session, {version_id}))[version_id]


def _ensure_for_sale(
    version: PlanVersion, account: Account, agreement: AccountTerms | None, interval: BillingInterval, at: datetime
) -> None:
    if agreement is not None and not agreement.allows(version.plan.id):
        raise InvalidInput(("planId",), f"{version.plan.name} is not among the plans of your agreement.", None)
    if version.plan.withdrawn_at is not None and version.plan.withdrawn_at <= at:
        raise InvalidInput(("planId",), f"{version.plan.name} is no longer for sale.", None)
    if not version.plan.is_sold_to(account.country):
        raise InvalidInput(("planId",), f"{version.plan.name} is not sold in {account.country}.", None)
    if not version.is_sold_in(account.currency, interval):
        raise InvalidInput(
            ("planId",), f"{version.plan.name} is not sold in {account.currency} by this interval.", None
        )


def _first_period(command: SignUp, account: Account, at: datetime) -> FirstPeriod:
    """The trial where there is one, else a whole period or a stub; and what periods are counted from."""
    on = local_day(at, account.zone)
    if not 0 <= command.trial_days <= MOST_TRIAL_DAYS:
        raise InvalidInput(("trialDays",), f"A trial lasts 0 to {MOST_TRIAL_DAYS} days.", command.trial_days)
    if command.trial_days == 0:
        anchor_on = anchor_date(on, command.interval, command.anchor_day, command.anchor_on)
        return first_period(on, account.zone, command.interval, anchor_on)
    if command.anchor_day is not None or command.anchor_on is not None:
        field = "anchorDay" if command.anchor_day is not None else "anchorOn"
        raise InvalidInput((field,), "After a trial periods are counted from its end.", None)
    ends_on = on + timedelta(days=command.trial_days)
    trial = Period(start_of_day(on, account.zone), start_of_day(ends_on, account.zone))
    return FirstPeriod(BillingAnchor(ends_on, account.zone), trial)


def _term(unit: UnitOfWork, command: SignUp, first: FirstPeriod) -> CommitmentTerm | None:
    months = command.commitment_months
    if months < 0 or months % command.interval.months:
        each = command.interval.months
        message = f"A commitment is made of whole billing intervals, {each} months each."
        raise InvalidInput(("commitmentMonths",), message, months)
    if months > MOST_COMMITMENT_MONTHS:
        message = f"A commitment is for {MOST_COMMITMENT_MONTHS} months at most."
        raise InvalidInput(("commitmentMonths",), message, months)
    if months == 0:
        return None
    period = first.period
    asked = CommitmentTerm(CommitmentId(unit.ids.new()), period.start, period.end, months, command.notice_days)
    return first_term(asked, first.anchor, command.interval, period, is_trial=command.trial_days > 0)


async def _first_bill(unit: UnitOfWork, account: Account, subscription: BillingSubscription, at: datetime) -> None:
    owners = {subscription.id: account.id}
    terms = (await terms_of(unit.session, unit.scope, {account.id: account}, owners))[subscription.id]
    opening = start_billing(subscription, terms, at)
    heading = Heading(InvoiceReason.SIGN_UP, subscription.id, subscription.period)
    await write_documents(unit, account, opening.bill, heading, coverage=opening.coverage)
