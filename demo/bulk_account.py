"""One account of the crowd: who it is, what it bought, and the two years of invoices that follow, all from its number.

Owns the shapes an account may have, and that number 7 is the same account in a crowd of ten as in one of ten thousand.
Amounts, lines, periods and entitlements come from the domain's own functions. Does not own rows (bulk_rows.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from demo import catalog
from demo.chance import Chance
from demo.identity import SeededIds
from demo.personas import DEMO_NOW
from domain.account import Account, PaymentTerms
from domain.catalog import PlanVersion, Segment
from domain.entitlement import Entitlement, derive
from domain.ids import AccountId, ItemId, SubscriptionId, UserId
from domain.invoice import Invoice, InvoiceReason
from domain.invoicing.bill import bill
from domain.invoicing.documents import Heading, issue
from domain.invoicing.draft import DraftLine
from domain.invoicing.regular import regular_line
from domain.invoicing.terms import untaxed
from domain.periods import BillingAnchor, BillingInterval, Period, boundary
from domain.pricing.model import Price
from domain.subscription import BillingSubscription, SubscriptionItem, SubscriptionStatus

PREFIX = "bulk-"
"""How the external ids of bulk accounts begin."""
MONTHS = 24
"""Every account is in its 24th month."""
_FIRST_DAY = date(2024, 6, 18)
_DAYS = 30
"""Whoever signed up in these thirty days has had 24 invoices on the day the clocks stand at."""
_SIDE_BY_SIDE = 50
"""So many accounts one after the other signed up on one day in one place, so that what they are charged repeats."""

PLACES: Sequence[tuple[str, str, str, str]] = (
    ("US", "US", "USD", "America/New_York"),
    ("EU", "DE", "EUR", "Europe/Berlin"),
    ("US", "US", "USD", "America/Los_Angeles"),
    ("US", "JP", "JPY", "Asia/Tokyo"),
    ("EU", "FR", "EUR", "Europe/Paris"),
    ("EU", "KW", "KWD", "Asia/Kuwait"),
)
"""Legal entity, country, currency, zone."""
_FIRST_NAMES = ("Amber", "Birch", "Cobalt", "Dune", "Ember", "Fjord", "Grove", "Heather", "Indigo", "Juniper")
_LAST_NAMES = ("Analytics", "Bakers", "Couriers", "Dental", "Electric", "Foods", "Gardens", "Hardware")
_SEATS, _CONTACTS, _PACKS, _BRANDS = (10, 12, 15, 20, 30), (10, 15, 25, 40, 60), (10, 25, 50), (1, 2, 3)


@dataclass(frozen=True, slots=True)
class BulkAccount:
    """Everything about one account of the crowd. `unpaid` of its latest invoices are open."""

    external_id: str
    account: Account
    opened_at: datetime
    owner_id: UserId
    subscription: BillingSubscription
    entitlements: tuple[Entitlement, ...]
    invoices: tuple[Invoice, ...]
    unpaid: int
    ids: SeededIds
    chance: Chance


def bulk_account(index: int) -> BulkAccount:
    """The account with this number, counted from 0."""
    chance = Chance(f"bulk/{index}")
    shape = index // _SIDE_BY_SIDE
    entity, country, currency, zone = PLACES[shape % len(PLACES)]
    anchor = BillingAnchor(_FIRST_DAY + timedelta(days=shape % _DAYS), zone)
    start = boundary(anchor, BillingInterval.MONTH, 0)
    opened_at = start + timedelta(hours=9, minutes=chance.between(0, 59))
    ids = SeededIds(f"bulk/{index}", opened_at)
    is_large = chance.between(1, 5) == 5
    name = _FIRST_NAMES[chance.between(0, 9)] + " " + _LAST_NAMES[chance.between(0, 7)]
    account = Account(
        id=AccountId(ids.new()),
        legal_entity_id=catalog.legal_entity_id(entity),
        name=f"{name} {index + 1}",
        email=f"billing@{PREFIX}{index + 1}.example",
        currency=currency,
        zone=zone,
        segment=Segment.ENTERPRISE if is_large else Segment.SMB,
        terms=PaymentTerms(30),
        clock_at=DEMO_NOW,
        is_sandbox=True,
        country=country,
    )
    version = _versions()["marketing-enterprise" if is_large else "marketing-professional"]
    subscription = _subscription(account, version, anchor, ids, chance)
    return BulkAccount(
        external_id=f"{PREFIX}{index + 1:07}",
        account=account,
        opened_at=opened_at,
        owner_id=UserId(ids.at(opened_at).new()),
        subscription=subscription,
        entitlements=derive([subscription], [], subscription.period.start, zone),
        invoices=tuple(_invoices(account, subscription, opened_at, ids)),
        unpaid=_unpaid(chance),
        ids=ids,
        chance=chance,
    )


@lru_cache(maxsize=1)
def _versions() -> Mapping[str, PlanVersion]:
    """The first version of each plan, which is what was sold when the crowd came."""
    return {each.version.plan.code: each.version for each in catalog.published() if each.version.number == 1}


def _subscription(
    account: Account, version: PlanVersion, anchor: BillingAnchor, ids: SeededIds, chance: Chance
) -> BillingSubscription:
    wanted = {
        "seats": _SEATS[chance.between(0, len(_SEATS) - 1)],
        "contacts": _CONTACTS[chance.between(0, len(_CONTACTS) - 1)],
        "email-packs": _PACKS[chance.between(0, len(_PACKS) - 1)],
        "brands": _BRANDS[chance.between(0, len(_BRANDS) - 1)],
    }
    start = boundary(anchor, BillingInterval.MONTH, 0)
    items = tuple(
        SubscriptionItem(ItemId(ids.new()), component, _price(version, component, account.currency).id, quantity, start)
        for component, quantity in version.quantities(wanted).items()
    )
    return BillingSubscription(
        id=SubscriptionId(ids.new()),
        account_id=account.id,
        version=version,
        status=SubscriptionStatus.ACTIVE,
        interval=BillingInterval.MONTH,
        anchor=anchor,
        period=_month(anchor, MONTHS - 1),
        started_at=start,
        items=items,
    )


def _month(anchor: BillingAnchor, index: int) -> Period:
    return Period(boundary(anchor, BillingInterval.MONTH, index), boundary(anchor, BillingInterval.MONTH, index + 1))


def _invoices(
    account: Account, subscription: BillingSubscription, opened_at: datetime, ids: SeededIds
) -> list[Invoice]:
    """What sign-up and 23 renewals charged in advance."""
    found: list[Invoice] = []
    for month in range(MONTHS):
        period = _month(subscription.anchor, month)
        lines = [
            _line(subscription.version.plan.code, item.component, account.currency, item.quantity, period, account.zone)
            for item in subscription.items
        ]
        at = opened_at if month == 0 else period.start
        reason = InvoiceReason.SIGN_UP if month == 0 else InvoiceReason.RENEWAL
        items = {item.component: item.id for item in subscription.items}
        heading = Heading(reason, subscription.id, period, items)
        invoice = issue(bill(lines, untaxed(account), at), account, heading, ids.at(at)).invoice
        assert invoice is not None
        found.append(invoice)
    return found


@lru_cache(maxsize=8_192)  # accounts side by side are charged alike
def _line(plan: str, component: str, currency: str, quantity: int, service: Period, zone: str) -> DraftLine:
    version = _versions()[plan]
    return regular_line(version, _price(version, component, currency), quantity, service, zone)


@lru_cache(maxsize=256)
def _price_of(plan: str, component: str, currency: str) -> Price:
    price = _versions()[plan].price(component, currency, BillingInterval.MONTH)
    assert price is not None
    return price


def _price(version: PlanVersion, component: str, currency: str) -> Price:
    return _price_of(version.plan.code, component, currency)


def _unpaid(chance: Chance) -> int:
    """Most owe the newest invoice, or nothing; one in twenty is months behind."""
    drawn = chance.between(1, 20)
    return 3 if drawn == 20 else int(drawn > 12)
