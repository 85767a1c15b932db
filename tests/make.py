"""Makers: plain functions that give valid domain values. Every argument has an ordinary default; a test says only what
it is about.

Ids are made from names, so the same call gives the same value. Nothing here touches a database (tests/stored.py does).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from domain.account import Account, PaymentTerms
from domain.account_terms import AccountTerms
from domain.actor import Actor, Role, customer
from domain.catalog import BASE, Component, Feature, FeatureKind, Plan, PlanFeature, PlanVersion, Segment
from domain.commands import ChangePlan, Turn
from domain.dunning import Standing
from domain.entitlement import EntitlementOverride, FeatureValue
from domain.ids import (
    AccountId,
    AccountTermsId,
    CommitmentId,
    FeatureId,
    InvoiceId,
    ItemId,
    LegalEntityId,
    LineId,
    MeterId,
    OverrideId,
    PlanChangeId,
    PlanId,
    PlanVersionId,
    PriceId,
    ProductId,
    SubscriptionId,
    UserId,
)
from domain.invoicing.arrears import HeldItem
from domain.invoicing.debited import DebitedLine
from domain.invoicing.regular import regular_lines
from domain.invoicing.terms import BillingTerms, untaxed
from domain.money import Money
from domain.periods import BillingAnchor, BillingInterval, Period, boundary, period_at, start_of_day
from domain.plan_change.entitlement_change import SEATS
from domain.plan_change.facts import OverdueInvoice, PendingChange, PlanChangeFacts, SoFar
from domain.pricing.model import Price, PriceModel, PriceTier
from domain.subscription import BillingSubscription, CommitmentTerm, SubscriptionItem, SubscriptionStatus

MONTH, QUARTER, YEAR = BillingInterval

APRIL = Period(datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC))  # 30 days
MID_APRIL = datetime(2026, 4, 16, tzinfo=UTC)  # exactly half of it is left


def april(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant of April 2026 in UTC."""
    return datetime(2026, 4, day, hour, minute, tzinfo=UTC)


def usd(amount: str) -> Money:
    """Dollars as people write them."""
    return Money.parse(amount, "USD")


def an_id(name: str) -> UUID:
    """The id that goes by a name."""
    return uuid5(NAMESPACE_OID, name)


class NumberedIds:
    """An IdMaker that counts: ids sort in the order they were made."""

    def __init__(self, first: int = 1) -> None:
        self._next = first

    def new(self) -> UUID:
        """The next one."""
        self._next += 1
        return UUID(int=self._next - 1)


# --- the catalog: one ladder of one hub -------------------------------------------------------------------------


def a_feature(code: str, kind: FeatureKind = FeatureKind.BOOLEAN, *, is_measured: bool = False) -> Feature:
    """A feature called like its code; `is_measured` gives it a meter of the same code."""
    meter_id = MeterId(an_id(f"meter {code}")) if is_measured else None
    return Feature(FeatureId(an_id(f"feature {code}")), code, code.replace("_", " ").capitalize(), kind, meter_id)


SEATS_IN_USE = a_feature(SEATS, FeatureKind.LIMIT, is_measured=True)
CONTACTS = a_feature("contacts", FeatureKind.LIMIT, is_measured=True)
EMAILS = a_feature("emails", FeatureKind.METERED, is_measured=True)
REPORTS = a_feature("reports")
SSO = a_feature("sso")
SUPPORT = a_feature("support", FeatureKind.CONFIG)
FEATURES = (SEATS_IN_USE, CONTACTS, EMAILS, REPORTS, SSO, SUPPORT)

Prices = Mapping[BillingInterval, int]
"""Minor units by billing interval."""


def a_version(
    code: str,
    rank: int = 1,
    base: Prices | int = 10_000,
    seats: Prices | int | None = None,
    *,
    features: Iterable[PlanFeature] = (),
    number: int = 1,
    product: str = "crm",
    segment: Segment | None = None,
    currencies: Sequence[str] = ("USD",),
    seat_bounds: tuple[int, int | None] = (1, None),
    withdrawn_at: datetime | None = None,
) -> PlanVersion:
    """A plan version with a flat base fee and, where `seats` has a price, seats by the unit.

    A price given as one number is that of a month; a year then costs ten months.
    """
    components = [Component(BASE, "Base", 1, 1)]
    amounts: list[tuple[str, PriceModel, Prices]] = [(BASE, PriceModel.FLAT, _by_interval(base))]
    if seats is not None:
        components.append(Component("seats", "Seats", *seat_bounds))
        amounts.append(("seats", PriceModel.PER_UNIT, _by_interval(seats)))
    plan = Plan(
        id=PlanId(an_id(f"plan {code}")),
        product_id=ProductId(an_id(f"product {product}")),
        code=code,
        name=code.capitalize(),
        rank=rank,
        segment=segment,
        withdrawn_at=withdrawn_at,
    )
    return PlanVersion(
        id=PlanVersionId(an_id(f"plan {code} version {number}")),
        plan=plan,
        number=number,
        components=tuple(components),
        prices=tuple(
            Price(
                id=PriceId(an_id(f"price {code} {number} {component} {currency} {interval}")),
                component=component,
                currency=currency,
                interval=interval,
                model=model,
                tiers=(_tier(model, minor),),
            )
            for component, model, prices in amounts
            for currency in currencies
            for interval, minor in prices.items()
        ),
        features=tuple(features),
    )


def _by_interval(price: Prices | int) -> Prices:
    return {MONTH: price, YEAR: 10 * price} if isinstance(price, int) else price


def _tier(model: PriceModel, minor: int) -> PriceTier:
    return PriceTier(None, None, minor) if model is PriceModel.FLAT else PriceTier(None, Decimal(minor))


def _by_the_seat() -> PlanFeature:
    return PlanFeature(SEATS_IN_USE, limit=0, limit_per_unit=1, component="seats")


FREE = a_version(
    "free", 0, 0,
    features=(PlanFeature(SEATS_IN_USE, limit=2), PlanFeature(CONTACTS, limit=100)),
)  # fmt: skip
STARTER = a_version(
    "starter", 1, 2_000, 900, seat_bounds=(1, 10),
    features=(
        _by_the_seat(), PlanFeature(CONTACTS, limit=1_000), PlanFeature(EMAILS, limit=5_000),
        PlanFeature(SUPPORT, setting="mail"),
    ),
)  # fmt: skip
PRO = a_version(
    "pro", 2, 10_000, 2_500,
    features=(
        _by_the_seat(), PlanFeature(CONTACTS, limit=10_000), PlanFeature(EMAILS, limit=50_000), PlanFeature(REPORTS),
        PlanFeature(SUPPORT, setting="chat"),
    ),
)  # fmt: skip
SCALE = a_version(
    "scale", 3, 30_000, 4_000,
    features=(
        _by_the_seat(), PlanFeature(CONTACTS, limit=None), PlanFeature(EMAILS, limit=500_000), PlanFeature(REPORTS),
        PlanFeature(SSO), PlanFeature(SUPPORT, setting="phone"),
    ),
)  # fmt: skip
CONTRACT = a_version(
    "contract", 4, 100_000, 5_000, segment=Segment.ENTERPRISE,
    features=(
        _by_the_seat(), PlanFeature(CONTACTS, limit=None), PlanFeature(EMAILS, limit=None), PlanFeature(REPORTS),
        PlanFeature(SSO), PlanFeature(SUPPORT, setting="phone"),
    ),
)  # fmt: skip
LADDER = (FREE, STARTER, PRO, SCALE, CONTRACT)
"""Five plans of one hub, in dollars by the month and the year."""

PRO_PLAIN = a_version("pro_plain", 2, 10_000)  # the worked example of the product: 100.00 and 300.00, nothing beside
SCALE_PLAIN = a_version("scale_plain", 3, 30_000)


# --- who buys ---------------------------------------------------------------------------------------------------

ACCOUNT = Account(
    id=AccountId(an_id("account")),
    legal_entity_id=LegalEntityId(an_id("legal entity")),
    name="Acme",
    email="billing@acme.example",
    currency="USD",
    zone="UTC",
    segment=Segment.SMB,
    terms=PaymentTerms(14),
)


def an_account(
    name: str = "account", *, zone: str = "UTC", currency: str = "USD", segment: Segment = Segment.SMB
) -> Account:
    """An account on 14 days' terms that lives in real time."""
    return replace(ACCOUNT, id=AccountId(an_id(name)), zone=zone, currency=currency, segment=segment)


OWNER = customer(UserId(an_id("owner")))


# --- what it bought ---------------------------------------------------------------------------------------------


def a_subscription(
    plan: PlanVersion = PRO,
    *,
    seats: int = 1,
    interval: BillingInterval = MONTH,
    since: date = date(2026, 4, 1),
    at: datetime | None = None,
    account: Account = ACCOUNT,
    status: SubscriptionStatus = SubscriptionStatus.ACTIVE,
    commitment: CommitmentTerm | None = None,
    name: str = "subscription",
) -> BillingSubscription:
    """A subscription since a local day, in the period of `at` (else in its first)."""
    anchor = BillingAnchor(since, account.zone)
    start = start_of_day(since, account.zone)
    quantities = plan.quantities({"seats": seats} if any(each.code == "seats" for each in plan.components) else {})
    prices = {component: plan.price(component, account.currency, interval) for component in quantities}
    return BillingSubscription(
        id=SubscriptionId(an_id(name)),
        account_id=account.id,
        version=plan,
        status=status,
        interval=interval,
        anchor=anchor,
        period=period_at(anchor, interval, at or start),
        started_at=start,
        items=tuple(
            SubscriptionItem(ItemId(an_id(f"{name} {component}")), component, price.id, quantities[component], start)
            for component, price in prices.items()
            if price is not None
        ),
        commitment=commitment,
    )


def a_commitment(months: int = 12, since: date = date(2026, 4, 1), zone: str = "UTC") -> CommitmentTerm:
    """A contract over whole months, 30 days' notice."""
    start, end = start_of_day(since, zone), boundary(BillingAnchor(since, zone), MONTH, months)
    return CommitmentTerm(CommitmentId(an_id("commitment")), start, end, months, 30)


def debits_of(subscription: BillingSubscription, account: Account = ACCOUNT) -> tuple[DebitedLine, ...]:
    """What the present period debited: its regular lines, nothing credited yet."""
    items = {item.component: item.id for item in subscription.items}
    lines = regular_lines(
        subscription.version,
        account.currency,
        subscription.interval,
        subscription.quantities,
        subscription.period,
        account.zone,
        items,
    )
    return tuple(
        DebitedLine(
            line_id=LineId(an_id(f"{subscription.id} line {line.component}")),
            invoice_id=InvoiceId(an_id(f"{subscription.id} invoice")),
            item_id=line.item_id,
            plan_version_id=line.plan_version_id,
            price_id=line.price_id,
            component=line.component,
            description=line.description,
            quantity=line.quantity,
            stated=line.stated,
            credited=Money.zero(account.currency),
            service=line.service,
        )
        for line in lines
    )


def an_override(
    feature: Feature,
    value: FeatureValue,
    *,
    starts_at: datetime = APRIL.start,
    ends_at: datetime | None = None,
    priority: int = 0,
    created_at: datetime | None = None,
    name: str = "override",
) -> EntitlementOverride:
    """A value set by hand, from the start of April on."""
    return EntitlementOverride(
        OverrideId(an_id(name)), feature, value, priority, created_at or starts_at, starts_at, ends_at
    )


A_PENDING_CHANGE = PendingChange(PlanChangeId(an_id("pending change")), "Starter", APRIL.end)
A_CHANGE_TO_PAY = replace(A_PENDING_CHANGE, effective_at=april(16), invoice_id=InvoiceId(an_id("to pay")))
A_CHANGE_BEING_PAID = replace(A_CHANGE_TO_PAY, is_being_paid=True)
AN_OVERDUE_INVOICE = OverdueInvoice(InvoiceId(an_id("overdue invoice")), "ACME-INV-000007", date(2026, 3, 15))


def an_agreement(**given: Any) -> AccountTerms:
    """What was agreed with the account on 1 April, at its shortest: nothing but what a test is about."""
    return AccountTerms(AccountTermsId(an_id("agreement")), "A deal", APRIL.start, **given)


def facts(
    subscription: BillingSubscription | None = None,
    target: PlanVersion | None = None,
    *,
    now: datetime = MID_APRIL,
    known_at: datetime | None = None,
    interval: BillingInterval | None = None,
    seats: int | None = None,
    quantities: Mapping[str, int] | None = None,
    replace_pending: bool = False,
    account: Account = ACCOUNT,
    actor: Actor = OWNER,
    role: Role | None = Role.OWNER,
    others: Sequence[BillingSubscription] = (),
    overrides: Sequence[EntitlementOverride] = (),
    usage: Mapping[str, int] | None = None,
    debits: Sequence[DebitedLine] | None = None,
    standing: Standing = Standing.GOOD,
    overdue: str | None = None,
    oldest_overdue: OverdueInvoice | None = None,
    pending: PendingChange | None = None,
    changes_last_day: int = 0,
    terms: BillingTerms | None = None,
    agreement: AccountTerms | None = None,
    others_charged: str | None = None,
    upgraded_at: datetime | None = None,
    is_due: bool = False,
    turn: Turn | None = None,
    held: Sequence[HeldItem] = (),
    so_far: SoFar | None = None,
) -> PlanChangeFacts:
    """One request: of an owner in good standing, for `target` (else the plan stays), halfway through April 2026."""
    subscription = subscription or a_subscription(account=account)
    target = target or subscription.version
    wanted = dict(quantities or {}) | ({} if seats is None else {"seats": seats})
    return PlanChangeFacts(
        now=now,
        known_at=known_at or now,
        request=ChangePlan(
            subscription.id, target.plan.id, interval, tuple(sorted(wanted.items())), replace_pending, turn
        ),
        actor=actor,
        role=role,
        account=account,
        subscription=subscription,
        target=target,
        others=tuple(others),
        overrides=tuple(overrides),
        usage={code: Decimal(used) for code, used in (usage or {}).items()},
        debits=debits_of(subscription, account) if debits is None else tuple(debits),
        standing=standing,
        overdue=Money.parse(overdue, account.currency) if overdue else Money.zero(account.currency),
        oldest_overdue=oldest_overdue,
        pending=pending,
        changes_last_day=changes_last_day,
        terms=terms or untaxed(account),
        agreement=agreement,
        others_charged=Money.parse(others_charged, account.currency) if others_charged else None,
        upgraded_at=upgraded_at,
        is_due=is_due,
        held=tuple(held),
        so_far=so_far or SoFar(),
    )


DAY = timedelta(days=1)
